"""Background work and messages, for whoever runs the machine: superusers look, nobody edits.

People of a community see the jobs of their windows on the desk, where a parked one can be started over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage

if TYPE_CHECKING:
    _Rows = admin.ModelAdmin[Any]
    _Pages = Paginator[Any]
else:
    _Rows = admin.ModelAdmin
    _Pages = Paginator


# How the filters of choices, booleans, relations, values and emptiness put their questions.
_ASKED = ("", "__exact", "__id__exact", "__isnull", "__isempty")


def is_asked_by(filters: Iterable[Any], lookup: str, value: object) -> bool:
    """Does one of a list's own filters ask this? The stock rule takes every column, hashes and keys too: who may count
    the rows that begin with a letter can spell them out. A NUL, which no text column takes, is refused too.
    """
    fields = {one[0] if isinstance(one, (list, tuple)) else one for one in filters}
    asked = {f"{field}{suffix}" for field in fields for suffix in _ASKED}
    return lookup in asked and "\0" not in str(value)


class CappedPaginator(_Pages):
    """Counts no further than 10,000: who looks for something in more rows searches or filters, and nobody waits for a
    count of millions.
    """

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        """At most 10,001, which means more."""
        rows = cast("QuerySet[Any]", self.object_list)
        return int(rows.order_by()[: self.MOST + 1].count())


class MachineryAdmin(_Rows):
    actions = None
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 100
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return is_asked_by(self.list_filter, lookup, value)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django looks for the row before it asks who is looking: its answer told which rows there are."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


@admin.register(Job)
class JobAdmin(MachineryAdmin):
    list_display = (
        "stage",
        "subject_kind",
        "subject_id",
        "revision",
        "created_at",
        "done_at",
        "parked_at",
        "attempts",
    )
    list_filter = (
        "stage",
        ("parked_at", admin.EmptyFieldListFilter),
        ("done_at", admin.EmptyFieldListFilter),
    )


@admin.register(OutboxMessage)
class OutboxMessageAdmin(MachineryAdmin):
    list_display = ("event_key", "topic", "created_at", "delivered_at", "parked_at", "failures")
    list_filter = ("topic", ("parked_at", admin.EmptyFieldListFilter))

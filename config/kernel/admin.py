"""Background work and messages, for whoever runs the machine: superusers look, nobody edits.

People of a community see the jobs of their windows on the desk, where a parked one can be started over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage

if TYPE_CHECKING:
    _Rows = admin.ModelAdmin[Any]
else:
    _Rows = admin.ModelAdmin


class MachineryAdmin(_Rows):
    actions = None
    show_full_result_count = False
    list_per_page = 100
    ordering = ("-pk",)

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

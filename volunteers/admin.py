"""Pick lists, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.admin.filters import NewestRelatedFilter, OwnRelatedFilter
from communities.admin.scoped import (
    ReadOnlyAdmin,
    ReadOnlyInline,
)
from communities.console import (
    in_own_homes,
    user_of,
)
from communities.history import name_actions
from communities.roles import HANDS
from config.kernel.money import yuan
from volunteers.models import Bag, PickList

name_actions(
    {
        "pick_list.built": _("Pick list made"),
        "pick_list.superseded": _("Pick list replaced"),
        "call.noted": _("Call to be returned noted"),
        "call.taken": _("Call taken, number shown"),
        "call.ended": _("Call made"),
    }
)


class BagInline(ReadOnlyInline[Bag]):
    model = Bag
    fields = ("position", "room", "to_the_door", "pieces", "due")
    readonly_fields = fields
    ordering = ("position",)

    @admin.display(description=_("amount due (yuan)"))
    def due(self, row: Bag) -> str:
        return yuan(row.amount_due_fen)


@admin.register(PickList)
class PickListAdmin(ReadOnlyAdmin[PickList]):
    """A leader sees the list of his own building."""

    viewers = HANDS
    audit_kind = "pick_list"
    list_display = (
        "building_label",
        "window_title",
        "wave",
        "revision",
        "status",
        "bag_count",
        "pieces",
        "total",
    )
    list_filter = (
        "status",
        ("window", NewestRelatedFilter),
        ("community", OwnRelatedFilter),
        ("building", OwnRelatedFilter),
    )
    list_select_related = ("building", "window")
    ordering = ("-window_id", "building__sort_key", "-revision")
    search_fields = ("building__label", "window__title")
    fields = (
        *(
            "window_title",
            "building_label",
            "wave",
            "revision",
            "status",
            "bag_count",
            "pieces",
            "total",
        ),
        *("created_at", "filed_at"),
    )
    readonly_fields = ("window_title", "building_label", "total")
    inlines = (BagInline,)

    def rows_for(self, request: HttpRequest, roles: Any) -> QuerySet[PickList]:
        rows = admin.ModelAdmin.get_queryset(self, request).select_related("building", "window")
        return rows if user_of(request).is_superuser else rows.filter(in_own_homes(request, roles))

    @admin.display(description=_("building"))
    def building_label(self, row: PickList) -> str:
        return row.building.label

    @admin.display(description=_("group buy"))
    def window_title(self, row: PickList) -> str:
        return row.window.title

    @admin.display(description=_("total (yuan)"))
    def total(self, row: PickList) -> str:
        return yuan(row.total_fen)

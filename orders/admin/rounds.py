"""Windows and orders, to look at."""

from __future__ import annotations

from collections.abc import Sequence
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
from communities.roles import HANDS, Role
from config.kernel.money import yuan
from orders.models import Offer, Order, OrderLine, OrderWindow, WindowCommunity


class JoinedInline(ReadOnlyInline[WindowCommunity]):
    model = WindowCommunity
    fields = ("place", "status", "minimum")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[WindowCommunity]:
        return super().get_queryset(request).select_related("community").order_by("pk")

    @admin.display(description=_("community"))
    def place(self, row: WindowCommunity) -> str:
        return row.community.name


class OfferInline(ReadOnlyInline[Offer]):
    model = Offer
    fields = (
        "short_number",
        "name",
        "spec",
        "unit",
        "price",
        "cap",
        "taken",
        "household_limit",
        "is_active",
    )
    readonly_fields = fields
    ordering = ("short_number",)

    @admin.display(description=_("price (yuan)"))
    def price(self, row: Offer) -> str:
        return yuan(row.price_fen)


@admin.register(OrderWindow)
class OrderWindowAdmin(ReadOnlyAdmin[OrderWindow]):
    audit_kind = "window"
    list_display = ("title", "community_name", "supplier_name", "status", "opens_at", "closes_at")
    list_filter = ("status", ("community", OwnRelatedFilter), ("supplier", OwnRelatedFilter))
    list_select_related = ("community", "supplier")
    ordering = ("-closes_at", "-pk")
    search_fields = ("title",)
    fields = (
        *(
            "title",
            "community_name",
            "supplier_name",
            "status",
            "opens_at",
            "closes_at",
            "deliver_on",
            "notice",
        ),
        *(
            "minimum_measure",
            "minimum",
            "below_minimum",
            "closed_at",
            "held_until",
            "cancelled_at",
            "reason",
        ),
    )
    readonly_fields = ("community_name", "supplier_name")
    inlines = (JoinedInline, OfferInline)
    change_form_template = "admin/orders/orderwindow/change_form.html"

    def scope(self, rows: QuerySet[OrderWindow], ids: Sequence[int]) -> QuerySet[OrderWindow]:
        return rows.filter(community_id__in=ids)

    def label(self, row: OrderWindow) -> str:
        return row.title

    @admin.display(description=_("leading community"), ordering="community__name")
    def community_name(self, row: OrderWindow) -> str:
        return row.community.name

    @admin.display(description=_("supplier"), ordering="supplier__name")
    def supplier_name(self, row: OrderWindow) -> str:
        return row.supplier.name


class LineInline(ReadOnlyInline[OrderLine]):
    model = OrderLine
    fields = ("article", "quantity", "tolerance", "price", "amount")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        return super().get_queryset(request).select_related("offer").order_by("offer__short_number")

    @admin.display(description=_("product"))
    def article(self, row: OrderLine) -> str:
        return f"{row.offer.short_number} {row.offer.name} {row.offer.spec}".strip()

    @admin.display(description=_("price (yuan)"))
    def price(self, row: OrderLine) -> str:
        return yuan(row.price_fen)

    @admin.display(description=_("amount (yuan)"))
    def amount(self, row: OrderLine) -> str:
        return yuan(row.price_fen * row.quantity)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin[Order]):
    """Orders name doors: for the hands that pack and the treasurer who collects, each in his own community."""

    viewers = HANDS | {Role.TREASURER}
    audit_kind = "order"
    list_display = ("number", "home", "window_title", "status", "total", "channel", "placed_at")
    list_filter = (
        "status",
        ("community", OwnRelatedFilter),
        ("window", NewestRelatedFilter),
        "channel",
    )
    list_select_related = ("household__building", "window")
    ordering = ("-pk",)
    search_fields = ("household__room", "household__building__label")
    search_help_text = _("Room or building")
    fields = (
        *(
            "number",
            "home",
            "window_title",
            "status",
            "total",
            "channel",
            "note",
            "substitutes",
            "reason",
        ),
        *("wished_at", "placed_at", "changed_at", "cancelled_at"),
    )
    readonly_fields = ("home", "window_title", "total")
    inlines = (LineInline,)

    def rows_for(self, request: HttpRequest, roles: Any) -> QuerySet[Order]:
        rows = admin.ModelAdmin.get_queryset(self, request).select_related(
            "household__building", "window"
        )
        if user_of(request).is_superuser:
            return rows
        return rows.filter(in_own_homes(request, roles, building="household__building_id"))

    @admin.display(description=_("household"))
    def home(self, row: Order) -> str:
        return f"{row.household.building.label} {row.household.room}"

    @admin.display(description=_("group buy"))
    def window_title(self, row: Order) -> str:
        return row.window.title

    @admin.display(description=_("amount (yuan)"), ordering="total_fen")
    def total(self, row: Order) -> str:
        return yuan(row.total_fen)

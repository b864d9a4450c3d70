"""Consolidated orders, to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.admin.filters import OwnRelatedFilter
from communities.admin.scoped import (
    ReadOnlyAdmin,
    ReadOnlyInline,
)
from config.kernel.money import yuan
from orders.models import OrderFile, SupplierOrder, SupplierOrderLine, SupplierOrderSection


class SupplierOrderLineInline(ReadOnlyInline[SupplierOrderLine]):
    model = SupplierOrderLine
    fields = ("place", "position", "name", "spec", "unit", "wanted", "ordered", "price", "amount")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierOrderLine]:
        return (
            super()
            .get_queryset(request)
            .select_related("section")
            .order_by("section_id", "position")
        )

    @admin.display(description=_("community"))
    def place(self, row: SupplierOrderLine) -> str:
        return row.section.community_name

    @admin.display(description=_("price (yuan)"))
    def price(self, row: SupplierOrderLine) -> str:
        return yuan(row.price_fen)

    @admin.display(description=_("amount (yuan)"))
    def amount(self, row: SupplierOrderLine) -> str:
        return yuan(row.amount_fen)


class SectionInline(ReadOnlyInline[SupplierOrderSection]):
    """Of an order for several communities: a line for each. Their products, thousands of lines, are in the files."""

    model = SupplierOrderSection
    fields = ("community_name", "households", "pieces", "total")
    readonly_fields = fields
    ordering = ("community_name", "pk")

    @admin.display(description=_("total (yuan)"))
    def total(self, row: SupplierOrderSection) -> str:
        return yuan(row.total_fen)


class OrderFileInline(ReadOnlyInline[OrderFile]):
    """The bytes stay in the database; the desk hands them out."""

    model = OrderFile
    fields = ("kind", "format", "name", "size", "sha256", "downloaded_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderFile]:
        return super().get_queryset(request).defer("content").order_by("kind", "format")


@admin.register(SupplierOrder)
class SupplierOrderAdmin(ReadOnlyAdmin[SupplierOrder]):
    audit_kind = "supplier_order"
    list_display = (
        "number",
        "revision",
        "window_title",
        "status",
        "total",
        "released_at",
        "acknowledged_at",
    )
    list_filter = ("status", ("supplier", OwnRelatedFilter))
    list_select_related = ("window", "supplier")
    ordering = ("-pk",)
    search_fields = ("number", "window__title")
    fields = (
        *(
            "number",
            "revision",
            "window_title",
            "status",
            "households",
            "order_lines",
            "pieces",
            "total",
        ),
        *(
            "prepared_at",
            "filed_at",
            "checked_at",
            "checker",
            "released_at",
            "releaser",
            "acknowledged_at",
        ),
    )
    readonly_fields = ("window_title", "total", "checker", "releaser")
    inlines = (OrderFileInline, SectionInline, SupplierOrderLineInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierOrder]:
        return super().get_queryset(request).select_related("window", "checked_by", "released_by")

    def get_inlines(self, request: HttpRequest, obj: SupplierOrder | None) -> list[Any]:
        """Sections where there are several, lines where there is one."""
        several = obj is not None and obj.sections.count() > 1
        return [OrderFileInline, SectionInline if several else SupplierOrderLineInline]

    def scope(self, rows: QuerySet[SupplierOrder], ids: Sequence[int]) -> QuerySet[SupplierOrder]:
        return rows.filter(window__community_id__in=ids)

    def community_id_of(self, row: SupplierOrder) -> int | None:
        return row.window.community_id

    @admin.display(description=_("group buy"))
    def window_title(self, row: SupplierOrder) -> str:
        return row.window.title

    @admin.display(description=_("total (yuan)"), ordering="total_fen")
    def total(self, row: SupplierOrder) -> str:
        return yuan(row.total_fen)

    @admin.display(description=_("checked by"))
    def checker(self, row: SupplierOrder) -> str:
        return row.checked_by.get_full_name() if row.checked_by else ""

    @admin.display(description=_("released by"))
    def releaser(self, row: SupplierOrder) -> str:
        return row.released_by.get_full_name() if row.released_by else ""

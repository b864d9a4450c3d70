"""Suppliers, their goods and their keys."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from communities.admin.filters import OwnRelatedFilter
from communities.admin.scoped import (
    ConsoleForm,
    ReadOnlyInline,
    ScopedAdmin,
    page_of,
    secret_page,
)
from communities.console import (
    actor_of,
    community_ids,
    user_of,
)
from communities.history import name_actions, with_names
from communities.models import Community
from communities.roles import COORDINATORS, Role
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.errors import DomainError
from config.kernel.money import parse_yuan, yuan
from suppliers.access import kept_by
from suppliers.directory import register_supplier, serve_community
from suppliers.keys import issue_key, revoke_key
from suppliers.models import Product, ServedCommunity, Supplier, SupplierKey

name_actions(
    {
        "supplier.registered": _("Supplier registered"),
        "supplier.edited": _("Supplier edited"),
        "supplier.serves": _("Supplier serves a community"),
        "supplier_key.issued": _("Supplier key issued"),
        "supplier_key.revoked": _("Supplier key revoked"),
        "product.created": _("Product added"),
        "product.edited": _("Product edited"),
        "product.photo_set": _("Photo put in"),
        "product.photo_removed": _("Photo taken out"),
    }
)


class ServedInline(ReadOnlyInline[ServedCommunity]):
    """Which other communities a supplier serves is theirs to know."""

    model = ServedCommunity
    fields = ("place",)
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServedCommunity]:
        rows = super().get_queryset(request).select_related("community")
        if user_of(request).is_superuser:
            return rows
        return rows.filter(community_id__in=community_ids(request, SupplierAdmin.viewers))

    @admin.display(description=_("community"))
    def place(self, row: ServedCommunity) -> str:
        return row.community.name


class KeyInline(ReadOnlyInline[SupplierKey]):
    model = SupplierKey
    fields = ("prefix", "label", "issued_by", "created_at", "revoked_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupplierKey]:
        issued = AuditEntry.objects.filter(
            action="supplier_key.issued", subject_kind="supplier_key", subject_id=OuterRef("pk")
        )
        # One entry for each served community; all of them name the same person.
        issuer = with_names(issued).order_by("pk").values("who")[:1]  # type: ignore[misc]
        return super().get_queryset(request).annotate(issuer=Subquery(issuer))

    @admin.display(description=_("issued by"))
    def issued_by(self, row: SupplierKey) -> str:
        return getattr(row, "issuer", "") or gettext("the operator")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return page_of(Supplier).has_change_permission(request, obj)


class SupplierForm(ConsoleForm[Supplier]):
    """A new supplier serves at least the community for which somebody registers it."""

    community: Any = forms.ModelChoiceField(
        label=_("Serves"), queryset=Community.objects.none(), required=False
    )


@admin.register(Supplier)
class SupplierAdmin(ScopedAdmin[Supplier]):
    editors = COORDINATORS
    audit_kind = "supplier"
    form = SupplierForm
    list_display = ("name", "short_name", "kind", "contact_name", "phone", "is_active")
    list_filter = ("kind", "is_active")
    ordering = ("name", "pk")
    search_fields = ("name", "short_name", "contact_name")
    inlines = (ServedInline, KeyInline)
    change_form_template = "admin/suppliers/supplier/change_form.html"

    def rows_for(self, request: HttpRequest, roles: Collection[Role]) -> QuerySet[Supplier]:
        """For looking: whoever serves one's communities. For everything else: whom one keeps."""
        rows = super().rows_for(request, roles)
        if frozenset(roles) == frozenset(self.viewers):
            return rows
        return rows.filter(pk__in=kept_by(user_of(request)).values("pk"))

    def scope(self, rows: QuerySet[Supplier], ids: Sequence[int]) -> QuerySet[Supplier]:
        return rows.filter(
            pk__in=ServedCommunity.objects.filter(community_id__in=ids).values("supplier")
        )

    def get_fields(self, request: HttpRequest, obj: Supplier | None = None) -> tuple[str, ...]:
        fields = ("kind", "name", "short_name", "contact_name", "phone", "order_multiple")
        return (*fields, "is_active") if obj else (*fields, "community")

    def get_form(
        self, request: HttpRequest, obj: Supplier | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        # All requests of the process share the declared field.
        field: Any = deepcopy(form.base_fields.pop("community", None))
        if obj is None:
            form.base_fields["community"] = field
            places = page_of(Community)
            field.queryset = places.rows_for(request, self.editors)
            field.label_from_instance = places.label
            field.required = True
        return form

    def create(self, request: HttpRequest, obj: Supplier, form: Any) -> None:
        supplier = register_supplier(
            name=obj.name,
            short_name=obj.short_name,
            kind=obj.kind,
            contact_name=obj.contact_name,
            phone=obj.phone,
            order_multiple=obj.order_multiple,
            actor=actor_of(request),
        )
        serve_community(
            supplier=supplier, community=form.cleaned_data["community"], actor=actor_of(request)
        )
        self.adopt(obj, supplier, form)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        keys = row.keys.filter(revoked_at=None).order_by("pk") if row else ()
        return super().change_view(
            request, object_id, form_url, {"live_keys": keys, **(extra_context or {})}
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/keys/",
                wrap(require_POST(self.issue_view)),
                name="suppliers_supplier_issue_key",
            ),
            path(
                "<int:pk>/keys/<int:key>/revoke/",
                wrap(require_POST(self.revoke_view)),
                name="suppliers_supplier_revoke_key",
            ),
            *super().get_urls(),
        ]

    def issue_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new key; its text is on this page only."""
        supplier = self._editable(request, pk)
        label = request.POST.get("label", "")
        with transaction.atomic(durable=True):
            _key, secret = issue_key(
                supplier=supplier, label=label, actor=actor_of(request), at=clock.now()
            )
        back = reverse("admin:suppliers_supplier_change", args=[pk])
        return secret_page(self, request, title=supplier.name, secret=secret, back=back)

    def revoke_view(self, request: HttpRequest, pk: int, key: int) -> HttpResponse:
        row = get_object_or_404(
            SupplierKey.objects.filter(supplier=self._editable(request, pk)), pk=key
        )
        try:
            with transaction.atomic(durable=True):
                revoke_key(key=row, actor=actor_of(request), at=clock.now())
        except DomainError as error:
            messages.warning(request, error.sentence)
        else:
            messages.success(request, gettext("The key is dead from now on."))
        return HttpResponseRedirect(reverse("admin:suppliers_supplier_change", args=[pk]))

    def _editable(self, request: HttpRequest, pk: int) -> Supplier:
        supplier = self.own(request, pk)
        if not self.has_change_permission(request, supplier):
            raise PermissionDenied
        return supplier


class ProductForm(ConsoleForm[Product]):
    """People write yuan; the column holds fen."""

    price = forms.CharField(label=_("Price (yuan)"), max_length=15)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["price"] = yuan(self.instance.price_fen)

    def clean_price(self) -> str:
        try:
            fen = parse_yuan(self.cleaned_data["price"])
        except ValueError as error:
            raise forms.ValidationError(_("Please write an amount like 12.50.")) from error
        if fen < 0:
            raise forms.ValidationError(_("A price cannot be negative."))
        self.instance.price_fen = fen
        return yuan(fen)


@admin.register(Product)
class ProductAdmin(ScopedAdmin[Product]):
    """An edit concerns later windows only: an offer keeps the price of its moment."""

    editors = COORDINATORS
    audit_kind = "product"
    form = ProductForm
    list_display = ("name", "spec", "unit", "price", "category", "supplier_name", "is_active")
    list_filter = (("supplier", OwnRelatedFilter), "category", "is_active")
    list_select_related = ("supplier",)
    ordering = ("supplier_id", "category", "name", "pk")
    search_fields = ("name", "barcode", "item_number", "brand")

    def rows_for(self, request: HttpRequest, roles: Collection[Role]) -> QuerySet[Product]:
        """As their suppliers."""
        rows = super().rows_for(request, roles)
        if frozenset(roles) == frozenset(self.viewers):
            return rows
        return rows.filter(supplier__in=kept_by(user_of(request)).values("pk"))

    def scope(self, rows: QuerySet[Product], ids: Sequence[int]) -> QuerySet[Product]:
        served = ServedCommunity.objects.filter(community_id__in=ids)
        return rows.filter(supplier__in=served.values("supplier"))

    def get_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        may_edit = obj is None or self.has_change_permission(request, obj)
        price = "price" if may_edit else "shown_price"
        what = ("name", "spec", "unit", price, "category", "brand", "barcode", "item_number")
        how = ("case_size", "minimum", "order_multiple", "description", "is_active")
        return ("supplier_name" if obj else "supplier", *what, *how)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Product | None = None
    ) -> tuple[str, ...]:
        return ("supplier_name", "shown_price") if obj else ()

    def create(self, request: HttpRequest, obj: Product, form: Any) -> None:
        """Reference data without a verb of its own: the import makes products in bulk, this makes one."""
        obj.save(force_insert=True)
        self.record(request, obj, "created")

    def derive(self, obj: Product, form: Any) -> list[str]:
        return ["price_fen"] if "price" in form.changed_data else []

    @admin.display(description=_("price (yuan)"), ordering="price_fen")
    def price(self, row: Product) -> str:
        return yuan(row.price_fen)

    @admin.display(description=_("price (yuan)"))
    def shown_price(self, row: Product) -> str:
        return yuan(row.price_fen)

    @admin.display(description=_("supplier"), ordering="supplier__name")
    def supplier_name(self, row: Product) -> str:
        return row.supplier.short_name

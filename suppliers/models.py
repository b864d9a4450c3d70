"""Who sells, what, and the keys with which a supplier's program pulls its orders."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community


class Supplier(models.Model):
    """Shop, wholesaler, pharmacy … `last_sequence` counts what it has been told (see orders.supply)."""

    class Kind(models.TextChoices):
        SHOP = "shop", _("shop")
        WHOLESALER = "wholesaler", _("wholesaler")
        PHARMACY = "pharmacy", _("pharmacy")
        OTHER = "other", _("other")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SHOP)
    name = models.CharField(
        _("name"),
        max_length=80,
        unique=True,
        error_messages={"unique": _("There is a supplier of this name already.")},
    )
    short_name = models.CharField(_("short name"), max_length=10)
    contact_name = models.CharField(_("contact"), max_length=40, blank=True, default="")
    phone = models.CharField(_("business phone"), max_length=30, blank=True, default="")
    order_multiple = models.PositiveIntegerField(_("order multiple"), default=1)
    last_sequence = models.BigIntegerField(default=0, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = [
            models.CheckConstraint(
                condition=Q(order_multiple__gte=1), name="supplier_multiple_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class ServedCommunity(models.Model):
    """Which communities a supplier serves; whoever coordinates all of them keeps its catalogue."""

    supplier = models.ForeignKey(
        Supplier, models.CASCADE, related_name="serves", verbose_name=_("supplier")
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="served_by", verbose_name=_("community")
    )

    class Meta:
        verbose_name = _("served community")
        verbose_name_plural = _("served communities")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "community"], name="served_once")
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} → {self.community_id}"


class SupplierKey(models.Model):
    """What a supplier's program signs in with: `prefix` in clear to find the row, SHA-256 of a 256-bit secret."""

    supplier = models.ForeignKey(
        Supplier, models.CASCADE, related_name="keys", verbose_name=_("supplier")
    )
    prefix = models.CharField(_("prefix"), max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, editable=False)
    label = models.CharField(_("used by"), max_length=40, blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("supplier key")
        verbose_name_plural = _("supplier keys")

    def __str__(self) -> str:
        return f"{self.prefix} ({self.supplier_id})"


class Product(models.Model):
    """An article of a supplier. Prices in fen per sales unit. case_size is information; order_multiple rounds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="products", verbose_name=_("supplier")
    )
    barcode = models.CharField(_("barcode"), max_length=17, blank=True, default="")
    item_number = models.CharField(_("item number"), max_length=20, blank=True, default="")
    name = models.CharField(_("name"), max_length=80)
    spec = models.CharField(_("specification"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=10)
    price_fen = models.BigIntegerField(_("price (fen)"))
    category = models.CharField(_("category"), max_length=30, blank=True, default="")
    brand = models.CharField(_("brand"), max_length=40, blank=True, default="")
    case_size = models.PositiveIntegerField(_("case size"), null=True, blank=True)
    minimum = models.PositiveIntegerField(_("minimum"), default=1)
    order_multiple = models.PositiveIntegerField(_("order multiple"), default=1)
    description = models.CharField(_("description"), max_length=500, blank=True, default="")
    is_active = models.BooleanField(_("for sale"), default=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "barcode"],
                condition=~Q(barcode=""),
                name="product_barcode_of_supplier",
                violation_error_message=_("The supplier has another product with this barcode."),
            ),
            models.UniqueConstraint(
                fields=["supplier", "name", "spec"],
                name="product_name_and_spec",
                violation_error_message=_(
                    "The supplier has another product with this name and specification."
                ),
            ),
            models.UniqueConstraint(fields=["id", "supplier"], name="product_with_supplier"),
            models.CheckConstraint(
                condition=Q(price_fen__gte=0), name="product_price_not_negative"
            ),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="product_minimum_positive"),
            models.CheckConstraint(
                condition=Q(order_multiple__gte=1), name="product_multiple_positive"
            ),
            models.CheckConstraint(
                condition=Q(case_size=None) | Q(case_size__gte=1), name="product_case_positive"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="product_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class ProductPhoto(models.Model):
    """The picture of a product, as it is sent to whoever may see the product. Sides in pixels."""

    product = models.OneToOneField(
        Product, models.CASCADE, related_name="photo", verbose_name=_("product")
    )
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("photo of a product")
        verbose_name_plural = _("photos of products")
        constraints = [
            models.CheckConstraint(
                condition=Q(media_type__in=["image/jpeg", "image/png", "image/webp"]),
                name="photo_media_type_known",
            ),
            models.CheckConstraint(
                condition=Q(width__gte=1, width__lte=4096, height__gte=1, height__lte=4096),
                name="photo_sides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.sha256[:12]}"

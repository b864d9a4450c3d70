"""The consolidated order: numbered revisions, their snapshot lines, and the files made from them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Community, User
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions
from orders import states
from orders.models.window import Offer, OrderWindow
from orders.states import SupplierOrderStatus
from suppliers.models import Supplier


class SupplierOrder(models.Model):
    """One revision of what a supplier is asked for. `number` names the window's order, `revision` its version.

    `release_sequence` is the supplier's own counter at the last change it was told of (released, superseded or
    withdrawn): a cursor that never skips, although ids commit out of order.
    """

    transitions: ClassVar[Transitions] = states.SUPPLIER_ORDER

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    window = models.ForeignKey(OrderWindow, models.PROTECT, related_name="supplier_orders")
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="orders", db_constraint=False
    )
    number = models.CharField(_("number"), max_length=30)
    revision = models.PositiveIntegerField(_("revision"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=SupplierOrderStatus,
        default=SupplierOrderStatus.PREPARED,
    )
    # Nothing is wanted any more: the round was cancelled after a release.
    cancels_all = models.BooleanField(default=False)
    households = models.PositiveIntegerField(_("households"))
    order_lines = models.PositiveIntegerField(_("order lines"))
    pieces = models.BigIntegerField(_("pieces"))
    total_fen = models.BigIntegerField(_("total (fen)"))
    prepared_at = models.DateTimeField(pgettext_lazy("time", "prepared"))
    filed_at = models.DateTimeField(_("files made"), null=True)
    checked_at = models.DateTimeField(_("checked"), null=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("checked by")
    )
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )
    release_sequence = models.BigIntegerField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)

    class Meta:
        verbose_name = _("supplier order")
        verbose_name_plural = _("supplier orders")
        constraints = [
            models.UniqueConstraint(fields=["window", "revision"], name="supplier_order_revision"),
            models.UniqueConstraint(fields=["number", "revision"], name="supplier_order_number"),
            models.UniqueConstraint(
                fields=["supplier", "release_sequence"], name="supplier_order_release_sequence"
            ),
            models.UniqueConstraint(
                fields=["window"],
                condition=Q(status=SupplierOrderStatus.RELEASED),
                name="supplier_order_one_released",
            ),
            models.UniqueConstraint(
                fields=["window"],
                condition=Q(status__in=[SupplierOrderStatus.PREPARED, SupplierOrderStatus.CHECKED]),
                name="supplier_order_one_unreleased",
            ),
            models.UniqueConstraint(fields=["id", "window"], name="supplier_order_with_window"),
            models.CheckConstraint(
                condition=Q(status__in=SupplierOrderStatus.values),
                name="supplier_order_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=SupplierOrderStatus.RELEASED)
                | Q(
                    released_at__isnull=False,
                    release_sequence__isnull=False,
                    filed_at__isnull=False,
                ),
                name="supplier_order_released_has_files",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(released_at__isnull=False),
                name="supplier_order_acknowledged_released",
            ),
            models.CheckConstraint(condition=Q(total_fen__gte=0), name="supplier_order_total"),
            CompositeForeignKey(
                name="supplier_order_supplier_of_window",
                fields=["window", "supplier"],
                to="orders.OrderWindow",
                to_fields=["id", "supplier"],
            ),
        ]
        # files.find: what was prepared and has no files.
        indexes = [
            models.Index(fields=["id"], name="supplier_order_unfiled", condition=Q(filed_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.number} r{self.revision}"


class SupplierOrderSection(models.Model):
    """One community's part of a revision."""

    supplier_order = models.ForeignKey(SupplierOrder, models.CASCADE, related_name="sections")
    window = models.ForeignKey(OrderWindow, models.PROTECT, related_name="+")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    community_name = models.CharField(_("community"), max_length=80)
    community_address = models.CharField(_("address"), max_length=200, blank=True, default="")
    households = models.PositiveIntegerField(_("households"))
    pieces = models.BigIntegerField(_("pieces"))
    total_fen = models.BigIntegerField(_("total (fen)"))

    class Meta:
        verbose_name = _("section of a supplier order")
        verbose_name_plural = _("sections of supplier orders")
        constraints = [
            models.UniqueConstraint(fields=["supplier_order", "community"], name="section_once"),
            models.UniqueConstraint(fields=["id", "supplier_order"], name="section_with_order"),
            CompositeForeignKey(
                name="section_community_joined_window",
                fields=["window", "community"],
                to="orders.WindowCommunity",
                to_fields=["window", "community"],
            ),
            CompositeForeignKey(
                name="section_order_same_window",
                fields=["supplier_order", "window"],
                to="orders.SupplierOrder",
                to_fields=["id", "window"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_order_id} {self.community_name}"


class SupplierOrderLine(models.Model):
    """A product of a section. `wanted` by households, `ordered` after the order multiple; texts as they were."""

    # No key is checked and no index kept that another one implies: a town's order has thousands of lines.
    supplier_order = models.ForeignKey(
        SupplierOrder, models.CASCADE, related_name="lines", db_constraint=False
    )
    section = models.ForeignKey(
        SupplierOrderSection,
        models.CASCADE,
        related_name="lines",
        db_constraint=False,
        db_index=False,
    )
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("short number"))
    barcode = models.CharField(_("barcode"), max_length=17, blank=True, default="")
    name = models.CharField(_("name"), max_length=80)
    spec = models.CharField(_("specification"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=10)
    category = models.CharField(_("category"), max_length=30, blank=True, default="")
    case_size = models.PositiveIntegerField(_("case size"), null=True)
    price_fen = models.BigIntegerField(_("price (fen)"))
    wanted = models.BigIntegerField(_("wanted"))
    tolerance = models.BigIntegerField(_("tolerance"), default=0)
    ordered = models.BigIntegerField(_("ordered"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))

    class Meta:
        verbose_name = _("line of a supplier order")
        verbose_name_plural = _("lines of supplier orders")
        constraints = [
            models.UniqueConstraint(fields=["section", "offer"], name="supplier_line_once"),
            models.CheckConstraint(
                condition=Q(amount_fen=F("ordered") * F("price_fen")), name="supplier_line_amount"
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=0, ordered__gte=0, tolerance__gte=0),
                name="supplier_line_not_negative",
            ),
            CompositeForeignKey(
                name="supplier_line_section_of_order",
                fields=["section", "supplier_order"],
                to="orders.SupplierOrderSection",
                to_fields=["id", "supplier_order"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name} ×{self.ordered}"


class OrderFile(models.Model):
    """The bytes of one file of a revision, with their SHA-256. The stored bytes are the truth."""

    class Kind(models.TextChoices):
        ORDER = "order", pgettext_lazy("file", "order")
        DIFFERENCE = "difference", _("difference")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supplier_order = models.ForeignKey(SupplierOrder, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ORDER)
    format = models.CharField(_("format"), max_length=10)
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(_("media type"), max_length=120)
    content = models.BinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    downloaded_at = models.DateTimeField(_("first downloaded"), null=True)

    class Meta:
        verbose_name = _("file of a supplier order")
        verbose_name_plural = _("files of supplier orders")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_order", "kind", "format"], name="order_file_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

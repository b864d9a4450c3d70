"""What each order line really gets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.constraints import CompositeForeignKey
from orders.models.order import OrderLine
from orders.models.supplier_order import SupplierOrder
from orders.models.window import OrderWindow


class Allocation(models.Model):
    """Written at release (= wanted); before that only for lines taken off after the cutoff, with 0 and a reason."""

    class Cause(models.TextChoices):
        RELEASE = "release", _("as ordered")
        DROPPED = "dropped", _("taken off after the cutoff")

    line = models.OneToOneField(
        OrderLine, models.PROTECT, related_name="allocation", db_constraint=False
    )
    # A release writes one for each order line: no key is checked and no index kept that another one implies.
    window = models.ForeignKey(
        OrderWindow, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    supplier_order = models.ForeignKey(
        SupplierOrder,
        models.PROTECT,
        null=True,
        related_name="allocations",
        db_constraint=False,
        db_index=False,
    )
    quantity = models.PositiveIntegerField(_("gets"))
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(cause="dropped") | (Q(quantity=0) & ~Q(reason="")),
                name="allocation_dropped_is_zero",
            ),
            models.CheckConstraint(
                condition=~Q(cause="release") | Q(supplier_order__isnull=False),
                name="allocation_has_release",
            ),
            CompositeForeignKey(
                name="allocation_line_same_window",
                fields=["line", "window"],
                to="orders.OrderLine",
                to_fields=["id", "window"],
            ),
            CompositeForeignKey(
                name="allocation_order_same_window",
                fields=["supplier_order", "window"],
                to="orders.SupplierOrder",
                to_fields=["id", "window"],
            ),
        ]
        indexes = [
            # releasing, pick lists: all of a window.
            models.Index(fields=["window"], name="allocation_by_window"),
            # consolidation: the few that were taken off.
            models.Index(
                fields=["window"], name="allocation_dropped", condition=Q(cause="dropped")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity}"

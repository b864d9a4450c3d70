"""What one household wants."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Community, Household, User
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions
from orders import states
from orders.models.window import Offer, OrderWindow
from orders.states import OrderStatus

MAX_QUANTITY = 9999


class Order(models.Model):
    """One entry of the list. `number` (接龙号) counts per window and community; `version` grows with each change."""

    class Channel(models.TextChoices):
        REST = "rest", _("phone page or app")
        PHONE = "phone", _("telephone")
        DOOR = "door", _("at the door")
        PAPER = "paper", _("on paper")
        HOTLINE = "hotline", _("hotline")
        CHAIN = "chain", _("chat list")
        WAITING = "waiting", _("waiting list")
        LATE = "late", _("added after the cutoff")

    transitions: ClassVar[Transitions] = states.ORDER

    public_id = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    # The keys of two columns below check these three, their indexes find them: an order is written by a whole town at
    # once, and each key of its own would lock the window's row once more.
    window = models.ForeignKey(
        OrderWindow,
        models.PROTECT,
        related_name="orders",
        db_constraint=False,
        db_index=False,
        verbose_name=_("group buy"),
    )
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        verbose_name=_("community"),
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        related_name="orders",
        db_constraint=False,
        db_index=False,
        verbose_name=_("household"),
    )
    number = models.PositiveIntegerField(pgettext_lazy("order", "number"))
    status = models.CharField(
        _("status"), max_length=20, choices=OrderStatus, default=OrderStatus.PLACED
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    total_fen = models.BigIntegerField(_("total (fen)"))
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    # As the household said when it ordered; its own default (Household.substitutes) may change later.
    substitutes = models.CharField(
        _("if goods are short"),
        max_length=20,
        choices=Household.Substitutes,
        default=Household.Substitutes.REFUND,
        db_default=Household.Substitutes.REFUND,
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    placed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("placed by")
    )
    # When the wish was uttered: a phone call counts when it rang.
    wished_at = models.DateTimeField(_("wished"))
    placed_at = models.DateTimeField(_("placed"))
    changed_at = models.DateTimeField(_("changed"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["window", "community", "number"], name="order_number"),
            models.UniqueConstraint(fields=["id", "window"], name="order_with_window"),
            models.CheckConstraint(condition=Q(total_fen__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="order_status_known"
            ),
            models.CheckConstraint(
                condition=Q(substitutes__in=Household.Substitutes.values),
                name="order_substitutes_known",
            ),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.CANCELLED, cancelled_at__isnull=False)
                | Q(status=OrderStatus.PLACED, cancelled_at=None),
                name="order_cancelled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(channel="late") | ~Q(reason=""), name="order_late_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(wished_at__lte=F("placed_at")), name="order_wished_before_placed"
            ),
            CompositeForeignKey(
                name="order_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="order_community_joined_window",
                fields=["window", "community"],
                to="orders.WindowCommunity",
                to_fields=["window", "community"],
            ),
        ]
        indexes = [
            # placing: what this household has in this window; the household's own list, newest first.
            models.Index(fields=["household", "window"], name="order_of_household"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.pk})"


class OrderLine(models.Model):
    """`quantity` pieces of an offer, and up to `tolerance` more if that fills a multiple. Price as ordered."""

    order = models.ForeignKey(
        Order, models.CASCADE, related_name="lines", db_constraint=False, db_index=False
    )
    window = models.ForeignKey(
        OrderWindow, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="lines", db_constraint=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    tolerance = models.PositiveIntegerField(_("tolerance"), default=0)
    price_fen = models.BigIntegerField(_("price (fen)"))

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "offer"], name="line_offer_once"),
            models.UniqueConstraint(fields=["id", "window"], name="line_with_window"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="line_quantity_range"
            ),
            models.CheckConstraint(
                condition=Q(tolerance__lte=MAX_QUANTITY), name="line_tolerance_range"
            ),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="line_price_not_negative"),
            CompositeForeignKey(
                name="line_order_same_window",
                fields=["order", "window"],
                to="orders.Order",
                to_fields=["id", "window"],
            ),
            CompositeForeignKey(
                name="line_offer_same_window",
                fields=["offer", "window"],
                to="orders.Offer",
                to_fields=["id", "window"],
            ),
        ]
        # consolidation: all lines of a window by offer.
        indexes = [models.Index(fields=["window", "offer"], name="line_by_window")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.offer_id} ×{self.quantity}"

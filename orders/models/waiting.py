"""Who waits for pieces of an offer that is sold out, in the order of joining."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Household, User
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions
from orders import states
from orders.models.order import MAX_QUANTITY, Order
from orders.models.window import Offer, OrderWindow
from orders.states import WaitingStatus


class WaitingWish(models.Model):
    """A household's place in the line for one offer: the ids are the order. `Offer.waiting` is their sum.

    It waits for all of `quantity` at the price it was shown. After the cutoff a WAITING one is not served any more,
    unless the window is opened again.
    """

    transitions: ClassVar[Transitions] = states.WAITING

    public_id = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    window = models.ForeignKey(
        OrderWindow,
        models.PROTECT,
        related_name="waiting",
        db_constraint=False,
        verbose_name=_("group buy"),
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        related_name="waiting",
        db_constraint=False,
        verbose_name=_("household"),
    )
    offer = models.ForeignKey(
        Offer,
        models.PROTECT,
        related_name="in_line",
        db_constraint=False,
        db_index=False,
        verbose_name=_("offer"),
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    price_fen = models.BigIntegerField(_("price (fen)"))
    status = models.CharField(
        _("status"), max_length=20, choices=WaitingStatus, default=WaitingStatus.WAITING
    )
    # Its own, or the household's own order of before, to which the pieces were added (orders.waiting.serving).
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        related_name="waited_for",
        db_constraint=False,
        verbose_name=_("order"),
    )
    placed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("placed by")
    )
    joined_at = models.DateTimeField(_("joined the line"))
    ended_at = models.DateTimeField(_("left the line"), null=True)

    class Meta:
        verbose_name = _("place in a waiting list")
        verbose_name_plural = _("waiting lists")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "offer"],
                condition=Q(status=WaitingStatus.WAITING),
                name="waiting_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="waiting_quantity_range",
            ),
            models.CheckConstraint(
                condition=Q(price_fen__gte=0), name="waiting_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status__in=WaitingStatus.values), name="waiting_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=WaitingStatus.SERVED, order__isnull=False)
                | Q(~Q(status=WaitingStatus.SERVED), order=None),
                name="waiting_served_has_order",
            ),
            models.CheckConstraint(
                condition=Q(status=WaitingStatus.WAITING, ended_at=None)
                | Q(~Q(status=WaitingStatus.WAITING), ended_at__isnull=False),
                name="waiting_ended_has_time",
            ),
            CompositeForeignKey(
                name="waiting_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="waiting_community_joined_window",
                fields=["window", "community"],
                to="orders.WindowCommunity",
                to_fields=["window", "community"],
            ),
            CompositeForeignKey(
                name="waiting_offer_same_window",
                fields=["offer", "window"],
                to="orders.Offer",
                to_fields=["id", "window"],
            ),
            CompositeForeignKey(
                name="waiting_order_same_window",
                fields=["order", "window"],
                to="orders.Order",
                to_fields=["id", "window"],
            ),
        ]
        indexes = [
            # waiting.serving: the line of an offer; places in it.
            models.Index(
                fields=["offer", "id"],
                name="waiting_in_line",
                condition=Q(status=WaitingStatus.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} ×{self.quantity} ({self.pk})"

"""Who asked for an order that one person places for another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Household, Resident
from config.kernel.constraints import CompositeForeignKey
from orders.models.order import Order


class ProxyWish(models.Model):
    """Beside an order that somebody else wrote down (代下单). Who wrote it is the order's `placed_by`, when it was
    uttered its `wished_at`. The name is personal: an erasure empties it, the choices stay.
    """

    class Road(models.TextChoices):
        """Values of Order.Channel; an order added after the cutoff has the channel `late`, and its road here."""

        PHONE = "phone", _("telephone")
        DOOR = "door", _("at the door")
        PAPER = "paper", _("on paper")
        HOTLINE = "hotline", _("hotline")
        CHAIN = "chain", _("chat list")

    class Asker(models.TextChoices):
        HOUSEHOLD = "household", _("the household itself")
        FAMILY = "family", _("son, daughter or relative")
        NEIGHBOUR = "neighbour", _("neighbour")
        VOLUNTEER = "volunteer", _("volunteer")
        COMMITTEE = "committee", _("neighbourhood committee")

    class Payer(models.TextChoices):
        HOUSEHOLD = "household", _("the household itself")
        FAMILY = "family", _("son, daughter or relative")
        COMMITTEE = "committee", _("neighbourhood committee")
        CASH = "cash", _("cash on delivery")

    order = models.OneToOneField(
        Order, models.CASCADE, related_name="proxy", primary_key=True, verbose_name=_("order")
    )
    # Of the order: written by one INSERT out of its row. It is here for the key below.
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="+", verbose_name=_("household")
    )
    receiver = models.ForeignKey(
        Resident,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("receiver"),
    )
    road = models.CharField(_("how it was asked for"), max_length=20, choices=Road)
    asked_by = models.CharField(_("asked by"), max_length=20, choices=Asker)
    asker_name = models.CharField(_("name of who asked"), max_length=40, blank=True, default="")
    payer = models.CharField(_("who pays"), max_length=20, choices=Payer)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        verbose_name = _("order for somebody else")
        verbose_name_plural = _("orders for somebody else")
        constraints = [
            models.CheckConstraint(
                condition=Q(road__in=("phone", "door", "paper", "hotline", "chain")),
                name="proxy_road_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    asked_by__in=("household", "family", "neighbour", "volunteer", "committee")
                ),
                name="proxy_asker_known",
            ),
            models.CheckConstraint(
                condition=Q(payer__in=("household", "family", "committee", "cash")),
                name="proxy_payer_known",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(asker_name=""), name="proxy_erased_is_empty"
            ),
            CompositeForeignKey(
                name="proxy_receiver_of_household",
                fields=["receiver", "household"],
                to="communities.Resident",
                to_fields=["id", "household"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.road}"

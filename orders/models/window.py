"""One round of buying: the window, the communities in it, what is on offer."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions
from orders import states
from orders.states import JoinStatus, WindowStatus
from suppliers.models import Product, Supplier


class OrderWindow(models.Model):
    """From opens_at to closes_at (exclusive), judged by the database's clock; OPEN means published.

    `community` leads it and its people coordinate; WindowCommunity lists who buys. `demand_revision` is 0 until the
    cutoff and grows by one each time the demand after it changes: consolidation makes one SupplierOrder for each.
    """

    class BelowMinimum(models.TextChoices):
        HOLD = "hold", _("hold and ask the organiser")
        EXTEND = "extend", _("extend once")
        CANCEL = "cancel", _("cancel and tell everybody")

    class Measure(models.TextChoices):
        NONE = "none", _("no minimum")
        HOUSEHOLDS = "households", _("households")
        PIECES = "pieces", _("pieces")
        FEN = "fen", _("amount (fen)")

    transitions: ClassVar[Transitions] = states.WINDOW

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", verbose_name=_("leading community")
    )
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="windows", verbose_name=_("supplier")
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=80)
    status = models.CharField(
        _("status"), max_length=20, choices=WindowStatus, default=WindowStatus.DRAFT
    )
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("cutoff"))
    deliver_on = models.DateField(_("delivery on"), null=True, blank=True)
    notice = models.CharField(_("notice"), max_length=300, blank=True, default="")
    minimum_measure = models.CharField(
        _("minimum counts"), max_length=20, choices=Measure, default=Measure.NONE
    )
    minimum = models.BigIntegerField(_("minimum"), default=0)
    below_minimum = models.CharField(
        _("below the minimum"), max_length=20, choices=BelowMinimum, default=BelowMinimum.HOLD
    )
    extend_minutes = models.PositiveIntegerField(_("extend by (minutes)"), default=60)
    extended_at = models.DateTimeField(_("extended"), null=True, editable=False)
    held_until = models.DateTimeField(_("decide until"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    # Since then its orders say no more than what was ordered (orders.forgetting).
    erased_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="", editable=False)
    demand_revision = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, editable=False
    )
    deliver_at = models.TimeField(_("delivery at"), null=True, blank=True)
    # The repeating group buy that drafted it, and for which of its dates.
    template = models.ForeignKey(
        "orders.WindowTemplate",
        models.PROTECT,
        related_name="windows",
        null=True,
        editable=False,
        db_constraint=False,
    )
    template_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("group buy")
        verbose_name_plural = _("group buys")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="window_closes_after_opening"
            ),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="window_minimum_not_negative"),
            # An extension must move the cutoff: closing is a job once per cutoff.
            models.CheckConstraint(
                condition=Q(extend_minutes__gte=1), name="window_extension_positive"
            ),
            models.CheckConstraint(
                condition=Q(status=WindowStatus.HELD, held_until__isnull=False)
                | Q(~Q(status=WindowStatus.HELD)),
                name="window_held_has_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[WindowStatus.CLOSED, WindowStatus.SETTLED])
                | Q(demand_revision__gte=1, closed_at__isnull=False),
                name="window_closed_has_demand",
            ),
            models.CheckConstraint(
                condition=Q(status__in=WindowStatus.values), name="window_status_known"
            ),
            models.UniqueConstraint(
                fields=["community", "number"], name="window_number_in_community"
            ),
            models.UniqueConstraint(fields=["id", "supplier"], name="window_with_supplier"),
            # However many beats ring: one round for each date.
            models.UniqueConstraint(
                fields=["template", "template_on"],
                condition=Q(template__isnull=False),
                name="window_once_for_each_date",
            ),
            models.CheckConstraint(
                condition=Q(template=None, template_on=None)
                | Q(template__isnull=False, template_on__isnull=False),
                name="window_of_template_has_date",
            ),
            CompositeForeignKey(
                name="window_template_same_community",
                fields=["template", "community"],
                to="orders.WindowTemplate",
                to_fields=["id", "community"],
            ),
        ]
        indexes = [
            # windows.due: what is past its cutoff.
            models.Index(
                fields=["closes_at"], name="window_due", condition=Q(status=WindowStatus.OPEN)
            ),
            # consolidation.find: what waits for a supplier order.
            models.Index(
                fields=["id"], name="window_closed", condition=Q(status=WindowStatus.CLOSED)
            ),
            # repeating.due_openings: what opens by itself.
            models.Index(
                fields=["opens_at"],
                name="window_opens_by_itself",
                condition=Q(status=WindowStatus.READY, template__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class WindowCommunity(models.Model):
    """A community that buys in a window, with its own minimum and its own numbers (接龙号)."""

    transitions: ClassVar[Transitions] = states.JOIN

    window = models.ForeignKey(
        OrderWindow, models.CASCADE, related_name="joined", verbose_name=_("group buy")
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="joined", verbose_name=_("community")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=JoinStatus, default=JoinStatus.JOINED
    )
    minimum = models.BigIntegerField(_("own minimum"), default=0)
    last_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("community in the group buy")
        verbose_name_plural = _("communities in the group buy")
        constraints = [
            models.UniqueConstraint(fields=["window", "community"], name="window_community_once"),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="window_community_minimum"),
            models.CheckConstraint(
                condition=Q(status__in=JoinStatus.values), name="window_community_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.community_id}"


class Offer(models.Model):
    """A product in a window, with the price as it was when offered. `taken` is counted only where there is a cap, as is
    `waiting`: pieces that households in the waiting list want. `served_rounds` counts how often the list was served.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    window = models.ForeignKey(
        OrderWindow, models.CASCADE, related_name="offers", verbose_name=_("group buy")
    )
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", db_constraint=False)
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        related_name="offers",
        db_constraint=False,
        verbose_name=_("product"),
    )
    short_number = models.PositiveIntegerField(_("short number"))
    name = models.CharField(_("name"), max_length=80)
    spec = models.CharField(_("specification"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=10)
    category = models.CharField(_("category"), max_length=30, blank=True, default="")
    description = models.CharField(_("description"), max_length=500, blank=True, default="")
    barcode = models.CharField(_("barcode"), max_length=17, blank=True, default="")
    case_size = models.PositiveIntegerField(_("case size"), null=True, blank=True)
    price_fen = models.BigIntegerField(_("price (fen)"))
    cap = models.PositiveIntegerField(_("available"), null=True, blank=True)
    taken = models.PositiveIntegerField(default=0, editable=False)
    waiting = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    served_rounds = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    household_limit = models.PositiveIntegerField(_("limit per household"), null=True, blank=True)
    order_multiple = models.PositiveIntegerField(_("order multiple"), default=1)
    minimum = models.PositiveIntegerField(_("minimum"), default=1)
    is_active = models.BooleanField(_("on offer"), default=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(fields=["window", "product"], name="offer_product_once"),
            models.UniqueConstraint(fields=["window", "short_number"], name="offer_short_number"),
            models.UniqueConstraint(fields=["id", "window"], name="offer_with_window"),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="offer_price_not_negative"),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(taken__lte=F("cap")), name="offer_not_oversold"
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=False) | Q(taken=0), name="offer_taken_needs_cap"
            ),
            models.CheckConstraint(
                condition=Q(cap__isnull=False) | Q(waiting=0), name="offer_waiting_needs_cap"
            ),
            models.CheckConstraint(
                condition=Q(household_limit=None) | Q(household_limit__gte=1),
                name="offer_limit_positive",
            ),
            models.CheckConstraint(
                condition=Q(order_multiple__gte=1), name="offer_multiple_positive"
            ),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="offer_minimum_positive"),
            CompositeForeignKey(
                name="offer_supplier_of_window",
                fields=["window", "supplier"],
                to="orders.OrderWindow",
                to_fields=["id", "supplier"],
            ),
            CompositeForeignKey(
                name="offer_product_of_supplier",
                fields=["product", "supplier"],
                to="suppliers.Product",
                to_fields=["id", "supplier"],
            ),
        ]
        indexes = [
            # waiting.servable: the few that somebody waits for.
            models.Index(fields=["id"], name="offer_waited_for", condition=Q(waiting__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.short_number} {self.name} ({self.pk})"

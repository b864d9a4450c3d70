"""What lines of chat lists and sheets came to: by this a list that is pasted again is known again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Household
from config.kernel.constraints import CompositeForeignKey
from config.kernel.intake.models import Import
from orders.models.order import MAX_QUANTITY, Order
from orders.models.window import Offer, OrderWindow


class ListedLine(models.Model):
    """A line of a confirmed list, as it was taken. `mark` is a keyed digest of its words (orders.intake.memory), empty
    for a row of a sheet: no name, address or phone. It lives until the round is forgotten (orders.forgetting).
    """

    class How(models.TextChoices):
        """What the line did; `same` stood already."""

        PLACE = "place", "place"
        ADD = "add", "add"
        UPDATE = "update", "update"
        CANCEL = "cancel", "cancel"
        GONE = "gone", "gone"
        LATE = "late", "late"
        SAME = "same", "same"

    window = models.ForeignKey(
        OrderWindow, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    upload = models.ForeignKey(
        Import, models.CASCADE, related_name="+", db_index=False, verbose_name=_("import")
    )
    number = models.PositiveIntegerField(_("row"))
    mark = models.CharField(max_length=24, blank=True, default="")
    how = models.CharField(max_length=10, choices=How)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="listed_row_once"),
            models.UniqueConstraint(fields=["id", "window"], name="listed_with_window"),
            models.CheckConstraint(
                condition=Q(how__in=["place", "add", "update", "cancel", "gone", "late", "same"]),
                name="listed_how_known",
            ),
            CompositeForeignKey(
                name="listed_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
            CompositeForeignKey(
                name="listed_community_joined_window",
                fields=["window", "community"],
                to="orders.WindowCommunity",
                to_fields=["window", "community"],
            ),
            CompositeForeignKey(
                name="listed_order_same_window",
                fields=["order", "window"],
                to="orders.Order",
                to_fields=["id", "window"],
            ),
        ]
        # intake.world: the lines of earlier lists; forgetting: those of a round.
        indexes = [models.Index(fields=["window", "community"], name="listed_by_window")]

    def __str__(self) -> str:
        return f"{self.upload_id} row {self.number} ({self.pk})"


class ListedPiece(models.Model):
    """`quantity` pieces of an offer in such a line."""

    line = models.ForeignKey(
        ListedLine, models.CASCADE, related_name="pieces", db_constraint=False, db_index=False
    )
    window = models.ForeignKey(
        OrderWindow, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    offer = models.ForeignKey(
        Offer, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "offer"], name="listed_offer_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="listed_quantity_range",
            ),
            CompositeForeignKey(
                name="listed_piece_line_same_window",
                fields=["line", "window"],
                to="orders.ListedLine",
                to_fields=["id", "window"],
            ),
            CompositeForeignKey(
                name="listed_piece_offer_same_window",
                fields=["offer", "window"],
                to="orders.Offer",
                to_fields=["id", "window"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.offer_id} ×{self.quantity}"

"""Same as last time: what a household ordered from this supplier before, as far as it can be had in this window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import F, Sum

from orders.models import CategoryLimit, Offer, Order, OrderLine
from orders.placing.pieces import pieces_left
from orders.placing.wishes import Wish
from orders.states import OrderStatus


class Verdict(StrEnum):
    AVAILABLE = "available"
    FEWER = "fewer"
    SOLD_OUT = "sold_out"
    OVER_LIMIT = "over_limit"
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True)
class Again:
    """A line of the earlier order beside what it could be now; `offer` is None if the product is not offered."""

    line: OrderLine
    offer: Offer | None
    quantity: int
    tolerance: int
    verdict: Verdict


@dataclass(frozen=True)
class Suggestion:
    """`last` is None for who never ordered from this supplier. Money in fen."""

    last: Order | None = None
    lines: list[Again] = field(default_factory=list)

    @property
    def wishes(self) -> list[Wish]:
        """What can be had: an order like any other, if there is anything."""
        return [
            Wish(again.offer.public_id, again.quantity, again.tolerance)
            for again in self.lines
            if again.offer is not None and again.quantity
        ]

    @property
    def total_fen(self) -> int:
        return sum(a.quantity * a.offer.price_fen for a in self.lines if a.offer is not None)


@dataclass
class Room:
    """What one household may still take of a window; shrinks as it is filled."""

    limits: dict[str, int]
    mine: dict[int, int]
    by_category: dict[str, int]

    def left(self, offer: Offer) -> tuple[int | None, int | None]:
        """Pieces there are, and pieces the household may have; None: no end. `offer` carries `left`."""
        pieces: int | None = offer.left  # type: ignore[attr-defined]
        allowed = []
        if offer.household_limit is not None:
            allowed.append(offer.household_limit - self.mine.get(offer.pk, 0))
        if offer.category in self.limits:
            own = self.by_category.get(offer.category, 0)
            allowed.append(self.limits[offer.category] - own)
        return pieces, max(0, min(allowed)) if allowed else None

    def fill(self, offer: Offer, pieces: int) -> None:
        self.mine[offer.pk] = self.mine.get(offer.pk, 0) + pieces
        own = self.by_category.get(offer.category, 0)
        self.by_category[offer.category] = own + pieces


def same_as_last_time(*, window_id: int, household_id: int) -> Suggestion:
    """The household's newest order from the window's supplier, line by line. Five statements, or one if there is none.

    Nothing is held for anybody: it is a proposal, to be sent as an ordinary order.
    """
    last = (
        Order.objects.filter(
            household=household_id,
            status=OrderStatus.PLACED,
            window__supplier__windows=window_id,
        )
        .exclude(window=window_id)
        .select_related("window", "community")
        .order_by("-pk")
        .first()
    )
    if last is None:
        return Suggestion()
    lines = list(
        OrderLine.objects.filter(order=last).select_related("offer").order_by("offer__short_number")
    )
    products = [line.offer.product_id for line in lines]
    now = Offer.objects.filter(window=window_id, product__in=products, is_active=True)
    now = now.annotate(left=pieces_left())
    offers = {offer.product_id: offer for offer in now}
    room = room_of(window_id=window_id, household_id=household_id)
    return Suggestion(
        last, [_again(line, offers.get(line.offer.product_id), room) for line in lines]
    )


def room_of(*, window_id: int, household_id: int) -> Room:
    """Two statements."""
    limits = CategoryLimit.objects.filter(window=window_id)
    rows = (
        OrderLine.objects.filter(
            order__window=window_id, order__household=household_id, order__status=OrderStatus.PLACED
        )
        .values_list("offer", "offer__category")
        .annotate(pieces=Sum(F("quantity") + F("tolerance")))
        .order_by()
    )
    mine = list(rows)
    return Room(
        dict(limits.values_list("category", "household_limit")),
        {offer: pieces for offer, _category, pieces in mine},
        by_category((category, pieces) for _offer, category, pieces in mine),
    )


def by_category(pieces: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sums by category."""
    sums: dict[str, int] = {}
    for category, count in pieces:
        sums[category] = sums.get(category, 0) + count
    return sums


def _again(line: OrderLine, offer: Offer | None, room: Room) -> Again:
    if offer is None:
        return Again(line, None, 0, 0, Verdict.NOT_OFFERED)
    pieces, allowed = room.left(offer)
    quantity = min([line.quantity, *_known([pieces, allowed])])
    spare = line.tolerance if allowed is None else min(line.tolerance, allowed - quantity)
    tolerance = spare if quantity == line.quantity else 0
    room.fill(offer, quantity + tolerance)
    return Again(line, offer, quantity, tolerance, _verdict(line, quantity, pieces))


def _known(numbers: Sequence[int | None]) -> list[int]:
    return [number for number in numbers if number is not None]


def _verdict(line: OrderLine, quantity: int, pieces: int | None) -> Verdict:
    if quantity == line.quantity:
        return Verdict.AVAILABLE
    if quantity:
        return Verdict.FEWER
    return Verdict.SOLD_OUT if pieces == 0 else Verdict.OVER_LIMIT

"""Pieces that came free go to the line: an order for the first household whose whole wish fits, or more in the order
that whoever waited placed himself.

Found by state, so that it does not matter how pieces came free: by a cancellation, a change, a larger cap. Whoever
orders in the ordinary way does not see what a wish in the line fits into (`statements.lock_capped`), so nobody
overtakes it. A wish that is larger than what is free is passed over, keeps its place, and holds nothing back. Whoever
left the household leaves the line too, whether or not pieces are free.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from config.kernel import clock, outbox
from config.kernel.audit import SYSTEM
from config.kernel.checkpoints import reach
from config.kernel.errors import DomainError
from config.kernel.jobs import Subject
from config.kernel.locks import busy_when_locked
from config.kernel.states import advance
from orders.models import Offer, Order, OrderLine, WaitingWish
from orders.models.order import MAX_QUANTITY
from orders.placing import statements
from orders.placing.errors import OverCategoryLimit, OverLimit, TotalDiffers, UnknownOffer
from orders.placing.placing import enter_order, extend_order
from orders.placing.statements import OfferRow, Standing
from orders.placing.wishes import MAX_LINES, Wish, check_limits, match, total
from orders.states import OrderStatus, WaitingStatus, WindowStatus
from orders.waiting.errors import NoLongerOfHousehold
from orders.waiting.joining import record, take_out
from orders.waiting.line import homeless


def servable() -> list[Subject]:
    """Offers of open windows where a wish is due. The revision counts how often it was served."""
    moment = clock.database_clock()
    due = _due().filter(offer=OuterRef("pk"))
    offers = Offer.objects.filter(
        Exists(due),
        waiting__gt=0,
        window__status=WindowStatus.OPEN,
        window__opens_at__lte=moment,
        window__closes_at__gt=moment,
    )
    return [
        Subject("offer", pk, served) for pk, served in offers.values_list("pk", "served_rounds")
    ]


def serve_offer(*, offer_id: int, revision: int) -> int:
    """Serve an offer's line as far as its free pieces go; returns how many left the line. Brings its transactions: one
    for each household. A second time finds nothing to do.
    """
    served, goes_on = 0, True
    while goes_on:
        with transaction.atomic(durable=True):
            goes_on = serve_next(offer_id=offer_id)
            reach("committing orders.serve_waiting")
        served += goes_on
    # Only now: until then a job that died is tried again under the same revision.
    Offer.objects.filter(pk=offer_id, served_rounds=revision).update(
        served_rounds=F("served_rounds") + 1
    )
    return served


@busy_when_locked()
def serve_next(*, offer_id: int) -> bool:
    """An order, or more in the own one, for the first in line whose wish fits, if it may still have it; otherwise its
    place lapses, as does that of whoever left the household. False if there is nobody, or the window takes no orders.
    Takes the locks of placing. Raises Busy.
    """
    first = _first_that_fits(offer_id)
    if first is None:
        return False
    statements.take_locks(window_id=first.window_id, household_id=first.household_id)
    standing = statements.read_standing(
        window_id=first.window_id,
        community_id=first.community_id,
        household_id=first.household_id,
        offers=[first.offer.public_id],
    )
    if not standing.is_open:
        return False
    # Under the offer's lock nobody joins, leaves or is served: who was first when we looked may not be now.
    statements.lock_capped([offer_id])
    again = _first_that_fits(offer_id)
    if again is None or again.pk != first.pk:
        return again is not None
    try:
        pairs, total_fen = _judge(again, standing)
    except (
        NoLongerOfHousehold,
        UnknownOffer,
        OverLimit,
        OverCategoryLimit,
        TotalDiffers,
    ) as error:
        _lapse(again, standing, error)
    else:
        _serve(again, standing, pairs, total_fen)
    return True


def _due() -> QuerySet[WaitingWish]:
    """Wishes that fit into what is free, and those of nobody's."""
    line = WaitingWish.objects.filter(status=WaitingStatus.WAITING)
    return line.filter(Q(quantity__lte=F("offer__cap") - F("offer__taken")) | homeless())


def _first_that_fits(offer_id: int) -> WaitingWish | None:
    return _due().filter(offer=offer_id).select_related("offer").order_by("pk").first()


def _judge(wish: WaitingWish, standing: Standing) -> tuple[list[tuple[OfferRow, Wish]], int]:
    """As an order of this moment, at the price that was agreed to."""
    if WaitingWish.objects.filter(homeless(), pk=wish.pk).exists():
        raise NoLongerOfHousehold()
    pairs = match([Wish(wish.offer.public_id, wish.quantity)], standing.offers)
    check_limits(pairs)
    return pairs, total(pairs, expected_total_fen=wish.price_fen * wish.quantity)


def _serve(
    wish: WaitingWish,
    standing: Standing,
    pairs: list[tuple[OfferRow, Wish]],
    total_fen: int,
) -> None:
    """Caller holds the offer's row."""
    own = _own_order(wish)
    order_id, topic = standing.order_id, "waiting.served"
    if own is not None:
        order_id, topic = own.pk, "waiting.added"
    statements.take_pieces({wish.offer_id: wish.quantity})
    take_out(wish)
    advance(wish, to=WaitingStatus.SERVED, order_id=order_id, ended_at=standing.moment)
    record(wish=wish, actor=SYSTEM, action="waiting.served", order=order_id)
    outbox.emit(event_key=f"{topic}:{wish.pk}", topic=topic, payload={"wish": wish.pk})
    if own is not None:
        extend_order(order=own, standing=standing, pairs=pairs, total_fen=total_fen, actor=SYSTEM)
        return
    enter_order(
        standing=standing,
        pairs=pairs,
        total_fen=total_fen,
        window_id=wish.window_id,
        community_id=wish.community_id,
        household_id=wish.household_id,
        actor=SYSTEM,
        channel=Order.Channel.WAITING,
        placed_by=wish.placed_by_id,
        wished_at=wish.joined_at,
    )


def _own_order(wish: WaitingWish) -> Order | None:
    """The newest order of the household that the same account placed by its own hand and may change: what a volunteer
    wrote down is not touched by a machine, nor is one where something was taken off, or whose line had another price,
    nor one that would hold more than an order may: the pieces become an order beside it, and the line goes on.
    """
    if wish.placed_by_id is None:
        return None
    placed = Order.objects.filter(
        window=wish.window_id,
        household=wish.household_id,
        placed_by=wish.placed_by_id,
        status=OrderStatus.PLACED,
        channel__in=(Order.Channel.REST, Order.Channel.WAITING),
    )
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    taken_off = lines.filter(allocation__isnull=False)
    same = lines.filter(offer=wish.offer_id)
    other = same.filter(~Q(price_fen=wish.price_fen) | Q(quantity__gt=MAX_QUANTITY - wish.quantity))
    # Its last possible line.
    full = lines.order_by("pk")[MAX_LINES - 1 : MAX_LINES]
    fitting = placed.exclude(Exists(taken_off)).exclude(Exists(other))
    return fitting.exclude(~Exists(same), Exists(full)).order_by("-number").first()


def _lapse(wish: WaitingWish, standing: Standing, error: DomainError) -> None:
    """Caller holds the offer's row."""
    take_out(wish)
    advance(wish, to=WaitingStatus.LAPSED, ended_at=standing.moment)
    record(wish=wish, actor=SYSTEM, action="waiting.lapsed", because=error.code)
    topic = "waiting.moved_out" if isinstance(error, NoLongerOfHousehold) else "waiting.lapsed"
    outbox.emit(event_key=f"{topic}:{wish.pk}", topic=topic, payload={"wish": wish.pk})

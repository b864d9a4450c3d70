"""Join the line for an offer that is sold out, and leave it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.locks import busy_when_locked
from config.kernel.states import advance
from orders.models import Offer, WaitingWish
from orders.placing import statements
from orders.placing.errors import WindowNotOpen
from orders.placing.statements import OfferRow
from orders.placing.wishes import Wish, check_limits, check_wishes, match, total
from orders.states import WaitingStatus
from orders.waiting.errors import AlreadyWaiting, NotSoldOut, NotWaiting, TooManyToWaitFor
from orders.waiting.line import most_to_wait_for, pieces_of


@busy_when_locked()
def join_waiting(
    *,
    window_id: int,
    community_id: int,
    household_id: int,
    actor: Actor,
    offer: UUID,
    quantity: int,
    expected_total_fen: int,
) -> WaitingWish:
    """A place at the end of the line, for all of `quantity` at today's price. While pieces are left one orders them.

    Raises BadWish, WindowNotOpen, UnknownOffer, OverLimit, OverCategoryLimit, TotalDiffers, NotSoldOut,
    AlreadyWaiting, TooManyToWaitFor, Busy; holds the window's shared and the household's exclusive lock, and the
    offer's row.
    """
    wish = Wish(offer, quantity)
    check_wishes([wish])
    statements.take_locks(window_id=window_id, household_id=household_id)
    standing = statements.read_standing(
        window_id=window_id, community_id=community_id, household_id=household_id, offers=[offer]
    )
    if not standing.is_open:
        raise WindowNotOpen()
    pairs = match([wish], standing.offers)
    check_limits(pairs)
    total(pairs, expected_total_fen=expected_total_fen)
    row = pairs[0][0]
    # Under the offer's lock: whoever gives back now is found by the next look, whoever serves has done so.
    _require_sold_out(offer, statements.lock_capped([row.id]).get(row.id))
    line = WaitingWish.objects.filter(offer=row.id, status=WaitingStatus.WAITING)
    if (own := line.filter(household=household_id).first()) is not None:
        raise AlreadyWaiting(fields={"waiting": str(own.public_id)})
    _require_possible(row, wish, household_id=household_id)
    Offer.objects.filter(pk=row.id).update(waiting=F("waiting") + quantity)
    joined = WaitingWish.objects.create(
        window_id=window_id,
        community_id=community_id,
        household_id=household_id,
        offer_id=row.id,
        quantity=quantity,
        price_fen=row.price_fen,
        placed_by_id=actor.id if actor.kind == "user" else None,
        joined_at=standing.moment,
    )
    record(wish=joined, actor=actor, action="waiting.joined", quantity=quantity)
    return joined


def _require_sold_out(offer: UUID, left: int | None) -> None:
    if left is None:
        raise NotSoldOut(NotSoldOut.no_end, fields={str(offer): None})
    if left:
        raise NotSoldOut(fields={str(offer): left}, left=left)


def _require_possible(row: OfferRow, wish: Wish, *, household_id: int) -> None:
    """Caller holds the window's lock, so that the cap stands, and the household's. Its limits were checked."""
    most = most_to_wait_for(
        cap=Offer.objects.values_list("cap", flat=True).get(pk=row.id) or 0,
        has=pieces_of(household_id=household_id, offer_id=row.id),
        allowed=None if row.household_limit is None else row.household_limit - row.own,
    )
    if wish.quantity > most:
        why = None if most else TooManyToWaitFor.nothing
        raise TooManyToWaitFor(why, fields={str(row.public_id): most}, most=most)


@busy_when_locked()
def leave_waiting(*, wish: WaitingWish, actor: Actor, reason: str = "") -> None:
    """Give the place up, whenever. Raises NotWaiting, Busy."""
    statements.take_locks(window_id=wish.window_id, household_id=wish.household_id)
    # The offer's row before the wish's, as whoever serves.
    Offer.objects.select_for_update(no_key=True).get(pk=wish.offer_id)
    wish.refresh_from_db()
    if wish.status != WaitingStatus.WAITING:
        served = str(wish.order.public_id) if wish.order else None
        raise NotWaiting(fields={"status": wish.status, "order": served})
    take_out(wish)
    advance(wish, to=WaitingStatus.LEFT, ended_at=clock.database_now())
    record(wish=wish, actor=actor, action="waiting.left", reason=reason[:200])


def take_out(wish: WaitingWish) -> None:
    """Its pieces are waited for no more. Caller holds the offer's row."""
    Offer.objects.filter(pk=wish.offer_id).update(waiting=F("waiting") - wish.quantity)


def record(*, wish: WaitingWish, actor: Actor, action: str, **data: int | str) -> None:
    """Note it in the audit."""
    audit.record(
        actor=actor,
        action=action,
        subject=("waiting_wish", wish.pk),
        community_id=wish.community_id,
        data={"offer": wish.offer_id, **data},
    )

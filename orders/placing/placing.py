"""Place, change, cancel. Guards, locks, a fresh look, arithmetic, writes; the number last (docs/locking.md)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

from config.kernel import audit, outbox
from config.kernel.audit import Actor
from config.kernel.locks import busy_when_locked
from config.kernel.states import advance
from orders.models import Order, OrderLine, WaitingWish
from orders.placing import statements
from orders.placing.errors import OrderChanged, OrderNotPlaced, SoldOut, WindowNotOpen
from orders.placing.statements import OfferRow, Standing
from orders.placing.wishes import Wish, check_limits, check_wishes, match, total
from orders.states import OrderStatus, WaitingStatus

_OF_THEIR_OWN = frozenset({Order.Channel.REST, Order.Channel.WAITING})


@dataclass(frozen=True)
class PlacedOrder:
    """The answer to the buyer: `number` is the 接龙号, money in fen."""

    id: int
    public_id: uuid.UUID
    number: int
    total_fen: int
    placed_at: datetime
    version: int = 1
    changed_at: datetime | None = None


class Details(TypedDict, total=False):
    """How the wish reached us: `channel` is an Order.Channel (rest), `wished_at` defaults to the time of placing.

    `substitutes` is one of Household.Substitutes; without it the household's own answer counts. `placed_by` is an
    account's id: without it the actor's.
    `late_reason` is for add_late_order alone, which holds the window: nobody asks for the cutoff then.
    """

    channel: str
    note: str
    substitutes: str | None
    placed_by: int | None
    wished_at: datetime | None
    late_reason: str


@busy_when_locked()
def place_order(
    *,
    window_id: int,
    community_id: int,
    household_id: int,
    actor: Actor,
    wishes: Sequence[Wish],
    expected_total_fen: int,
    **details: Unpack[Details],
) -> PlacedOrder:
    """Take an order iff the window is open by the database's clock. Seven statements, whatever the lines.

    The household must be of the community (a key in the database checks it). Raises BadWish, NotFound (the community
    is not in the window), WindowNotOpen, UnknownOffer, OverLimit, OverCategoryLimit, TotalDiffers, SoldOut, Busy; holds
    the window's shared and the household's exclusive lock, and the capped offers' rows.
    """
    check_wishes(wishes)
    statements.take_locks(window_id=window_id, household_id=household_id)
    standing = statements.read_standing(
        window_id=window_id,
        community_id=community_id,
        household_id=household_id,
        offers=[wish.offer for wish in wishes],
    )
    if not details.get("late_reason"):
        _require_open(standing)
    pairs, total_fen = _judge(standing, wishes, expected_total_fen)
    _take({row.id: wish.quantity for row, wish in pairs if row.is_capped}, pairs)
    return enter_order(
        standing=standing,
        pairs=pairs,
        total_fen=total_fen,
        window_id=window_id,
        community_id=community_id,
        household_id=household_id,
        actor=actor,
        **details,
    )


def enter_order(
    *,
    standing: Standing,
    pairs: Sequence[tuple[OfferRow, Wish]],
    total_fen: int,
    window_id: int,
    community_id: int,
    household_id: int,
    actor: Actor,
    **details: Unpack[Details],
) -> PlacedOrder:
    """Write an order that was judged and whose pieces were taken. Caller holds the locks of placing. Three statements,
    the counter's row last.
    """
    late_reason = details.get("late_reason", "")
    moment, order_id, public_id = standing.moment, standing.order_id, uuid.uuid4()
    statements.insert_lines(order_id=order_id, window_id=window_id, lines=_line_values(pairs))
    _record(actor, "order.placed", order_id, community_id, total_fen=total_fen, lines=len(pairs))
    by = actor.id if actor.kind == "user" else None
    number = statements.insert_order(
        id=order_id,
        public_id=str(public_id),
        window=window_id,
        community=community_id,
        household=household_id,
        channel=Order.Channel.LATE if late_reason else details.get("channel", Order.Channel.REST),
        total_fen=total_fen,
        note=details.get("note", ""),
        substitutes=details.get("substitutes"),
        reason=late_reason,
        placed_by=details.get("placed_by", by),
        wished_at=details.get("wished_at") or moment,
        placed_at=moment,
    )
    return PlacedOrder(order_id, public_id, number, total_fen, moment)


def extend_order(
    *,
    order: Order,
    standing: Standing,
    pairs: Sequence[tuple[OfferRow, Wish]],
    total_fen: int,
    actor: Actor,
) -> None:
    """Put goods on top of a placed order, which were judged and whose pieces were taken; what it has of them costs the
    same. Its number, note and time of wish stay. Caller holds the locks of placing. Three statements.
    """
    statements.add_to_lines(order_id=order.pk, window_id=order.window_id, lines=_line_values(pairs))
    order.total_fen, order.changed_at = order.total_fen + total_fen, standing.moment
    order.version += 1
    order.save(update_fields=["total_fen", "changed_at", "version"])
    _record(
        actor,
        "order.changed",
        order.pk,
        order.community_id,
        total_fen=order.total_fen,
        added=len(pairs),
    )


@busy_when_locked()
def change_order(
    *,
    order: Order,
    actor: Actor,
    wishes: Sequence[Wish],
    expected_total_fen: int,
    note: str | None = None,
    substitutes: str | None = None,
    expected_version: int | None = None,
) -> PlacedOrder:
    """Put other lines in the place of an order's lines while the window is open; its number and time of wish stay.

    `expected_version` is that of the order as the buyer saw it; without it he may not know what a waiting list has
    added. Raises what place_order raises, OrderNotPlaced, and OrderChanged if somebody changed it since.
    """
    check_wishes(wishes)
    old = _lock_order(order)
    _require_seen(order, expected_version)
    held = {line.offer_id: line.quantity for line in old}
    standing = statements.read_standing(
        window_id=order.window_id,
        community_id=order.community_id,
        household_id=order.household_id,
        offers=[wish.offer for wish in wishes],
        order_id=order.pk,
        kept=list(held),
    )
    _require_open(standing)
    at_most = {line.offer_id: line.quantity + line.tolerance for line in old}
    pairs, total_fen = _judge(standing, wishes, expected_total_fen, at_most)
    wanted = {row.id: wish.quantity for row, wish in pairs}
    deltas = {pk: wanted.get(pk, 0) - held.get(pk, 0) for pk in sorted(wanted.keys() | held.keys())}
    _take({pk: delta for pk, delta in deltas.items() if delta}, pairs, held)
    statements.delete_lines(order_id=order.pk)
    statements.insert_lines(order_id=order.pk, window_id=order.window_id, lines=_line_values(pairs))
    order.total_fen, order.changed_at, order.version = total_fen, standing.moment, order.version + 1
    order.note = order.note if note is None else note
    order.substitutes = order.substitutes if substitutes is None else substitutes
    order.save(update_fields=["total_fen", "changed_at", "version", "note", "substitutes"])
    _record(
        actor, "order.changed", order.pk, order.community_id, total_fen=total_fen, lines=len(pairs)
    )
    _tell_others(order, actor, "order.changed")
    return PlacedOrder(
        order.pk,
        order.public_id,
        order.number,
        total_fen,
        order.placed_at,
        order.version,
        order.changed_at,
    )


@busy_when_locked()
def cancel_order(*, order: Order, actor: Actor, reason: str = "") -> None:
    """Cancel while the window is open. Raises OrderNotPlaced, WindowNotOpen, Busy."""
    held = {line.offer_id: line.quantity for line in _lock_order(order)}
    standing = statements.read_standing(
        window_id=order.window_id,
        community_id=order.community_id,
        household_id=order.household_id,
        offers=[],
    )
    _require_open(standing)
    _take({pk: -quantity for pk, quantity in sorted(held.items())}, [])
    # One that was added late keeps why, after a reopening too.
    reason = reason[:200] or order.reason
    advance(order, to=OrderStatus.CANCELLED, cancelled_at=standing.moment, reason=reason)
    _record(actor, "order.cancelled", order.pk, order.community_id, reason=reason)
    _tell_others(order, actor, "order.cancelled")


def _lock_order(order: Order) -> list[OrderLine]:
    """Take the locks of placing, re-read the order; its lines as they are. Raises OrderNotPlaced."""
    statements.take_locks(window_id=order.window_id, household_id=order.household_id)
    order.refresh_from_db()
    if order.status != OrderStatus.PLACED:
        raise OrderNotPlaced()
    return list(OrderLine.objects.filter(order=order))


def _require_seen(order: Order, expected_version: int | None) -> None:
    if expected_version is None:
        served = WaitingWish.objects.filter(order=order, status=WaitingStatus.SERVED)
        # An order that began as a served wish was whole when it was first seen.
        if served.filter(ended_at__gt=order.placed_at).exists():
            raise OrderChanged(OrderChanged.grown, fields={"version": order.version})
    elif expected_version != order.version:
        raise OrderChanged(fields={"version": order.version})


def _require_open(standing: Standing) -> None:
    if not standing.is_open:
        raise WindowNotOpen()


def _judge(
    standing: Standing,
    wishes: Sequence[Wish],
    expected_total_fen: int,
    held: Mapping[int, int] = MappingProxyType({}),
) -> tuple[list[tuple[OfferRow, Wish]], int]:
    pairs = match(wishes, standing.offers)
    check_limits(pairs, held)
    return pairs, total(pairs, expected_total_fen=expected_total_fen)


def _take(
    quantities: Mapping[int, int],
    pairs: Sequence[tuple[OfferRow, Wish]],
    held: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """Take capped pieces, or give them back; the order has `held` already. Caller holds the household lock.
    Raises SoldOut with what the order could have.

    What is evidently sold out is refused before the offers' rows are asked for: when a town wants the same sixty pieces
    nobody has to queue for a no. Pieces come back only by a commit; until then a no is as right as an instant before.
    """
    if not quantities:
        return
    seen = {row.id: row.left for row, _wish in pairs if row.left is not None}
    _refuse_more_than(seen, quantities, pairs, held)
    left = statements.lock_capped(list(quantities))
    _refuse_more_than(left, quantities, pairs, held)
    capped = {pk: quantity for pk, quantity in quantities.items() if pk in left}
    if capped and not statements.take_pieces(capped):
        raise SoldOut()


def _refuse_more_than(
    left: Mapping[int, int],
    quantities: Mapping[int, int],
    pairs: Sequence[tuple[OfferRow, Wish]],
    held: Mapping[int, int],
) -> None:
    short = {
        str(row.public_id): left[row.id] + held.get(row.id, 0)
        for row, _wish in pairs
        if row.id in left and quantities.get(row.id, 0) > left[row.id]
    }
    if short:
        raise SoldOut(fields=short)


def _line_values(pairs: Sequence[tuple[OfferRow, Wish]]) -> list[tuple[int, int, int, int]]:
    return [(row.id, wish.quantity, wish.tolerance, row.price_fen) for row, wish in pairs]


def _tell_others(order: Order, actor: Actor, topic: str) -> None:
    """Whoever ordered and whoever receives hear of it, unless he did it himself. Who changes what he ordered alone by
    REST, as most do, costs no statement.
    """
    is_his_own = order.channel in _OF_THEIR_OWN and actor.id == order.placed_by_id
    if actor.kind == "user" and not is_his_own:
        payload = {"order": order.pk, "by": actor.id}
        outbox.emit(event_key=f"{topic}:{order.pk}:{order.version}", topic=topic, payload=payload)


def _record(actor: Actor, action: str, order_id: int, community_id: int, **data: Any) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("order", order_id),
        community_id=community_id,
        data=data,
    )

"""The SQL of placing, statement by statement, in the order in which it runs. No rule is decided here.

Why by hand: a whole town runs this one transaction in the same minute, and its locks, its fresh look and its last write
depend on the exact statements and their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from config.kernel import clock, locks
from config.kernel.errors import NotFound

_STANDING = f"""
    SELECT t.moment, t.order_id, w.status = 'open' AND j.status = 'joined'
               AND w.opens_at <= t.moment AND t.moment < w.closes_at AS is_open,
           o.id, o.public_id, o.price_fen, o.cap IS NOT NULL AS is_capped, o.household_limit,
           CASE WHEN o.household_limit IS NULL THEN 0 ELSE (
               SELECT coalesce(sum(l.quantity + l.tolerance), 0)
               FROM orders_order d JOIN orders_orderline l ON l.order_id = d.id
               WHERE d.household_id = %s AND d.window_id = w.id AND d.status = 'placed'
                   AND d.id <> %s AND l.offer_id = o.id
           ) END AS own
    FROM (SELECT {clock.SQL_NOW} AS moment, nextval('orders_order_id_seq') AS order_id OFFSET 0) t
    CROSS JOIN orders_orderwindow w
    JOIN orders_windowcommunity j ON j.window_id = w.id AND j.community_id = %s
    LEFT JOIN orders_offer o ON o.window_id = w.id AND o.public_id = ANY(%s::uuid[])
        AND (o.is_active OR o.id = ANY(%s::bigint[]))
    WHERE w.id = %s
    ORDER BY o.id
"""  # noqa: S608 -- a constant of ours
# The rows are locked in the order of their ids, whatever order they are then written in.
_TAKE = """
    UPDATE orders_offer o SET taken = o.taken + d.quantity
    FROM (
        SELECT l.id, n.quantity
        FROM unnest(%s::bigint[], %s::int[]) AS n(id, quantity) JOIN orders_offer l ON l.id = n.id
        WHERE l.cap IS NOT NULL
        ORDER BY l.id FOR NO KEY UPDATE OF l
    ) d
    WHERE o.id = d.id AND o.taken + d.quantity <= o.cap
    RETURNING o.id
"""
_LOCK_CAPPED = """
    SELECT id, cap - taken FROM orders_offer WHERE id = ANY(%s) AND cap IS NOT NULL ORDER BY id FOR NO KEY UPDATE
"""
_LINES = """
    INSERT INTO orders_orderline (order_id, window_id, offer_id, quantity, tolerance, price_fen)
    SELECT %(id)s, %(window)s, d.*
    FROM unnest(%(offers)s::bigint[], %(quantities)s::int[], %(tolerances)s::int[], %(prices)s::bigint[]) AS d
"""
_NO_LINES = "DELETE FROM orders_orderline WHERE order_id = %s"
# The counter comes after the lines (it waits for their number): its row is held from there to the commit only.
_ORDER = f"""
    WITH lines AS ({_LINES} RETURNING 1),
    counter AS (
        UPDATE orders_windowcommunity SET last_number = last_number + 1
        WHERE window_id = %(window)s AND community_id = %(community)s AND (SELECT count(*) FROM lines) > 0
        RETURNING last_number
    )
    INSERT INTO orders_order (
        id, public_id, window_id, community_id, household_id, number, status, channel, total_fen, note, reason,
        placed_by_id, wished_at, placed_at, version
    )
    SELECT %(id)s, %(public_id)s, %(window)s, %(community)s, %(household)s, last_number, 'placed', %(channel)s,
           %(total_fen)s, %(note)s, '', %(placed_by)s, %(wished_at)s, %(placed_at)s, 1
    FROM counter
    RETURNING number
"""  # noqa: S608 -- a constant of ours


# Offer id, quantity, tolerance, price_fen.
Line = tuple[int, int, int, int]


class OfferRow(NamedTuple):
    """An offer as it stands; `own` is what the household may get of it by its other orders, tolerance included: counted
    where there is a limit.
    """

    id: int
    public_id: UUID
    price_fen: int
    is_capped: bool
    household_limit: int | None
    own: int


@dataclass(frozen=True)
class Standing:
    """What the database says after the locks: its time, an id for a new order, whether orders are taken, the offers
    asked for in the order of their ids.
    """

    moment: datetime
    order_id: int
    is_open: bool
    offers: list[OfferRow]


def take_locks(*, window_id: int, household_id: int) -> None:
    """Shared on the window (the closer takes it exclusively), exclusive on the household (its limits)."""
    locks.take(
        shared=[locks.key(locks.Namespace.WINDOW, window_id)],
        exclusive=[locks.key(locks.Namespace.HOUSEHOLD, household_id)],
    )


def read_standing(
    *,
    window_id: int,
    community_id: int,
    household_id: int,
    offers: Sequence[UUID],
    order_id: int = 0,
    kept: Sequence[int] = (),
) -> Standing:
    """A new statement after the locks, so that it sees a close that committed while we waited.
    Raises NotFound if the community is not in the window.

    `order_id` is left out of `own`; offers in `kept` count even if they are no longer on offer (a change keeps them).
    """
    ids = [str(offer) for offer in offers]
    parameters: list[Any] = [
        household_id,
        order_id,
        clock.offset(),
        community_id,
        ids,
        list(kept),
        window_id,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, parameters)
        rows = cursor.fetchall()
    if not rows:
        raise NotFound()
    found = [OfferRow(*row[3:]) for row in rows if row[3] is not None]
    moment, order_id, is_open = rows[0][:3]
    return Standing(moment=moment, order_id=order_id, is_open=is_open, offers=found)


def take_pieces(quantities: Mapping[int, int]) -> set[int]:
    """Lock the capped ones of these offers and add to `taken` (negative: give back) where the cap allows; ids of those
    that took.

    Where it had to wait for a row, the cap may have been judged by what was there before: `lock_capped` looks afresh.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [list(quantities.keys()), list(quantities.values())])
        return {offer_id for (offer_id,) in cursor.fetchall()}


def lock_capped(offer_ids: Sequence[int]) -> dict[int, int]:
    """Lock capped offers in id order; offer id → pieces left."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CAPPED, [list(offer_ids)])
        return dict(cursor.fetchall())


def insert_lines(*, order_id: int, window_id: int, lines: Sequence[Line]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"id": order_id, "window": window_id, **_columns(lines)})


def delete_lines(*, order_id: int) -> None:
    """Allocations forbid it at the commit; while the window is open there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_NO_LINES, [order_id])


def insert_order(*, lines: Sequence[Line], **values: Any) -> int:
    """Insert the lines, count up the community's number, insert the order with it; returns the number (接龙号)."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, {**values, **_columns(lines)})
        number: int = cursor.fetchone()[0]
    return number


def _columns(lines: Sequence[Line]) -> dict[str, list[int]]:
    columns = [list(column) for column in zip(*lines, strict=True)]
    return dict(zip(("offers", "quantities", "tolerances", "prices"), columns, strict=True))

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

# What was taken off after the cutoff (Allocation.DROPPED) is the household's no more.
_NOT_OFF = (
    "NOT EXISTS (SELECT FROM orders_allocation a WHERE a.line_id = l.id AND a.cause = 'dropped')"
)
# Free, without the wishes of the line that fit into what is free: each of them is an order within seconds. One that is
# larger holds back nothing (orders.placing.pieces has the same for menus).
_LEFT = """
           CASE
               WHEN o.cap IS NULL THEN NULL
               WHEN o.waiting = 0 THEN o.cap - o.taken
               ELSE greatest(0, o.cap - o.taken - (
                   SELECT coalesce(sum(v.quantity), 0) FROM orders_waitingwish v
                   WHERE v.offer_id = o.id AND v.status = 'waiting' AND v.quantity <= o.cap - o.taken
               ))
           END
"""
_STANDING = f"""
    SELECT t.moment, t.order_id, w.status = 'open' AND j.status = 'joined'
               AND w.opens_at <= t.moment AND t.moment < w.closes_at AS is_open,
           o.id, o.public_id, o.price_fen, o.cap IS NOT NULL AS is_capped, o.household_limit,
           CASE WHEN o.household_limit IS NULL THEN 0 ELSE (
               SELECT coalesce(sum((
                   SELECT l.quantity + l.tolerance FROM orders_orderline l
                   WHERE l.order_id = d.id AND l.offer_id = o.id AND {_NOT_OFF}
               )), 0)
               FROM orders_order d
               WHERE d.household_id = t.household AND d.window_id = w.id AND d.status = 'placed' AND d.id <> t.but
           ) END AS own,
           o.category, c.household_limit AS category_limit,
           CASE WHEN c.household_limit IS NULL THEN 0 ELSE (
               SELECT coalesce(sum(l.quantity + l.tolerance), 0)
               FROM orders_order d JOIN orders_orderline l ON l.order_id = d.id JOIN orders_offer x ON x.id = l.offer_id
               WHERE d.household_id = t.household AND d.window_id = w.id AND d.status = 'placed' AND d.id <> t.but
                   AND x.category = o.category AND {_NOT_OFF}
           ) END AS category_own,
           {_LEFT} AS pieces_left
    FROM (
        SELECT {clock.SQL_NOW} AS moment, nextval('orders_order_id_seq') AS order_id,
               %s::bigint AS household, %s::bigint AS but OFFSET 0
    ) t
    CROSS JOIN orders_orderwindow w
    JOIN orders_windowcommunity j ON j.window_id = w.id AND j.community_id = %s
    LEFT JOIN orders_offer o ON o.window_id = w.id AND o.public_id = ANY(%s::uuid[])
        AND (o.is_active OR o.id = ANY(%s::bigint[]))
    LEFT JOIN orders_categorylimit c ON c.window_id = w.id AND c.category = o.category
    WHERE w.id = %s
    ORDER BY o.id
"""  # noqa: S608 -- a constant of ours
_LOCK_CAPPED = """
    SELECT id, cap - taken, waiting > 0 AND cap > taken FROM orders_offer
    WHERE id = ANY(%s) AND cap IS NOT NULL ORDER BY id FOR NO KEY UPDATE
"""
_LEFT_OF = f"SELECT o.id, {_LEFT} FROM orders_offer o WHERE o.id = ANY(%s)"  # noqa: S608 -- constants of ours
_TAKE = """
    UPDATE orders_offer o SET taken = o.taken + d.quantity
    FROM unnest(%s::bigint[], %s::int[]) AS d(id, quantity)
    WHERE o.id = d.id AND o.taken + d.quantity <= o.cap
"""
_LINES = """
    INSERT INTO orders_orderline (order_id, window_id, offer_id, quantity, tolerance, price_fen)
    SELECT %s, %s, d.* FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::bigint[]) AS d
"""
# On top of what the order has of an offer, at the same price: whoever calls has looked.
_MORE_LINES = (
    _LINES.replace("orders_orderline (", "orders_orderline AS l (")
    + """
    ON CONFLICT (order_id, offer_id) DO UPDATE SET quantity = l.quantity + excluded.quantity
"""
)
_NO_LINES = "DELETE FROM orders_orderline WHERE order_id = %s"
# Last: the counter's row is held from here to the commit only.
_ORDER = """
    WITH counter AS (
        UPDATE orders_windowcommunity SET last_number = last_number + 1
        WHERE window_id = %(window)s AND community_id = %(community)s RETURNING last_number
    )
    INSERT INTO orders_order (
        id, public_id, window_id, community_id, household_id, number, status, channel, total_fen, note, substitutes,
        reason, placed_by_id, wished_at, placed_at, version
    )
    SELECT %(id)s, %(public_id)s, %(window)s, %(community)s, %(household)s, last_number, 'placed', %(channel)s,
           %(total_fen)s, %(note)s,
           coalesce(%(substitutes)s, (SELECT substitutes FROM communities_household WHERE id = %(household)s)),
           %(reason)s, %(placed_by)s, %(wished_at)s, %(placed_at)s, 1
    FROM counter
    RETURNING number
"""


class OfferRow(NamedTuple):
    """An offer as it stands. `own`, `category_own`: what the household may get of it, and of its whole category, by its
    other orders, tolerance included: counted where there is a limit. `left`: pieces as the last commit left them, None
    without a cap; others may be taking them.
    """

    id: int
    public_id: UUID
    price_fen: int
    is_capped: bool
    household_limit: int | None
    own: int
    category: str = ""
    category_limit: int | None = None
    category_own: int = 0
    left: int | None = None


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
        clock.offset(),
        household_id,
        order_id,
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


def lock_capped(offer_ids: Sequence[int]) -> dict[int, int]:
    """Lock capped offers in id order; offer id → pieces left for who orders now: what the line can be served is its.

    The line is read by a statement of its own: one that waited for a row sees that row anew, but all others as before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CAPPED, [list(offer_ids)])
        rows = cursor.fetchall()
        left: dict[int, int] = {pk: free for pk, free, _waited in rows}
        if waited_for := [pk for pk, _free, waited in rows if waited]:
            cursor.execute(_LEFT_OF, [waited_for])
            left.update(cursor.fetchall())
    return left


def take_pieces(quantities: Mapping[int, int]) -> bool:
    """Add to `taken` (negative: give back) where the cap allows; True if every offer took. Caller holds their locks."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [list(quantities.keys()), list(quantities.values())])
        return bool(cursor.rowcount == len(quantities))


def insert_lines(
    *, order_id: int, window_id: int, lines: Sequence[tuple[int, int, int, int]]
) -> None:
    """`lines`: (offer id, quantity, tolerance, price_fen). The order's row may follow: its key is checked at commit."""
    offers, quantities, tolerances, prices = (list(column) for column in zip(*lines, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [order_id, window_id, offers, quantities, tolerances, prices])


def add_to_lines(
    *, order_id: int, window_id: int, lines: Sequence[tuple[int, int, int, int]]
) -> None:
    """As insert_lines; of an offer that the order has, the quantity is added to its line."""
    offers, quantities, tolerances, prices = (list(column) for column in zip(*lines, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_MORE_LINES, [order_id, window_id, offers, quantities, tolerances, prices])


def delete_lines(*, order_id: int) -> None:
    """Allocations forbid it at the commit; while the window is open there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_NO_LINES, [order_id])


def insert_order(**values: Any) -> int:
    """Count up the community's number and insert the order with it; returns the number (接龙号).

    `substitutes` None: what the household says otherwise.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, values)
        number: int = cursor.fetchone()[0]
    return number

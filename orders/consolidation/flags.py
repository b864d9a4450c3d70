"""What a reviewer should look at (待核对): ranked by money at risk, at most ten, settled with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import User
from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from config.kernel.locks import require_atomic
from config.kernel.money import yuan
from config.kernel.states import StaleStatus
from orders.models import FlagDecision, OrderWindow

SHOWN = 10
# A line is odd from this many times the median of its product on, and from this many pieces.
ODD_TIMES = 4
ODD_PIECES = 5
# One household's part of the whole, in per cent, from this many households on.
LARGE_SHARE = 20
LARGE_SHARE_FROM = 5

# One statement finds them all. Orders that do not count (cancelled, taken off after the cutoff) and those of households
# with several are set apart, so that the many others need no sum of their own: their lines are read once to count how
# often each quantity is wanted of each offer, and once more for the large ones. 180,000 lines take a tenth of a second.
_FIND = """
    WITH gone AS MATERIALIZED (
        SELECT d.id FROM orders_order d WHERE d.window_id = %(window)s AND d.status <> 'placed'
        UNION
        SELECT l.order_id FROM orders_allocation a JOIN orders_orderline l ON l.id = a.line_id
        WHERE a.window_id = %(window)s AND a.cause = 'dropped'
    ), homes AS MATERIALIZED (
        SELECT d.household_id, count(*) AS orders, sum(d.total_fen) AS fen,
               min(d.channel) <> max(d.channel) AS by_two_roads
        FROM orders_order d WHERE d.window_id = %(window)s AND d.id NOT IN (SELECT id FROM gone) GROUP BY d.household_id
    ), several AS MATERIALIZED (
        SELECT d.id, d.household_id FROM orders_order d
        JOIN homes ON homes.household_id = d.household_id AND homes.orders > 1
        WHERE d.window_id = %(window)s AND d.id NOT IN (SELECT id FROM gone)
    ), apart AS MATERIALIZED (
        SELECT id FROM gone UNION ALL SELECT id FROM several
    ), together AS MATERIALIZED (
        SELECT l.offer_id, several.household_id, sum(l.quantity) AS quantity
        FROM several JOIN orders_orderline l ON l.order_id = several.id GROUP BY l.offer_id, several.household_id
    ), counted AS MATERIALIZED (
        SELECT offer_id, quantity, sum(homes) AS homes FROM (
            SELECT l.offer_id, l.quantity::bigint, count(*) AS homes FROM orders_orderline l
            WHERE l.window_id = %(window)s AND l.order_id NOT IN (SELECT id FROM apart) GROUP BY l.offer_id, l.quantity
            UNION ALL
            SELECT offer_id, quantity, count(*) FROM together GROUP BY offer_id, quantity
        ) parts GROUP BY offer_id, quantity
    ), usual AS MATERIALIZED (
        SELECT offer_id, max(whole) AS homes, sum(quantity * homes) AS pieces,
               min(quantity) FILTER (WHERE up_to * 2 >= whole) AS median
        FROM (
            SELECT counted.*, sum(homes) OVER (PARTITION BY offer_id ORDER BY quantity) AS up_to,
                   sum(homes) OVER (PARTITION BY offer_id) AS whole
            FROM counted
        ) ordered GROUP BY offer_id
    ), odd AS (
        SELECT wish.offer_id, coalesce(wish.household_id, d.household_id) AS household_id, o.name, wish.quantity,
               usual.median, (wish.quantity - usual.median) * o.price_fen AS fen
        FROM (
            SELECT l.offer_id, l.quantity, l.order_id, NULL::bigint AS household_id FROM orders_orderline l
            WHERE l.window_id = %(window)s AND l.quantity >= %(pieces)s AND l.order_id NOT IN (SELECT id FROM apart)
            UNION ALL
            SELECT offer_id, quantity, NULL, household_id FROM together WHERE quantity >= %(pieces)s
        ) wish
        JOIN usual ON usual.offer_id = wish.offer_id AND usual.homes >= 3 AND wish.quantity >= usual.median * %(times)s
        JOIN orders_offer o ON o.id = wish.offer_id
        LEFT JOIN orders_order d ON d.id = wish.order_id
        ORDER BY fen DESC, 1, 2 LIMIT 20
    ), large AS (
        SELECT household_id, fen * 100 / whole AS share, fen
        FROM homes, (SELECT sum(fen) AS whole, count(*) AS households FROM homes) town
        WHERE households >= %(households)s AND fen * 100 >= whole * %(share)s AND fen > 0
        ORDER BY fen DESC, 1 LIMIT 5
    ), twice AS (
        SELECT household_id, orders, fen FROM homes WHERE by_two_roads ORDER BY fen DESC, 1 LIMIT 20
    ), price AS (
        SELECT o.id, o.name, before.price_fen AS was, o.price_fen AS now,
               coalesce(usual.pieces, 0) * abs(o.price_fen - before.price_fen) AS fen
        FROM orders_offer o
        JOIN LATERAL (
            SELECT earlier.price_fen FROM orders_offer earlier
            JOIN orders_orderwindow w ON w.id = earlier.window_id AND w.status IN ('closed', 'settled')
            WHERE earlier.product_id = o.product_id AND earlier.window_id < o.window_id
            ORDER BY earlier.window_id DESC LIMIT 1
        ) before ON before.price_fen <> o.price_fen
        LEFT JOIN usual ON usual.offer_id = o.id
        WHERE o.window_id = %(window)s ORDER BY fen DESC, 1 LIMIT 20
    ), by_weight AS (
        SELECT o.id, o.name, o.unit, usual.pieces * o.price_fen AS fen
        FROM usual JOIN orders_offer o ON o.id = usual.offer_id
        WHERE lower(o.unit) IN ('斤', '公斤', '千克', '克', '两', '市斤', 'kg', 'g') ORDER BY fen DESC, 1 LIMIT 20
    ), doors AS (
        SELECT h.id, h.room,
               CASE WHEN places.n > 1 THEN c.name || ' ' || b.label ELSE b.label END AS label
        FROM communities_household h
        JOIN communities_building b ON b.id = h.building_id
        JOIN communities_community c ON c.id = h.community_id,
        (SELECT count(*) AS n FROM orders_windowcommunity WHERE window_id = %(window)s) places
    )
    SELECT 'odd', jsonb_build_array(
        odd.offer_id, doors.id, doors.label, doors.room, odd.name, odd.quantity, odd.median, odd.fen::bigint
    ) FROM odd JOIN doors ON doors.id = odd.household_id
    UNION ALL
    SELECT 'large', jsonb_build_array(doors.id, doors.label, doors.room, large.share::int, large.fen::bigint)
    FROM large JOIN doors ON doors.id = large.household_id
    UNION ALL
    SELECT 'twice', jsonb_build_array(doors.id, doors.label, doors.room, twice.orders, twice.fen::bigint)
    FROM twice JOIN doors ON doors.id = twice.household_id
    UNION ALL
    SELECT 'price', jsonb_build_array(price.id, price.name, price.was, price.now, price.fen::bigint) FROM price
    UNION ALL
    SELECT 'by_weight', jsonb_build_array(by_weight.id, by_weight.name, by_weight.unit, by_weight.fen::bigint)
    FROM by_weight
    UNION ALL
    SELECT 'decided', jsonb_build_array(key) FROM orders_flagdecision WHERE window_id = %(window)s
"""


@dataclass(frozen=True)
class Flag:
    """Something odd. `key` is what settle_flag takes, `amount_fen` the money at risk."""

    kind: str
    key: str
    amount_fen: int
    template: str | Promise
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return str(self.template) % self.values


def _odd(row: list[Any]) -> Flag:
    offer, household, building, room, name, quantity, median, fen = row
    return Flag(
        "odd_quantity",
        f"odd_quantity:{offer}:{household}:{quantity}",
        fen,
        _("%(building)s %(room)s wants %(quantity)s of %(name)s; most want %(median)s."),
        {"building": building, "room": room, "quantity": quantity, "name": name, "median": median},
    )


def _large(row: list[Any]) -> Flag:
    household, building, room, share, fen = row
    return Flag(
        "large_share",
        f"large_share:{household}:{fen}",
        fen,
        _("%(building)s %(room)s alone makes up %(share)s %% of the whole order."),
        {"building": building, "room": room, "share": share},
    )


def _twice(row: list[Any]) -> Flag:
    household, building, room, orders, fen = row
    return Flag(
        "twice",
        f"twice:{household}:{orders}",
        fen,
        _(
            "%(building)s %(room)s has ordered by two roads: %(orders)s orders. The same wish twice?"
        ),
        {"building": building, "room": room, "orders": orders},
    )


def _price(row: list[Any]) -> Flag:
    offer, name, old, new, fen = row
    return Flag(
        "price_changed",
        f"price_changed:{offer}:{new}",
        fen,
        _("%(name)s costs %(new)s now; last time it cost %(old)s."),
        {"name": name, "old": f"¥{yuan(old)}", "new": f"¥{yuan(new)}"},
    )


def _by_weight(row: list[Any]) -> Flag:
    offer, name, unit, fen = row
    return Flag(
        "by_weight",
        f"by_weight:{offer}",
        fen,
        _("%(name)s is sold by %(unit)s. Can it be handed out by the piece?"),
        {"name": name, "unit": unit},
    )


_RULES: dict[str, Callable[[list[Any]], Flag]] = {
    "odd": _odd,
    "large": _large,
    "twice": _twice,
    "price": _price,
    "by_weight": _by_weight,
}


def flags(window: OrderWindow) -> list[Flag]:
    """The undecided flags, most money first, at most ten. One statement, linear in order lines."""
    parameters = {
        "window": window.pk,
        "times": ODD_TIMES,
        "pieces": ODD_PIECES,
        "share": LARGE_SHARE,
        "households": LARGE_SHARE_FROM,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, parameters)
        rows = [(kind, json.loads(values)) for kind, values in cursor.fetchall()]
    decided = {values[0] for kind, values in rows if kind == "decided"}
    found = [_RULES[kind](values) for kind, values in rows if kind in _RULES]
    undecided = [flag for flag in found if flag.key not in decided]
    return sorted(undecided, key=lambda flag: (-flag.amount_fen, flag.key))[:SHOWN]


def settle_flag(*, window: OrderWindow, key: str, reason: str, actor: User) -> None:
    """Note that a person looked at it. Raises Invalid without a reason, StaleStatus if somebody settled it first."""
    require_atomic()
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please give a reason.")]})
    try:
        with transaction.atomic():
            FlagDecision.objects.create(
                window=window,
                key=key[:80],
                reason=reason[:200],
                decided_by=actor,
                decided_at=clock.now(),
            )
    except IntegrityError as error:
        raise StaleStatus() from error
    audit.record(
        actor=Actor("user", actor.pk),
        action="flag.settled",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"flag": key, "reason": reason},
    )

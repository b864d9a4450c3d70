"""What a reviewer should look at (待核对): ranked by money at risk, at most ten, settled with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

# Before every rule: the lines that count, without cancelled orders and what was taken off after the cutoff.
_LIVE = """
    WITH live AS (
        SELECT l.offer_id, l.quantity, l.quantity * l.price_fen AS fen, d.id AS order_id, d.household_id, d.channel,
               b.label, h.room
        FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id AND d.status = 'placed'
        JOIN communities_household h ON h.id = d.household_id
        JOIN communities_building b ON b.id = h.building_id
        LEFT JOIN orders_allocation a ON a.line_id = l.id AND a.cause = 'dropped'
        WHERE l.window_id = %(window)s AND a.id IS NULL
    )
"""
_ODD = """
    SELECT w.offer_id, w.household_id, w.label, w.room, o.name, w.quantity, usual.median,
           ((w.quantity - usual.median) * o.price_fen)::bigint
    FROM (
        SELECT offer_id, household_id, label, room, sum(quantity) AS quantity FROM live
        GROUP BY offer_id, household_id, label, room
    ) w
    JOIN (
        SELECT offer_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity) AS median
        FROM (SELECT offer_id, sum(quantity) AS quantity FROM live GROUP BY offer_id, household_id) homes
        GROUP BY offer_id HAVING count(*) >= 3
    ) usual USING (offer_id)
    JOIN orders_offer o ON o.id = w.offer_id
    WHERE w.quantity >= usual.median * %(times)s AND w.quantity >= %(pieces)s
    ORDER BY 8 DESC, 1, 2 LIMIT 20
"""
_LARGE = """
    SELECT household_id, label, room, (fen * 100 / whole)::int, fen::bigint
    FROM (
        SELECT household_id, label, room, sum(fen) AS fen, sum(sum(fen)) OVER () AS whole,
               count(*) OVER () AS households
        FROM live GROUP BY household_id, label, room
    ) homes
    WHERE households >= %(households)s AND fen * 100 >= whole * %(share)s AND fen > 0
    ORDER BY 5 DESC, 1 LIMIT 5
"""
_TWICE = """
    SELECT household_id, label, room, count(DISTINCT order_id), sum(fen)::bigint
    FROM live GROUP BY household_id, label, room HAVING count(DISTINCT channel) > 1
    ORDER BY 5 DESC, 1 LIMIT 20
"""
_PRICE = """
    SELECT o.id, o.name, p.price_fen, o.price_fen,
           coalesce(sum(live.quantity), 0)::bigint * abs(o.price_fen - p.price_fen)
    FROM orders_offer o
    JOIN LATERAL (
        SELECT earlier.price_fen FROM orders_offer earlier
        JOIN orders_orderwindow w ON w.id = earlier.window_id AND w.status IN ('closed', 'settled')
        WHERE earlier.product_id = o.product_id AND earlier.window_id < o.window_id
        ORDER BY earlier.window_id DESC LIMIT 1
    ) p ON p.price_fen <> o.price_fen
    LEFT JOIN live ON live.offer_id = o.id
    WHERE o.window_id = %(window)s
    GROUP BY o.id, o.name, p.price_fen, o.price_fen ORDER BY 5 DESC, 1 LIMIT 20
"""
_BY_WEIGHT = """
    SELECT o.id, o.name, o.unit, sum(live.fen)::bigint
    FROM live JOIN orders_offer o ON o.id = live.offer_id
    WHERE lower(o.unit) IN ('斤', '公斤', '千克', '克', '两', '市斤', 'kg', 'g')
    GROUP BY o.id, o.name, o.unit ORDER BY 4 DESC, 1 LIMIT 20
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


def _odd(row: tuple[Any, ...]) -> Flag:
    offer, household, building, room, name, quantity, median, fen = row
    return Flag(
        "odd_quantity",
        f"odd_quantity:{offer}:{household}:{quantity}",
        fen,
        _("%(building)s %(room)s wants %(quantity)s of %(name)s; most want %(median)s."),
        {"building": building, "room": room, "quantity": quantity, "name": name, "median": median},
    )


def _large(row: tuple[Any, ...]) -> Flag:
    household, building, room, share, fen = row
    return Flag(
        "large_share",
        f"large_share:{household}:{fen}",
        fen,
        _("%(building)s %(room)s alone makes up %(share)s %% of the whole order."),
        {"building": building, "room": room, "share": share},
    )


def _twice(row: tuple[Any, ...]) -> Flag:
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


def _price(row: tuple[Any, ...]) -> Flag:
    offer, name, old, new, fen = row
    return Flag(
        "price_changed",
        f"price_changed:{offer}:{new}",
        fen,
        _("%(name)s costs %(new)s now; last time it cost %(old)s."),
        {"name": name, "old": f"¥{yuan(old)}", "new": f"¥{yuan(new)}"},
    )


def _by_weight(row: tuple[Any, ...]) -> Flag:
    offer, name, unit, fen = row
    return Flag(
        "by_weight",
        f"by_weight:{offer}",
        fen,
        _("%(name)s is sold by %(unit)s. Can it be handed out by the piece?"),
        {"name": name, "unit": unit},
    )


_RULES: list[tuple[str, Callable[[tuple[Any, ...]], Flag]]] = [
    (_ODD, _odd),
    (_LARGE, _large),
    (_TWICE, _twice),
    (_PRICE, _price),
    (_BY_WEIGHT, _by_weight),
]


def flags(window: OrderWindow) -> list[Flag]:
    """The undecided flags, most money first, at most ten. Six statements."""
    decided = set(FlagDecision.objects.filter(window=window).values_list("key", flat=True))
    found = [flag for flag in _find(window.pk) if flag.key not in decided]
    return sorted(found, key=lambda flag: (-flag.amount_fen, flag.key))[:SHOWN]


def _find(window_id: int) -> Iterator[Flag]:
    parameters = {
        "window": window_id,
        "times": ODD_TIMES,
        "pieces": ODD_PIECES,
        "share": LARGE_SHARE,
        "households": LARGE_SHARE_FROM,
    }
    for sql, make in _RULES:
        with connection.cursor() as cursor:
            cursor.execute(_LIVE + sql, parameters)
            rows = cursor.fetchall()
        yield from map(make, rows)


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

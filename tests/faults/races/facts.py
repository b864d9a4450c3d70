"""What the database says of one round, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection

_WINDOW = """
    SELECT status, extract(epoch FROM closes_at)::float8, demand_revision FROM orders_orderwindow WHERE id = %(window)s
"""
_OFFERS = """
    SELECT short_number - 1, public_id::text, cap, taken FROM orders_offer WHERE window_id = %(window)s
"""
_ORDERS = """
    SELECT d.public_id::text, d.community_id, d.household_id, d.number, d.status, d.total_fen, d.version,
           extract(epoch FROM d.placed_at)::float8, extract(epoch FROM coalesce(d.changed_at, d.placed_at))::float8,
           coalesce(json_object_agg(o.short_number - 1, json_build_array(l.quantity, l.tolerance))
                    FILTER (WHERE l.id IS NOT NULL), '{}')
    FROM orders_order d
    LEFT JOIN orders_orderline l ON l.order_id = d.id LEFT JOIN orders_offer o ON o.id = l.offer_id
    WHERE d.window_id = %(window)s GROUP BY d.id ORDER BY d.id
"""
_NUMBERS = """
    SELECT community_id, last_number FROM orders_windowcommunity WHERE window_id = %(window)s
"""
_REVISIONS = """
    SELECT revision, status, households, order_lines, total_fen FROM orders_supplierorder
    WHERE window_id = %(window)s ORDER BY revision
"""
_CONSOLIDATED = """
    SELECT s.community_id, l.position - 1, l.wanted, l.tolerance, l.ordered
    FROM orders_supplierorder r
    JOIN orders_supplierorderline l ON l.supplier_order_id = r.id
    JOIN orders_supplierordersection s ON s.id = l.section_id
    WHERE r.window_id = %(window)s
        AND r.revision = (SELECT max(revision) FROM orders_supplierorder WHERE window_id = %(window)s)
"""
_CLOSES = """
    SELECT extract(epoch FROM (data ->> 'closes_at')::timestamptz)::float8 FROM kernel_auditentry
    WHERE subject_kind = 'window' AND subject_id = %(window)s AND action = 'window.closed' ORDER BY id
"""
_EVENTS = """
    SELECT event_key FROM kernel_outboxmessage
    WHERE topic = 'window.closed' AND payload ->> 'window' = %(window)s::text
"""
_DEEDS = """
    SELECT a.action, count(*) FROM kernel_auditentry a JOIN orders_order d ON d.id = a.subject_id
    WHERE a.subject_kind = 'order' AND d.window_id = %(window)s GROUP BY 1
"""
_STORED = """
    SELECT key, principal, status, body FROM kernel_idempotencykey WHERE starts_with(key, %(prefix)s)
"""


@dataclass(frozen=True)
class OrderRow:
    """`lines`: offer → (pieces, tolerance); times in seconds."""

    id: str
    community: int
    household: int
    number: int
    status: str
    total_fen: int
    version: int
    placed_at: float
    changed_at: float
    lines: dict[int, tuple[int, int]]

    @property
    def is_live(self) -> bool:
        return self.status == "placed"


@dataclass(frozen=True)
class Facts:
    """`offers`: position → (cap, taken). `consolidated`: (community, offer) → (wanted, tolerance, ordered) of the
    newest revision. `closes`: the cutoffs that were recorded. `deeds`: audit entries on orders. `stored`:
    (principal, key) → answer.
    """

    window: int
    status: str
    closes_at: float
    demand_revision: int
    offers: dict[int, tuple[int | None, int]]
    orders: list[OrderRow]
    last_numbers: dict[int, int]
    revisions: list[tuple[int, str, int, int, int]]
    consolidated: dict[tuple[int, int], tuple[int, int, int]]
    closes: list[float]
    events: list[str]
    deeds: Counter[str]
    stored: dict[tuple[str, str], tuple[int, bytes]]


def read(window_id: int, *, prefix: str) -> Facts:
    """`prefix`: how every key of the round begins."""
    ask = {"window": window_id, "prefix": prefix}
    ((status, closes_at, demand_revision),) = _rows(_WINDOW, ask)
    return Facts(
        window=window_id,
        status=status,
        closes_at=closes_at,
        demand_revision=demand_revision,
        offers={row[0]: (row[2], row[3]) for row in _rows(_OFFERS, ask)},
        orders=[OrderRow(*[*row[:9], _lines(row[9])]) for row in _rows(_ORDERS, ask)],
        last_numbers=dict(_rows(_NUMBERS, ask)),
        revisions=_rows(_REVISIONS, ask),
        consolidated={(row[0], row[1]): row[2:] for row in _rows(_CONSOLIDATED, ask)},
        closes=[row[0] for row in _rows(_CLOSES, ask)],
        events=[row[0] for row in _rows(_EVENTS, ask)],
        deeds=Counter(dict(_rows(_DEEDS, ask))),
        stored={(row[1], row[0]): (row[2], bytes(row[3])) for row in _rows(_STORED, ask)},
    )


def _rows(statement: str, ask: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, ask)
        return list(cursor.fetchall())


def _lines(members: dict[str, list[int]]) -> dict[int, tuple[int, int]]:
    return {int(offer): (pieces, tolerance) for offer, (pieces, tolerance) in members.items()}

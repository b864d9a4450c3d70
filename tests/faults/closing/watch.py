"""When windows flip, as others see it; when their files are there; what is there in the end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from orders.files import writing

_FLIPPED = """
    SELECT extract(epoch FROM clock_timestamp())::float8, array_agg(id) FROM orders_orderwindow
    WHERE id = ANY(%s) AND status <> 'open'
"""
_FILED = """
    SELECT count(DISTINCT window_id), extract(epoch FROM max(filed_at))::float8 FROM orders_supplierorder
    WHERE window_id = ANY(%s) AND filed_at IS NOT NULL
"""
# What every window has exactly once.
_ONCE = """
    SELECT w.id, w.status, w.demand_revision,
        (SELECT count(*) FROM kernel_auditentry a
         WHERE a.subject_kind = 'window' AND a.subject_id = w.id AND a.action = 'window.closed'),
        (SELECT count(*) FROM kernel_outboxmessage m
         WHERE m.topic = 'window.closed' AND (m.payload ->> 'window')::bigint = w.id),
        (SELECT count(*) FROM orders_supplierorder s WHERE s.window_id = w.id),
        (SELECT count(*) FROM orders_orderfile f JOIN orders_supplierorder s ON s.id = f.supplier_order_id
         WHERE s.window_id = w.id),
        (SELECT count(DISTINCT (f.kind, f.format)) FROM orders_orderfile f
         JOIN orders_supplierorder s ON s.id = f.supplier_order_id WHERE s.window_id = w.id)
    FROM orders_orderwindow w WHERE w.id = ANY(%s) ORDER BY w.id
"""


@dataclass
class Watch:
    """`flips`: window → the database's clock (s) when another connection first saw it closed."""

    ids: Sequence[int]
    flips: dict[int, float] = field(default_factory=dict)

    def until_flipped(self, deadline: float) -> bool:
        """Look every few milliseconds. `deadline`: seconds of this machine's clock."""
        while len(self.flips) < len(self.ids) and time.time() < deadline:
            with connection.cursor() as cursor:
                cursor.execute(_FLIPPED, [list(self.ids)])
                moment, flipped = cursor.fetchone()
            for window in flipped or ():
                self.flips.setdefault(window, moment)
            time.sleep(0.008)
        return len(self.flips) == len(self.ids)

    def waits(self, cutoffs: dict[int, datetime]) -> list[float]:
        """Seconds after the cutoff, the shortest first."""
        return sorted(self.flips[pk] - cutoffs[pk].timestamp() for pk in self.flips)


def filed(ids: Sequence[int], deadline: float) -> float | None:
    """When the last of the files was stored, by the database's clock; None if not all are there by the deadline."""
    while time.time() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(_FILED, [list(ids)])
            count, last = cursor.fetchone()
        if count == len(ids):
            return float(last)
        time.sleep(0.1)
    return None


def share(waits: Sequence[float], percent: int) -> float:
    """The wait that so many percent do not exceed; the shortest first."""
    return waits[min(len(waits) - 1, -(-len(waits) * percent // 100) - 1)]


def not_once(ids: Sequence[int]) -> Iterator[str]:
    """Closed once, told once, consolidated once, one set of files."""
    files = len(writing.ORDER_WRITERS)
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, [list(ids)])
        for window, *found in cursor.fetchall():
            expected = ["closed", 1, 1, 1, 1, files, files]
            if found != expected:
                yield (
                    f"window {window}: status, revision, closes, events, revisions, files, "
                    f"kinds of files {found} instead of {expected}"
                )

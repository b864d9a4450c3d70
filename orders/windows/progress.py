"""How far a window is from its minimum."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from orders.models import OrderWindow

_SQL = """
    SELECT d.community_id, count(DISTINCT d.household_id), coalesce(sum(l.quantity), 0),
           coalesce(sum(l.quantity * l.price_fen), 0)
    FROM orders_order d JOIN orders_orderline l ON l.order_id = d.id
    WHERE d.window_id = %s AND d.status = 'placed'
    GROUP BY d.community_id
"""


@dataclass(frozen=True)
class Demand:
    """What is wanted so far; money in fen."""

    households: int = 0
    pieces: int = 0
    fen: int = 0

    def __add__(self, other: Demand) -> Demand:
        return Demand(
            self.households + other.households, self.pieces + other.pieces, self.fen + other.fen
        )

    def by(self, measure: str) -> int:
        """The figure that a minimum of this measure (OrderWindow.Measure) is compared with; 0 for none."""
        return {"households": self.households, "pieces": self.pieces, "fen": self.fen}.get(
            measure, 0
        )


def demand_by_community(window_id: int) -> dict[int, Demand]:
    """Demand of the placed orders, by community id; communities without orders are missing. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [window_id])
        return {row[0]: Demand(*map(int, row[1:])) for row in cursor.fetchall()}


def total_demand(window_id: int) -> Demand:
    """Demand over all communities. One statement."""
    return sum(demand_by_community(window_id).values(), Demand())


def reaches(minimum: int, *, measure: str, demand: Demand) -> bool:
    """Without a measure there is no minimum."""
    return measure == OrderWindow.Measure.NONE or demand.by(measure) >= minimum

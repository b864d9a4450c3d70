"""What everybody ordered, read once as plain rows; all sums are made here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

_LINES = """
    SELECT d.id, d.number, d.status, d.total_fen, d.community_id, d.household_id, h.building_id,
           b.label || ' ' || h.room, l.id, l.offer_id, l.quantity, l.tolerance, l.price_fen,
           a.quantity, a.cause, a.supplier_order_id
    FROM orders_order d
    JOIN communities_household h ON h.id = d.household_id
    JOIN communities_building b ON b.id = h.building_id
    LEFT JOIN orders_orderline l ON l.order_id = d.id
    LEFT JOIN orders_allocation a ON a.line_id = l.id
    WHERE d.window_id = %s
    ORDER BY d.community_id, d.number, l.id
"""
_OFFERS = """
    SELECT id, short_number, name, price_fen, cap, taken, household_limit, order_multiple, minimum
    FROM orders_offer WHERE window_id = %s ORDER BY short_number
"""


class Line(NamedTuple):
    """An order line with its order and its allocation; money in fen."""

    order_id: int
    number: int
    status: str
    order_total_fen: int
    community_id: int
    household_id: int
    building_id: int
    door: str
    line_id: int | None
    offer_id: int
    quantity: int
    tolerance: int
    price_fen: int
    allocated: int | None
    cause: str | None
    released_by: int | None

    @property
    def is_wanted(self) -> bool:
        return self.line_id is not None and self.status == "placed" and self.cause != "dropped"

    @property
    def is_dropped(self) -> bool:
        return self.cause == "dropped"


class OfferRow(NamedTuple):
    """A product on the menu."""

    id: int
    short_number: int
    name: str
    price_fen: int
    cap: int | None
    taken: int
    household_limit: int | None
    order_multiple: int
    minimum: int


@dataclass(frozen=True)
class Demand:
    """All rows of one window."""

    rows: tuple[Line, ...]
    offers: dict[int, OfferRow]

    @property
    def wanted(self) -> tuple[Line, ...]:
        """Lines of orders that stand and were not taken off after the cutoff."""
        return tuple(row for row in self.rows if row.is_wanted)

    def name_of(self, offer_id: int) -> str:
        offer = self.offers.get(offer_id)
        return f"{offer.short_number} {offer.name}" if offer else f"? {offer_id}"


def read_demand(window_id: int) -> Demand:
    """Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [window_id])
        rows = tuple(Line(*row) for row in cursor.fetchall())
        cursor.execute(_OFFERS, [window_id])
        offers = [OfferRow(*row) for row in cursor.fetchall()]
    return Demand(rows, {offer.id: offer for offer in offers})


def households(lines: Iterable[Line]) -> int:
    return len({line.household_id for line in lines})

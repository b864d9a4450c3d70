"""What a pick list says, as plain values: products and rooms, never a name, a phone or a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from orders.files.content import SheetError, check_number


@dataclass(frozen=True, slots=True)
class PickLine:
    """What a whole building gets of one product; `position` is its short number on the menu."""

    position: int
    name: str
    spec: str
    unit: str
    quantity: int


@dataclass(frozen=True, slots=True)
class BagLine:
    """What one household gets of one product, and what that costs."""

    position: int
    name: str
    spec: str
    unit: str
    quantity: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class BagSheet:
    """The bags of one household, number `sequence` of `of` in its building. `door`: carried up.

    `pieces` is the sum of its lines; `amount_due_fen` may differ from theirs by fees or credit.
    """

    sequence: int
    of: int
    building_label: str
    room: str
    lines: tuple[BagLine, ...]
    pieces: int
    amount_due_fen: int
    door: bool


@dataclass(frozen=True, slots=True)
class PickSheet:
    """One building in one wave. `bags` stand in the order in which people walk: 101 … 1103.

    `closes_at` is aware and in the community's zone; it dates the document. SheetError when the
    products are not the sum of the bags, or a sum does not hold.
    """

    window_title: str
    supplier_name: str
    community_name: str
    building_label: str
    wave: int
    revision: int
    closes_at: datetime
    deliver_on: date | None
    order_number: str
    lines: tuple[PickLine, ...]
    bags: tuple[BagSheet, ...]
    pieces: int
    total_fen: int

    def __post_init__(self) -> None:
        check_number(self.order_number, self.revision)
        if self.closes_at.tzinfo is None:
            raise SheetError("times must be aware")
        _check_bags(self.bags)
        _check_products(self.lines, self.bags)
        pieces = sum(bag.pieces for bag in self.bags)
        due = sum(bag.amount_due_fen for bag in self.bags)
        if (pieces, due) != (self.pieces, self.total_fen):
            raise SheetError(
                f"bags hold {pieces}, {due} fen, not {self.pieces}, {self.total_fen} fen"
            )


def _check_bags(bags: Sequence[BagSheet]) -> None:
    expected = [(n, len(bags)) for n in range(1, len(bags) + 1)]
    if [(bag.sequence, bag.of) for bag in bags] != expected:
        raise SheetError("bags must count from 1 to their number")
    for bag in bags:
        positions = [line.position for line in bag.lines]
        if len(set(positions)) != len(positions) or any(position < 1 for position in positions):
            raise SheetError(f"bag {bag.sequence}: positions must be positive and appear once")
        if any(line.quantity < 0 or line.amount_fen < 0 for line in bag.lines):
            raise SheetError(f"bag {bag.sequence}: nothing can be negative")
        if bag.amount_due_fen < 0 or sum(line.quantity for line in bag.lines) != bag.pieces:
            raise SheetError(f"bag {bag.sequence} does not hold {bag.pieces} pieces")


def _check_products(lines: Sequence[PickLine], bags: Sequence[BagSheet]) -> None:
    packed: Counter[int] = Counter()
    for bag in bags:
        packed.update({line.position: line.quantity for line in bag.lines})
    picked = {line.position: line.quantity for line in lines}
    if len(picked) != len(lines) or +packed != +Counter(picked):
        raise SheetError("the products are not the sum of the bags")

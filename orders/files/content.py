"""What one revision of a supplier's order says, as plain values. No resident appears in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

# Printed on every page and read back from it, so it holds no space and no separator.
_NUMBER = re.compile(r"[\w.#/-]{1,40}")


class SheetError(ValueError):
    """The figures handed to a writer contradict each other; nothing is written."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One product. `position` is its short number on the menu, `amount_fen` what `ordered` costs.

    `wanted` is what the households asked for, `ordered` that figure after rounding to the order
    multiple. `case_size` is information for the shop, nothing is rounded by it.
    """

    position: int
    barcode: str
    name: str
    spec: str
    unit: str
    category: str
    case_size: int | None
    price_fen: int
    wanted: int
    ordered: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class SheetSection:
    """What one community takes of the order; `pieces` and `total_fen` are the sums of its lines."""

    community_name: str
    address: str
    households: int
    lines: tuple[SheetLine, ...]
    pieces: int
    total_fen: int

    def __post_init__(self) -> None:
        _check_sums(self.lines, self.pieces, self.total_fen)


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """One revision of a supplier's order: totals over all communities, then a section for each.

    Times are aware and already in the community's zone. `lines` and each section's lines carry
    every position once. SheetError when a sum does not add up, a time is naive or the number is no
    order number.
    """

    number: str
    revision: int
    cancels_all: bool
    window_title: str
    window_id: str
    supplier_name: str
    supplier_phone: str
    opens_at: datetime
    closes_at: datetime
    deliver_on: date | None
    contact_name: str
    contact_phone: str
    lines: tuple[SheetLine, ...]
    sections: tuple[SheetSection, ...]
    pieces: int
    households: int
    total_fen: int

    def __post_init__(self) -> None:
        _check_sums(self.lines, self.pieces, self.total_fen)
        check_number(self.number, self.revision)
        if self.cancels_all and self.pieces:
            raise SheetError(f"a revision that cancels everything still orders {self.pieces}")
        if self.opens_at.tzinfo is None or self.closes_at.tzinfo is None:
            raise SheetError("times must be aware")

    @property
    def kinds(self) -> int:
        """How many products are really ordered."""
        return sum(1 for line in self.lines if line.ordered)

    @property
    def only_section(self) -> SheetSection | None:
        """The single section when it repeats the totals, so that no paper says the same twice."""
        if len(self.sections) != 1:
            return None
        section = self.sections[0]
        same = _figures(section.lines) == _figures(self.lines)
        return section if same and section.households == self.households else None

    @property
    def printed_sections(self) -> tuple[SheetSection, ...]:
        """The sections that need a table of their own."""
        return () if self.only_section else self.sections


def check_number(number: str, revision: int) -> None:
    """SheetError unless the number is 1–40 letters, digits or `. # / - _` and the revision ≥ 1."""
    if not _NUMBER.fullmatch(number):
        raise SheetError(f"{number!r} is no order number")
    if revision < 1:
        raise SheetError(f"revision {revision} is below 1")


def _figures(lines: Sequence[SheetLine]) -> list[tuple[int, int, int]]:
    return sorted((line.position, line.ordered, line.amount_fen) for line in lines)


def _check_sums(lines: Sequence[SheetLine], pieces: int, total_fen: int) -> None:
    positions = [line.position for line in lines]
    if len(set(positions)) != len(positions) or any(position < 1 for position in positions):
        raise SheetError("positions must be positive and appear once")
    if any(line.ordered < 0 or line.amount_fen < 0 for line in lines):
        raise SheetError("quantities and amounts cannot be negative")
    ordered = sum(line.ordered for line in lines)
    amount = sum(line.amount_fen for line in lines)
    if (ordered, amount) != (pieces, total_fen):
        raise SheetError(f"lines add up to {ordered}, {amount} fen, not {pieces}, {total_fen} fen")

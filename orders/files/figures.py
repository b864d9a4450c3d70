"""One short code for the figures of a paper, so that two people on the phone can compare.

The canonical form is ASCII but for the number, lines end in a line feed:

    jidan.order/1
    number <number>
    revision <n>
    table households <n> pieces <n> total_fen <n>
    <position> <ordered> <amount in fen>          one for each line, by position
    table …                                       then each section in its order, if printed

The code is the first 16 hex digits of its SHA-256. A difference uses `jidan.difference/1`, the
old revision, and lines of position, old and new quantity, amount change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orders.files.content import OrderSheet, SheetLine
from orders.files.differences import DifferenceLine, OrderDifference


@dataclass(frozen=True, slots=True)
class SectionBack:
    """The figures of one table: position → (ordered, amount_fen), and its sums."""

    households: int
    lines: Mapping[int, tuple[int, int]]
    pieces: int
    total_fen: int
    # As printed: cut to its room, □ for what the paper font lacks.
    community_name: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Every figure that a file of one revision carries. `sections` are those with an own table.

    One community alone repeats the totals and has no table of its own, so `sections` is empty.
    """

    number: str
    revision: int
    totals: SectionBack
    sections: tuple[SectionBack, ...]
    checksum: str

    @property
    def lines(self) -> Mapping[int, tuple[int, int]]:
        return self.totals.lines

    @property
    def pieces(self) -> int:
        return self.totals.pieces

    @property
    def households(self) -> int:
        return self.totals.households

    @property
    def total_fen(self) -> int:
        return self.totals.total_fen


@dataclass(frozen=True, slots=True)
class DifferenceBack:
    """Every figure of a difference file: position → (old, new, amount change in fen)."""

    number: str
    revision: int
    old_revision: int
    lines: Mapping[int, tuple[int, int, int]]
    sections: tuple[Mapping[int, tuple[int, int, int]], ...]
    checksum: str


def figures(sheet: OrderSheet) -> ReadBack:
    """What `read_back` must find in every file of this sheet."""
    totals = SectionBack(sheet.households, _by_position(sheet.lines), sheet.pieces, sheet.total_fen)
    sections = tuple(
        SectionBack(
            section.households,
            _by_position(section.lines),
            section.pieces,
            section.total_fen,
            section.community_name,
        )
        for section in sheet.printed_sections
    )
    code = order_checksum(sheet.number, sheet.revision, (totals, *sections))
    return ReadBack(sheet.number, sheet.revision, totals, sections, code)


def difference_figures(change: OrderDifference) -> DifferenceBack:
    """What `read_difference` must find in every file of this difference."""
    tables = [_changes(change.lines), *(_changes(part.lines) for part in change.sections)]
    revisions = (change.old_revision, change.revision)
    code = difference_checksum(change.number, revisions, tables)
    return DifferenceBack(
        change.number, change.revision, change.old_revision, tables[0], tuple(tables[1:]), code
    )


def order_checksum(number: str, revision: int, tables: Iterable[SectionBack]) -> str:
    """The code of an order: its totals first, then the sections that are printed."""
    lines = ["jidan.order/1", f"number {number}", f"revision {revision}"]
    for table in tables:
        sums = f"pieces {table.pieces} total_fen {table.total_fen}"
        lines.append(f"table households {table.households} {sums}")
        lines += [f"{key} {qty} {fen}" for key, (qty, fen) in sorted(table.lines.items())]
    return digest(lines)


def difference_checksum(
    number: str,
    revisions: tuple[int, int],
    tables: Iterable[Mapping[int, tuple[int, int, int]]],
) -> str:
    """The code of a difference from `revisions[0]` to `revisions[1]`."""
    lines = ["jidan.difference/1", f"number {number}", f"revisions {revisions[0]} {revisions[1]}"]
    for table in tables:
        lines.append("table")
        lines += [f"{key} {old} {new} {fen}" for key, (old, new, fen) in sorted(table.items())]
    return digest(lines)


def digest(lines: Iterable[str]) -> str:
    """The first 16 hex digits of the SHA-256 of these lines."""
    text = "".join(f"{line}\n" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _by_position(lines: Iterable[SheetLine]) -> dict[int, tuple[int, int]]:
    return {line.position: (line.ordered, line.amount_fen) for line in lines}


def _changes(lines: Iterable[DifferenceLine]) -> dict[int, tuple[int, int, int]]:
    return {line.position: (line.old_ordered, line.new_ordered, line.delta_fen) for line in lines}

"""What a supplier must do differently after a newer revision of the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from orders.files.content import OrderSheet, SheetError, SheetLine, SheetSection

Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One product whose quantity or amount differs. Deltas are new minus old, amounts in fen."""

    change: Change
    position: int
    barcode: str
    name: str
    spec: str
    unit: str
    old_ordered: int
    new_ordered: int
    old_amount_fen: int
    new_amount_fen: int

    @property
    def delta(self) -> int:
        return self.new_ordered - self.old_ordered

    @property
    def delta_fen(self) -> int:
        return self.new_amount_fen - self.old_amount_fen


@dataclass(frozen=True, slots=True)
class DifferenceSection:
    """The changes of one community; `lines` is never empty."""

    community_name: str
    lines: tuple[DifferenceLine, ...]


@dataclass(frozen=True, slots=True)
class OrderDifference:
    """The way from `old_revision` to `revision`: the totals, then each community that changed.

    `sections` is empty when one community repeats the totals.
    """

    number: str
    revision: int
    old_revision: int
    cancels_all: bool
    window_title: str
    supplier_name: str
    closes_at: datetime
    deliver_on: date | None
    contact_name: str
    contact_phone: str
    lines: tuple[DifferenceLine, ...]
    sections: tuple[DifferenceSection, ...]
    old_pieces: int
    new_pieces: int
    old_total_fen: int
    new_total_fen: int


def difference(old: OrderSheet, new: OrderSheet) -> OrderDifference:
    """The changes between two revisions of one order. SheetError for another order or direction."""
    if old.number != new.number or old.revision >= new.revision:
        raise SheetError(
            f"{new.number} revision {new.revision} does not follow {old.number} revision "
            f"{old.revision}"
        )
    single = old.only_section and new.only_section
    return OrderDifference(
        number=new.number,
        revision=new.revision,
        old_revision=old.revision,
        cancels_all=new.cancels_all,
        window_title=new.window_title,
        supplier_name=new.supplier_name,
        closes_at=new.closes_at,
        deliver_on=new.deliver_on,
        contact_name=new.contact_name,
        contact_phone=new.contact_phone,
        lines=_changes(old.lines, new.lines),
        sections=() if single else _section_changes(old.sections, new.sections),
        old_pieces=old.pieces,
        new_pieces=new.pieces,
        old_total_fen=old.total_fen,
        new_total_fen=new.total_fen,
    )


def _section_changes(
    old: Sequence[SheetSection], new: Sequence[SheetSection]
) -> tuple[DifferenceSection, ...]:
    before = {section.community_name: section.lines for section in old}
    after = {section.community_name: section.lines for section in new}
    names = [*after, *(name for name in before if name not in after)]
    changes = ((name, _changes(before.get(name, ()), after.get(name, ()))) for name in names)
    return tuple(DifferenceSection(name, lines) for name, lines in changes if lines)


def _changes(old: Sequence[SheetLine], new: Sequence[SheetLine]) -> tuple[DifferenceLine, ...]:
    before = {line.position: line for line in old}
    after = {line.position: line for line in new}
    pairs = ((before.get(key), after.get(key)) for key in sorted({*before, *after}))
    lines = (_compare(was, now) for was, now in pairs)
    return tuple(line for line in lines if line is not None)


def _compare(was: SheetLine | None, now: SheetLine | None) -> DifferenceLine | None:
    shown = now or was
    if shown is None:
        return None
    old_ordered, old_fen = (was.ordered, was.amount_fen) if was else (0, 0)
    new_ordered, new_fen = (now.ordered, now.amount_fen) if now else (0, 0)
    if (old_ordered, old_fen) == (new_ordered, new_fen):
        return None
    change: Change = "changed"
    if not old_ordered:
        change = "added"
    elif not new_ordered:
        change = "removed"
    return DifferenceLine(
        change=change,
        position=shown.position,
        barcode=shown.barcode,
        name=shown.name,
        spec=shown.spec,
        unit=shown.unit,
        old_ordered=old_ordered,
        new_ordered=new_ordered,
        old_amount_fen=old_fen,
        new_amount_fen=new_fen,
    )

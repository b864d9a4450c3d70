"""The figures of a pick list and their checksum.

Canonical form, lines end in a line feed, ASCII but for the order's number:

    jidan.picks/1
    number <number>
    revision <n> wave <n>
    bag <sequence>/<of> pieces <n> due_fen <n>
    <position> <quantity> <amount in fen>         one for each line, by position
    bag …

The products are the sum of the bags, so they need no lines of their own. The code is the first 16
hex digits of its SHA-256.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orders.files.figures import digest
from volunteers.sheets.content import PickSheet


@dataclass(frozen=True, slots=True)
class BagBack:
    """One household's figures: position → (quantity, amount_fen)."""

    sequence: int
    of: int
    lines: Mapping[int, tuple[int, int]]
    pieces: int
    amount_due_fen: int
    # As printed: without spaces, □ for what the paper font lacks.
    room: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class PickBack:
    """Every figure that a file of a pick list carries; `lines` is position → quantity."""

    number: str
    revision: int
    wave: int
    lines: Mapping[int, int]
    bags: tuple[BagBack, ...]
    pieces: int
    total_fen: int
    checksum: str


def pick_figures(sheet: PickSheet) -> PickBack:
    """What a reader must find in every file of this sheet."""
    bags = tuple(
        BagBack(
            sequence=bag.sequence,
            of=bag.of,
            lines={line.position: (line.quantity, line.amount_fen) for line in bag.lines},
            pieces=bag.pieces,
            amount_due_fen=bag.amount_due_fen,
            room=bag.room,
        )
        for bag in sheet.bags
    )
    return pick_back(sheet.order_number, sheet.revision, sheet.wave, bags)


def pick_back(number: str, revision: int, wave: int, bags: Sequence[BagBack]) -> PickBack:
    """The whole from its bags: products, sums and checksum follow."""
    return PickBack(
        number=number,
        revision=revision,
        wave=wave,
        lines=products(bags),
        bags=tuple(bags),
        pieces=sum(bag.pieces for bag in bags),
        total_fen=sum(bag.amount_due_fen for bag in bags),
        checksum=_checksum(number, revision, wave, bags),
    )


def products(bags: Iterable[BagBack]) -> dict[int, int]:
    """Position → pieces over all bags, without those of which nobody gets any."""
    sums: Counter[int] = Counter()
    for bag in bags:
        sums.update({position: quantity for position, (quantity, _) in bag.lines.items()})
    return dict(+sums)


def _checksum(number: str, revision: int, wave: int, bags: Iterable[BagBack]) -> str:
    lines = ["jidan.picks/1", f"number {number}", f"revision {revision} wave {wave}"]
    for bag in bags:
        lines.append(
            f"bag {bag.sequence}/{bag.of} pieces {bag.pieces} due_fen {bag.amount_due_fen}"
        )
        lines += [f"{key} {quantity} {fen}" for key, (quantity, fen) in sorted(bag.lines.items())]
    return digest(lines)

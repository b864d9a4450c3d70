"""What lines of earlier lists came to: a line taken once is known again, whoever mended it and whatever it did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from communities.personal import blind_index
from orders.chain.line.folding import fold

Lines = frozenset[tuple[int, int]]

_NOISE = re.compile(r"[\s,.;!~、。]+")
_LENGTH = 24
_REPLACING = {"update", "cancel"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A line of an earlier list that was taken: `mark` knows its very words again (empty: another road than a chat),
    `lines` are the (offer id, quantity) it came to, mended or not, `how` is what it did then (same: nothing new),
    `order` the order it led to.
    """

    upload: int
    mark: str
    household: int
    lines: Lines
    how: str
    order: int | None


def mark_of(text: str, *, subject_id: int, group: str) -> str:
    """A keyed digest of the words of a line, so that it is known again and cannot be read. The chat group belongs to
    it: 301 is another door in another building's chat. Blanks, stops and widths make no difference.
    """
    words = " ".join(_NOISE.split(fold(text))).strip()
    return blind_index(f"line {subject_id} {group}\n{words}")[:_LENGTH] if words else ""


def number_of(mark: str) -> int:
    """The mark as a positive number of 60 bits, for what keeps ids."""
    return int(mark[:15], 16)


def remembered(rows: Iterable[Taken]) -> dict[int, list[Taken]]:
    """By household: the lines that stand. `rows` are those of all earlier lists, list by list.

    What a list has in common with earlier ones counts once, as often as the list that has it most often; what it adds
    is added. A line that replaced or cancelled an order leaves only the lines of its own list: a list that goes back to
    the older words is a change, and asked about.
    """
    found: dict[int, list[Taken]] = {}
    for _upload, one_list in groupby(rows, attrgetter("upload")):
        of_list: dict[int, list[Taken]] = {}
        for row in one_list:
            of_list.setdefault(row.household, []).append(row)
        for household, lines in of_list.items():
            found[household] = _merged(found.get(household, []), lines)
    return {household: lines for household, lines in found.items() if lines}


def _merged(earlier: Sequence[Taken], lines: Sequence[Taken]) -> list[Taken]:
    rest = list(earlier)
    now: list[Taken] = []
    for line in lines:
        if (known := _known(rest, line)) is not None:
            rest.remove(known)
        is_old = known is not None and line.how == "same"
        if line.mark or line.how != "cancel":  # a household that was missing has no line
            now.append(replace(line, how=known.how) if is_old and known is not None else line)
    if any(line.how in _REPLACING for line in lines):
        return now
    return [*now, *rest]


def _known(rest: Sequence[Taken], line: Taken) -> Taken | None:
    """The same words; of what came to nothing new, else the same goods."""
    for one in rest:
        if one.mark == line.mark and (line.mark or one.lines == line.lines):
            return one
    return next((one for one in rest if line.how == "same" and one.lines == line.lines), None)

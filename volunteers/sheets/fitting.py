"""How high lines of goods will be on paper, so that what belongs together stays on one page."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from orders.files.glyphs import ems
from orders.files.text import for_paper
from volunteers.sheets.content import BagLine

NAME_LIMIT = 40
SPEC_LIMIT = 24
# The templates keep a size of so many characters in one piece.
SHORT_SPEC = 12
_OPENING, _CLOSING = "（【《“(", "）】》”)，。、！？；：…,.;:!?%"
# What is never parted: a run of ASCII, or one character with the marks that cling to it.
_UNBREAKABLE = re.compile(
    rf"[ {_OPENING}]*(?:[!-~]+|[^{_OPENING}\u200b])[{_CLOSING}]*|[ {_OPENING}]+"
)


def goods_height(line: BagLine, *, width: float, size: float, pitch: float) -> float:
    """Points that a line takes: `pitch` for one row of type, a row and its leading for each more."""
    name = for_paper(line.name, limit=NAME_LIMIT)
    spec = for_paper(line.spec, limit=SPEC_LIMIT)
    return pitch + (_rows(name, spec, width, size) - 1) * size * 1.3


@functools.lru_cache(maxsize=4096)
def _rows(name: str, spec: str, width: float, size: float) -> int:
    """Of type."""
    words = [(word, size) for word in _UNBREAKABLE.findall(name)]
    # The size is set smaller, after a space, and moves to the next row as a whole if it is short.
    whole = len(spec) <= SHORT_SPEC
    words += (
        [(f" {spec}", size * 0.85)]
        if whole
        else [(word, size * 0.85) for word in _UNBREAKABLE.findall(f" {spec}")]
    )
    rows, used = 1, 0.0
    for word, points in words:
        room = ems(word) * points
        if used + room > width:
            rows += 1
            used = 0.0
        used += room
    return rows


def columns_of(
    lines: Iterable[BagLine], *, room: float, width: float, size: float, pitch: float
) -> list[tuple[BagLine, ...]]:
    """The lines in columns no higher than `room` points; at least one column, maybe empty."""
    columns: list[list[BagLine]] = [[]]
    used = 0.0
    for line in lines:
        height = goods_height(line, width=width, size=size, pitch=pitch)
        if used + height > room and columns[-1]:
            columns.append([])
            used = 0.0
        columns[-1].append(line)
        used += height
    return [tuple(column) for column in columns]

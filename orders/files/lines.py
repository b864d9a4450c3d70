"""Lines of goods for the templates: those of one height column by column, one that wraps by itself."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Literal, TypedDict, TypeGuard

from orders.files.glyphs import ems

# A line without a figure keeps its height.
_NOTHING = "\u00a0"


class Line(TypedDict):
    """One line for a template and its size in points."""

    text: str
    size: float


class Name(TypedDict):
    """Goods for a template; size and remark are set smaller."""

    name: str
    spec: str
    note: str


# None where a column has something to tick.
Figure = Line | Name | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column's text begins, or ends if it is not `left`; in points from the left edge of the lines.

    `size` is that of its words unless one has to shrink, or that of a box to tick. Goods have a width to wrap in and
    a `small` size.
    """

    kind: Literal["words", "goods", "tick"]
    x: float
    size: float
    left: bool = True
    strong: bool = False
    width: float = 0
    small: float = 0

    def data(self) -> dict[str, object]:
        return asdict(self)


def fitted(text: str, largest: float, width: float) -> Line:
    """One line for a template, at the size at which it stays inside `width` points.

    A reader tells columns by their place, so no figure may reach into the next one.
    """
    line, room = _measured(text)
    return {"text": line, "size": min(largest, width / room if room else largest)}


def goods_parts(
    lines: Sequence[Sequence[Figure]], places: Sequence[Place]
) -> Iterator[dict[str, object]]:
    """What the template's `goods-lines` draws, one below the other."""
    goods = next(index for index, place in enumerate(places) if place.kind == "goods")
    for is_flat, run in groupby(lines, key=lambda line: _is_flat(line[goods], places[goods])):
        if is_flat:
            own = list(run)
            columns = [
                _column([line[index] for line in own], place) for index, place in enumerate(places)
            ]
            yield {"count": len(own), "columns": columns}
        else:
            for line in run:
                yield {"cells": cells(line, places)}


def cells(
    line: Sequence[Figure], places: Sequence[Place], *, loud: bool = False, tick: float = 0
) -> list[object]:
    """What the template's `high-line` draws: each figure by itself, nothing for an empty one."""
    return [
        _cell(figure, place, loud=loud, tick=tick)
        for figure, place in zip(line, places, strict=True)
    ]


def _cell(figure: Figure, place: Place, *, loud: bool, tick: float) -> object:
    if figure is None:
        size = tick or (0 if loud else place.size)
        return {"tick": size} if size else None
    if _is_name(figure):
        return figure
    if _is_line(figure) and (figure["text"] or place.kind == "goods"):
        return {**_visible(figure), "loud": loud}
    return None


def _column(figures: Sequence[Figure], place: Place) -> object:
    """One text if all have the column's size: a list costs the template an element for each."""
    lines = [_visible(figure) for figure in figures if _is_line(figure)]
    if not lines:
        return "" if place.kind == "tick" else figures
    if all(line["size"] == place.size for line in lines):
        return "\n".join(line["text"] for line in lines)
    return lines


def _visible(line: Line) -> Line:
    return {"text": line["text"] or _NOTHING, "size": line["size"]}


def _is_line(figure: Figure) -> TypeGuard[Line]:
    return figure is not None and "text" in figure


def _is_name(figure: Figure) -> TypeGuard[Name]:
    return figure is not None and "name" in figure


def _is_flat(figure: Figure, place: Place) -> bool:
    if not _is_name(figure):
        return True
    room = _points(figure["name"], figure["spec"], figure["note"], place.size, place.small)
    return room <= place.width


@functools.lru_cache(maxsize=4096)
def _points(name: str, spec: str, note: str, size: float, small: float) -> float:
    """The width of goods on one line; kerning may add a little."""
    asides = "".join(f" {words}" for words in (spec, note) if words)
    line = _measured(name)[1] * size + _measured(asides)[1] * small
    return line * 1.01


@functools.lru_cache(maxsize=16384)
def _measured(text: str) -> tuple[str, float]:
    """The text without invisible breaks, and its width in ems; the hairline of bold type adds a little to each."""
    line = text.replace("\u200b", "")
    return line, ems(line) + 0.04 * len(line)

"""Where columns stand on A4 paper: the one agreement between who prints and who reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orders.files.document import Column

PAGE_WIDTH = 595.276
# templates/prelude.typ sets the same margin.
MARGIN = 34.0


@dataclass(frozen=True, slots=True)
class Span:
    """A column's key and its edges in points from the left edge of the page."""

    key: str
    left: float
    right: float


def column_spans(columns: Sequence[Column]) -> list[Span]:
    """The edges of each column; the one without a width takes the rest of the page."""
    rest = PAGE_WIDTH - 2 * MARGIN - sum(column.points for column in columns)
    left = MARGIN
    spans = []
    for column in columns:
        right = left + (column.points or rest)
        spans.append(Span(column.key, left, right))
        left = right
    return spans

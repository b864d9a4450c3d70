"""Merged cells given their plain meaning: a value merged downwards holds for each row it covers."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from .limits import MAX_COLUMNS, MAX_ROWS
from .table import MERGED, Flag, IntakeError, Row

Range = tuple[int, int, int, int]


def split_sections(rows: Sequence[Row], merges: Sequence[Range]) -> tuple[list[Row], list[Row]]:
    """(rows, section titles). A title is a row whose only value is merged across: 蔬菜类."""
    titles = {(top, left) for top, left, _bottom, right in merges if right > left}
    kept: list[Row] = []
    sections: list[Row] = []
    for row in rows:
        filled = [column for column, cell in enumerate(row.cells) if cell]
        is_title = len(filled) == 1 and (row.number, filled[0]) in titles
        (sections if is_title else kept).append(row)
    return kept, sections


def fill_down(rows: Sequence[Row], merges: Sequence[Range]) -> list[Row]:
    """Rows with the value of each downward merge written into the cells it covers, flagged MERGED.

    Ranges of a sound file do not overlap; a file in which they do is refused before it costs time.
    """
    numbers = [row.number for row in rows]
    filled = list(rows)
    budget = MAX_ROWS * MAX_COLUMNS
    for top, left, bottom, _right in merges:
        first, last = bisect_left(numbers, top), bisect_right(numbers, bottom)
        budget -= last - first
        if budget < 0:
            raise IntakeError("too_heavy")
        if last - first < 2 or numbers[first] != top or left >= len(filled[first].cells):
            continue
        value = filled[first].cells[left]
        for index in range(first + 1, last):
            filled[index] = _with_value(filled[index], left, value)
    return filled


def _with_value(row: Row, column: int, value: str) -> Row:
    if not value or (column < len(row.cells) and row.cells[column]):
        return row
    cells = [*row.cells, *[""] * (column + 1 - len(row.cells))]
    cells[column] = value
    return Row(row.number, tuple(cells), (*row.flags, Flag(column, MERGED)))

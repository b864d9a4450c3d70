"""Which column is which: by the words of its heading, never by its position."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .limits import HEADER_ROWS
from .table import IntakeError, Note, Row
from .text import fold_heading

Aliases = Mapping[str, Sequence[str]]


class Match(NamedTuple):
    """How the cells of a row answer to the aliases. `rivals`: headings that claim the same field."""

    columns: dict[str, int]
    rivals: dict[str, list[str]]


def match_row(cells: Sequence[str], aliases: Aliases) -> Match:
    """Fields whose heading stands in this row; of several headings the alias listed first wins."""
    places: dict[str, list[int]] = {}
    for column, cell in enumerate(cells):
        if cell:
            places.setdefault(fold_heading(cell), []).append(column)
    match = Match({}, {})
    for name, words in aliases.items():
        keys = dict.fromkeys(map(fold_heading, words))
        found = [column for key in keys for column in places.get(key, ())]
        if found:
            match.columns[name] = found[0]
        if len(found) > 1:
            match.rivals[name] = [cells[column] for column in found]
    return match


def find_header(rows: Sequence[Row], aliases: Aliases) -> tuple[int, Match] | None:
    """(index, match) of the row among the first twenty that names most fields, the earliest one."""
    best: tuple[int, Match] | None = None
    for index, row in enumerate(rows[:HEADER_ROWS]):
        match = match_row(row.cells, aliases)
        if match.columns and (best is None or len(match.columns) > len(best[1].columns)):
            best = index, match
    if best is None or len(best[1].columns) < min(2, len(aliases)):
        return None
    return best


def require(match: Match, aliases: Aliases, required: Sequence[str]) -> None:
    """Raises IntakeError naming, by first alias, the columns that must be there and are not."""
    missing = [aliases[name][0] for name in required if name not in match.columns]
    if missing:
        raise IntakeError("missing_columns", columns=missing)


def notes_of(match: Match, header: Sequence[str]) -> list[Note]:
    """Remarks on columns that were not read, so that no choice is made in silence."""
    notes = [
        Note("several_columns", {"used": names[0], "others": names[1:]})
        for names in match.rivals.values()
    ]
    lost = {name for names in match.rivals.values() for name in names}
    used = set(match.columns.values())
    unread = [
        cell
        for column, cell in enumerate(header)
        if cell and column not in used and cell not in lost
    ]
    return [*notes, Note("columns_not_read", {"columns": unread})] if unread else notes

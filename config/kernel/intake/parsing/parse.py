"""From the bytes of a file to one table with a header. Runs inside the child process."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from . import delimited, sniff
from .archive import open_workbook
from .headings import Aliases, Match, find_header, match_row, notes_of, require
from .limits import HEADER_ROWS, MAX_BYTES, MAX_ROWS, MAX_TOTAL_CHARACTERS
from .merging import fill_down, split_sections
from .table import IntakeError, Note, Row, Table
from .workbook import SheetPart, Workbook, open_parts
from .xlsx import SheetReader


@dataclass
class _Source:
    """What one sheet or text holds, before it is known which row is the header."""

    format: Literal["xlsx", "csv"]
    rows: list[Row]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def parse(content: bytes, aliases: Aliases, required: Sequence[str]) -> Table:
    """The table in an xlsx or csv file. Raises IntakeError, and MemoryError for child.py to translate.

    The header is the row among the first twenty that names most of the fields in `aliases`; without
    aliases it is the first row that has a value.
    """
    if len(content) > MAX_BYTES:
        raise IntakeError("file_too_big", limit=MAX_BYTES // (1024 * 1024))
    if sniff.kind_of(content) == sniff.TEXT:
        return _parse_text(content, aliases, required)
    return _parse_workbook(content, aliases, required)


def _parse_text(content: bytes, aliases: Aliases, required: Sequence[str]) -> Table:
    text, encoding = delimited.decode(content)
    source = _Source("csv", _capped(delimited.read_rows(text)))
    if encoding != "utf-8-sig":
        source.notes.append(Note("read_as", {"encoding": encoding.upper()}))
    return _table(source, aliases, required)


def _parse_workbook(content: bytes, aliases: Aliases, required: Sequence[str]) -> Table:
    with open_workbook(content) as archive:
        book = open_parts(archive)
        sheet, unread = _choose_sheet(book, aliases)
        reader = SheetReader(book, sheet)
        source = _Source("xlsx", _capped(reader), reader.merges)
        source.sheets, source.sheet = tuple(part.name for part in book.sheets), sheet.name
        if unread:
            source.notes.append(Note("sheets_not_read", {"used": sheet.name, "others": unread}))
        return _table(source, aliases, required)


def _choose_sheet(book: Workbook, aliases: Aliases) -> tuple[SheetPart, list[str]]:
    """(the visible sheet that names most fields, names of the others that hold anything)."""
    best: SheetPart | None = None
    best_score = -1
    filled: list[SheetPart] = []
    for sheet in book.sheets:
        head = list(islice(SheetReader(book, sheet), HEADER_ROWS))
        if not head:
            continue
        filled.append(sheet)
        found = find_header(head, aliases)
        score = len(found[1].columns) if found else 0
        if not sheet.is_hidden and score > best_score:
            best, best_score = sheet, score
    if best is None:
        raise IntakeError("no_rows")
    return best, [sheet.name for sheet in filled if sheet != best]


def _capped(rows: Iterable[Row]) -> list[Row]:
    """All rows, or IntakeError as soon as there are too many of them or too much text in them."""
    taken: list[Row] = []
    characters = 0
    for row in rows:
        characters += sum(map(len, row.cells))
        if len(taken) >= MAX_ROWS + HEADER_ROWS:
            raise IntakeError("too_many_rows", limit=MAX_ROWS)
        if characters > MAX_TOTAL_CHARACTERS:
            raise IntakeError("too_much_text")
        taken.append(row)
    return taken


def _table(source: _Source, aliases: Aliases, required: Sequence[str]) -> Table:
    if not source.rows:
        raise IntakeError("no_rows")
    index, match = _header(source.rows, aliases)
    require(match, aliases, required)
    header = source.rows[index]
    body, sections = split_sections(source.rows[index + 1 :], source.merges)
    body, repeats = _partition(body, lambda row: row.cells == header.cells)
    if not body:
        raise IntakeError("no_rows")
    if len(body) > MAX_ROWS:
        raise IntakeError("too_many_rows", limit=MAX_ROWS)
    notes = [*source.notes, *(notes_of(match, header.cells) if aliases else [])]
    notes += _skipped("section_titles", sections) + _skipped("repeated_header", repeats)
    width = max(len(row.cells) for row in (header, *body))
    return Table(
        format=source.format,
        header=_padded(header.cells, width),
        header_row=header.number,
        rows=tuple(
            Row(row.number, _padded(row.cells, width), row.flags)
            for row in fill_down(body, source.merges)
        ),
        columns=match.columns,
        sheets=source.sheets,
        sheet=source.sheet,
        warnings=tuple(notes),
    )


def _header(rows: Sequence[Row], aliases: Aliases) -> tuple[int, Match]:
    if not aliases:
        return 0, match_row((), {})
    found = find_header(rows, aliases)
    if found is None:
        raise IntakeError("no_header", columns=[words[0] for words in aliases.values()])
    return found


def _partition(rows: Sequence[Row], test: Callable[[Row], bool]) -> tuple[list[Row], list[Row]]:
    return [row for row in rows if not test(row)], [row for row in rows if test(row)]


def _skipped(code: str, rows: Sequence[Row]) -> list[Note]:
    if not rows:
        return []
    return [Note(code, {"count": len(rows), "rows": [str(row.number) for row in rows[:20]]})]


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))

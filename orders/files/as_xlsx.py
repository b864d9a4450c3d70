"""A document as a workbook for a person: a sheet for each table, totals on top, ready to print."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from orders.files.document import Cell, Column, Document, Fact, Goods, Row, Table
from orders.files.labels import labels_for
from orders.files.text import display_width, plain
from orders.files.wording import grouped, money
from orders.files.workbook import (
    TEXT_LIMIT,
    Format,
    Formats,
    Worksheet,
    add_sheet,
    open_workbook,
    set_up_print,
)

_NUMBER_FORMATS = {
    "integer": "0",
    "signed": "+0;-0;0",
    "yuan": "#,##0.00",
    "signed_yuan": "+#,##0.00;-#,##0.00;0.00",
}
# Widths in characters of the default font. Together at most about 100, so that one A4 page in
# width still prints at ten points. Text columns grow with their content up to _WIDEST and wrap.
_WIDTHS = {"integer": 7.0, "signed": 7.5, "yuan": 9.0, "signed_yuan": 11.0, "blank": 7.0}
_NARROWEST = {"position": 6.6, "name": 14.0, "spec": 9.0, "barcode": 14.0, "case_size": 5.5}
_WIDEST = {"name": 20.0, "spec": 14.0, "category": 9.0}
# The width of A4 portrait at the scale of 90 %.
_PAGE = 100.0
# Half a Chinese character at 11 points, in those same units.
_EM = 1.08
_GRID = "#8A8A8A"
_LINE_HEIGHT = 17.0
# Very large words of so many columns have room at the right of the title.
_BESIDE = 10


@dataclass(frozen=True, slots=True)
class _Page:
    sheet: Worksheet
    formats: Formats
    document: Document
    table: Table
    widths: Sequence[float]

    @property
    def last(self) -> int:
        return len(self.table.columns) - 1


def write_xlsx(document: Document) -> bytes:
    """The workbook's bytes, the same for the same document."""
    buffer = io.BytesIO()
    title = f"{document.title} {document.number}"
    with open_workbook(buffer, title=title, moment=document.moment) as workbook:
        formats = Formats(workbook)
        for table in document.tables:
            sheet = add_sheet(workbook, table.title or document.title)
            _write_table(_Page(sheet, formats, document, table, _column_widths(table)))
    return buffer.getvalue()


def _write_table(page: _Page) -> None:
    row = _write_title(page)
    row = _write_facts(page, row)
    row = _write_headline(page, row)
    _write_header(page, row)
    for offset, line in enumerate(page.table.rows, start=row + 1):
        _write_row(page, offset, line)
    labels = labels_for(page.document.language)
    set_up_print(
        page.sheet,
        header_row=row,
        left=f"{page.document.number} {page.document.revision_words} {page.table.title}",
        right=f"{labels.checksum} {grouped(page.document.code)}",
    )


def _write_title(page: _Page) -> int:
    """Title, and beside or below it the very large words. Returns the next row.

    All of it stays on the screen above the frozen heading, so it may not be high.
    """
    document, table = page.document, page.table
    name = document.title if not table.title else f"{document.title} · {table.title}"
    title = page.formats.get(bold=True, font_size=20, text_wrap=True)
    beside = 0 < display_width(document.shout) <= _BESIDE and not document.alarm
    middle = _middle(page.widths) if beside else page.last + 1
    _merge(page, 0, (0, middle - 1), plain(name, limit=60), title)
    page.sheet.set_row(0, 66 if beside else 32)
    if not document.shout:
        return 1
    row, span = (0, (middle, page.last)) if beside else (1, (0, page.last))
    colours = {"font_color": "white", "bg_color": "black"} if document.alarm else {"border": 5}
    size = 48 if beside or document.alarm else 32
    shout = page.formats.get(bold=True, font_size=size, align="center", **colours)
    _merge(page, row, span, plain(document.shout, limit=60), shout)
    page.sheet.set_row(row, size * 1.4)
    if not document.shout_note:
        return row + 1
    page.sheet.set_row(row + 1, 24)
    note = page.formats.get(bold=True, font_size=14, align="center")
    _merge(page, row + 1, (0, page.last), document.shout_note, note)
    return row + 2


def _write_facts(page: _Page, row: int) -> int:
    """Two facts a row: label in one cell, value merged over the rest of its half."""
    shared = [fact for fact in page.document.facts if fact.key not in {"community", "address"}]
    facts = [*shared, *(page.table.facts or _community_facts(page.document))]
    halves = _halves(page.widths, facts)
    for index in range(0, len(facts), 2):
        pairs = zip(facts[index : index + 2], halves, strict=False)
        lines = [_write_fact(page, row, fact, columns) for fact, columns in pairs]
        page.sheet.set_row(row, _LINE_HEIGHT * max(lines))
        row += 1
    return row


def _write_fact(page: _Page, row: int, fact: Fact, columns: tuple[int, int, int]) -> int:
    """Label from the first column, value from the second to the last. Returns its lines."""
    first, start, last = columns
    label = page.formats.get(font_color="#555555", align="left")
    value = page.formats.get(text_wrap=True, align="left")
    text = plain(fact.value, limit=TEXT_LIMIT)
    _merge(page, row, (first, start - 1), fact.label, label)
    _merge(page, row, (start, last), text, value)
    room = sum(page.widths[start : last + 1])
    return max(1, ceil(display_width(text) * _EM / room))


def _community_facts(document: Document) -> list[Fact]:
    return [fact for fact in document.facts if fact.key in {"community", "address"}]


def _halves(widths: Sequence[float], facts: Sequence[Fact]) -> list[tuple[int, int, int]]:
    """For each half of the sheet the columns of its label, of its value, and its last one."""
    last = len(widths) - 1
    left = min(_after_label(widths, 0, facts[::2]), last - 2)
    middle = min(max(_middle(widths), left + 1), last - 1)
    right = min(_after_label(widths, middle, facts[1::2]), last)
    return [(0, left, middle - 1), (middle, right, last)]


def _after_label(widths: Sequence[float], first: int, facts: Sequence[Fact]) -> int:
    """The first column that the labels of `facts`, standing in `first`, leave free: one or two."""
    longest = max((display_width(fact.label) for fact in facts), default=0)
    return first + 1 if widths[first] >= longest * _EM else first + 2


def _middle(widths: Sequence[float]) -> int:
    """The column after the one in which half of the width is reached."""
    total, half = 0.0, sum(widths) / 2
    for index, width in enumerate(widths):
        total += width
        if total >= half:
            return index + 1
    return len(widths)


def _write_headline(page: _Page, row: int) -> int:
    headline = page.table.headline or page.document.headline
    if not headline:
        return row
    words = page.formats.get(bold=True, font_size=15, bottom=2)
    page.sheet.set_row(row, 28)
    _merge(page, row, (0, page.last), "   ".join(headline), words)
    return row + 1


def _write_header(page: _Page, row: int) -> None:
    page.sheet.set_row(row, 24)
    for index, column in enumerate(page.table.columns):
        align = "left" if column.kind in {"text", "blank", "tick"} else "right"
        header = page.formats.get(
            bold=True,
            bg_color="#E3E3E3",
            border=1,
            border_color=_GRID,
            align="center" if column.key == "position" else align,
        )
        page.sheet.write_string(row, index, column.label, header)
        page.sheet.set_column(index, index, page.widths[index])
    page.sheet.freeze_panes(row + 1, 0)


def _write_row(page: _Page, row: int, line: Row) -> None:
    look: dict[str, object] = {"border": 1, "border_color": _GRID}
    if line.kind == "total":
        look |= {"bold": True, "top": 5, "font_size": 13}
    elif line.kind == "group":
        look |= {"bold": True, "bg_color": "#E3E3E3", "font_size": 14, "top": 2}
    page.sheet.set_row(row, _row_height(page, line))
    for index, column in enumerate(page.table.columns):
        _write_cell(page, (row, index), column, line.cells.get(column.key), look)


def _write_cell(
    page: _Page, at: tuple[int, int], column: Column, cell: Cell, look: Mapping[str, object]
) -> None:
    properties = dict(look)
    if column.strong:
        properties |= {"bold": True, "font_size": 13}
    if column.key == "position":
        properties |= {"align": "center"}
    if isinstance(cell, Goods):
        cell = f"{cell.name} {cell.spec}"
    if isinstance(cell, int):
        properties |= {"num_format": _NUMBER_FORMATS.get(column.kind, "0")}
        amount = cell / 100 if column.kind in {"yuan", "signed_yuan"} else cell
        page.sheet.write_number(*at, amount, page.formats.get(**properties))
        return
    if column.kind == "tick" and "bg_color" not in properties and cell is None:
        properties |= {"align": "center"}
        cell = "☐" if "top" not in properties else None
    if not cell:
        page.sheet.write_blank(*at, None, page.formats.get(**properties))
        return
    text = plain(cell, limit=TEXT_LIMIT)
    # "@" keeps a barcode text when somebody edits the cell later.
    properties |= {"num_format": "@", "text_wrap": column.key in _WIDEST}
    if column.kind not in {"text", "blank", "tick"} and column.key != "position":
        properties |= {"align": "right"}
    page.sheet.write_string(*at, text, page.formats.get(**properties))


def _column_widths(table: Table) -> list[float]:
    needed = [_needed_width(column, table) for column in table.columns]
    widths = [
        min(width, _WIDEST.get(column.key, 18.0))
        for column, width in zip(table.columns, needed, strict=True)
    ]
    # A table of few columns has room to spare for its long names.
    for index in range(len(widths)):
        spare = _PAGE - sum(widths)
        widths[index] += max(0.0, min(spare, needed[index] - widths[index]))
    return widths


def _needed_width(column: Column, table: Table) -> float:
    narrowest = _NARROWEST.get(column.key, _WIDTHS.get(column.kind, 5.0))
    longest = max((_printed_width(column, row) for row in table.rows), default=0)
    label = display_width(column.label)
    return max(narrowest, longest * _EM + 0.8, label * _EM + 0.8)


def _printed_width(column: Column, row: Row) -> float:
    cell = row.cells.get(column.key)
    if isinstance(cell, int):
        digits = len(money(cell)) if column.kind in {"yuan", "signed_yuan"} else len(str(cell))
        return digits * (1.25 if column.strong or row.kind != "line" else 1.0)
    if not isinstance(cell, str):
        return 0
    if row.kind == "line":
        return display_width(cell)
    # Headings and totals may run over, all but the number that opens their row.
    return display_width(cell) * 1.3 if column.key == "position" else 0


def _row_height(page: _Page, line: Row) -> float:
    lines = 1
    for column, width in zip(page.table.columns, page.widths, strict=True):
        cell = line.cells.get(column.key)
        if column.key in _WIDEST and isinstance(cell, str):
            text = plain(cell, limit=TEXT_LIMIT)
            lines = max(lines, ceil(display_width(text) * _EM / width))
    base = {"line": 20.0, "total": 26.0}.get(line.kind, 28.0)
    return max(base, _LINE_HEIGHT * lines)


def _merge(page: _Page, row: int, span: tuple[int, int], text: str, look: Format) -> None:
    first, last = span
    if first == last:
        page.sheet.write_string(row, first, text, look)
        return
    page.sheet.merge_range(row, first, row, last, "", look)
    page.sheet.write_string(row, first, text, look)

"""A document as CSV for a spreadsheet: UTF-8 with BOM, RFC 4180, nothing a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from config.kernel.money import yuan
from orders.files.document import Cell, Column, Document, Goods, Row, Table
from orders.files.text import for_spreadsheet

_BOM = "\ufeff"


def write_csv(document: Document) -> bytes:
    """Facts as label and value, then each table below its own heading, parted by empty rows."""
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\r\n")
    rows.writerow([document.title, *filter(None, (document.shout, document.shout_note))])
    for fact in document.facts:
        rows.writerow([fact.label, for_spreadsheet(fact.value)])
    for table in document.tables:
        rows.writerow([])
        rows.writerows(_table(table))
    return (_BOM + buffer.getvalue()).encode()


def _table(table: Table) -> Iterator[list[str]]:
    if table.marker:
        yield [table.marker, for_spreadsheet(table.title)]
    for fact in table.facts:
        yield [fact.label, for_spreadsheet(fact.value)]
    yield [column.label for column in table.columns]
    for row in table.rows:
        yield [_text(column, row) for column in table.columns]


def _text(column: Column, row: Row) -> str:
    cell: Cell = row.cells.get(column.key)
    if isinstance(cell, int):
        return yuan(cell) if column.kind in {"yuan", "signed_yuan"} else str(cell)
    if isinstance(cell, Goods):
        return for_spreadsheet(f"{cell.name} {cell.spec}")
    return for_spreadsheet(cell or "")

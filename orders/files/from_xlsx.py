"""Facts and tables out of a workbook of `as_xlsx`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from openpyxl import load_workbook

from orders.files.found import Found, FoundRow, FoundTable, UnreadableFile, row_kind

_Cell = object


def read_xlsx(content: bytes, keys: Mapping[str, str]) -> Found:
    """`keys` gives the field of a printed label. UnreadableFile for any row it cannot place.

    For our own stored bytes only: an upload goes through kernel.intake.
    """
    sheets = _sheets(content)
    if not sheets:
        raise UnreadableFile("a workbook without sheets")
    found = Found()
    for index, rows in enumerate(sheets):
        table = _read_sheet(rows, keys)
        marker = f"■{index}/{len(sheets) - 1}" if index else "■"
        table.marker = marker if len(sheets) > 1 else ""
        table.title = table.facts.get("community", "")
        found.tables.append(table)
    found.facts = dict(found.tables[0].facts)
    return found


def _sheets(content: bytes) -> list[list[tuple[_Cell, ...]]]:
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            # Not the size that the file declares, but what it holds.
            sheet.reset_dimensions()
        return [[tuple(row) for row in sheet.values] for sheet in workbook.worksheets]
    # Damaged bytes come out of the zip, XML and style parsers as whatever those happen to raise.
    except Exception as error:
        raise UnreadableFile(f"no workbook: {error!r}") from error


def _read_sheet(rows: Sequence[tuple[_Cell, ...]], keys: Mapping[str, str]) -> FoundTable:
    start = next((i for i, row in enumerate(rows) if _is_heading(row, keys)), None)
    if start is None:
        raise UnreadableFile("a sheet has no heading")
    table = FoundTable()
    # The first row is the title, with the very large words beside it.
    for row in rows[1:start]:
        table.facts.update(_facts(row, keys))
    columns = [keys.get(str(label), "") for label in _filled(rows[start])]
    if "" in columns:
        raise UnreadableFile(f"unknown column in {rows[start]!r}")
    for row in rows[start + 1 :]:
        cells = [_text(cell, key) for cell, key in zip(row, columns, strict=False)]
        kind = row_kind(cells[0], keys) if cells else None
        if kind is None:
            raise UnreadableFile(f"no row of figures: {row!r}")
        table.rows.append(FoundRow(kind, dict(zip(columns, cells, strict=False))))
    return table


def _is_heading(row: Sequence[_Cell], keys: Mapping[str, str]) -> bool:
    labels = list(_filled(row))
    return len(labels) > 2 and keys.get(str(labels[0])) == "position"


def _facts(row: Sequence[_Cell], keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Label and value in turn; a row with one cell is a title or a sum in large type."""
    cells = [str(cell) for cell in _filled(row)]
    if len(cells) == 1:
        return
    if len(cells) % 2:
        raise UnreadableFile(f"no facts: {row!r}")
    for label, value in zip(cells[::2], cells[1::2], strict=True):
        if label not in keys:
            raise UnreadableFile(f"unknown fact {label!r}")
        yield keys[label], value


def _filled(row: Sequence[_Cell]) -> Iterator[_Cell]:
    return (cell for cell in row if cell not in (None, ""))


def _text(cell: _Cell, key: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float) and key in {"price", "amount", "delta_amount"}:
        exact = Decimal(repr(cell))
        if exact != round(exact, 2):
            raise UnreadableFile(f"{cell!r} is no amount in whole fen")
        return f"{exact:.2f}"
    if isinstance(cell, float):
        raise UnreadableFile(f"{cell!r} is no whole number")
    return str(cell)

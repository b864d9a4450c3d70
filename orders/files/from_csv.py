"""Facts and tables out of a CSV of `as_csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from orders.files.found import Found, FoundRow, FoundTable, UnreadableFile, row_kind
from orders.files.text import from_spreadsheet


def read_csv(content: bytes, keys: Mapping[str, str]) -> Found:
    """`keys` gives the field of a printed label. UnreadableFile for any row it cannot place."""
    try:
        text = content.decode("utf-8")
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"no UTF-8 CSV: {error}") from error
    if not text.startswith("\ufeff") or len(rows) < 2:
        raise UnreadableFile("the CSV has no byte order mark or no rows")
    found = Found()
    blocks = _blocks(rows[1:])
    _read_facts(found.facts, next(blocks, []), keys)
    found.tables = [_read_table(block, keys) for block in blocks]
    return found


def _blocks(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for row in rows:
        if row:
            block.append(row)
        else:
            yield block
            block = []
    yield block


def _read_facts(
    facts: dict[str, str], rows: Sequence[Sequence[str]], keys: Mapping[str, str]
) -> None:
    for row in rows:
        if len(row) != 2 or row[0] not in keys:
            raise UnreadableFile(f"no fact: {row!r}")
        facts[keys[row[0]]] = from_spreadsheet(row[1])


def _read_table(rows: Sequence[list[str]], keys: Mapping[str, str]) -> FoundTable:
    table = FoundTable()
    start = next((i for i, row in enumerate(rows) if len(row) > 2), None)
    if start is None:
        raise UnreadableFile("a table has no heading")
    for index, row in enumerate(rows[:start]):
        if index == 0 and row[0].startswith("■"):
            table.marker, table.title = row[0], from_spreadsheet(row[1])
        else:
            _read_facts(table.facts, [row], keys)
    if any(label not in keys for label in rows[start]):
        raise UnreadableFile(f"unknown column in {rows[start]!r}")
    columns = [keys[label] for label in rows[start]]
    table.rows = [_read_row(row, columns, keys) for row in rows[start + 1 :]]
    return table


def _read_row(row: Sequence[str], columns: Sequence[str], keys: Mapping[str, str]) -> FoundRow:
    kind = row_kind(row[0], keys)
    if kind is None or len(row) != len(columns):
        raise UnreadableFile(f"no row of figures: {row!r}")
    texts = (from_spreadsheet(cell) for cell in row)
    return FoundRow(kind, dict(zip(columns, texts, strict=True)))

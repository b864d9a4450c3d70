"""What a parsed file is: plain values that cross the pipe from the child process as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from .limits import MAX_CELL_CHARACTERS

Params: TypeAlias = dict[str, str | int | list[str]]

FORMULA = "formula"
TOO_LONG = "too_long"
ERROR_VALUE = "error_value"
DATE = "date"
MERGED = "merged"
HIDDEN_ROW = "hidden_row"
WHOLE_ROW = -1


class IntakeError(Exception):
    """A file that cannot be read. `code` is a key of `messages.FILE_ERRORS`, `params` fill it."""

    def __init__(self, code: str, **params: str | int | list[str]) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Params = params


class Flag(NamedTuple):
    """Something the text alone does not tell: `column` is 0-based, WHOLE_ROW for the row."""

    column: int
    code: str


class Note(NamedTuple):
    """A remark on the whole file: a code of `messages.NOTES` and what fills it."""

    code: str
    params: Params


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is the row number a person sees in the spreadsheet, from 1."""

    number: int
    cells: tuple[str, ...]
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The one sheet that was read. `columns` maps a field name to its 0-based column."""

    format: Literal["xlsx", "csv"]
    header: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]
    columns: dict[str, int]
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    warnings: tuple[Note, ...] = ()


def shorten(text: str, column: int, flags: list[Flag]) -> str:
    """Cut a monstrous cell to a readable beginning and flag it, so only its own row is refused."""
    if len(text) <= MAX_CELL_CHARACTERS:
        return text
    flags.append(Flag(column, TOO_LONG))
    return text[:100] + "…"


def table_to_json(table: Table) -> dict[str, Any]:
    """The table as JSON values; `table_from_json` is its inverse."""
    return {
        "format": table.format,
        "header": table.header,
        "header_row": table.header_row,
        "rows": [(row.number, row.cells, row.flags) for row in table.rows],
        "columns": table.columns,
        "sheets": table.sheets,
        "sheet": table.sheet,
        "warnings": table.warnings,
    }


def table_from_json(data: Mapping[str, Any]) -> Table:
    return Table(
        format=data["format"],
        header=tuple(data["header"]),
        header_row=data["header_row"],
        rows=tuple(
            Row(number, tuple(cells), tuple(Flag(column, code) for column, code in flags))
            for number, cells, flags in data["rows"]
        ),
        columns=dict(data["columns"]),
        sheets=tuple(data["sheets"]),
        sheet=data["sheet"],
        warnings=tuple(Note(code, params) for code, params in data["warnings"]),
    )

"""The rows of a worksheet, as they stand in its XML.

Neither the declared dimension nor any padding is believed: a row is what has a value. Formulas are
data: their text is kept and flagged, the value stored beside them is ignored.
"""

import re
from collections.abc import Iterator

from .limits import MAX_CELL_CHARACTERS, MAX_CELLS, MAX_COLUMNS, MAX_MERGES, MAX_ROW_NUMBER
from .markup import feed
from .table import (
    DATE,
    ERROR_VALUE,
    FORMULA,
    HIDDEN_ROW,
    WHOLE_ROW,
    Flag,
    IntakeError,
    Row,
    shorten,
)
from .text import clean, number_text
from .workbook import SheetPart, Workbook, date_text

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CAPTURED = {"v", "t", "f"}


class SheetReader:
    """Iterates over the rows of a sheet that have a value; then `merges` holds merged ranges."""

    def __init__(self, book: Workbook, sheet: SheetPart) -> None:
        self.book = book
        self.sheet = sheet
        self.merges: list[tuple[int, int, int, int]] = []
        self._ready: list[Row] = []
        self._row = self._seen = 0
        self._column = -1
        self._cells: dict[int, str] = {}
        self._flags: list[Flag] = []
        self._in_data = self._in_cell = self._is_phonetic = False
        self._capture: list[str] | None = None
        self._parts: dict[str, list[str]] = {}
        self._length = 0
        self._type = "n"
        self._style = 0
        self._shared_formulas: dict[str, str] = {}
        self._shared_id = ""

    def __iter__(self) -> Iterator[Row]:
        for _pause in feed(self.book.archive, self.sheet.part, self):
            yield from self._ready
            self._ready.clear()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._in_cell:
            self._start_in_cell(name, attributes)
        elif name == "c" and self._in_data:
            self._start_cell(attributes)
        elif name == "row" and self._in_data:
            self._start_row(attributes)
        elif name == "sheetData":
            self._in_data = True
        elif name == "mergeCell":
            self._note_merge(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        if self._capture is not None and self._length <= MAX_CELL_CHARACTERS:
            self._capture.append(data[: MAX_CELL_CHARACTERS + 1])
            self._length += len(data)

    def end(self, name: str) -> None:
        if name == "c" and self._in_cell:
            self._in_cell = False
            self._end_cell()
        elif name in _CAPTURED:
            self._capture = None
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "row" and self._in_data:
            self._end_row()
        elif name == "sheetData":
            self._in_data = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes["r"]) if "r" in attributes else self._row + 1
        if number <= self._row:
            raise IntakeError("broken_xml", part=self.sheet.part)
        self._row, self._column = number, -1
        self._cells, self._flags = {}, []
        if attributes.get("hidden") in {"1", "true"}:
            self._flags.append(Flag(WHOLE_ROW, HIDDEN_ROW))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._seen += 1
        if self._seen > MAX_CELLS:
            raise IntakeError("too_heavy")
        reference = attributes.get("r")
        self._column = column_of(reference) if reference else self._column + 1
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._parts, self._length, self._shared_id = {}, 0, ""
        self._in_cell = True

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._is_phonetic = True
        elif name in _CAPTURED and not self._is_phonetic:
            self._capture = self._parts.setdefault(name, [])
            if name == "f" and attributes.get("t") == "shared":
                self._shared_id = attributes.get("si", "")

    def _end_cell(self) -> None:
        value = self._formula() if "f" in self._parts else self._value()
        if not value:
            return
        self._cells[self._column] = shorten(value, self._column, self._flags)
        if len(self._cells) > MAX_COLUMNS:
            # Now, not at the end of the row: a row may have millions.
            raise IntakeError("too_many_columns", limit=MAX_COLUMNS)

    def _formula(self) -> str:
        self._flags.append(Flag(self._column, FORMULA))
        text = "".join(self._parts["f"])
        if self._shared_id:
            # Only the first cell of a shared formula has its text; the others show the same.
            text = text or self._shared_formulas.get(self._shared_id, "")
            self._shared_formulas[self._shared_id] = text
        return "=" + clean(text)

    def _value(self) -> str:
        raw = "".join(self._parts.get("v", ()))
        if self._type == "s":
            return self._shared_string(raw)
        if self._type in {"inlineStr", "str"}:
            return clean("".join(self._parts.get("t", ())) or raw)
        if self._type == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
        if self._type == "e":
            self._flags.append(Flag(self._column, ERROR_VALUE))
            return clean(raw)
        return self._number(raw.strip())

    def _shared_string(self, raw: str) -> str:
        index = int(raw)
        if not 0 <= index < len(self.book.strings):
            raise IntakeError("broken_xml", part=self.sheet.part)
        return self.book.strings[index]

    def _number(self, raw: str) -> str:
        if self._type == "d":
            self._flags.append(Flag(self._column, DATE))
            return raw
        if raw and self._style in self.book.date_styles:
            text = date_text(float(raw), self.book.epoch)
            self._flags.append(Flag(self._column, DATE if text else ERROR_VALUE))
            return text or raw
        return number_text(raw)

    def _end_row(self) -> None:
        if not self._cells:
            return
        last = max(self._cells)
        if last >= MAX_COLUMNS or self._row > MAX_ROW_NUMBER:
            raise IntakeError("far_cell", cell=f"{letters_of(last)}{self._row}")
        cells = tuple(self._cells.get(column, "") for column in range(last + 1))
        self._ready.append(Row(self._row, cells, tuple(self._flags)))

    def _note_merge(self, reference: str) -> None:
        if len(self.merges) >= MAX_MERGES:
            raise IntakeError("too_heavy")
        first, _colon, last = reference.partition(":")
        (top, left), (bottom, right) = position_of(first), position_of(last or first)
        self.merges.append((top, left, bottom, right))


def column_of(reference: str) -> int:
    """The 0-based column of `C7`. ValueError for anything else."""
    return position_of(reference)[1]


def position_of(reference: str) -> tuple[int, int]:
    """(row from 1, column from 0) of `C7` or `$C$7`. ValueError for anything else."""
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        raise ValueError(reference)
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)), column - 1


def letters_of(column: int) -> str:
    """The letters of a 0-based column: 0 → A, 16383 → XFD."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

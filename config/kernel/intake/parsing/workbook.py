"""The small parts of a workbook: its sheets, the shared strings, which styles are dates."""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from .limits import MAX_CELL_CHARACTERS, MAX_CELLS
from .markup import read_whole
from .table import IntakeError
from .text import clean

# ECMA-376 part 1, 18.8.30, with the East Asian formats; 45–47 are durations of time.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_WORKSHEET = "/worksheet"


class SheetPart(NamedTuple):
    name: str
    part: str
    is_hidden: bool


@dataclass
class Workbook:
    """What a sheet's cells refer to."""

    archive: zipfile.ZipFile
    sheets: list[SheetPart]
    strings: list[str]
    date_styles: set[int]
    epoch: date


def open_parts(archive: zipfile.ZipFile) -> Workbook:
    """Read the parts around the sheets. Without a sheet it is refused; styles may be absent."""
    relations = _relations(archive, "")
    main = next((r.target for r in relations if r.kind.endswith("/officeDocument")), "")
    if not main or main not in archive.namelist():
        raise IntakeError("not_a_workbook")
    book = _BookHandler()
    read_whole(archive, main, book)
    parts = _relations(archive, main)
    targets = {r.id: r.target for r in parts if r.kind.endswith(_WORKSHEET)}
    sheets = [
        SheetPart(clean(name), targets[rid], state != "visible")
        for name, state, rid in book.sheets
        if targets.get(rid) in archive.namelist()
    ]
    if not sheets:
        raise IntakeError("no_sheet")
    styles, strings = _StyleHandler(), _StringHandler()
    for relation in parts:
        if relation.kind.endswith("/styles"):
            read_whole(archive, relation.target, styles)
        elif relation.kind.endswith("/sharedStrings"):
            read_whole(archive, relation.target, strings)
    epoch = date(1904, 1, 1) if book.is_1904 else date(1899, 12, 30)
    return Workbook(archive, sheets, strings.strings, styles.date_styles(), epoch)


def date_text(serial: float, epoch: date) -> str | None:
    """A date as ISO text (`2022-04-21`, `2022-04-21 07:30:00`, `07:30:00`), None if impossible."""
    if not 0 <= serial < 2_958_466:
        return None
    if epoch.year == 1899 and 1 <= serial < 60:
        serial += 1  # the day 1900-02-29 that spreadsheets believe in
    moment = datetime.combine(epoch, time.min) + timedelta(seconds=round(serial * 86_400))
    if serial < 1:
        return moment.strftime("%H:%M:%S")
    has_time = moment.hour or moment.minute or moment.second
    return moment.isoformat(sep=" ") if has_time else moment.date().isoformat()


class _Relation(NamedTuple):
    id: str
    kind: str
    target: str


def _relations(archive: zipfile.ZipFile, part: str) -> list[_Relation]:
    folder, name = posixpath.split(part)
    handler = _RelationHandler(folder)
    read_whole(archive, posixpath.join(folder, "_rels", f"{name}.rels"), handler)
    return handler.relations


class _Silent:
    """A handler that hears nothing."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class _RelationHandler(_Silent):
    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.relations: list[_Relation] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        # An external target is an address on the web: never followed, not even looked at.
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = posixpath.normpath(posixpath.join("/", self.folder, attributes.get("Target", "")))
        self.relations.append(
            _Relation(attributes.get("Id", ""), attributes.get("Type", ""), target.lstrip("/"))
        )


class _BookHandler(_Silent):
    def __init__(self) -> None:
        self.is_1904 = False
        self.sheets: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            rid = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), state, rid))


@dataclass
class _StyleHandler(_Silent):
    formats: dict[int, str] = field(default_factory=dict)
    used: list[int] = field(default_factory=list)
    in_cell_styles: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.formats[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.in_cell_styles = True
        elif name == "xf" and self.in_cell_styles:
            self.used.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cell_styles = False

    def date_styles(self) -> set[int]:
        """Indexes of the cell styles that show a number as a date or time."""
        return {index for index, number in enumerate(self.used) if self._is_date(number)}

    def _is_date(self, number: int) -> bool:
        if number not in self.formats:
            return number in _DATE_FORMATS
        code = _NOT_LETTERS.sub("", self.formats[number].split(";")[0]).casefold()
        return "general" not in code and any(letter in code for letter in "dmyhs")


class _StringHandler(_Silent):
    """Shared strings: the text of each `si`, without its phonetic reading (`rPh`)."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.pieces: list[str] = []
        self.length = 0
        self.takes_text = False
        self.is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self.takes_text = not self.is_phonetic
        elif name == "si":
            self.pieces, self.length = [], 0
        elif name == "rPh":
            self.is_phonetic = True

    def text(self, data: str) -> None:
        if self.takes_text and self.length <= MAX_CELL_CHARACTERS:
            self.pieces.append(data[: MAX_CELL_CHARACTERS + 1])
            self.length += len(data)

    def end(self, name: str) -> None:
        if name == "t":
            self.takes_text = False
        elif name == "rPh":
            self.is_phonetic = False
        elif name == "si":
            if len(self.strings) >= MAX_CELLS:
                raise IntakeError("too_heavy")
            self.strings.append(clean("".join(self.pieces)))

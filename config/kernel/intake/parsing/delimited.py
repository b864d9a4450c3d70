"""Rows of a csv file: UTF-8 (with or without BOM), UTF-16 with BOM, else GB18030."""

import csv
import io
import re
from collections.abc import Iterator

from .limits import MAX_BYTES, MAX_COLUMNS
from .table import Flag, IntakeError, Row, shorten
from .text import clean

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What Chinese programs write when they do not write UTF-8; a superset of GBK and GB2312.
_FALLBACK = "gb18030"


def decode(content: bytes) -> tuple[str, str]:
    """(text, name of the encoding). Raises IntakeError for what is no text in a known encoding."""
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", _FALLBACK)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise IntakeError("nul_bytes")
        if _is_binary(text):
            break
        return text, encoding
    raise IntakeError("unknown_encoding")


def delimiter_of(text: str) -> str:
    """The one of , ; tab that stands most often in the first twenty lines, outside quotes."""
    head = _QUOTED.sub("", "\n".join(text[:100_000].splitlines()[:20]))
    return max(_DELIMITERS, key=head.count)


def read_rows(text: str) -> Iterator[Row]:
    """Rows that have a value, numbered as a spreadsheet numbers them. Raises IntakeError."""
    csv.field_size_limit(MAX_BYTES)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    try:
        for number, line in enumerate(lines, start=1):
            row = _row(number, line)
            if row is not None:
                yield row
    except csv.Error as error:
        raise IntakeError("broken_quotes", line=lines.line_num) from error


def _row(number: int, line: list[str]) -> Row | None:
    while line and not line[-1].strip():
        line.pop()
    if len(line) > MAX_COLUMNS:
        raise IntakeError("too_many_columns", limit=MAX_COLUMNS)
    flags: list[Flag] = []
    cells = tuple(shorten(clean(cell), column, flags) for column, cell in enumerate(line))
    return Row(number, cells, tuple(flags)) if any(cells) else None


def _is_binary(text: str) -> bool:
    """Control characters in the first kilobytes: binary data may decode as GB18030 by chance."""
    head = text[:8192]
    controls = sum(1 for letter in head if letter < " " and letter not in "\t\r\n\f\v\x1a")
    return controls > len(head) // 200

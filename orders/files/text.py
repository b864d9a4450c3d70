"""Text that other people typed, made fit for one line of a file."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator

from orders.files.glyphs import advances

# OWASP ASVS 5.0 row 1.2.10, and the full-width forms that East Asian spreadsheets read alike.
_FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
_ELLIPSIS = "…"
# GB/T 15834 (虚缺号): the box that stands for a character that cannot be set.
_MISSING = "□"
# Ems after which a run without a place to break gets an invisible one.
_UNBROKEN = 10.0
_ZERO_WIDTH_SPACE = "\u200b"
# A round has some hundred products, and its papers name each of them in thousands of lines.
_REMEMBERED = 4096


def plain(value: str, *, limit: int | None = None) -> str:
    """One visible line: control, format and direction characters gone, white space single.

    Longer than `limit` characters: cut, the last one is an ellipsis.
    """
    line = _one_line(value)
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + _ELLIPSIS
    return line


def for_spreadsheet(value: str) -> str:
    """Plain text that no spreadsheet takes for a formula: an apostrophe leads where it must."""
    line = plain(value)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def from_spreadsheet(value: str) -> str:
    """What `for_spreadsheet` was given."""
    if value.startswith("'") and value[1:].startswith(_FORMULA_STARTS):
        return value[1:]
    return value


def for_paper(value: str, *, limit: int = 80) -> str:
    """Plain text in the glyphs of the paper font; what it lacks (emoji) becomes one □.

    A run without a place to break gets invisible ones, or it would print over its neighbours.
    """
    return _with_breaks(plain(value, limit=limit))


def for_chat(value: str, *, limit: int = 60) -> str:
    """Plain text; right-to-left writing is isolated, or it would turn the figures after it."""
    line = plain(value, limit=limit)
    if any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in line):
        return f"\u2068{line}\u2069"
    return line


@functools.lru_cache(maxsize=_REMEMBERED)
def display_width(value: str) -> int:
    """Columns of a fixed-pitch cell: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in value)


@functools.lru_cache(maxsize=_REMEMBERED)
def _one_line(value: str) -> str:
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()
    return " ".join("".join(_visible(char) for char in value).split())


@functools.lru_cache(maxsize=_REMEMBERED)
def _with_breaks(line: str) -> str:
    widths = advances()
    shown: list[str] = []
    unbroken = 0.0
    for char in _printable(unicodedata.normalize("NFC", line)):
        breaks = char == " " or unicodedata.category(char) == "Lo"
        unbroken = 0 if breaks else unbroken + widths[ord(char)]
        if unbroken > _UNBROKEN:
            shown.append(_ZERO_WIDTH_SPACE)
            unbroken = widths[ord(char)]
        shown.append(char)
    return "".join(shown)


def _printable(line: str) -> Iterator[str]:
    known = advances()
    missing = False
    for char in line:
        lacks = ord(char) not in known
        if not lacks:
            yield char
        elif not missing and unicodedata.category(char) != "Mn":
            yield _MISSING
        missing = lacks


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Zl", "Zp", "Zs"} or char in "\t\n\r\v\f":
        return " "
    if category in {"Cc", "Cf"} or _is_noncharacter(ord(char)):
        return ""
    return "\ufffd" if category == "Cs" else char


def _is_noncharacter(point: int) -> bool:
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE

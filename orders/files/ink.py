"""Every printed character of a PDF with its place, and rows made of them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from orders.files.found import UnreadableFile

# Baselines of one row differ by a few points between small and large figures; two rows by 15.
SAME_ROW = 5.0
_INVISIBLE = re.compile(r"[\s\u200b]+")


@dataclass(frozen=True, slots=True)
class Ink:
    """A printed character and where its baseline begins, in points from the lower left corner."""

    x: float
    y: float
    char: str


def read_pages(content: bytes) -> list[list[Ink]]:
    """Every character of every page. UnreadableFile for what is no PDF and for a missing glyph."""
    try:
        with pdfium.PdfDocument(content) as document:
            return [list(_inks(page)) for page in document]
    except pdfium.PdfiumError as error:
        raise UnreadableFile(f"no PDF: {error}") from error


def rows_of(inks: Iterable[Ink]) -> list[list[Ink]]:
    """Rows from the top, each from left to right."""
    rows: list[list[Ink]] = []
    top = 0.0
    for ink in sorted(inks, key=lambda ink: -ink.y):
        if not rows or top - ink.y > SAME_ROW:
            rows.append([])
            top = ink.y
        rows[-1].append(ink)
    return [from_left(row) for row in rows]


def from_left(inks: Iterable[Ink]) -> list[Ink]:
    """The characters in the order in which a person reads them."""
    return sorted(inks, key=lambda ink: ink.x)


def text_of(inks: Iterable[Ink]) -> str:
    """The characters in their order without any white space."""
    return without_space("".join(ink.char for ink in inks))


def without_space(text: str) -> str:
    """`text` as a reader compares it: spaces and invisible breaks gone."""
    return _INVISIBLE.sub("", text)


def _inks(page: pdfium.PdfPage) -> Iterator[Ink]:
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for index in range(pdfium_c.FPDFText_CountChars(text)):
        unit = pdfium_c.FPDFText_GetUnicode(text, index)
        # Spaces and line ends that the library adds have no place of their own.
        if pdfium_c.FPDFText_IsGenerated(text, index) == 1:
            continue
        if unit == 0:
            raise UnreadableFile("a character has no glyph in the paper font")
        # Beyond the basic plane a character comes as two UTF-16 units.
        if 0xD800 <= unit < 0xDC00:
            high = unit
            continue
        if 0xDC00 <= unit < 0xE000:
            unit = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)
        pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
        yield Ink(x.value, y.value, chr(unit))

"""Which characters the paper font can show and how wide they are, read from the font file."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator, Mapping

from pylopdf_fonts_zh_cn import sans_path


class FontError(RuntimeError):
    """The font file is not the OpenType file that this project locks."""


@functools.cache
def advances() -> Mapping[int, float]:
    """Code point → width in ems, for every code point with a glyph (OpenType cmap 12, hmtx)."""
    font = sans_path().read_bytes()
    per_em = _number(font, _table(font, b"head") + 18)
    count = _number(font, _table(font, b"hhea") + 34)
    hmtx = _table(font, b"hmtx")
    metrics = struct.unpack_from(">" + "Hh" * count, font, hmtx)[::2]
    # Glyphs beyond the last metric share it; glyph 0 is the box for "not there".
    return {
        point: metrics[min(glyph, count - 1)] / per_em
        for point, glyph in _glyphs(font, _table(font, b"cmap"))
        if glyph
    }


def ems(text: str) -> float:
    """The width of `text` on one line, in ems; a character without a glyph counts as one."""
    widths = advances()
    return sum(widths.get(ord(char), 1.0) for char in text)


def _glyphs(font: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    for index in range(_number(font, cmap + 2)):
        (offset,) = struct.unpack_from(">I", font, cmap + 8 + 8 * index)
        if _number(font, cmap + offset) == 12:
            return _segments(font, cmap + offset)
    raise FontError("the font has no format 12 character map")


def _segments(font: bytes, start: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", font, start + 12)
    for index in range(count):
        first, last, glyph = struct.unpack_from(">III", font, start + 16 + 12 * index)
        for point in range(first, last + 1):
            yield point, glyph + point - first


def _table(font: bytes, tag: bytes) -> int:
    for index in range(_number(font, 4)):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise FontError(f"the font has no {tag.decode()} table")


def _number(font: bytes, offset: int) -> int:
    return int(struct.unpack_from(">H", font, offset)[0])

"""Which characters the paper font can show, read from the font file itself."""

from __future__ import annotations

import functools
import struct

from pylopdf_fonts_zh_cn import sans_path

PAPER_FONT = "Noto Sans SC"


class FontError(RuntimeError):
    """The font file is not the OpenType file that this project locks."""


@functools.cache
def printable_code_points() -> frozenset[int]:
    """Every code point with a glyph (OpenType `cmap`, segmented coverage, format 12)."""
    font = sans_path().read_bytes()
    cmap = _table(font, b"cmap")
    for offset in _subtables(font, cmap):
        (form,) = struct.unpack_from(">H", font, cmap + offset)
        if form == 12:
            return frozenset(_covered(font, cmap + offset))
    raise FontError("the font has no format 12 character map")


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise FontError(f"the font has no {tag.decode()} table")


def _subtables(font: bytes, cmap: int) -> list[int]:
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    return [struct.unpack_from(">HHI", font, cmap + 4 + 8 * index)[2] for index in range(count)]


def _covered(font: bytes, start: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", font, start + 12)
    points: set[int] = set()
    for index in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, start + 16 + 12 * index)
        # Glyph 0 is the box for "not there".
        points.update(range(first + (glyph == 0), last + 1))
    return points

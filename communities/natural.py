"""Natural order (2 before 10, 201 before 1103, 甲 before 乙) and natural names. Pure."""

from __future__ import annotations

import re
import unicodedata

_WIDTH = 8
# In the order of the stems, not of their code points; the sign before them keeps 2甲 apart from 201.
_STEMS = str.maketrans(
    {stem: f"甲{n:02d}" for n, stem in enumerate("甲乙丙丁戊己庚辛壬癸", start=1)}
)


def natural_key(text: str) -> str:
    """A text that sorts, byte by byte, as people count. Full-width signs count as their plain forms."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    padded = re.sub(r"\d+", lambda digits: digits.group().lstrip("0").zfill(_WIDTH), plain)
    return padded.translate(_STEMS)[:120]


def building_label(*, lane: str, number: str, unit: str) -> str:
    """How people call a building: 1号楼, 12弄3号楼2单元. 别墅 and the like are names already."""
    is_numbered = number.isascii() or len(number) == 1 or any(map(str.isdigit, number))
    house = f"{number}号楼" if is_numbered else number
    return (f"{lane}弄" if lane else "") + house + (f"{unit}单元" if unit else "")

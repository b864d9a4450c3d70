"""Natural order: 2 before 10, 201 before 1103, 甲 before 乙. Pure."""

from __future__ import annotations

import re
import unicodedata

_WIDTH = 8
_STEMS = {stem: f"{position:02d}" for position, stem in enumerate("甲乙丙丁戊己庚辛壬癸", start=1)}


def natural_key(text: str) -> str:
    """A text that sorts, byte by byte, as people count. Full-width signs count as their plain forms."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    plain = "".join(_STEMS.get(sign, sign) for sign in plain)
    return re.sub(r"\d+", lambda digits: digits.group().lstrip("0").zfill(_WIDTH), plain)[:120]

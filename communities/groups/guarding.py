"""No phone and no full address into a group (DESIGN §6): whatever somebody typed into a title, a notice, a reason.

Known by its form, like config.kernel.masking; here too much rather than too little, for a group's text cannot be called
back. A building stays readable, the door behind it does not.
"""

from __future__ import annotations

import re

HIDDEN = "***"

_DASH = r"\-‐‑–—―－"
_GAP = rf"[\s{_DASH}]?"
# Eleven digits beginning with 13 … 19, however grouped, with or without 86; full-width digits count.
_MOBILE = (
    rf"(?<!\d)(?:\+?86{_GAP})?[1１]{_GAP}[3-9３-９](?:{_GAP}\d){{9}}(?!\d)"
    rf"|(?<!\d)[1１][3-9３-９]\d[^\w\n]{{1,3}}\d{{4}}[^\w\n]{{1,3}}\d{{4}}(?!\d)"
)
# 021-64380000, (0571) 8765 4321.
_LANDLINE = (
    rf"(?<!\d)[(（]?[0０]\d{{2,3}}[)）]?[\s{_DASH}]{{0,2}}[2-8２-８]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
)
# Seven digits or more after a word that announces them.
_CALL = rf"(?P<call>(?:电话|手机|座机|热线|☎|📞|☏|tel|phone)\s{{0,3}}[:：]?\s{{0,3}})\d(?:{_GAP}\d){{6,11}}(?!\d)"
_PHONES = re.compile(f"{_CALL}|{_MOBILE}|{_LANDLINE}", re.IGNORECASE)

_DIGITS = "0-9０-９〇零一二三四五六七八九十百"
_HOUSE = r"(?:号楼|号|幢|栋|座|弄|单元|门洞|门|楼|#|＃)"
# What a number after a building may count instead of naming a door.
_COUNTED = (
    r"(?![0-9０-９]|\s{0,2}(?:[:：.%点时分户家人份元块件袋箱瓶盒斤克包只个年月日号]|kg|g\b|ml|:))"
)
_DOORS = re.compile(
    # 3号楼502室, 12弄3号502, 2单元1001.
    rf"(?P<house>(?<!月)(?<!月[{_DIGITS}])[{_DIGITS}]{{1,4}}\s?{_HOUSE}\s?)"
    rf"(?:[A-Za-z]?[{_DIGITS}]{{1,5}}\s?(?:室|房)|[A-Za-z]?[0-9０-９]{{3,4}}{_COUNTED})"
    # 502室.
    rf"|(?<![{_DIGITS}A-Za-z])[A-Za-z]?[{_DIGITS}]{{2,5}}\s?室(?!内|外)"
    # 3-502, 12-3-502.
    rf"|(?<![\w{_DASH}])(?P<number>\d{{1,3}}[{_DASH}](?:\d{{1,3}}[{_DASH}])?)\d{{3,4}}(?![\w{_DASH}]*\d){_COUNTED}"
)


def for_group(text: str) -> str:
    """The text with phones and doors replaced by ***."""
    return _DOORS.sub(_door, _PHONES.sub(_phone, text))


def _phone(match: re.Match[str]) -> str:
    return f"{match['call'] or ''}{HIDDEN}"


def _door(match: re.Match[str]) -> str:
    return f"{match['house'] or match['number'] or ''}{HIDDEN}"

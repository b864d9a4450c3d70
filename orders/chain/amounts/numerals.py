"""Numbers as people write them: 3, 12, 三, 十二, 二十, 两, 俩, 仨. Pure."""

from __future__ import annotations

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_TENS = {"十": 10, "拾": 10, "百": 100}
# 一百二十五; a longer run is no number of things.
_LONGEST = 6
SIGNS = frozenset(_DIGITS) | frozenset(_TENS) | {"廿"}


def chinese_number(text: str, start: int) -> tuple[int, int] | None:
    """(value, end) of the numeral at `start`; None if there is none, or none that is written in order (二三)."""
    total, digit, end = 0, -1, start
    while end < len(text) and end - start < _LONGEST:
        sign = text[end]
        if sign == "廿" and total == 0 and digit < 0:
            total = 20
        elif sign in _DIGITS:
            if digit >= 0:
                return None
            digit = _DIGITS[sign]
        elif sign in _TENS:
            total, digit = total + (digit if digit >= 0 else 1) * _TENS[sign], -1
        else:
            break
        end += 1
    if end == start or (end < len(text) and text[end] in SIGNS):
        return None
    return total + max(digit, 0), end

"""Goods by their number: 1x2, 6*1, 1:2, 2#3, No.2 2份, 编号3, 3号2份, 1、2、3各1, 一1二1. Pure.

A number is a code where its writing says so and the menu has it. The signs behind it and how many are read as those of
goods that are named by words.
"""

from __future__ import annotations

import re

from orders.chain.names.numbered import N, value_of

_NOT_A_DOOR = r"(?!楼|门|房|室|栋|幢|弄|院|单元|\s{0,3}\d{3})"
# Says itself that it is one: No.2, 编号3, #3, 第3种, 3号, 3号套餐, 一号.
_SAID = (
    re.compile(
        rf"(?:no\.?|编号|序号|品号|产品|商品)\s?[:#]?\s?{N}(?!\d)(?:号{_NOT_A_DOOR})?",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\d#])#\s?{N}(?!\d|号|楼)"),
    re.compile(rf"第?{N}(?:号套餐|号品|号){_NOT_A_DOOR}"),
    re.compile(rf"第{N}[种样款项]"),
)
# Says so by what follows: 1x2, 2#2, 1:2.
_PAIR = re.compile(r"(\d{1,3})\s{0,3}([*xX:#=)])\s{0,3}(\d{1,3})(?![\d.*#:]|[xX]\d)")
_CHINESE_PAIR = re.compile(r"([一二三四五六七八九十])\s?[*xX:]?\s?\d{1,2}(?!\d)")
# 3+1 8+1: two such pairs are no sums.
_PLUS_PAIRS = re.compile(r"(\d{1,2})\+\d{1,2}(?=[\s,，、]{1,2}\d{1,2}\+\d{1,2}(?!\d|\+))")
_LAST_PLUS_PAIR = re.compile(r"(\d{1,2})\+\d{1,2}(?!\d|\+)")
_PLUS_BEFORE = re.compile(r"(?<![\d+])\d{1,2}\+\d{1,2}[\s,，、]{1,2}$")
# 1、2和5各1.
_PLAIN = re.compile(N)
_SHARED = re.compile(rf"{N}(?:\s?[、,，和跟及与+/&.\s]\s?{N}){{0,12}}\s?号?\s?(?:各|每样)")


def said_code(text: str, at: int) -> tuple[int, int] | None:
    """(number, end) of a code that says itself that it is one."""
    for pattern in _SAID:
        match = pattern.match(text, at)
        if match is not None:
            return value_of(match[1]), match.end()
    return None


def paired_code(text: str, at: int) -> tuple[int, int] | None:
    """(number, end) of a code that its quantity makes one; the sign between them is not eaten."""
    plus = _PLUS_PAIRS.match(text, at) or _LAST_PLUS_PAIR.match(text, at)
    if plus is not None and (plus.re is _PLUS_PAIRS or _PLUS_BEFORE.search(text[:at])):
        return int(plus[1]), plus.end(1)
    match = _PAIR.match(text, at)
    if match is not None:
        is_amount = match[2] in "*xX" or (match[3][0] != "0" and len(match[3]) < 3)
        return (int(match[1]), match.end(1)) if is_amount else None
    match = _CHINESE_PAIR.match(text, at)
    return (value_of(match[1]), match.end(1)) if match is not None else None


def shared_codes(text: str, at: int) -> int:
    """Where 1、2和5各 ends that begins here: up to there every number is a code. 0 if none does."""
    match = _SHARED.match(text, at)
    return match.end() if match is not None else 0


def plain_code(text: str, at: int) -> tuple[int, int] | None:
    match = _PLAIN.match(text, at)
    return (value_of(match[0]), match.end()) if match is not None else None

"""Goods by their number: 1x2, 6*1, 1:2, 2#3, No.2 2份, 编号3, 3号2份, 1、2、3各1, 一1二1. Pure.

A number is a code where its writing says so and the menu has it. The signs behind it and how many are read as those of
goods that are named by words.
"""

from __future__ import annotations

import re
from collections.abc import Container

from orders.chain.line.folding import CIRCLED
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
    # 第3个2份 may be the third entry.
    re.compile(
        rf"第{N}个(?=\s?[*xX]?\s?(?:\d{{1,2}}|[一二两三四五六七八九十])\s?[盒袋包箱瓶罐桶条])"
    ),
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


# ①到③每样, 1-7各一份: every number from the one to the other. 1-7各一 may be the two.
_RANGE = re.compile(
    rf"(?:{N}|([①-⑳]))\s?(?:(-)|[~到至])\s?(?:{N}|([①-⑳]))\s?号?\s?"
    r"(?=(?:各|每样)(?(3)\s?(?:\d{1,2}|[一二两三四五六七八九十])\s?[份个包盒袋瓶箱样套件]))"
)
_RUN = re.compile(r"(?:[A-Za-z]\d{1,2}){2,12}(?=\s?(?:各|每样))")
_RUN_PART = re.compile(r"[A-Z]\d{1,2}")
_LABELLED = re.compile("([A-Za-z]\\d{0,2})([\u3400-\u9fff]{1,8})")
_COUNTS = frozenset("一二两三四五六七八九十各")


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


def ranged_codes(text: str, at: int) -> tuple[int, int, int] | None:
    """(first, last, end) of 1-7各 that begins here, 各 aside."""
    match = _RANGE.match(text, at)
    if match is None:
        return None
    ends = (match[1] or match[2], match[4] or match[5])
    first, last = (CIRCLED[sign] if sign in CIRCLED else value_of(sign) for sign in ends)
    return (first, last, match.end()) if 0 < first < last else None


def run_of_codes(text: str, at: int, known: Container[str]) -> list[str]:
    """Z1Z2Z3各: the codes that stand there without a gap, where A1 can be no A and how many."""
    match = _RUN.match(text, at)
    found = _RUN_PART.findall(match[0].upper()) if match is not None else []
    is_known = all(code in known and code[0] not in known for code in found)
    return found if is_known else []


def labelled_code(text: str, at: int) -> tuple[str, str] | None:
    """(E, 鸡) of E鸡1只: a letter with words behind it, up to how many."""
    match = _LABELLED.match(text, at)
    if match is None:
        return None
    place = next((n for n, sign in enumerate(match[2]) if sign in _COUNTS), len(match[2]))
    return (match[1].upper(), match[2][:place]) if place else None


def plain_code(text: str, at: int) -> tuple[int, int] | None:
    match = _PLAIN.match(text, at)
    return (value_of(match[0]), match.end()) if match is not None else None

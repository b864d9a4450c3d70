"""Goods by their number: 1x2, 6*1, 1:2, 2#3, No.2 2份, 编号3, 3号2份, 1、2、3各1, 一1二1. Pure.

A number is a code where its writing says so and the menu has it. The signs behind it and how many are read as those of
goods that are named by words.
"""

from __future__ import annotations

import re

from orders.chain.numerals import chinese_number

_N = r"(\d{1,2}|[一二三四五六七八九十]{1,2})"
_NOT_A_DOOR = r"(?!楼|门|房|室|栋|幢|弄|院|单元|\s{0,3}\d{3})"
# Says itself that it is one: No.2, 编号3, #3, 第3种, 3号, 3号套餐, 一号.
_SAID = (
    re.compile(
        rf"(?:no\.?|编号|序号|品号|产品|商品)\s?[:#]?\s?{_N}(?!\d)(?:号{_NOT_A_DOOR})?",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\d#])#\s?{_N}(?!\d|号|楼)"),
    re.compile(rf"第?{_N}(?:号套餐|号品|号){_NOT_A_DOOR}"),
    re.compile(rf"第{_N}[种样款项]"),
)
# Says so by what follows: 1x2, 2#2, 1:2.
_PAIR = re.compile(r"(\d{1,3})\s{0,3}([*xX:#=])\s{0,3}(\d{1,3})(?![\d.*#:]|[xX]\d)")
_CHINESE_PAIR = re.compile(r"([一二三四五六七八九十])\s?[*xX:]?\s?\d{1,2}(?!\d)")
# 1、2和5各1.
_PLAIN = re.compile(_N)
_SHARED = re.compile(rf"{_N}(?:\s?[、,，和跟及与+/&.\s]\s?{_N}){{0,12}}\s?号?\s?(?:各|每样)")


def said_code(text: str, at: int) -> tuple[int, int] | None:
    """(number, end) of a code that says itself that it is one."""
    for pattern in _SAID:
        match = pattern.match(text, at)
        if match is not None:
            return _value(match[1]), match.end()
    return None


def paired_code(text: str, at: int) -> tuple[int, int] | None:
    """(number, end) of a code that its quantity makes one; the sign between them is not eaten."""
    match = _PAIR.match(text, at)
    if match is not None:
        is_amount = match[2] in "*xX" or (match[3][0] != "0" and len(match[3]) < 3)
        return (int(match[1]), match.end(1)) if is_amount else None
    match = _CHINESE_PAIR.match(text, at)
    return (_value(match[1]), match.end(1)) if match is not None else None


def shared_codes(text: str, at: int) -> int:
    """Where 1、2和5各 ends that begins here: up to there every number is a code. 0 if none does."""
    match = _SHARED.match(text, at)
    return match.end() if match is not None else 0


def plain_code(text: str, at: int) -> tuple[int, int] | None:
    match = _PLAIN.match(text, at)
    return (_value(match[0]), match.end()) if match is not None else None


def _value(words: str) -> int:
    if words.isdigit():
        return int(words)
    found = chinese_number(words, 0)
    return found[0] if found is not None and found[1] == len(words) else 0


_FIGURES = "零一二三四五六七八九十"
_NAMED = re.compile(rf"(?:套餐|套装|组合|礼包){_N}$|^{_N}号?(?:套餐|套装|组合|礼包)")


def number_in(name: str) -> int:
    """套餐1, 二号套餐: the number a thing is called by; 0 if it has none."""
    match = _NAMED.search(name)
    return _value(match[1] or match[2]) if match is not None else 0


def number_forms(name: str) -> list[str]:
    """套餐1, 套餐一, 1号套餐, 一号套餐 of a thing that is called one of them."""
    number, match = number_in(name), _NAMED.search(name)
    if match is None or not 0 < number < len(_FIGURES):
        return []
    kind = re.sub(rf"^{_N}号?|{_N}$", "", match[0])
    signs = (str(number), _FIGURES[number])
    return [text for sign in signs for text in (f"{kind}{sign}", f"{sign}号{kind}")]

"""Things that are called by a number: 套餐1, 二号套餐, and all that people say for it. Pure."""

from __future__ import annotations

import re

from orders.chain.amounts.numerals import chinese_number

# A number of one or two figures, in either writing.
N = r"(\d{1,2}|[一二三四五六七八九十]{1,2})"
_FIGURES = "零一二三四五六七八九十"
_NAMED = re.compile(rf"(?:套餐|套装|组合|礼包){N}$|^{N}号?(?:套餐|套装|组合|礼包)")


def value_of(words: str) -> int:
    if words.isdigit():
        return int(words)
    found = chinese_number(words, 0)
    return found[0] if found is not None and found[1] == len(words) else 0


def number_in(name: str) -> int:
    """套餐1, 二号套餐: the number a thing is called by; 0 if it has none."""
    match = _NAMED.search(name)
    return value_of(match[1] or match[2]) if match is not None else 0


def number_forms(name: str) -> list[str]:
    """套餐1, 套餐一, 1号套餐, 一号套餐 of a thing that is called one of them."""
    number, match = number_in(name), _NAMED.search(name)
    if match is None or not 0 < number < len(_FIGURES):
        return []
    kind = re.sub(rf"^{N}号?|{N}$", "", match[0])
    signs = (str(number), _FIGURES[number])
    return [text for sign in signs for text in (f"{kind}{sign}", f"{sign}号{kind}", f"套{sign}")]

"""All but some: 除了草莓其他各1. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from orders.chain.entries import Wanted
from orders.chain.line.ranges import one_of
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

_FEW_GOODS = 8
_SET = re.compile("套餐|套装")
_ALL_WORDS = frozenset({"all", "each", "except", "rest"})


def all_but(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """除了草莓其他各1: every other thing. Certain with one number, said of each, behind it."""
    words = {t.unit for t in tokens if t.kind == Kind.WORD}
    if "except" not in words:
        return list(tokens)
    place = next(i for i, t in enumerate(tokens) if t.kind == Kind.WORD and t.unit == "except")
    numbers = [t for t in tokens if t.kind == Kind.NUMBER]
    left_out = {t.named.keys for t in tokens[place:] if t.named is not None}
    is_clear = (
        len(numbers) == 1
        and numbers[0].start > tokens[place].start
        and bool(words & {"each", "all"})
        and bool(left_out)
        and all(len(keys) == 1 for keys in left_out)
        and not any(t.named is not None for t in tokens[:place])
        and len(menu.goods) <= _FEW_GOODS
        and not menu.is_part
        and not any(_SET.search(one.name) for one in menu.goods.values())
    )
    if not is_clear:
        wanted.doubt("each_unclear")
        return list(tokens)
    others = [key for key in menu.goods if (key,) not in left_out]
    kept = [t for t in tokens if t.named is None and t.unit not in _ALL_WORDS]
    at = kept.index(numbers[0])
    pairs = [t for key in others for t in (one_of(numbers[0], key), plain_number(numbers[0]))]
    return [*kept[:at], *pairs, *kept[at + 1 :]]


def plain_number(number: Token) -> Token:
    """每样一个, 各一份: how many of each, whatever each is sold by."""
    unit = "" if number.unit in {"个", "份", "样"} else number.unit
    return replace(number, sign="", unit=unit)

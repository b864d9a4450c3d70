"""How much of each thing a household may have, or must take, where a list says so: 每户限2份, 鲜肉的10只起订. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from orders.chain.amounts.numerals import chinese_number
from orders.chain.line.folding import fold
from orders.chain.lists.pricelist import named_keys
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu

_LIMIT = re.compile(
    r"(?:每?[一户家人样款种门]{1,4}|每个人|限)\s{0,2}(?:限|限购|限订|最多|不超过)\s{0,2}(?:购|订|买|拿)?\s{0,2}"
    r"(\d{1,2}|[一二两三四五六七八九十])\s{0,2}(?:[份个件盒包袋箱瓶斤只板]|$|[,，。;；!！\s)）])"
)
# 20份成团 is what all take together, 50元起送 no number of things, 3份起9折 a price.
_LEAST = re.compile(
    r"(?<![\d.])(\d{1,3}|[一二两三四五六七八九十]{1,2})\s{0,2}([份个件盒包袋箱瓶斤只板枚串条罐听])\s{0,2}起(?:[订拼售购卖买批]|下单|接单|(?=\s{0,2}(?:[,，。;；!！~哦哈啊)）]|$)))"
    r"|(?:最少|至少|最低|起订量?)\s{0,2}[:：]?(?:订|买|购|拿|要)?\s{0,2}"
    r"(\d{1,3}|[一二两三四五六七八九十]{1,2})\s{0,2}([份个件盒包袋箱瓶斤只板枚串条罐听])(?![^,，。;；!！\s)）哦~～]{0,4}成?团)"
)


def with_limits(
    goods: Sequence[Goods], lines: Sequence[tuple[int, str]], menu: Menu
) -> list[Goods]:
    """The goods with what the list's own text allows of them, where nothing less is set, and what it asks for."""
    limits: dict[int, int] = {}
    for _number, line in lines:
        match = _LIMIT.search(fold(line))
        most = _value(match[1]) if match is not None else 0
        for key in (named_keys(line, menu) or menu.goods) if most else ():
            limits[key] = min(most, limits.get(key, most))
    least = _least(lines, menu)
    limited = [_limited(one, limits.get(one.key)) for one in goods]
    return [replace(one, least=least[one.key]) if one.key in least else one for one in limited]


def says_least(line: str) -> bool:
    """鲜肉的10只起订: no order, though goods and a number stand in it."""
    return _LEAST.search(line) is not None


def _least(lines: Iterable[tuple[int, str]], menu: Menu) -> dict[int, int]:
    """10 of what is sold by 只, where 10只起订 stands beside its name or beside none."""
    found: dict[int, int] = {}
    for _number, line in lines:
        match = _LEAST.search(fold(line))
        if match is None:
            continue
        number, unit = match[1] or match[3], match[2] or match[4]
        for key in named_keys(line, menu) or menu.goods:
            if menu.goods[key].unit == unit:
                found[key] = max(_value(number), found.get(key, 0))
    return found


def _value(words: str) -> int:
    if words.isdigit():
        return int(words)
    found = chinese_number(words, 0)
    return found[0] if found is not None else 0


def _limited(one: Goods, most: int | None) -> Goods:
    if most is None or (one.most is not None and one.most <= most):
        return one
    return replace(one, most=most)

"""Numbers that may say something else than how many are wanted: what is inside of one, what it costs. Pure."""

from __future__ import annotations

import re

from orders.chain.amounts.units import inner_counts
from orders.chain.line.token import Token
from orders.chain.names.goods import Goods

# So many of what has so many inside (香皂3 of 3块) may be one of it; of 2 nobody thinks so.
_FEWEST_INSIDE = 3
# More of what has many inside may be that many pieces: 馄饨20 of 50只, 方便面10 of 5袋.
_SMALL = 5
# Behind a letter of the menu there is nothing but how many; so large a number is looked at all the same.
_SMALL_CODED = 5
_LEAST_YUAN = 4
_INSIDE = re.compile(
    r"(?<![\d.])([2-9]|\d{2,3})\s?(?:人份|[个只枚粒颗片条根枝朵袋包卷杯盒罐听瓶节支块张双对])"
)


def counts_the_inside(number: Token, one: Goods, *, is_code: bool) -> bool:
    """20 of what has 20 inside, 12 of 135g*12, 10 of what has 5: so many packs, or so many pieces."""
    words = f"{one.name} {one.spec}".lower()
    counts = inner_counts(words) | {int(count) for count in _INSIDE.findall(words)}
    value = number.value
    if number.unit or not counts:
        return not number.unit and not number.sign and value > _SMALL and _is_said(value, words)
    if value in counts and value >= _FEWEST_INSIDE:
        return not is_code or value > _SMALL_CODED
    if is_code or value < _SMALL:
        return False
    is_some = 2 * value in counts or (value > _SMALL and max(counts) >= _FEWEST_INSIDE)
    is_all = value > _SMALL and any(value % count == 0 for count in counts)
    return is_all or (is_some and not number.sign)


def counts_packs_inside(number: Token, one: Goods) -> bool:
    """蓝莓6盒 of what is 125g*6: six, or the one that has six in it; 泡面10袋 of 5袋: ten, or two."""
    words = f"{one.name} {one.spec}".lower()
    value = number.value
    return value >= _FEWEST_INSIDE and value in inner_counts(words)


def is_the_price(number: Token, one: Goods) -> bool:
    """蔬菜 12 of what costs 12."""
    is_bare = not number.unit and number.sign in {"", "="}
    return is_bare and number.value >= _LEAST_YUAN and number.value * 100 == one.price_fen


def _is_said(value: int, words: str) -> bool:
    """20 of 10kg too, which are 20斤."""
    kilos = [2 * int(size) for size in re.findall(r"(?<![\d.])(\d{1,3})\s?(?:kg|公斤)", words)]
    return value in kilos or re.search(rf"(?<!\d){value}(?!\d)", words) is not None

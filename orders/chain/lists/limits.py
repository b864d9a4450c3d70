"""How much of each thing a household may have, where the top of a list says so: 每户限2份, 每人限购1箱. Pure."""

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


def with_limits(
    goods: Sequence[Goods], lines: Iterable[tuple[int, str]], menu: Menu
) -> list[Goods]:
    """The goods with what the list's own text allows of them, where nothing less is set."""
    limits: dict[int, int] = {}
    for _number, line in lines:
        match = _LIMIT.search(fold(line))
        if match is None:
            continue
        found = chinese_number(match[1], 0)
        most = int(match[1]) if match[1].isdigit() else (found[0] if found else 0)
        for key in (named_keys(line, menu) or menu.goods) if most else ():
            limits[key] = min(most, limits.get(key, most))
    return [_limited(one, limits.get(one.key)) for one in goods]


def _limited(one: Goods, most: int | None) -> Goods:
    if most is None or (one.most is not None and one.most <= most):
        return one
    return replace(one, most=most)

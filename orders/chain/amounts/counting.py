"""Sizes that count: 三文鱼600g of what is 300g is two, 五花500g 2份 of what is sold by 斤 too. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.amounts.bulk import measures_in
from orders.chain.amounts.units import WEIGHTS, packs
from orders.chain.line.token import Kind, Token
from orders.chain.names.goods import Goods, Trust
from orders.chain.names.menu import Menu


def count_by_sizes(tokens: Sequence[Token], menu: Menu) -> None:
    """三文鱼600g of what is 300g is two, where no number follows."""
    for place, token in enumerate(tokens):
        goods = next((t for t in reversed(tokens[:place]) if t.text != " "), None)
        if token.kind != Kind.SPEC or token.unit or goods is None or goods.named is None:
            continue
        rest = [t.kind for t in tokens[place + 1 :] if t.kind in {Kind.GOODS, Kind.NUMBER}]
        keys = goods.named.keys
        if len(keys) != 1 or goods.named.trust > Trust.GOOD or rest[:1] == [Kind.NUMBER]:
            continue
        times = _times(token.text, menu.goods[keys[0]])
        if times > 1:
            token.kind, token.value, token.sign = Kind.NUMBER, times, "*"


def _times(size: str, one: Goods) -> int:
    """How often the size of a thing, which is exact and said once, is in this one; 0 if it does not come out whole."""
    words = f"{one.name} {one.spec}"
    said, sold = measures_in(size), measures_in(words)
    if len(said) != 1 or len(sold) != 1 or re.search("约|[*x]|左右|[起+]|-\\d", words):
        return 0
    (much, base), (each, other) = said[0], sold[0]
    return int(much / each) if base == other == "g" and each and much % each == 0 else 0


def is_one_of_weight(token: Token, after: Token, before: Sequence[Token], menu: Menu) -> bool:
    """五花500g 2份, of what is sold by 斤: two of them."""
    goods = next((t.named for t in reversed(before) if t.named is not None), None)
    if goods is None or after.unit not in {"份", "包", "袋", "盒", "块"}:
        return False
    units = {menu.goods[key].unit for key in goods.keys}
    return all(
        packs(token.value, token.unit, unit, "") == (1, True)
        or (token.value == 1 and token.unit == unit and unit in WEIGHTS)
        for unit in units
    )


def named_in(tokens: Sequence[Token], menu: Menu) -> list[Goods]:
    keys = [key for token in tokens if token.named is not None for key in token.named.keys]
    if not keys and menu.only is not None:
        return [menu.only]
    return [menu.goods[key] for key in keys]

"""Sizes that are said again behind how many: 草莓2盒2斤 is two of what has 2斤 in one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from orders.chain.amounts.units import packs
from orders.chain.line.token import Kind, Token
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu

# 套餐1套 6个: the six in it, or six of them.
_ANY_PIECE = frozenset("个只")


def counts_what_is_sold(token: Token, before: Sequence[Token], menu: Menu) -> bool:
    """2盒 behind goods that are sold by 盒: how many, whatever stands behind it."""
    goods = _goods_before(before, menu)
    return bool(goods) and all(one.unit.lower() == token.unit for one in goods)


def says_size_again(tokens: Sequence[Token], place: int, menu: Menu) -> bool:
    """2斤 behind 草莓2盒, of what has 2斤 in one: the size of one, or of all of them."""
    token, before = tokens[place], [t for t in tokens[:place] if t.text != " "]
    count = before[-1] if before else None
    if count is None or count.kind != Kind.NUMBER or token.sign or token.unit in _ANY_PIECE:
        return False
    if not counts_what_is_sold(count, before[:-1], menu):
        return False
    found = [
        packs(token.value, token.unit, one.unit.lower(), f"{one.name} {one.spec}".lower())
        for one in _goods_before(before, menu)
    ]
    return all(packed is not None and packed[0] in {1, count.value} for packed in found)


def _goods_before(before: Sequence[Token], menu: Menu) -> list[Goods]:
    """Those that were named last, with nothing but their number behind them; all there is where none are named."""
    named = next((t.named for t in reversed(before) if t.named is not None), None)
    if named is None:
        return [menu.only] if menu.only is not None else []
    return [menu.goods[key] for key in named.keys]

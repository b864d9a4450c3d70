"""Sizes in words, ml and g, against those on offer: 可乐2L, 牛奶250ml. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.amounts.bulk import NUMBER, is_of, measures_in
from orders.chain.amounts.units import WEIGHTS
from orders.chain.entries import Wanted
from orders.chain.line.folding import low
from orders.chain.line.token import Kind, Token
from orders.chain.names.goods import Goods, Named, Trust
from orders.chain.names.menu import Menu
from orders.chain.names.pieces import is_common

_HEAD = re.compile(r"约?\d{1,6}(?:\.\d{1,3})?\s?[^\d\s*/]{1,4}")


def compare_sizes(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> None:
    """可乐2L is the one of several that has 2L; 牛奶250ml is another than the one of 950ml on offer."""
    for place, token in enumerate(tokens):
        is_weight = token.kind == Kind.NUMBER and token.unit in WEIGHTS
        if not (token.kind == Kind.SPEC or is_weight) or token.unit == "echo":
            continue
        goods = _sized(tokens, place)
        keys = _keys(tokens, menu) if goods is None or goods.named is None else goods.named.keys
        offers = [menu.goods[key] for key in keys]
        if is_weight and len(keys) < 2 and not _is_vague(goods):
            continue
        same = [one for one in offers if is_of(token.text, one)]
        if goods is not None and goods.named is not None and len(same) == 1:
            if len(keys) > 1 and not _tells(tokens, place, goods, same[0], offers):
                continue
            if len(keys) == 1 and not _is_vague(goods):
                continue  # 牛肉500g of 牛肉丸 500g
            trust = min(goods.named.trust, Trust.GOOD)
            goods.named = Named((same[0].key,), trust, goods.end)
        elif (
            not is_weight and offers and _is_another(token.text, offers, menu, is_of_one=bool(same))
        ):
            wanted.doubt("another_size", words=token.text, goods=offers[0].name)


def _is_vague(goods: Token | None) -> bool:
    """崇明 of 崇明大米: a part of its name that is no thing; with its size nothing else is meant."""
    named = goods.named if goods is not None else None
    is_partly = named is not None and named.trust == Trust.PARTLY
    return goods is not None and is_partly and is_common(goods.text)


def _tells(
    tokens: Sequence[Token], place: int, goods: Token, one: Goods, offers: Sequence[Goods]
) -> bool:
    """大米10斤 beside 香米 of 10斤 and 大米 of 20斤: how much is wanted, and of what the name says. A number behind the
    weight makes it a size.
    """
    words = low(goods.text)
    is_named = words in low(one.name) or not any(words in low(other.name) for other in offers)
    behind = [t for t in tokens[place + 1 :] if t.kind in {Kind.GOODS, Kind.NUMBER}][:1]
    before = tokens[place - 2 : place] if place > 1 else []
    is_counted = bool(behind) and behind[0].kind == Kind.NUMBER
    is_counted |= any(t.kind == Kind.NUMBER and t is not goods for t in before)
    is_weight = any(base == "g" for _amount, base in measures_in(tokens[place].text))
    return is_named and (is_counted or not is_weight)


def _is_another(size: str, offers: Sequence[Goods], menu: Menu, *, is_of_one: bool) -> bool:
    """These have sizes of their own, or something else on the menu is of this one: 8寸 behind 提拉米苏6寸."""
    if is_of_one or any(_is_several(size, one) for one in offers):
        return not is_of_one
    head = _HEAD.match(size)
    said = head[0] if head is not None else size  # 8寸1个
    return any(NUMBER.search(one.spec) for one in offers) or any(
        is_of(said, one) for one in menu.goods.values()
    )


def _is_several(size: str, one: Goods) -> bool:
    """2斤装 of what is sold by 斤: packs of two, and nobody says whether one or two are wanted."""
    if "装" not in size or one.unit not in WEIGHTS:
        return False
    return measures_in(size) != measures_in(f"1{one.unit}")


def _keys(tokens: Sequence[Token], menu: Menu) -> Sequence[int]:
    if menu.only is not None:
        return (menu.only.key,)
    return [key for token in tokens if token.named is not None for key in token.named.keys]


def _sized(tokens: Sequence[Token], place: int) -> Token | None:
    """The goods that a size stands beside: behind them, or before them."""
    before = [t for t in tokens[:place] if t.text != " "][-1:]
    after = [t for t in tokens[place + 1 :] if t.text != " "][:1]
    return next((t for t in (*before, *after) if t.kind == Kind.GOODS), None)

"""Sizes in words, ml and g, against those on offer: 可乐2L, 牛奶250ml. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from orders.chain.entries import Wanted
from orders.chain.folding import low
from orders.chain.goods import Goods, Named, Trust
from orders.chain.menu import Menu
from orders.chain.token import Kind, Token

_BASES = {
    "ml": (1, "ml"),
    "毫升": (1, "ml"),
    "l": (1000, "ml"),
    "升": (1000, "ml"),
    "g": (1, "g"),
    "克": (1, "g"),
    "kg": (1000, "g"),
    "公斤": (1000, "g"),
    "千克": (1000, "g"),
    "斤": (500, "g"),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MEASURE = re.compile(
    rf"(\d{{1,6}}(?:\.\d{{1,3}})?)\s{{0,3}}({'|'.join(sorted(_BASES, key=len, reverse=True))})"
)


def compare_sizes(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> None:
    """可乐2L is the one of several that has 2L; 牛奶250ml is another than the one of 950ml on offer."""
    for place, token in enumerate(tokens):
        if token.kind != Kind.SPEC or token.unit == "echo":
            continue
        goods = _sized(tokens, place)
        keys = _keys(tokens, menu) if goods is None or goods.named is None else goods.named.keys
        offers = [menu.goods[key] for key in keys]
        same = [one for one in offers if _is_of(token.text, one)]
        if goods is not None and goods.named is not None and len(same) == 1:
            trust = min(goods.named.trust, Trust.GOOD)
            goods.named = Named((same[0].key,), trust, goods.end)
        elif not same and any(_NUMBER.search(one.spec) for one in offers):
            wanted.doubt("another_size", words=token.text, goods=offers[0].name)


def _keys(tokens: Sequence[Token], menu: Menu) -> Sequence[int]:
    if menu.only is not None:
        return (menu.only.key,)
    return [key for token in tokens if token.named is not None for key in token.named.keys]


def _is_of(size: str, one: Goods) -> bool:
    """1kg of 500g*2 is not looked into; 1kg of 2斤 is, and 24罐装 of 330ml*24."""
    words = f"{one.name} {one.spec}"
    said = _measures(size)[:1]
    return said[0] in _measures(words) if said else _numbers(size) <= _numbers(words)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _sized(tokens: Sequence[Token], place: int) -> Token | None:
    """The goods that a size stands beside: behind them, or before them."""
    before = [t for t in tokens[:place] if t.text != " "][-1:]
    after = [t for t in tokens[place + 1 :] if t.text != " "][:1]
    return next((t for t in (*before, *after) if t.kind == Kind.GOODS), None)


def _measures(text: str) -> list[tuple[Decimal, str]]:
    """Sizes in ml or g."""
    found = []
    for amount, unit in _MEASURE.findall(low(text)):
        factor, base = _BASES[unit]
        found.append((Decimal(amount) * factor, base))
    return found

"""Numbers that belong to the size of a thing and not to how many are wanted: 鸡蛋30枚2份 is two. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from orders.chain.entries import Wanted
from orders.chain.folding import low
from orders.chain.goods import Goods, Named, Trust
from orders.chain.menu import Menu
from orders.chain.token import Kind, Token
from orders.chain.units import INNER

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
_MEASURE = re.compile(
    rf"(\d{{1,6}}(?:\.\d{{1,3}})?)\s{{0,3}}({'|'.join(sorted(_BASES, key=len, reverse=True))})"
)


def compare_sizes(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> None:
    """可乐2L is the one of several that has 2L; 牛奶250ml is another than the one of 950ml on offer."""
    for place, token in enumerate(tokens):
        if token.kind != Kind.SPEC or token.unit == "echo":
            continue
        said = _measures(token.text)[:1]
        goods = _sized(tokens, place)
        if not said or goods is None or goods.named is None:
            continue
        offers = [menu.goods[key] for key in goods.named.keys]
        same = [one for one in offers if said[0] in _measures(f"{one.name} {one.spec}")]
        if len(same) == 1:
            goods.named = Named((same[0].key,), min(goods.named.trust, Trust.GOOD), goods.end)
        elif not same and any(_is_comparable(said[0], one) for one in offers):
            wanted.doubt("another_size", words=token.text, goods=offers[0].name)


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


def _is_comparable(said: tuple[Decimal, str], one: Goods) -> bool:
    return any(base == said[1] for _amount, base in _measures(f"{one.name} {one.spec}"))


def without_sizes(tokens: list[Token], menu: Menu) -> tuple[list[Token], str]:
    """(the other tokens, the size that stands where a quantity is missing: 鸡蛋30枚 is perhaps one, perhaps thirty)."""
    sizes = {id(t) for t in tokens if t.kind == Kind.SPEC}
    for place, token in enumerate(tokens):
        if token.kind == Kind.NUMBER and _is_size(tokens, place, sizes, menu):
            sizes.add(id(token))
    kept = [token for token in tokens if id(token) not in sizes]
    if any(token.kind == Kind.NUMBER for token in kept):
        return kept, ""
    for token in kept:
        if token.kind == Kind.SUM:  # 共2份 and nothing else is the number itself
            token.kind = Kind.NUMBER
            return kept, ""
    alone = next((token.text for token in tokens if id(token) in sizes), "")
    return kept, alone if menu.only or any(t.kind == Kind.GOODS for t in tokens) else ""


def _is_size(tokens: Sequence[Token], place: int, sizes: set[int], menu: Menu) -> bool:
    """Of two numbers that touch the last one counts; else the specification must hold it, and another number follow."""
    token = tokens[place]
    if not token.unit:
        return False
    if _is_multiplied(tokens[place + 1 :]) and _in_spec(token, tokens, menu, is_sold_by=True):
        return True  # 葱1把*2
    behind = [t for t in tokens[place + 1 : place + 3] if t.text != " "][:1]
    if behind and behind[0].kind == Kind.NUMBER:
        after = behind[0]
        if token.unit in INNER and after.unit and after.unit != token.unit:
            return True
        return _in_spec(token, tokens, menu)
    return _in_spec(token, tokens, menu) and _number_follows(tokens[place + 1 :], sizes)


def _is_multiplied(rest: Sequence[Token]) -> bool:
    real = [t for t in rest[:3] if t.text != " "][:2]
    return len(real) == 2 and real[0].text == "*" and real[1].kind == Kind.NUMBER


def _in_spec(
    token: Token, tokens: Sequence[Token], menu: Menu, *, is_sold_by: bool = False
) -> bool:
    """Goods named in the line have this number and unit in their specification and are sold by another unit."""
    words = f"{token.value}{token.unit}"
    return any(
        words in re.sub(r"\s", "", f"{one.name} {one.spec}".lower())
        and (is_sold_by or one.unit.lower() != token.unit)
        for one in named_in(tokens, menu)
    )


def named_in(tokens: Sequence[Token], menu: Menu) -> list[Goods]:
    keys = [key for token in tokens if token.named is not None for key in token.named.keys]
    if not keys and menu.only is not None:
        return [menu.only]
    return [menu.goods[key] for key in keys]


def _number_follows(rest: Sequence[Token], sizes: set[int]) -> bool:
    """Another number, before the next goods."""
    for token in rest:
        if token.kind == Kind.GOODS:
            return False
        if token.kind == Kind.NUMBER and id(token) not in sizes:
            return True
    return False

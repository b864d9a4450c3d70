"""Numbers that belong to the size of a thing and not to how many are wanted: 鸡蛋30枚2份 is two. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.amounts.bulk import is_of
from orders.chain.amounts.counting import is_one_of_weight, named_in
from orders.chain.amounts.repeating import counts_what_is_sold, says_size_again
from orders.chain.amounts.units import INNER, WEIGHTS
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

# 10公斤的两袋.
_BETWEEN = frozenset({" ", "的"})


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
    if says_size_again(tokens, place, menu):
        return True  # 草莓2盒2斤
    behind = [t for t in tokens[place + 1 : place + 3] if t.text not in _BETWEEN][:1]
    if behind and behind[0].kind == Kind.NUMBER:
        return _is_before_the_count(token, behind[0], tokens, menu)
    return _in_spec(token, tokens, menu) and _number_follows(tokens[place + 1 :], sizes)


def _is_before_the_count(token: Token, after: Token, tokens: Sequence[Token], menu: Menu) -> bool:
    before = tokens[: tokens.index(token)]
    if is_one_of_weight(token, after, before, menu):
        after.unit = ""
        return True
    if counts_what_is_sold(token, before, menu):
        return False
    is_inner = token.unit in INNER and token.value > 1
    return (is_inner and after.unit not in {"", token.unit}) or _in_spec(token, tokens, menu)


def _is_multiplied(rest: Sequence[Token]) -> bool:
    real = [t for t in rest[:3] if t.text != " "][:2]
    return len(real) == 2 and real[0].text == "*" and real[1].kind == Kind.NUMBER


def _in_spec(
    token: Token, tokens: Sequence[Token], menu: Menu, *, is_sold_by: bool = False
) -> bool:
    """Goods named in the line have this number and unit in their specification and are sold by another unit."""
    words = f"{token.value}{token.unit}"
    return any(
        (
            words in re.sub(r"\s", "", f"{one.name} {one.spec}".lower())
            or (token.unit in WEIGHTS and is_of(words, one))  # 10公斤 of 10kg
        )
        and (is_sold_by or one.unit.lower() != token.unit)
        for one in named_in(tokens, menu)
    )


def _number_follows(rest: Sequence[Token], sizes: set[int]) -> bool:
    """Another number, before the next goods."""
    for token in rest:
        if token.kind == Kind.GOODS:
            return False
        if token.kind == Kind.NUMBER and id(token) not in sizes:
            return True
    return False

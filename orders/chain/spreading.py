"""One word for several goods: A1～A3, 三种青团各1, 全要每样一份. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from orders.chain.entries import Wanted
from orders.chain.everything import each_follows, everything, kinds_in
from orders.chain.menu import Menu
from orders.chain.ranges import fill_ranges, one_of, trust_codes
from orders.chain.token import Kind, Token

_FEW_KINDS = 4


def spread(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """The tokens with one for each thing that is meant; what is not certain about that goes to `wanted`."""
    trust_codes(tokens)
    result = fill_ranges(tokens, menu, wanted)
    result = _kinds(result, menu, wanted)
    return everything(result, menu, wanted)


def _kinds(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """馄饨各1 is one of every kind; certain where the line says how many kinds there are."""
    result: list[Token] = []
    rest = list(tokens)
    for place, token in enumerate(rest):
        keys = token.named.keys if token.named is not None else ()
        if token.kind != Kind.GOODS or len(keys) < 2 or not each_follows(tokens, place):
            result.append(token)
            continue
        if result and (kinds_in(result[-1]) == len(keys) or _counts(result[-1]) == len(keys)):
            result.pop()
        elif place + 1 < len(rest) and kinds_in(rest[place + 1]) == len(keys):
            rest[place + 1].kind = Kind.NOTE
        elif not _is_in_all(token.text, keys, menu):
            names = "、".join(menu.goods[key].name for key in keys)
            wanted.doubt("several_goods", words=token.text, goods=names)
        result += [one_of(token, key) for key in keys]
    return result


def _is_in_all(word: str, keys: Sequence[int], menu: Menu) -> bool:
    """水饺各1: both of them are called so, and nothing else on the menu."""
    bearing = [key for key, one in menu.goods.items() if word in one.name]
    return sorted(keys) == sorted(bearing) and len(keys) <= _FEW_KINDS


def _counts(token: Token) -> int:
    """三个套餐各一份: so many kinds."""
    return token.value if token.kind == Kind.NUMBER and token.unit == "个" else 0

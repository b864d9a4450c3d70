"""Sizes that are how many: 前腿肉1斤 小排2斤 of what is sold in 1斤, 小黄鱼1000克 of what is sold by 斤. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from orders.chain.folding import low
from orders.chain.menu import Menu
from orders.chain.token import Kind, Token
from orders.chain.units import UNITS, WEIGHTS, packs

_AMOUNT = re.compile(
    rf"(\d{{1,5}})\s{{0,2}}({'|'.join(map(re.escape, sorted({*UNITS, '克', 'g'}, key=len, reverse=True)))})$"
)
_BOUND = frozenset({Kind.GOODS, Kind.NUMBER})


def part_amounts(tokens: Sequence[Token], menu: Menu) -> list[Token]:
    """The tokens with an amount behind a name as its number, where no other number stands behind it and every thing
    in the line has one then.
    """
    parted: list[Token] = []
    for place, token in enumerate(tokens):
        is_last = not _number_follows(tokens[place + 1 :])
        if token.kind == Kind.GOODS and is_last:
            parted += _parted(token, menu)
        elif token.kind == Kind.SPEC and is_last:
            parted.append(_weighed(token, tokens[:place], menu))
        else:
            parted.append(token)
    shape = _shape(parted)
    is_better = shape == "GN" * (len(shape) // 2) and _shape(tokens) != shape
    return parted if is_better else list(tokens)


def _parted(token: Token, menu: Menu) -> list[Token]:
    """Name and amount, where the menu adds an amount to the name to tell its size."""
    match = _AMOUNT.search(low(token.text))
    if match is None or token.named is None or len(token.named.keys) != 1:
        return [token]
    name = low(token.text[: match.start()]).rstrip()
    named = menu.named_at(name, 0) if name else None
    one = menu.goods[token.named.keys[0]]
    if named is None or named.end != len(name) or named.keys != token.named.keys:
        return [token]
    if match[0] in re.sub(r"\s", "", low(one.name)):
        return [token]  # 农夫山泉550ml is called so
    cut = token.start + len(name)
    said, start = token.text[match.start() :], token.start + match.start()
    number = Token(Kind.NUMBER, start, token.end, said, value=int(match[1]), unit=match[2])
    return [replace(token, end=cut, text=token.text[: len(name)]), number]


def _weighed(token: Token, before: Sequence[Token], menu: Menu) -> Token:
    """1000克 behind the goods, which comes out whole by their size."""
    match = _AMOUNT.fullmatch(low(token.text))
    last = next((t for t in reversed(before) if t.text != " "), None)
    if match is None or match[2] not in WEIGHTS or last is None or last.named is None:
        return token
    keys = last.named.keys
    one = menu.goods[keys[0]]
    words = f"{one.name} {one.spec}".lower()
    packed = packs(int(match[1]), match[2], one.unit.lower(), words)
    if len(keys) > 1 or packed is None or not packed[1]:
        return token
    return replace(token, kind=Kind.NUMBER, value=int(match[1]), unit=match[2])


def _number_follows(rest: Sequence[Token]) -> bool:
    first = next((t for t in rest if t.text not in {" ", "*", ":", "(", "-"}), None)
    return first is not None and first.kind in {Kind.NUMBER, Kind.SPEC}


def _shape(tokens: Sequence[Token]) -> str:
    return "".join("G" if t.kind == Kind.GOODS else "N" for t in tokens if t.kind in _BOUND)

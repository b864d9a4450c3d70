"""Goods shown so often as they are wanted: 🥐🥐🥯. Pure."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from orders.chain.line.token import Kind, Token


def count_pictures(tokens: list[Token]) -> list[Token]:
    """🥐🥐🥯: two and one, where nothing else says how many."""
    goods = [t for t in tokens if t.kind == Kind.GOODS]
    keys = [t.named.keys for t in goods if t.named is not None]
    is_shown = len(goods) > 1 and all(len(t.text) == 1 and t.text > "\U0001f000" for t in goods)
    if not is_shown or any(t.kind == Kind.NUMBER for t in tokens) or len(set(keys)) == len(keys):
        return tokens
    if any(t.kind == Kind.WORD for t in tokens) or any(
        a.end != b.start for a, b in pairwise(goods)
    ):
        return tokens
    result: list[Token] = []
    for token in tokens:
        named = token.named
        if named is None:
            result.append(token)
        elif keys.count(named.keys):
            count = Token(Kind.NUMBER, token.end, token.end, "", value=keys.count(named.keys))
            result += [token, count]
            keys = [other for other in keys if other != named.keys]
    return [replace(token) for token in result]

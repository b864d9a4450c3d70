"""Goods shown so often as they are wanted: 🥐🥐🥯; a picture of what was just ordered: 百威2箱🍺. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

_PAIR = 2
_ENDS = frozenset(",，。;；、\n!~")


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


def without_echoes(tokens: list[Token]) -> list[Token]:
    """百威2箱🍺: one picture behind goods and how many, of these very goods, adds nothing."""
    return [
        Token(Kind.BREAK, token.start, token.end, token.text, unit="2")
        if _is_echo(tokens, place)
        else token
        for place, token in enumerate(tokens)
    ]


def _is_echo(tokens: list[Token], place: int) -> bool:
    token = tokens[place]
    before = [t for t in tokens[max(0, place - 4) : place] if t.text != " "]
    after = next((t for t in tokens[place + 1 :] if t.text != " "), None)
    if not _is_picture(token) or len(before) < _PAIR or token.named is None:
        return False
    goods, number = before[-2:]
    is_pair = goods.kind == Kind.GOODS and number.kind == Kind.NUMBER and not _is_picture(goods)
    is_last = after is None or (after.kind == Kind.BREAK and after.text in _ENDS)
    same = goods.named is not None and set(goods.named.keys) <= set(token.named.keys)
    return is_pair and is_last and same and tokens[place - 1].end == token.start


def _is_picture(token: Token) -> bool:
    is_sign = token.kind == Kind.GOODS and len(token.text) == 1
    return is_sign and unicodedata.category(token.text) == "So"


def doubt_pictures(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> None:
    """鸡蛋1🍺: the picture of other goods behind what was ordered."""
    said = {key for t in tokens if t.named is not None for key in t.named.keys} or set(menu.goods)
    last = None
    for token in tokens:
        is_behind = last is not None and last.kind == Kind.NUMBER
        shown = menu.short.get(token.text) if token.kind == Kind.BREAK and is_behind else None
        is_picture = len(token.text) == 1 and unicodedata.category(token.text) == "So"
        if shown is not None and is_picture and shown.key not in said:
            wanted.doubt("words_unexplained", words=token.text)
        last = last if token.text == " " else token

"""Counts that are printed in a name: 生蚝一打, written so, is one of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.line.folding import fold, low
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

_COUNT = re.compile("([一整半两三四五六七八九十])([打对双只个斤盒箱包份条板串袋瓶])$")
_BREAK = 2


def count_printed(tokens: Sequence[Token], menu: Menu) -> list[Token]:
    """The tokens with 1 behind every thing whose name ends in a count and is written out, where no number follows."""
    if any(token.kind == Kind.WORD and token.unit == "each" for token in tokens):
        return list(tokens)
    result: list[Token] = []
    for place, token in enumerate(tokens):
        result.append(token)
        if token.kind == Kind.GOODS and _is_printed(token, menu) and not _is_counted(tokens, place):
            result.append(Token(Kind.NUMBER, token.end, token.end, "1", value=1))
    return result


def _is_printed(token: Token, menu: Menu) -> bool:
    """Its name to the end, and nothing else on the menu has the name without the count."""
    keys = token.named.keys if token.named is not None else ()
    name = low(fold(menu.goods[keys[0]].name)) if len(keys) == 1 else ""
    count = _COUNT.search(name)
    if (
        count is None
        or not low(token.text).endswith(count[0])
        or len(token.text) < len(count[0]) + 2
    ):
        return False
    base = name[: count.start()]
    is_plain = any(low(fold(one.name)) == base for one in menu.goods.values())
    return not is_plain and (count[1] in {"一", "整"} or menu.goods[keys[0]].unit != count[2])


def _is_counted(tokens: Sequence[Token], place: int) -> bool:
    """A number, or a word nobody knows, stands behind it before the next goods, or a number before it."""
    before = next((t for t in reversed(tokens[:place]) if t.kind != Kind.BREAK), None)
    if before is not None and before.kind == Kind.NUMBER and before.end == tokens[place].start:
        return True
    for token in tokens[place + 1 :]:
        if token.kind == Kind.GOODS or (
            token.kind == Kind.BREAK and int(token.unit or 0) >= _BREAK
        ):
            return False
        if token.kind in {Kind.NUMBER, Kind.SUM, Kind.SPEC, Kind.TEXT}:
            return True
    return False

"""Sizes where the name should stand: 8寸1 of the only thing of that size, 大米5kg1袋 10kg1袋. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.amounts.bulk import is_of
from orders.chain.amounts.units import WEIGHTS
from orders.chain.line.folding import low
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu
from orders.chain.names.variants import family_of

SIGNS = frozenset({" ", "*", "+", ":", "=", "x"})
_COMMAS = frozenset({",", "、"})


def lone_size(tokens: Sequence[Token], place: int, menu: Menu) -> int | None:
    """The key of what a size at this place stands for, where no goods stand beside it and how many follows."""
    size = tokens[place]
    is_weight = size.kind == Kind.NUMBER and size.unit in WEIGHTS and not size.sign
    if not is_weight and (size.kind != Kind.SPEC or size.unit):
        return None
    before = next((t for t in reversed(tokens[:place]) if t.text not in SIGNS), None)
    after = next((t for t in tokens[place + 1 :] if t.text not in SIGNS | {"的"}), None)
    if after is None or after.kind != Kind.NUMBER:
        return None
    if is_weight:
        return _another_weight(tokens, place, after, menu)
    if before is not None and (before.kind in {Kind.GOODS, Kind.SPEC, Kind.TEXT}):
        return None
    said = re.compile(rf"(?<![\d.]){re.escape(low(size.text))}")
    keys = [one.key for one in menu.goods.values() if said.search(low(f"{one.name} {one.spec}"))]
    named = next((t.named for t in reversed(tokens[:place]) if t.named is not None), None)
    if named is not None and _has_size(named.keys, size.text, menu):
        family = family_of(named.keys, menu.families)  # 草莓4寸1 6寸1
        keys = [key for key in keys if family is not None and key in family.marks]
    return keys[0] if len(keys) == 1 and len(menu.goods) > 1 else None


def _another_weight(tokens: Sequence[Token], place: int, after: Token, menu: Menu) -> int | None:
    """10kg1袋 behind 大米5kg1袋: another size of the same. 5kg and 10kg of one number behind them stay asked."""
    last = next((t for t in reversed(tokens[:place]) if t.named is not None), None)
    before = next((t for t in reversed(tokens[:place]) if t.text not in SIGNS | _COMMAS), None)
    is_counted = before is not None and before.kind == Kind.NUMBER and before.unit not in WEIGHTS
    family = family_of(last.named.keys, menu.families) if last and last.named else None
    if family is None or not is_counted or after.unit in WEIGHTS:
        return None
    keys = [key for key in family.marks if is_of(tokens[place].text, menu.goods[key])]
    return keys[0] if len(keys) == 1 else None


def _has_size(keys: Sequence[int], size: str, menu: Menu) -> bool:
    """Those named before come in sizes so measured: 8寸 behind 提拉米苏6寸 is said of it."""
    unit = re.sub(r"[^a-z寸升斤克]", "", low(size))
    words = [low(f"{menu.goods[key].name} {menu.goods[key].spec}") for key in keys]
    return bool(unit) and any(re.search(rf"\d\s?{unit}", text) for text in words)

"""What a size comes to, in ml or g. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from orders.chain.line.folding import low
from orders.chain.names.goods import Goods

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
NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MEASURE = re.compile(
    rf"(\d{{1,6}}(?:\.\d{{1,3}})?)\s{{0,3}}({'|'.join(sorted(_BASES, key=len, reverse=True))})"
)


def is_of(size: str, one: Goods) -> bool:
    """1kg of 500g*2 is not looked into; 1kg of 2斤 is, and 24罐装 of 330ml*24."""
    words = f"{one.name} {one.spec}"
    said = measures_in(size)[:1]
    return said[0] in measures_in(words) if said else _numbers(size) <= _numbers(words)


def _numbers(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def measures_in(text: str) -> list[tuple[Decimal, str]]:
    """Sizes in ml or g."""
    found = []
    for amount, unit in _MEASURE.findall(low(text)):
        factor, base = _BASES[unit]
        found.append((Decimal(amount) * factor, base))
    return found

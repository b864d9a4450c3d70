"""What is on offer, and a piece of text that names some of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Goods:
    """An offer. `key` is the caller's; `most` what a household may have, `left` what there is (None: no limit); `least`
    what it must take, in the unit of sale.
    """

    key: int
    number: int
    name: str
    spec: str = ""
    unit: str = ""
    price_fen: int = 0
    aliases: tuple[str, ...] = ()
    most: int | None = None
    left: int | None = None
    least: int = 0


class Trust(IntEnum):
    """How well a text names a thing. Above GOOD a person has to look."""

    EXACT = 0
    GOOD = 1
    PARTLY = 2
    SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A piece of text that names goods: `keys` has more than one member where it could be several."""

    keys: tuple[int, ...]
    trust: Trust
    end: int

"""Who orders what, and how it goes wrong on the way: the same for the same seed. Knows no Django.

Whoever wants the capped product at once gets it: exactly as many pieces are asked for in the first
rush as there are. Latecomers find it sold out. So the result does not hang on who is faster.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from seeds.wanping.plan import Home

SEED = 5
CAPPED = "鲜鸡蛋（30枚）"
CAP = 24
LIMITED = "一级大豆油"
LIMIT = 2

LATECOMERS = 6
GREEDY = 2
LOST_REPLIES = 12
CHANGES = 9
CANCELLATIONS = 5
OUTDATED = 2

# How many lines a household of one, two … has, give or take two.
_LINES = (4, 6, 7, 8, 10, 13)
# What a household takes of each kind; the dearer a product, the rarer it is taken.
_LIKES: Mapping[str, float] = {
    "蔬菜": 5.0,
    "豆制品": 3.0,
    "肉禽": 6.0,
    "蛋品": 4.0,
    "水产冻品": 3.0,
    "水果": 6.0,
    "粮油面食": 4.0,
    "乳品": 6.0,
    "速冻方便": 2.5,
    "调味品": 1.0,
    "纸品": 3.0,
    "套餐": 3.0,
}
_SELDOM = 0.8

# Product → pieces.
Basket = dict[str, int]


@dataclass(frozen=True, slots=True)
class Good:
    """A product by its name; the price in fen."""

    name: str
    category: str
    price_fen: int


class Mishap(Enum):
    """What goes wrong in a household's ordering."""

    NONE = "none"
    LOST_REPLY = "lost reply"
    HUNG_UP = "hung up"
    CHANGE = "change"
    CANCEL = "cancel"
    GREEDY = "over the limit"
    LATE = "sold out"
    OUTDATED = "outdated price"


@dataclass(slots=True)
class Wishes:
    """One household: `basket` is what it ends up with, `first` what it orders or tries before."""

    home: Home
    basket: Basket
    mishap: Mishap = Mishap.NONE
    first: Basket = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        return self.mishap is Mishap.LATE


def all_wishes(homes: Iterable[Home], goods: Sequence[Good], seed: int = SEED) -> list[Wishes]:
    """One entry for each household that orders, in the order of the homes."""
    chance = random.Random(seed)
    # By name: the order of the menu is the organiser's business.
    usual = sorted(
        (good for good in goods if good.name not in (CAPPED, LIMITED)), key=lambda good: good.name
    )
    wishes = [Wishes(home, _basket(chance, home, usual)) for home in homes if home.orders]
    order = chance.sample(range(len(wishes)), len(wishes))
    queue = iter(wishes[index] for index in order)
    _give_out_capped(chance, [wishes[index] for index in reversed(order)])
    for mishap, count in _MISHAPS:
        for _ in range(count):
            _go_wrong(chance, next(queue), mishap, usual)
    return wishes


_MISHAPS = (
    (Mishap.LATE, LATECOMERS),
    (Mishap.GREEDY, GREEDY),
    (Mishap.LOST_REPLY, LOST_REPLIES // 2),
    (Mishap.HUNG_UP, LOST_REPLIES // 2),
    (Mishap.CHANGE, CHANGES),
    (Mishap.CANCEL, CANCELLATIONS),
    (Mishap.OUTDATED, OUTDATED),
)


def _basket(chance: random.Random, home: Home, goods: Sequence[Good]) -> Basket:
    people = len(home.people)
    lines = max(3, _LINES[people - 1] + chance.randint(-2, 2))
    basket: Basket = {}
    while len(basket) < lines:
        good = chance.choices(goods, [_weight(good) for good in goods])[0]
        basket.setdefault(good.name, _pieces(chance, good, people))
    return basket


def _weight(good: Good) -> float:
    return _LIKES.get(good.category, _SELDOM) / (1 + good.price_fen / 2700)


def _pieces(chance: random.Random, good: Good, people: int) -> int:
    """Large families take two or three of what is cheap."""
    if good.price_fen > 1500:
        return 2 if people >= 5 and chance.random() < 0.25 else 1
    return 1 + sum(chance.random() < people / 12 for _ in range(2))


def _give_out_capped(chance: random.Random, wishes: Sequence[Wishes]) -> None:
    """The first in the line take all pieces there are, one each; some of them oil besides."""
    for wish in wishes[:CAP]:
        wish.basket[CAPPED] = 1
    for wish in chance.sample(list(wishes), 8):
        wish.basket[LIMITED] = chance.randint(1, LIMIT)


def _go_wrong(chance: random.Random, wish: Wishes, mishap: Mishap, goods: Sequence[Good]) -> None:
    wish.mishap = mishap
    wish.first = dict(wish.basket)
    if mishap is Mishap.LATE:
        wish.first[CAPPED] = 1
    elif mishap is Mishap.GREEDY:
        wish.basket[LIMITED] = LIMIT
        wish.first[LIMITED] = LIMIT + 1
    elif mishap in (Mishap.CHANGE, Mishap.CANCEL):
        dropped = chance.choice(list(wish.first))
        wish.first.pop(dropped)
        extra = chance.choice([good.name for good in goods if good.name not in wish.basket])
        wish.first[extra] = 1

"""The communities of the town and their houses, as plain values: the same ones each time. Knows no Django."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from config.kernel.money import split

SEED = 20220415
COMMUNITIES = 100
HOUSEHOLDS = 30_000
# One neighbourhood's committee answers for so many communities.
PER_NEIGHBOURHOOD = 4
# The first community of a whole town is the big one: 1,650 of 30,000 households, everybody else has the rest.
_BIG_SHARE = 1649 / (30_000 - 100 - 1649)
_BIG_FROM = 20

# A neighbourhood's name is two of these signs.
_STEMS = "万泰蒲汇佳宝航东航华莲浦吴宝沪星联明红明中春友谊青年东塘西塘富强新桥明泉静安豪世皓月宝南九星号上漕宝"
_ROADS = ("漕宝路", "七莘路", "吴宝路", "宝南路", "新镇路", "中春路", "青年路", "农南路", "蒲汇路")


@dataclass(frozen=True, slots=True)
class Style:
    """How such an estate is built. `units`: stairwells of one house; 1 where each has a number of its own."""

    floors: tuple[int, ...]
    doors: tuple[int, ...]
    units: int = 1


_OLD = Style(floors=(6,), doors=(2, 3, 4))
_SLAB = Style(floors=(6, 7, 11, 12), doors=(2, 2, 3, 4))
_TOWER = Style(floors=(14, 18, 24, 28), doors=(4, 6))
_BLOCKS = Style(floors=(5, 6), doors=(2, 3), units=3)
_STYLES = {
    "新村": _OLD,
    "花苑": _SLAB,
    "名邸": _TOWER,
    "公寓": _BLOCKS,
    "花园": _SLAB,
    "小区": _OLD,
    "国际城": _TOWER,
    "坊": _BLOCKS,
    "雅苑": _SLAB,
    "家园": _BLOCKS,
}
_LIFT_FROM = 7


@dataclass(frozen=True, slots=True)
class Stairwell:
    """What people think of as one house. `homes` of its rooms are lived in, from the ground up."""

    lane: str
    number: str
    unit: str
    floors: int
    doors: int
    homes: int

    @property
    def label(self) -> str:
        """1467弄12号; 3幢2单元."""
        return f"{self.number}幢{self.unit}单元" if self.unit else f"{self.lane}弄{self.number}号"

    @property
    def has_lift(self) -> bool:
        return self.floors >= _LIFT_FROM

    @property
    def rooms(self) -> Iterator[str]:
        for place in range(self.homes):
            yield f"{place // self.doors + 1}{place % self.doors + 1:02}"


@dataclass(frozen=True, slots=True)
class Estate:
    """A community: its place in the town (from 1), its committee's name, its houses."""

    position: int
    neighbourhood: str
    name: str
    address: str
    stairwells: tuple[Stairwell, ...]

    @property
    def homes(self) -> int:
        return sum(stairwell.homes for stairwell in self.stairwells)


def estates(communities: int = COMMUNITIES, households: int = HOUSEHOLDS) -> list[Estate]:
    """All communities of the town. Households are spread unevenly, at least one in each.

    ValueError for more communities than there are names, or than households.
    """
    if not 1 <= communities <= len(_STEMS) // 2 * PER_NEIGHBOURHOOD or households < communities:
        raise ValueError(f"{communities} communities with {households} households")
    chance = random.Random(SEED)
    lanes = iter(chance.sample(range(12, 3600), 3 * communities))
    return [
        _estate(chance, position, homes, lanes)
        for position, homes in enumerate(_sizes(chance, communities, households), start=1)
    ]


def _sizes(chance: random.Random, communities: int, households: int) -> list[int]:
    weights = [
        round(1000 * min(4, max(0.3, chance.lognormvariate(0, 0.55)))) for _ in range(communities)
    ]
    if communities >= _BIG_FROM:
        weights[0] = round(_BIG_SHARE * sum(weights[1:]))
    return [1 + more for more in split(households - communities, weights)]


def _estate(chance: random.Random, position: int, homes: int, lanes: Iterator[int]) -> Estate:
    place, turn = divmod(position - 1, PER_NEIGHBOURHOOD)
    stem = _STEMS[2 * place : 2 * place + 2]
    # The kinds of a neighbourhood differ, so that its names do.
    kind = list(_STYLES)[(place + turn * 3) % len(_STYLES)]
    own = [str(next(lanes)) for _ in range(3)][: 1 + homes // 450]
    address = f"上海市闵行区{chance.choice(_ROADS)}{own[0]}弄（示例地址）"
    stairwells = tuple(_stairwells(chance, _STYLES[kind], homes, own))
    return Estate(position, f"{stem}居民区", f"{stem}{kind}", address, stairwells)


def _stairwells(
    chance: random.Random, style: Style, homes: int, lanes: list[str]
) -> Iterator[Stairwell]:
    """Houses until everybody has a door; the last one is only partly lived in. Each lane counts its own numbers."""
    left, house = homes, 0
    while left:
        house += 1
        floors, doors = chance.choice(style.floors), chance.choice(style.doors)
        lane, number = lanes[house % len(lanes)], (house - 1) // len(lanes) + 1
        for unit in range(1, style.units + 1):
            lived_in = min(left, floors * doors)
            if lived_in:
                named = (lane, str(number), "") if style.units == 1 else ("", str(house), str(unit))
                yield Stairwell(*named, floors=floors, doors=doors, homes=lived_in)
            left -= lived_in

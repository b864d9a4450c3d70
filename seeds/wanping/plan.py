"""Who lives where and who does what, as plain values: the same ones each time. Knows no Django."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from seeds.wanping.names import family, single_name

SEED = 20220401
# Households with one person, with two …: 99 households, 323 people.
SIZES = (11, 21, 25, 21, 15, 6)
CARE = 14
WITHOUT_SMARTPHONE = 12
# Of those, these order through a relative elsewhere in town; the others stay silent.
WITH_RELATIVE = 7

Place = Literal["community", "building", "neighbourhood"]


@dataclass(frozen=True, slots=True)
class BuildingPlan:
    """`floors` × `doors` rooms, named by floor and door: 101 … 1103."""

    number: str
    floors: int
    doors: int
    has_lift: bool = False

    @property
    def rooms(self) -> Iterator[str]:
        for floor in range(1, self.floors + 1):
            for door in range(1, self.doors + 1):
                yield f"{floor}{door:02}"


BUILDINGS = (
    BuildingPlan("1", floors=6, doors=4),
    BuildingPlan("2", floors=11, doors=3, has_lift=True),
    BuildingPlan("3", floors=6, doors=4),
    BuildingPlan("4", floors=6, doors=3),
)


@dataclass(frozen=True, slots=True)
class Home:
    """A household. `relative` orders for it from elsewhere; the first of `people` speaks for it."""

    building: str
    room: str
    people: tuple[str, ...]
    needs_care: bool
    has_smartphone: bool
    relative: str = ""

    @property
    def orders(self) -> bool:
        return self.has_smartphone or bool(self.relative)


@dataclass(frozen=True, slots=True)
class Duty:
    """A post. `home` is where its holder lives, if in the compound; a leader's is in the own building."""

    username: str
    role: str
    name: str
    place: Place = "community"
    home: Home | None = None


def homes() -> list[Home]:
    """All 99, building by building, room by room."""
    chance = random.Random(SEED)
    doors = [(plan.number, room) for plan in BUILDINGS for room in plan.rooms]
    sizes = [size for size, count in enumerate(SIZES, start=1) for _ in range(count)]
    chance.shuffle(sizes)
    small = [index for index, size in enumerate(sizes) if size <= 2]
    offline = chance.sample(small, WITHOUT_SMARTPHONE)
    relatives = set(offline[:WITH_RELATIVE])
    care = {*offline[2:11], *chance.sample([i for i in small if i not in offline], CARE - 9)}
    return [
        Home(
            building=building,
            room=room,
            people=family(chance, sizes[index]),
            needs_care=index in care,
            has_smartphone=index not in offline,
            relative=single_name(chance) if index in relatives else "",
        )
        for index, (building, room) in enumerate(doors)
    ]


def duties(households: Sequence[Home]) -> list[Duty]:
    """Sixteen people: committee 2, property 2, owners' committee 1, volunteers 11."""
    chance = random.Random(SEED + 1)
    able = [home for home in households if home.has_smartphone and len(home.people) >= 2]
    leaders = [
        next(home for home in able if home.building == plan.number and home.room > "2")
        for plan in BUILDINGS
    ]
    others = iter(chance.sample([home for home in able if home not in leaders], 8))
    posts = [
        *((f"leader-{home.building}", "building_leader", home) for home in leaders),
        *((name, role, next(others)) for name, role in _RESIDENT_POSTS),
    ]
    living_here = [
        Duty(name, role, home.people[0], "building" if home in leaders else "community", home)
        for name, role, home in posts
    ]
    return living_here + [
        Duty(name, role, single_name(chance), place) for name, role, place in _OTHER_POSTS
    ]


_RESIDENT_POSTS = (
    ("organiser", "organiser"),
    ("checker", "checker"),
    ("checker-2", "checker"),
    ("treasurer", "treasurer"),
    ("volunteer-1", "volunteer"),
    ("volunteer-2", "volunteer"),
    ("volunteer-3", "volunteer"),
    ("owners", "owners_committee"),
)
_OTHER_POSTS: tuple[tuple[str, str, Place], ...] = (
    ("committee", "committee", "neighbourhood"),
    ("committee-2", "committee", "neighbourhood"),
    ("property", "property", "community"),
    ("property-2", "property", "community"),
)

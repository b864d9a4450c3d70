"""Numbers of rooms, and houses, that look like a slip of the hand. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from communities.roster.cells import floor_and_door
from communities.roster.rules import MOST_FLOORS

# So many floors with homes, most of those there are, make a building whose height is known; a room so far above is odd.
_FULL, _APART = 3, 2
# Houses with so many flats make one with a single flat odd.
_USUAL = 4
_ODD = re.compile(
    r"^[^\w]|[^\w甲乙丙丁)]$|[*?!=@]|\d[OIL]\d|^[OIL]\d|^\d+-\d{3}|\w[/、,，;；&+和及与]\w"
)

House = TypeVar("House")


def is_odd_number(room: str) -> bool:
    """-101, 2O3, 10?, 302/303, 1-503 in a building that is no 1: what the number of a flat seldom has."""
    return _ODD.search(room.upper()) is not None


@dataclass
class Grid:
    """How many rooms each floor of a house has, and how many floors each door."""

    floors: Counter[int] = field(default_factory=Counter)
    doors: Counter[int] = field(default_factory=Counter)

    def add(self, rooms: Iterable[str]) -> Grid:
        for room in rooms:
            if (place := floor_and_door(room)) is not None:
                self.floors[place[0]] += 1
                self.doors[place[1]] += 1
        return self

    def strangeness(
        self, room: str, *, asks_floor: bool = True, asks_door: bool = True
    ) -> tuple[str, dict[str, int]]:
        """(room_odd, room_high or room_far, the limit that the other rooms show); ("", {}) for nothing strange.

        Floors or doors are not asked where their number was said.
        """
        if is_odd_number(room):
            return "room_odd", {}
        if (place := floor_and_door(room)) is None:
            return "", {}
        high, far = floors_beyond(self.floors), doors_beyond(self.doors)
        if asks_floor and place[0] in high:
            return "room_high", {
                "floors": max((one for one in self.floors if one not in high), default=0)
            }
        if asks_door and place[1] in far:
            return "room_far", {"doors": max(one for one in self.doors if one not in far)}
        return "", {}


def floors_beyond(floors: Mapping[int, int]) -> frozenset[int]:
    """Of the floors, each with its number of rooms, those that no such house has: 99 above five full floors.

    Single rooms more than two floors above where the others end, or anything above MOST_FLOORS.
    """
    run = sorted(floor for floor in floors if floor <= MOST_FLOORS)
    top = _top(run, floors)
    return frozenset(
        floor for floor in floors if floor > MOST_FLOORS or (top is not None and floor > top)
    )


def doors_beyond(doors: Mapping[int, int]) -> frozenset[int]:
    """Of the doors, each with the number of floors that have it, single ones far behind those that floors share."""
    last = max((door for door, count in doors.items() if count > 1), default=0)
    alone = (door for door, count in doors.items() if count == 1 and door > last + _APART)
    return frozenset(alone) if last else frozenset()


def _top(run: list[int], floors: Mapping[int, int]) -> int | None:
    """The last floor of the body of a house, where single rooms stand far above it; else None."""
    for count in range(_FULL, len(run)):
        last, above = run[count - 1], run[count:]
        is_full = count * 3 >= last * 2
        if is_full and above[0] > last + _APART and all(floors[floor] == 1 for floor in above):
            return last
    return None


def lonely(homes: Mapping[House, Collection[str]]) -> set[House]:
    """Houses with a single flat among houses of many: 11号楼 typed for 1号楼. Villas are not meant."""
    single = {
        house
        for house, rooms in homes.items()
        if len(rooms) == 1 and floor_and_door(next(iter(rooms))) is not None
    }
    rest = [len(rooms) for rooms in homes.values() if len(rooms) > 1]
    if not rest or len(single) > len(rest) or median(rest) < _USUAL:
        return set()
    return single

"""Rooms that a building should have by the look of its others. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from communities.roster.cells import floor_and_door
from communities.roster.outliers import doors_beyond, floors_beyond

# Numbers that many buildings do without.
_AVOIDED = {4, 13, 14, 24}
_FEW = 3
# Houses whose last floors are so near are built alike.
_ALIKE = 1

House = TypeVar("House")
Floors = dict[int, set[int]]


def gaps_in(houses: Mapping[House, Iterable[str]]) -> dict[House, list[str]]:
    """The missing ones of each house that has any, in their order: 103 where 101, 102 and 104 are there.

    Nothing for a building of a few rooms, nor for a door or floor that people avoid where it is missing throughout and
    no house of the same height has it. A room that stands alone far above the others promises nothing.
    """
    read = {house: _grid(rooms) for house, rooms in houses.items()}
    tops: dict[int, set[int]] = defaultdict(set)
    for there, _width in read.values():
        if there:
            tops[max(there)] |= there.keys()
    found = {}
    for house, (there, width) in read.items():
        if not there:
            continue
        top = max(there)
        alike = set().union(*(tops.get(top + by, ()) for by in range(-_ALIKE, _ALIKE + 1)))
        if missing := _missing(there, alike):
            found[house] = [f"{floor}{door:02}".zfill(width) for floor, door in missing]
    return found


def _grid(rooms: Iterable[str]) -> tuple[Floors, int]:
    """Doors by floor, and how long a room's number is."""
    places = [(room, place) for room in rooms if (place := floor_and_door(room)) is not None]
    high = floors_beyond(Counter(floor for _room, (floor, _door) in places))
    far = doors_beyond(Counter(door for _room, (_floor, door) in places))
    there: Floors = defaultdict(set)
    width = 3
    for room, (floor, door) in places:
        if floor not in high and door not in far:
            there[floor].add(door)
            width = max(width, len(room))
    return there, width


def _missing(there: Floors, alike: set[int]) -> list[tuple[int, int]]:
    if sum(map(len, there.values())) < _FEW:
        return []
    used = set().union(*there.values())
    doors = [door for door in range(1, max(used) + 1) if door in used or door not in _AVOIDED]
    # A house of three floors that begins on the second is no gap below.
    floors = [f for f in range(min(there), max(there) + 1) if f in alike or f not in _AVOIDED]
    missing = [
        (floor, door) for floor in floors for door in doors if door not in there.get(floor, ())
    ]
    # Most rooms missing: the numbers are no grid.
    return [] if len(missing) > len(floors) * len(doors) / 2 else missing

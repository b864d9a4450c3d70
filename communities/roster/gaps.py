"""Rooms that a building should have by the look of its others. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from communities.roster.cells import floor_and_door

# Numbers that many buildings do without.
_AVOIDED = {4, 13, 14, 24}
_FEW = 3


def gaps(rooms: Iterable[str]) -> list[str]:
    """The missing ones, in their order: 103 where 101, 102 and 104 are there.

    Nothing for a building of a few rooms, nor for a door or floor that people avoid where it is missing throughout.
    """
    there: dict[int, set[int]] = defaultdict(set)
    width = 3
    for room in rooms:
        place = floor_and_door(room)
        if place is not None:
            there[place[0]].add(place[1])
            width = max(width, len(room))
    if sum(map(len, there.values())) < _FEW:
        return []
    used = set().union(*there.values())
    doors = [door for door in range(1, max(used) + 1) if door in used or door not in _AVOIDED]
    # A house of three floors that begins on the second is no gap below.
    floors = [f for f in range(min(there), max(there) + 1) if f in there or f not in _AVOIDED]
    missing = [(floor, door) for floor in floors for door in doors if door not in there[floor]]
    # Most rooms missing: the numbers are no grid.
    if len(missing) > len(floors) * len(doors) / 2:
        return []
    return [f"{floor}{door:02}".zfill(width) for floor, door in missing]

"""Two bare numbers in the chat of one building with stairwells: unit and room, where its people write so. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from communities.addresses.located import Certainty
from communities.addresses.register import Pair
from orders.chain.entries import Piece
from orders.chain.lists.doors import Doors

_PAIR = re.compile(r"(\d{1,2})-\d{3,4}(?![\d-])")
# Whoever says the building too may leave out the unit.
_BUILDING = re.compile(r"\d{1,2}-\d{1,2}-\d{3,4}|\d\s?[号幢栋楼]|弄")
_FEWEST, _UNITS = 5, 2


def by_unit(doors: Doors, pieces: Sequence[Piece]) -> Doors:
    """`doors`, to which 3-602 is unit 3 in the chat of building 3, if at least five rows of at least two other units
    are written so, and none in another way.
    """
    homes = {house.id: house for house in doors.register.houses if house.id in doors.home}
    numbers = {house.number for house in homes.values()}
    if len(numbers) != 1 or len(homes) < _UNITS or doors.register.rules.pair is not None:
        return doors
    (number,) = numbers
    if any(_BUILDING.search(piece.text) for piece in pieces):
        return doors
    said = [match for piece in pieces if (match := _PAIR.match(piece.text)) is not None]
    others = [match for match in said if match[1] != number]
    if len(others) < _FEWEST or len({match[1] for match in others}) < _UNITS:
        return doors
    for match in others:
        located = doors.find(match[0])
        house = homes.get(located.building_id or 0)
        if located.certainty != Certainty.SURE or house is None or house.unit != match[1]:
            return doors
    rules = replace(doors.register.rules, pair=Pair.UNIT_ROOM)
    return Doors(replace(doors.register, rules=rules), doors.home, doors.menu)

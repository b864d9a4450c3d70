"""Whether a building can have a room of this number at all. Pure."""

from __future__ import annotations

from enum import StrEnum

from communities.addresses.index import room_key
from communities.addresses.matching import floor_of
from communities.addresses.register import House, RoomRange, Rules


class Oddity(StrEnum):
    """Why a building cannot have a room."""

    ABOVE = "above"  # the last floor
    BEYOND = "beyond"  # the last door of a floor
    OUTSIDE = "outside"  # what the compound's rules say
    ZERO = "zero"  # floor or door nought


def oddity_of(house: House, room: str, rules: Rules, *, doors: int | None = None) -> Oddity | None:
    """Why there can be no such room: 901 in a house of six floors, 607 where a floor has six `doors`, 100, and
    what is beyond a range of the rules, the house's own before the compound's.

    None where nothing is known: floors of the house, doors on a floor, a range, a number in the room.
    """
    key = room_key(room)
    floor = floor_of(key)
    if not floor:
        return None
    door = _door_of(key)
    if house.floors is not None and int(floor) > house.floors:
        return Oddity.ABOVE
    if doors is not None and door > doors:
        return Oddity.BEYOND
    if door == 0:
        return Oddity.ZERO
    own = [one for one in rules.rooms if one.house_id == house.id]
    ranges = own or [one for one in rules.rooms if one.house_id is None]
    if ranges and not any(_is_within(int(floor), door, one) for one in ranges):
        return Oddity.OUTSIDE
    return None


def room_is_plausible(house: House, room: str, rules: Rules, *, doors: int | None = None) -> bool:
    return oddity_of(house, room, rules, doors=doors) is None


def _is_within(floor: int, door: int, span: RoomRange) -> bool:
    lowest, highest = room_key(span.lowest), room_key(span.highest)
    bottom, top = floor_of(lowest), floor_of(highest)
    if not bottom or not top:
        return True
    return int(bottom) <= floor <= int(top) and _door_of(lowest) <= door <= _door_of(highest)


def _door_of(key: str) -> int:
    """1103A → 3."""
    return int("".join(sign for sign in key[len(floor_of(key)) :] if sign.isdecimal()))

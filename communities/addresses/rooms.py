"""Whether a building can have a room of this number at all. Pure."""

from __future__ import annotations

from communities.addresses.index import room_key
from communities.addresses.matching import floor_of
from communities.addresses.register import House, RoomRange, Rules


def room_is_plausible(house: House, room: str, rules: Rules, *, doors: int | None = None) -> bool:
    """False for 901 in a house of six floors, 607 where a floor has six doors, and beyond a range of the rules.

    True where nothing is known: floors of the house, `doors` on a floor, a range, a number in the room.
    """
    key = room_key(room)
    floor = floor_of(key)
    if not floor:
        return True
    door = _door_of(key)
    if house.floors is not None and int(floor) > house.floors:
        return False
    if doors is not None and door > doors:
        return False
    own = [one for one in rules.rooms if one.house_id == house.id]
    ranges = own or [one for one in rules.rooms if one.house_id is None]
    return not ranges or any(_is_within(int(floor), door, one) for one in ranges)


def _is_within(floor: int, door: int, span: RoomRange) -> bool:
    lowest, highest = room_key(span.lowest), room_key(span.highest)
    bottom, top = floor_of(lowest), floor_of(highest)
    if not bottom or not top:
        return True
    return int(bottom) <= floor <= int(top) and _door_of(lowest) <= door <= _door_of(highest)


def _door_of(key: str) -> int:
    """1103A → 3."""
    return int("".join(sign for sign in key[len(floor_of(key)) :] if sign.isdecimal()))

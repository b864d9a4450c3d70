"""Find the household in an address field or in a free line of a chat. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from communities.addresses.located import Certainty, Located, Reason
from communities.addresses.register import Register

_PAIR = re.compile(r"\s*(\d{1,3})\s*[-—－#号]\s*(\d{3,4})(?!\d)")


def locate(text: str, register: Register, *, home: Collection[int] = ()) -> Located:
    """Read a field that holds an address and nothing else: 五百弄56栋602, 2-301, 301室2号楼.

    `home` are the houses of the chat group it came from: a room alone is then one of theirs.
    """
    return find(text, register, home=home)


def find(text: str, register: Register, *, home: Collection[int] = ()) -> Located:
    """Read a free line that holds an address somewhere: `2-301 张阿姨 A2 B1`, its index (3.) already taken off.

    What is not the address stays outside of `spans`. A phone number is never an address.
    """
    pair = _PAIR.match(text)
    if pair is None:
        return Located(Certainty.NONE, Reason.NO_ADDRESS)
    houses = {house.id: house for house in register.houses if house.number == pair[1]}
    if len(houses) > 1 and home:
        houses = {key: house for key, house in houses.items() if key in home} or houses
    found = [d for d in register.doors if d.house_id in houses and d.room == pair[2]]
    span = ((pair.start(1), pair.end(2)),)
    params = {"building": pair[1], "room": pair[2]}
    if len(found) == 1:
        door = found[0]
        return Located(
            Certainty.SURE,
            Reason.FOUND,
            door.id,
            door.house_id,
            door.room,
            (door.id,),
            span,
            params,
        )
    reason = Reason.ROOM_UNKNOWN if houses else Reason.BUILDING_UNKNOWN
    ids = tuple(door.id for door in found)[:8]
    return Located(
        Certainty.DOUBTFUL, reason, None, next(iter(houses), None), pair[2], ids, span, params
    )

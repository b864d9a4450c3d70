"""What to say where no pieces in a row lead to a household: a room far from its house, half an address, none. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from communities.addresses.elsewhere import is_other_place
from communities.addresses.gluing import is_glued
from communities.addresses.located import Certainty, Located, Reason
from communities.addresses.matching import Match, floor_of, match
from communities.addresses.misgivings import is_number_unread
from communities.addresses.pieces import (
    AREAS,
    BARE,
    DOORWAY,
    FLOOR,
    HOUSE,
    LANE,
    NAME,
    ROOM,
    STOREY,
    SUB_LANE,
    UNIT,
)
from communities.addresses.reading import MOST, Reading, Window
from communities.addresses.register import Door

_PLACED = frozenset({HOUSE, ROOM, UNIT, DOORWAY, LANE, SUB_LANE, STOREY})
_TYPED = re.compile(r"(?:别墅|商铺|店铺|商务楼|门面|门面房|底商|排屋|洋房)\s?$")
_NUMBERLESS = re.compile(r"(?:号楼|幢|栋|单元|门洞)\s?-?$")
_SAME = re.compile(r"(?:地址)?(?:同上|同楼上|跟上面一样|和上面一样)")


def far_room(reading: Reading, windows: list[Window]) -> Located | None:
    """2号楼 张三 301: a house at one place, the only number of a room at another."""
    houses = [w for w in windows if w.match.reason == Reason.ROOM_MISSING and w.match.ways]
    houses = [w for w in houses if not any(other.holds(w) for other in houses)]
    rooms = [
        place
        for place, piece in enumerate(reading.pieces)
        if piece.kind in {BARE, ROOM} and piece.is_long
    ]
    if len(houses) != 1 or len(rooms) != 1 or houses[0].first <= rooms[0] < houses[0].after:
        return None
    house, place = houses[0], rooms[0]
    prefix = tuple(reading.pieces[house.first : house.after])
    if prefix[-1].kind in {BARE, STOREY, FLOOR}:
        return None
    read = match((*prefix, reading.pieces[place]), reading.asked)
    if read is None or not read.doors:
        return None
    window, room = replace(house, match=read), Window(place, place + 1, read)
    reason = read.reason if read.reason != Reason.FOUND else misgiving_far(reading, window, room)
    return reading.answer(window, reason, read.doors, [window, room])


def misgiving_far(reading: Reading, window: Window, far: Window) -> Reason:
    room = reading.pieces[far.first]
    if room.doubtful or room.loose:
        return Reason.LOOKALIKE if room.doubtful else Reason.ROOM_UNKNOWN
    if is_other_place(reading, window):
        return Reason.OTHER_PLACE
    parts = (window, far)
    if any(is_number_unread(reading, part) or is_glued(reading, part) for part in parts):
        return Reason.GLUED
    said = reading.text[reading.pieces[window.first].start : reading.pieces[window.after - 1].end]
    if far.first < window.first and not said.endswith(("楼", "幢", "栋", "座", "单元")):
        return Reason.SEVERAL_READINGS  # 301 王 3号: the third of the list
    one, other = sorted([window, far], key=lambda part: part.first)
    between = reading.text[reading.pieces[one.after - 1].end : reading.pieces[other.first].start]
    if any(sign.isdecimal() for sign in between):
        return Reason.GLUED
    others = [
        piece
        for place, piece in enumerate(reading.pieces)
        if place != far.first and not window.first <= place < window.after
    ]
    is_marked = any(piece.kind in _PLACED | AREAS for piece in others)
    return Reason.SEVERAL_ADDRESSES if is_marked else Reason.FOUND


def run_together(reading: Reading) -> Located | None:
    """A field of 32501, where house 3, unit 2, room 501 is the only way to divide it. Four digits may be anything."""
    digits = re.fullmatch(r"\s*(\d{5,6})\s?室?\s*", reading.text) if reading.is_field else None
    if digits is None:
        return None
    doors = {door.id: door for door in _divided(reading, digits[1])}
    if len(doors) != 1 or _living_in(reading, digits[1]):
        return None
    (door,) = doors.values()
    span = reading.plain.span(digits.start(1), digits.end(1))
    return Located(
        Certainty.SURE,
        Reason.FOUND,
        household_id=door.id,
        building_id=door.house_id,
        room=door.room,
        spans=(span,),
    )


def _divided(reading: Reading, digits: str) -> Iterator[Door]:
    """Doors whose numbers, written one behind the other, are these digits; 2303 may leave out a unit or a lane."""
    for way in reading.index.ways.values():
        parts = [element.value for element in way.path]
        for first in range(len(way.areas) + 1):
            said = {"".join(parts[first:]), "".join(parts[first : len(parts) - len(way.unit)])}
            for head in said - {""}:
                rest = digits.removeprefix(head)
                if rest != digits:
                    yield from reading.index.rooms[way.house.id].get(rest, ())


def missed(reading: Reading, windows: list[Window]) -> Located:
    known = [w for w in windows if w.match.reason in {Reason.ROOM_UNKNOWN, Reason.FLOOR_ONLY}]
    known = [w for w in known if _looks_like_one(reading, w)]
    known = known or [
        w
        for w in windows
        if w.match.reason == Reason.ROOM_MISSING and _looks_like_house(reading, w)
    ]
    if known:
        best = max(known, key=lambda w: (w.after - w.first, -w.first))
        return _half_known(reading, best)
    return _unknown(reading)


def _looks_like_one(reading: Reading, window: Window) -> bool:
    pieces = reading.pieces[window.first : window.after]
    if reading.is_field or pieces[-1].is_long or pieces[-1].kind in {ROOM, FLOOR, STOREY}:
        return len(pieces) > 1 or reading.is_field or reading.begins(window.first)
    return (
        any(piece.kind != BARE for piece in pieces[:-1])
        and reading.joint(window.after - 1) == "tight"
    )


def _looks_like_house(reading: Reading, window: Window) -> bool:
    """2号楼 is one anywhere; 2号 only at the start, for it may be a product or a day."""
    pieces = reading.pieces[window.first : window.after]
    if reading.is_field:
        return True
    last = pieces[-1]
    said = reading.text[last.start : last.end]
    if last.kind in {UNIT, NAME, DOORWAY} or said.endswith(("楼", "幢", "栋", "座")):
        return True
    return last.kind in {HOUSE, *AREAS} and reading.begins(window.first)


def _half_known(reading: Reading, window: Window) -> Located:
    way = window.match.ways[0]
    candidates: tuple[int, ...] = ()
    if window.match.reason == Reason.FLOOR_ONLY:
        candidates = tuple(
            door.id
            for way in window.match.ways
            for key, doors in reading.index.rooms[way.house.id].items()
            for door in doors
            if floor_of(key) == window.match.floor
        )
    is_one = len(window.match.ways) == 1
    return Located(
        Certainty.DOUBTFUL,
        window.match.reason,
        building_id=way.house.id if is_one else None,
        room=window.match.room,
        candidates=candidates[:8],
        spans=reading.spans([window]),
        params=reading.params(window, window.match.reason),
    )


def _unknown(reading: Reading) -> Located:
    """Numbers that look like a place which the register does not have."""
    for first in range(len(reading.pieces)):
        for after in range(min(first + MOST, len(reading.pieces)), first, -1):
            if any(reading.joint(place) == "cut" for place in range(first + 1, after)):
                continue
            located = _strange(reading, first, after)
            if located is not None:
                return located
    reason = Reason.SAME_AS_ABOVE if _SAME.search(reading.text) else Reason.NO_ADDRESS
    return Located(Certainty.NONE, reason)


def _strange(reading: Reading, first: int, after: int) -> Located | None:
    pieces = reading.pieces[first:after]
    window = Window(first, after, Match(Reason.BUILDING_UNKNOWN, room=pieces[-1].value))
    if len(pieces) > 1:
        is_address = _is_strange_address(reading, first, after)
        return _doubtful(reading, window, Reason.BUILDING_UNKNOWN) if is_address else None
    alone = pieces[0]
    if _is_room(reading, first):
        return _room_alone(reading, window)
    is_typed = alone.kind == HOUSE and _TYPED.search(reading.text[: alone.start])
    if (reading.is_field or is_typed) and alone.kind in _PLACED | AREAS:
        window = replace(window, match=Match(Reason.BUILDING_UNKNOWN))
        return _doubtful(reading, window, Reason.BUILDING_UNKNOWN)
    return None


def _is_room(reading: Reading, place: int) -> bool:
    """A room of nobody knows which house: 301室 anywhere, 301 at the start, 12号 where farms have such numbers."""
    alone = reading.pieces[place]
    is_first = reading.is_field or reading.begins(place)
    if alone.kind == ROOM:
        return alone.is_long or reading.is_field
    if alone.is_long and _NUMBERLESS.search(reading.text[: alone.start]):
        return True
    if alone.kind == BARE:
        return is_first and 3 <= len(alone.value) <= 6
    return alone.kind == HOUSE and is_first and bool(_living_in(reading, alone.value))


def _is_strange_address(reading: Reading, first: int, after: int) -> bool:
    pieces = reading.pieces[first:after]
    last = pieces[-1]
    if last.kind == HOUSE and pieces[-2].kind in AREAS:
        return True
    if last.kind not in {BARE, ROOM} or any(
        p.kind in {BARE, ROOM} and p.is_long for p in pieces[:-1]
    ):
        return False
    is_marked = any(piece.kind in {HOUSE, UNIT, DOORWAY, NAME, *AREAS} for piece in pieces[:-1])
    if is_marked:
        return last.is_long or last.kind == ROOM or reading.is_field
    is_tight = all(reading.joint(place) == "tight" for place in range(first + 1, after))
    return (is_tight or reading.is_field) and (last.is_long or reading.is_field)


def _room_alone(reading: Reading, window: Window) -> Located:
    key = window.match.room
    doors = _living_in(reading, key) + _written_together(reading, key)
    located = _doubtful(reading, window, Reason.BUILDING_MISSING)
    return replace(located, candidates=tuple(door.id for door in doors)[:8])


def _living_in(reading: Reading, room: str) -> tuple[Door, ...]:
    return tuple(door for rooms in reading.index.rooms.values() for door in rooms.get(room, ()))


def _written_together(reading: Reading, digits: str) -> tuple[Door, ...]:
    """2301 may be 2-301: never for certain."""
    ways = reading.index.by_value
    return tuple(
        door
        for cut_at in (1, 2)
        if len(digits) - cut_at >= 3
        for house in ways.get(digits[:cut_at], ())
        for door in reading.index.rooms[house].get(digits[cut_at:], ())
    )


def _doubtful(reading: Reading, window: Window, reason: Reason) -> Located:
    return Located(
        Certainty.DOUBTFUL,
        reason,
        room=window.match.room,
        spans=reading.spans([window]),
        params=reading.params(window, reason),
    )

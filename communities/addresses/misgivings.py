"""What speaks against a household that was found. Pure."""

from __future__ import annotations

import re

from communities.addresses.elsewhere import is_other_place
from communities.addresses.gluing import is_glued
from communities.addresses.located import Reason
from communities.addresses.masking import HIDDEN
from communities.addresses.matching import floor_of
from communities.addresses.pieces import (
    AREAS,
    BARE,
    DOORWAY,
    HOUSE,
    LANE,
    NAME,
    ROOM,
    STOREY,
    SUB_LANE,
    UNIT,
    Piece,
)
from communities.addresses.reading import Reading, Window, led

_PLACED = frozenset({HOUSE, ROOM, UNIT, DOORWAY, LANE, SUB_LANE, STOREY})
# 王五五号楼301: the number before 号楼 was not to be read.
_NUMBERLESS = re.compile(r"(?:号楼|号|幢|栋|座|单元|门洞|支弄|弄|[^集军部]队|[^小]组)\s?-?$")
_UNREAD = re.compile(
    r"(?:^|[^\u4e00-\u9fff])[零〇一二三四五六七八九十百两廿]+[\s,.、;:_·]*$|[零〇一二三四五六七八九十百两廿]\s*[-/.]\s*$"
)
# x24-3-605, +13#2-103: two and four, one and three.
_SKIPPED = re.compile(r"\d\s?-+\s?$")
# Digits of something else: of a phone number that is whole nothing is left over.
_DIGITS_BEFORE = re.compile(r"\d#?$")
_FIGURE_BEFORE = re.compile(r"([\d.]*\d)\s?-+$")
_PHONE = re.compile(r"1[3-9]\d{9}|[2-9]\d{7}")
# 付12号 and 临1号 are other numbers than 12 and 1.
_BYNUMBER = re.compile(r"(?:(?<![已支待未现代垫])[付附]|(?<![光来面])临|[百千廿卅卌])$")
_BESIDE = re.compile(
    r"\s?的?(?:隔壁|旁边|旁的|边上|对面|对过|对门|斜对|附近|[前后]面(?:那|的|一)|再?往[前后里东西南北])|的?楼[上下]|的?[上下]面|"
    r"(?:\d楼|二楼|三楼)?\s?的?(?:租客|房客|租户|借住)"
)


def misgiving(reading: Reading, window: Window) -> Reason:
    """What speaks against a household that was found. FOUND if nothing does."""
    pieces = reading.pieces[window.first : window.after]
    checks = (
        (_has_lookalikes(reading, window), Reason.LOOKALIKE),
        (any(piece.loose for piece in pieces), Reason.ROOM_UNKNOWN),
        (_is_bare_reversal(reading, window), Reason.REVERSED),
        (_hangs_together_badly(reading, window), Reason.SEVERAL_READINGS),
        (_something_sticks(reading, window) or is_glued(reading, window), Reason.GLUED),
        (is_other_place(reading, window), Reason.OTHER_PLACE),
        (is_number_unread(reading, window), Reason.GLUED),
        (_other_lane(reading, window), Reason.LANE_UNKNOWN),
        (_is_beside(reading, window), Reason.SEVERAL_READINGS),
        (_another_place_named(reading, window), Reason.SEVERAL_ADDRESSES),
    )
    return next((reason for is_so, reason in checks if is_so), Reason.FOUND)


def _has_lookalikes(reading: Reading, window: Window) -> bool:
    """50l is 501 in a field, unless there is a room 50."""
    pieces = [p for p in reading.pieces[window.first : window.after] if p.doubtful]
    rooms = reading.index.rooms[window.match.doors[0].house_id]
    return any(not reading.is_field or piece.value[:-1] in rooms for piece in pieces)


def _is_bare_reversal(reading: Reading, window: Window) -> bool:
    """301-2, 301室2: the 2 may be anything. In a list 301室 3号 2份 is room 301 and two of the third."""
    rest = reading.pieces[window.first + 1 : window.after]
    if not window.is_reversed or any(piece.kind in {UNIT, DOORWAY, NAME} for piece in rest):
        return False
    said = reading.text[rest[-1].start : rest[-1].end]
    is_product = not reading.is_field and rest[-1].kind == HOUSE and said.endswith("号")
    return is_product or all(piece.kind == BARE for piece in rest)


def _hangs_together_badly(reading: Reading, window: Window) -> bool:
    """Bare numbers are a pair where a dash joins them; else only at the start, and with a room of three digits."""
    is_start = reading.is_field or reading.begins(window.first)
    room = reading.pieces[window.after - 1]
    if window.after - window.first == 1:
        if room.kind == STOREY:
            return True  # 3楼 is a floor, also among villas
        return not reading.is_field and _is_weak_alone(reading, room, is_start=is_start)
    if window.is_reversed and reading.is_field and _names_house(reading, room):
        return False
    far = [
        place for place in range(window.first + 1, window.after) if reading.joint(place) != "tight"
    ]
    is_bare = all(piece.kind == BARE for piece in reading.pieces[window.first : window.after - 1])
    if not far:
        is_short = is_bare and room.kind == BARE and not room.is_long
        return is_short and not (is_start and (reading.is_field or _says_more(reading, window)))
    if any(reading.pieces[place - 1].kind == BARE for place in far):
        is_even = is_bare and len(far) == window.after - window.first - 1
        return not (is_start and is_even and (room.is_long or room.kind != BARE))
    is_room_far = window.after - 1 in far
    return is_room_far and room.kind == BARE and not (room.is_long or reading.is_field)


def _names_house(reading: Reading, piece: Piece) -> bool:
    said = reading.text[piece.start : piece.end]
    return piece.kind == HOUSE and said.endswith(("楼", "幢", "栋", "座"))


def _says_more(reading: Reading, window: Window) -> bool:
    """A line of 7-11 and nothing else is a day, a score or a shop."""
    rest = reading.text[reading.pieces[window.after - 1].end :]
    return any(sign.isalpha() for sign in rest)


def _is_weak_alone(reading: Reading, piece: Piece, *, is_start: bool) -> bool:
    """One piece in a free line: a room of the chat's house, a villa's number. 6号 2份 may be two of the sixth."""
    if piece.kind == BARE:
        return not piece.is_long
    if piece.kind == HOUSE:
        rest = re.sub(r"[\d\W份]", "", reading.text[piece.end :])
        return not (is_start and rest)
    return False


def _something_sticks(reading: Reading, window: Window) -> bool:
    """2-301-2, 301/302, and rooms of the same house further on."""
    if window.after < len(reading.pieces):
        after = reading.pieces[window.after]
        joint = reading.joint(window.after)
        is_closed = reading.pieces[window.after - 1].kind == ROOM and not after.is_long
        if joint == "tight" and after.kind in {BARE, ROOM} and not is_closed:
            return True
        if joint == "loose" and after.kind in {BARE, ROOM} and after.is_long:
            return True
    if window.first > 0 and _sticks_before(reading, window.first):
        return True
    end = reading.pieces[window.after - 1].end
    follows = reading.text[end : end + 1]
    if (
        follows in {"-", "~"}
        and reading.text[end + 1 : end + 2].isalnum()
        and reading.text[end + 1].isascii()
    ):
        return True
    house = reading.index.rooms[window.match.doors[0].house_id]
    return any(
        piece.is_long
        and piece.kind in {BARE, ROOM}
        and piece.value in house
        and piece.value != window.match.room
        and reading.joint(place) != "cut"
        for place, piece in enumerate(reading.pieces)
        if place >= window.after
    )


def _sticks_before(reading: Reading, place: int) -> bool:
    """8-1-301 where there is no 8-1: the 8 is not nothing. 5 8-902 may be 58-902."""
    before, joint = reading.pieces[place - 1], reading.joint(place)
    if before.kind in AREAS or joint == "cut":
        return False  # judged by itself
    if joint == "tight" or reading.is_field or before.kind != BARE:
        return True
    has_more_parts = reading.index.has_units or reading.index.knows_lanes
    return has_more_parts or (joint == "blank" and reading.begins(place - 1))


def is_number_unread(reading: Reading, window: Window) -> bool:
    """A number stands before the address that was not to be read: 王五五号楼301, 五、3-406."""
    begin = led(reading.pieces[window.first])
    before = reading.text[:begin]
    if _is_left_over(reading, begin):
        return True
    if _SKIPPED.search(before) or _BYNUMBER.search(before):
        return True
    return _NUMBERLESS.search(before) is not None or _UNREAD.search(before) is not None


def _is_left_over(reading: Reading, begin: int) -> bool:
    """Of a price or a phone number that was hidden the last digit may be the first of the address: ¥35.55-3-106."""
    before = reading.plain.text[:begin]
    if _DIGITS_BEFORE.search(before):
        return True
    figure = _FIGURE_BEFORE.search(before)
    if figure is None or reading.text[figure.end(1) - 1] != HIDDEN:
        return False
    return _PHONE.fullmatch(figure[1]) is None


def _other_lane(reading: Reading, window: Window) -> bool:
    """A lane was said that the house is not in and the compound does not have."""
    way = reading.index.ways[window.match.doors[0].house_id]
    own = () if any(e.kind == LANE for e in way.areas) else reading.index.own
    known = {(e.kind, e.value) for e in (*way.path, *own)}
    rules = dict(reading.asked.rules.lanes)
    for piece in reading.pieces[: window.first]:
        if piece.kind not in AREAS or rules.get(piece.value) == "":
            continue
        if (piece.kind, rules.get(piece.value, piece.value)) not in known:
            return True
    return False


def _is_beside(reading: Reading, window: Window) -> bool:
    """9号隔壁 is not 9号; 5组7号付 may be 付7号."""
    last = reading.pieces[window.after - 1]
    behind = reading.text[last.end :]
    if behind[:1] in {"付", "附"} and f"附{last.value}" in reading.index.by_value:
        return True
    return _BESIDE.match(behind) is not None


def _another_place_named(reading: Reading, window: Window) -> bool:
    """Something else in the line is marked as a place, or looks like one, and was not understood."""
    own = {e.value for e in reading.index.own if e.kind == HOUSE}
    for piece in reading.pieces[: window.first]:
        if piece.kind == STOREY and piece.value == floor_of(window.match.room):
            continue
        if piece.kind == HOUSE and piece.after_own and piece.value in own:
            continue
        if piece.kind in {HOUSE, UNIT, DOORWAY, STOREY} or (piece.kind == ROOM and piece.is_long):
            return True
    path = reading.index.ways[window.match.doors[0].house_id].path
    for place in range(window.after, len(reading.pieces)):
        piece = reading.pieces[place]
        if any(piece.kind == part.kind and piece.value == part.value for part in path):
            continue
        if piece.kind in {UNIT, LANE, SUB_LANE} or (piece.kind == ROOM and piece.is_long):
            return True
        if piece.kind == HOUSE and reading.text[piece.start : piece.end].endswith(
            ("楼", "幢", "栋")
        ):
            return True
    return any(
        reading.joint(place) == "tight"
        and piece.is_long
        and piece.kind == BARE
        and reading.pieces[place - 1].kind == BARE
        and len(reading.pieces[place - 1].value) < 3
        for place, piece in enumerate(reading.pieces)
        if place > 0 and not window.first <= place < window.after
    )

"""Read a few pieces as one address and ask the register who lives there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from communities.addresses.index import Element, Index, Way
from communities.addresses.located import Reason
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
    TWINS,
    UNIT,
    Piece,
)
from communities.addresses.register import Door, Pair, Rules


@dataclass(frozen=True, slots=True)
class Asked:
    """What does not change from piece to piece: the register, its rules, the houses of the chat."""

    index: Index
    rules: Rules
    home: frozenset[int]


@dataclass(frozen=True, slots=True)
class Match:
    """What the pieces mean: doors found, or houses found without such a room. FOUND is one door without a doubt."""

    reason: Reason
    doors: tuple[Door, ...] = ()
    ways: tuple[Way, ...] = ()
    room: str = ""
    floor: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """One way to divide pieces: those that lead to the house, and what the room may be called."""

    prefix: tuple[Piece, ...]
    room: str = ""
    floor: str = ""
    is_guess: bool = False


def match(pieces: Sequence[Piece], asked: Asked, *, is_tight: bool = True) -> Match | None:
    """None where the pieces are no address at all. A door found by one division and another by the next is a doubt.

    Only what `is_tight` may be a floor and a door without saying so: 2-3-01.
    """
    found: list[tuple[Split, Match]] = []
    missed: list[tuple[Split, Match]] = []
    for split in _splits(tuple(pieces)):
        read = _read(split, asked) if is_tight or not split.is_guess else None
        if read is not None:
            (found if read.doors else missed).append((split, read))
    if not found:
        return missed[0][1] if missed else None
    doors = {door.id: door for _split, read in found for door in read.doors}
    first_split, first = found[0]
    if len(doors) > 1 and len(found) > 1:
        is_storey = any(piece.kind == STOREY for piece in pieces)
        reason = Reason.FLOOR_OR_BUILDING if is_storey else Reason.SEVERAL_READINGS
        return Match(reason, tuple(doors.values()), first.ways, first.room)
    clean = next((read for _split, read in found if read.reason == Reason.FOUND), first)
    if first_split.is_guess and any("-" not in split.room for split, _read in missed):
        return Match(Reason.SEVERAL_READINGS, clean.doors, clean.ways, clean.room)
    if clean.reason == Reason.FOUND and first_split.is_guess and len(first_split.room) < 3:
        return Match(Reason.SEVERAL_READINGS, clean.doors, clean.ways, clean.room)
    return clean


def _splits(pieces: tuple[Piece, ...]) -> Iterator[Split]:
    """The readings of these pieces, the likeliest first."""
    last = pieces[-1]
    before = pieces[:-1]
    floor = before[-1] if before and before[-1].kind in {FLOOR, STOREY} else None
    if floor is not None:
        for room in _rooms_on(floor.value, last):
            yield Split(before[:-1], room, floor.value)
    if last.kind in {BARE, ROOM, NAME} or (last.kind == HOUSE and before):
        yield Split(before, last.value)
    if len(pieces) > 1 and before[-1].kind == BARE and last.kind in {BARE, ROOM}:
        yield Split(pieces[:-2], f"{before[-1].value}-{last.value}")
        if len(pieces) > 2 and len(before[-1].value) < 3 and len(last.value) < 3:
            yield Split(pieces[:-2], before[-1].value + last.value.zfill(2), is_guess=True)
    if last.kind in {FLOOR, STOREY} and before:
        yield Split(before, floor=last.value)
    if last.kind != ROOM:
        yield Split(pieces)


def _rooms_on(floor: str, piece: Piece) -> list[str]:
    """3楼1室 is 301; 3F-301 is 301; 3楼401 is nothing."""
    if piece.kind not in {BARE, ROOM}:
        return []
    if len(piece.value) > 2:
        return [piece.value] if floor_of(piece.value) == floor else []
    return [floor + piece.value.zfill(2)]


def floor_of(room: str) -> str:
    """1103A → 11; a room of less than three digits has none."""
    digits = room.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ甲乙丙丁")
    return digits[:-2] if digits.isdecimal() and len(digits) > 2 else ""


def _read(split: Split, asked: Asked) -> Match | None:
    index = asked.index
    ways = _explained(split.prefix, asked)
    named = next((piece.door_id for piece in split.prefix if piece.door_id is not None), None)
    if not split.room:
        return _without_room(split, ways, named, asked)
    if not ways:
        return None
    doors = [door for way in ways for door in index.rooms[way.house.id].get(split.room, ())]
    if not doors:
        return Match(Reason.ROOM_UNKNOWN, (), tuple(ways), split.room, split.floor)
    doors, ways = _at_home(doors, ways, split, asked)
    return Match(_doubt(doors, ways, split, asked), tuple(doors), tuple(ways), split.room)


def _without_room(split: Split, ways: list[Way], named: int | None, asked: Asked) -> Match | None:
    index = asked.index
    if named is not None:
        doors = [door for way in ways for door in index.doors[way.house.id] if door.id == named]
        return Match(Reason.FOUND, tuple(doors), tuple(ways), doors[0].room) if doors else None
    if not ways or not split.prefix:
        return None
    if split.floor:
        return Match(Reason.FLOOR_ONLY, (), tuple(ways), "", split.floor)
    doors = [door for way in ways for door in index.doors[way.house.id] if _is_whole(way, index)]
    if doors and len(ways) == len(doors) == 1:
        return Match(Reason.FOUND, tuple(doors), tuple(ways), doors[0].room)
    if doors:
        return Match(_doubt(doors, ways, split, asked), tuple(doors), tuple(ways))
    return Match(Reason.ROOM_MISSING, (), tuple(ways))


def _is_whole(way: Way, index: Index) -> bool:
    """A house that is one household: a villa, a farm. A stairwell of which only one flat is known is not."""
    doors = index.doors[way.house.id]
    return len(doors) == 1 and not floor_of(next(iter(index.rooms[way.house.id]), ""))


def _at_home(
    doors: list[Door], ways: list[Way], split: Split, asked: Asked
) -> tuple[list[Door], list[Way]]:
    """Of doors that differ by what a chat's neighbours need not say, the one in the chat's own house.

    They leave out the lane and, naming a unit, the number. In the chat of 2-1, 2-301 may still be unit 2.
    """
    homely = [way for way in ways if way.house.id in asked.home]
    numbers = {way.number for way in ways}
    says_unit = bool(split.prefix) and split.prefix[-1].kind in {UNIT, DOORWAY}
    is_lane_only = len(numbers) == 1 and len({(way.number, way.unit) for way in ways}) == 1
    if len(homely) == 1 and (is_lane_only or says_unit):
        return [door for door in doors if door.house_id == homely[0].house.id] or doors, homely
    return doors, ways


def _doubt(doors: list[Door], ways: list[Way], split: Split, asked: Asked) -> Reason:
    """Who else could be meant: houses that fit the words as well, whether or not they have the room."""
    index = asked.index
    if len({door.id for door in doors}) > 1 and len(ways) == 1:
        return Reason.SEVERAL_READINGS  # the register has the room twice
    way = index.ways[doors[0].house_id]
    rivals = [other for other in ways if other != way]
    same = index.same_number(way)
    if len(doors) == 1 and (not rivals or (_all_in(rivals, same) and index.rooms_run_on(same))):
        is_storey = len(split.prefix) == 1 and split.prefix[0].kind == STOREY
        if is_storey and floor_of(split.room) == split.prefix[0].value:
            return Reason.FLOOR_OR_BUILDING
        return Reason.FOUND
    if _all_in(rivals, same):
        return Reason.UNIT_MISSING
    if all(other.number == way.number for other in rivals):
        return Reason.LANE_MISSING
    return Reason.SEVERAL_READINGS


def _all_in(some: Collection[Way], others: Collection[Way]) -> bool:
    return all(way in others for way in some)


def _explained(prefix: Sequence[Piece], asked: Asked) -> list[Way]:
    """Houses these pieces lead to, the natural reading before the odd ones. No piece: the houses of the chat."""
    index, rules = asked.index, asked.rules
    if all(piece.kind != BARE and _is_own(piece, index) for piece in prefix):
        if asked.home:
            return [index.ways[key] for key in sorted(asked.home) if key in index.ways]
        return list(index.ways.values()) if len(index.ways) == 1 else []
    meant = dict(rules.lanes)
    candidates: dict[int, None] = {}
    for piece in prefix:
        ids = piece.ids or index.by_value.get(meant.get(piece.value, piece.value), ())
        candidates.update(dict.fromkeys(ids))
    tiers: dict[int, list[Way]] = {}
    for key in candidates:
        way = index.ways[key]
        options = _skipped(tuple(prefix), way.path, way, asked)
        found = [
            tier
            for option in options
            if (tier := _tier(tuple(prefix), way, option, asked)) is not None
        ]
        if found:
            tiers.setdefault(min(found), []).append(way)
    return tiers[min(tiers)] if tiers else []


def _tier(
    prefix: tuple[Piece, ...], way: Way, skipped: tuple[Element, ...], asked: Asked
) -> int | None:
    """0 is how people mean it, 1 how they could mean it, None how nobody does."""
    kind = prefix[-1].kind
    skips_number = any(element in skipped for element in way.number)
    skips_unit = bool(way.unit) and any(element in skipped for element in way.unit)
    if skips_number and (skips_unit or not way.unit):
        area = [other for other in asked.index.ways.values() if other.areas == way.areas]
        return 0 if way.areas and len(area) == 1 else None
    is_pair = len(prefix) == 1 and kind in {BARE, DOORWAY}
    if is_pair and asked.rules.pair == Pair.UNIT_ROOM:
        return 0 if skips_number else 1
    if is_pair and asked.rules.pair == Pair.HOUSE_ROOM:
        return 1 if skips_number else 0
    if skips_number and kind == BARE:
        return 0 if way.house.id in asked.home else 1
    return 0


def _skipped(
    pieces: tuple[Piece, ...], path: tuple[Element, ...], way: Way, asked: Asked
) -> list[tuple[Element, ...]]:
    """Parts of the way that were not said, for each way to say it with these pieces; empty if they lead elsewhere."""
    if not pieces:
        return [path]
    head, rest = pieces[0], pieces[1:]
    if head.ids:
        return _skipped(rest, (), way, asked) if way.house.id in head.ids else []
    found = [
        path[:place] + tail
        for place, element in enumerate(path)
        if _fits(head, element, asked)
        for tail in _skipped(rest, path[place + 1 :], way, asked)
    ]
    if _is_needless(head, way, asked, is_first=path == way.path):
        found += _skipped(rest, path, way, asked)
    return found


def _is_needless(piece: Piece, way: Way, asked: Asked, *, is_first: bool) -> bool:
    """People say what the register does not keep: the compound's own lane, a stairwell."""
    has_lane = any(element.kind == LANE for element in way.areas)
    if not has_lane and _is_own(piece, asked.index):
        return True
    if piece.kind == LANE and dict(asked.rules.lanes).get(piece.value) == "":
        return True
    is_unit = piece.kind in {UNIT, DOORWAY, BARE} and len(piece.value) < 3
    is_unit = is_unit and not is_first and not way.unit
    return is_unit and way.house.id in asked.rules.without_units


def _fits(piece: Piece, element: Element, asked: Asked) -> bool:
    value = piece.value
    if piece.kind in {LANE, BARE} and element.kind == LANE:
        value = dict(asked.rules.lanes).get(value, value)
    return value == element.value and _is_of_kind(piece, element, asked.index)


def _is_of_kind(piece: Piece, element: Element, index: Index) -> bool:
    if NAME in {piece.kind, element.kind} or piece.kind == element.kind:
        return piece.kind == element.kind
    if {piece.kind, element.kind} == TWINS:
        return Element(piece.kind, piece.value) not in index.elements
    if piece.kind == DOORWAY:
        return element.kind == (UNIT if index.has_units else HOUSE)
    return piece.kind == BARE or (piece.kind == STOREY and element.kind == HOUSE)


def _is_own(piece: Piece, index: Index) -> bool:
    return any(
        piece.value == element.value and piece.kind in {element.kind, BARE}
        for element in index.own
        if element.kind in AREAS
    )

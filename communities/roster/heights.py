"""Rooms of a roster that the building cannot have. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from communities.addresses.register import House, Rules
from communities.addresses.rooms import oddity_of
from communities.roster.cells import floor_and_door
from communities.roster.known import BuildingKey, Door, KnownBuilding, by_key
from config.kernel.intake.kinds import Judgement, SourceRow

# So many floors with homes, most of those there are, make a building whose height is known; a room so far above is odd.
_FULL, _APART = 3, 2


def judge_rooms(
    rows: Sequence[SourceRow],
    judgements: Sequence[Judgement],
    doors: Sequence[Door | None],
    known: Sequence[KnownBuilding],
    rules: Rules,
) -> None:
    """Rooms that no such building has, and those that stand alone far above all others of theirs."""
    there = by_key(known)
    floors: dict[BuildingKey, Counter[int]] = defaultdict(Counter)
    for one in known:
        _count_floors(floors[one.key], (home.room for home in one.homes.values()))
    named = {door for row, door in zip(rows, doors, strict=True) if door and not row.is_left}
    for key, room in named:
        if key not in there or room not in there[key].homes:
            _count_floors(floors[key], [room.lstrip("0")])
    for judgement, door in zip(judgements, doors, strict=True):
        if door is None or (door[0] in there and door[1] in there[door[0]].homes):
            continue
        building = there.get(door[0])
        room = judgement.values["place"][3]
        if not _judge_room(judgement, building, room, rules):
            _judge_height(judgement, room, floors[door[0]], building)


def _judge_room(
    judgement: Judgement, building: KnownBuilding | None, room: str, rules: Rules
) -> bool:
    house = House(0, "") if building is None else building.house
    doors = None if building is None else building.doors
    oddity = oddity_of(house, room, rules, doors=doors)
    if oddity is not None:
        limits = {"floors": house.floors, "doors": doors}
        params = {name: limit for name, limit in limits.items() if limit is not None}
        judgement.doubt(f"room_{oddity}", "room", room=room, **params)
    return oddity is not None


def _count_floors(floors: Counter[int], rooms: Iterable[str]) -> None:
    floors.update(place[0] for room in rooms if (place := floor_and_door(room)) is not None)


def _judge_height(
    judgement: Judgement, room: str, floors: Counter[int], building: KnownBuilding | None
) -> None:
    """1601 for 601, where how many floors there are was never said: the others fill six floors."""
    place = floor_and_door(room)
    if place is None or (building is not None and building.floors is not None):
        return
    others = [floor for floor, count in floors.items() if floor != place[0] or count > 1]
    below = [floor for floor in others if floor < place[0]]
    if max(others, default=0) > place[0] or floors[place[0]] > 1 or len(below) < _FULL:
        return
    if place[0] > max(below) + _APART and len(below) * 3 >= max(below) * 2:
        judgement.doubt("room_high", "room", room=room, floors=max(below))

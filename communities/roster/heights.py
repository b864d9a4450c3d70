"""Rooms of a roster that the building cannot have. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from communities.addresses.register import House, Rules
from communities.addresses.rooms import oddity_of
from communities.roster.known import BuildingKey, Door, KnownBuilding, by_key
from communities.roster.outliers import Grid
from config.kernel.intake.kinds import Judgement, SourceRow


def judge_rooms(
    rows: Sequence[SourceRow],
    judgements: Sequence[Judgement],
    doors: Sequence[Door | None],
    known: Sequence[KnownBuilding],
    rules: Rules,
) -> None:
    """Rooms that no such building has, and those that stand alone far from all others of theirs."""
    there = by_key(known)
    grids: dict[BuildingKey, Grid] = defaultdict(Grid)
    for one in known:
        grids[one.key].add(home.room for home in one.homes.values())
    named = {door for row, door in zip(rows, doors, strict=True) if door and not row.is_left}
    for key, room in named:
        if key not in there or room not in there[key].homes:
            grids[key].add([room.lstrip("0")])
    for judgement, door in zip(judgements, doors, strict=True):
        if door is None or (door[0] in there and door[1] in there[door[0]].homes):
            continue
        building = there.get(door[0])
        _judge_room(judgement, building, grids[door[0]], rules)


def _judge_room(
    judgement: Judgement, building: KnownBuilding | None, grid: Grid, rules: Rules
) -> None:
    """1601 for 601, 150 for 105, where how many floors and doors there are was never said: the others tell."""
    room = judgement.values["place"][3]
    house = House(0, "") if building is None else building.house
    doors = None if building is None else building.doors
    oddity = oddity_of(house, room, rules, doors=doors)
    if oddity is not None:
        limits = {"floors": house.floors, "doors": doors}
        params = {name: limit for name, limit in limits.items() if limit is not None}
        judgement.doubt(f"room_{oddity}", "room", room=room, **params)
        return
    code, shown = grid.strangeness(room, asks_floor=house.floors is None, asks_door=doors is None)
    if code:
        judgement.doubt(code, "room", room=room, **shown)

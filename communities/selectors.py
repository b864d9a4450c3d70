"""Reads of the communities that are more than one filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from communities.addresses.register import Alias, Door, House, Pair, Register, RoomRange, Rules
from communities.models import (
    AddressCandidate,
    AddressQuestion,
    AddressRule,
    Building,
    Community,
    Household,
)
from communities.states import QuestionStatus

_KIND = AddressRule.Kind


def register_of(community: Community) -> Register:
    """Every door of the community with its rules, to read addresses against. Three statements, whatever its size."""
    buildings = Building.objects.filter(community=community).order_by("sort_key", "pk")
    houses = tuple(
        House(row.pk, row.number, row.lane, row.unit, row.label, row.floors) for row in buildings
    )
    homes = Household.objects.filter(community=community).order_by("sort_key", "pk")
    doors = tuple(Door(*row) for row in homes.values_list("pk", "building_id", "room"))
    rules = AddressRule.objects.filter(community=community).order_by("pk")
    return Register(
        houses,
        doors,
        _rules(list(rules), houses, short_name=community.short_name),
        name=community.name,
        address=community.address,
    )


def room_ranges(community_id: int) -> tuple[RoomRange, ...]:
    """Which rooms there can be, where the community's rules say so. One statement."""
    rows = AddressRule.objects.filter(community=community_id, kind=_KIND.ROOMS).order_by("pk")
    return _room_ranges(rows)


def _room_ranges(rows: Iterable[AddressRule]) -> tuple[RoomRange, ...]:
    return tuple(RoomRange(row.words, row.meaning, row.building_id) for row in rows)


def _rules(rows: list[AddressRule], houses: Iterable[House], *, short_name: str) -> Rules:
    by_kind: dict[str, list[AddressRule]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    names = {short_name, *(row.words for row in by_kind[_KIND.NAME])} - {""}
    return Rules(
        aliases=tuple(
            Alias(row.words, row.building_id, row.household_id)
            for row in by_kind[_KIND.ALIAS]
            if row.building_id is not None
        ),
        lanes=tuple((row.words, row.meaning) for row in by_kind[_KIND.LANE]),
        names=tuple(sorted(names)),
        pair=_pair(by_kind),
        without_units=_without_units(by_kind[_KIND.NO_UNITS], houses),
        rooms=_room_ranges(by_kind[_KIND.ROOMS]),
        groups=_groups(by_kind[_KIND.GROUP]),
    )


def _pair(by_kind: dict[str, list[AddressRule]]) -> Pair | None:
    if by_kind[_KIND.UNIT_ROOM]:
        return Pair.UNIT_ROOM
    return Pair.HOUSE_ROOM if by_kind[_KIND.HOUSE_ROOM] else None


def _without_units(rows: list[AddressRule], houses: Iterable[House]) -> frozenset[int]:
    if any(row.building_id is None for row in rows):
        return frozenset(house.id for house in houses)
    return frozenset(row.building_id for row in rows if row.building_id is not None)


def _groups(rows: list[AddressRule]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """A chat of several stairwells is several rows with one name."""
    houses: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.building_id is not None:
            houses[row.words].append(row.building_id)
    return tuple((words, tuple(ids)) for words, ids in houses.items())


def open_questions(questions: QuerySet[AddressQuestion]) -> QuerySet[AddressQuestion]:
    """Those of them that are open, the oldest first, with their candidates. Two statements."""
    candidates = AddressCandidate.objects.order_by("place", "pk").select_related(
        "household__building"
    )
    rows = questions.filter(status=QuestionStatus.OPEN).select_related("community")
    return rows.order_by("asked_at", "pk").prefetch_related(Prefetch("candidates", candidates))

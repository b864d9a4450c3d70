"""Buildings and households set up by rule; what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from communities.models import Building, Community, Household
from communities.natural import building_label, natural_key
from communities.places import add_building
from communities.roster.known import KnownBuilding, building_key, by_key, room_key
from communities.roster.register import known_buildings
from communities.roster.rules import House
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.locks import require_atomic


class Proposed(NamedTuple):
    """A house of the plan against what there is: the rooms that would be new, and whether the building would be."""

    house: House
    label: str
    is_new: bool
    new_rooms: list[str]
    building_id: int | None


class Made(NamedTuple):
    buildings: int
    households: int


def propose(community_id: int, houses: Sequence[House]) -> list[Proposed]:
    """What making them would add. Writes nothing. Three statements."""
    there = by_key(known_buildings(community_id))
    return [
        _proposed(house, there.get(building_key(house.lane, house.number, house.unit)))
        for house in houses
    ]


def _proposed(house: House, known: KnownBuilding | None) -> Proposed:
    label = building_label(lane=house.lane, number=house.number, unit=house.unit)
    if known is None:
        return Proposed(house, label, True, list(house.rooms), None)
    rooms = [room for room in house.rooms if room_key(room) not in known.homes]
    return Proposed(house, known.label, False, rooms, known.id)


def make_homes(*, community: Community, houses: Sequence[House], actor: Actor) -> Made:
    """Set up what is missing of the houses. A second time changes nothing. Locks the community's row."""
    require_atomic()
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    made = [_make(community, proposed, actor) for proposed in propose(community.pk, houses)]
    return Made(sum(one.buildings for one in made), sum(one.households for one in made))


def _make(community: Community, proposed: Proposed, actor: Actor) -> Made:
    house = proposed.house
    if proposed.building_id is None:
        building = add_building(
            community=community,
            lane=house.lane,
            number=house.number,
            unit=house.unit,
            floors=house.floors,
            actor=actor,
        )
        Building.objects.filter(pk=building.pk).update(doors=house.doors)
    else:
        building = Building.objects.get(pk=proposed.building_id)
    Household.objects.bulk_create(
        Household(
            community_id=community.pk, building=building, room=room, sort_key=natural_key(room)
        )
        for room in proposed.new_rooms
    )
    if proposed.new_rooms:
        # One entry for all: they are made by one rule, and nothing of them is known yet but their numbers.
        audit.record(
            actor=actor,
            action="building.households_added",
            subject=("building", building.pk),
            community_id=community.pk,
            data={"count": len(proposed.new_rooms)},
        )
    return Made(int(proposed.is_new), len(proposed.new_rooms))

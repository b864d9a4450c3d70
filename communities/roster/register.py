"""The database's households as the judge takes them."""

from __future__ import annotations

from collections import defaultdict

from communities.models import Building, Household, Resident
from communities.roster.known import KnownBuilding, KnownHome, KnownPerson, room_key


def known_buildings(community_id: int) -> list[KnownBuilding]:
    """All of a community, in natural order. Three statements."""
    people: dict[int, list[KnownPerson]] = defaultdict(list)
    residents = Resident.objects.present().filter(household__community_id=community_id)
    columns = ("household_id", "pk", "name", "phone_index", "phone_masked")
    for household_id, *person in residents.order_by("pk").values_list(*columns):
        people[household_id].append(KnownPerson(*person))
    homes: dict[int, dict[str, KnownHome]] = defaultdict(dict)
    for home in Household.objects.filter(community_id=community_id).order_by("pk"):
        homes[home.building_id].setdefault(
            room_key(home.room),
            KnownHome(
                home.pk,
                home.room,
                home.needs_care,
                home.has_smartphone,
                home.people,
                tuple(people[home.pk]),
            ),
        )
    return [
        KnownBuilding(
            id=building.pk,
            lane=building.lane,
            number=building.number,
            unit=building.unit,
            label=building.label,
            floors=building.floors,
            doors=building.doors,
            homes=homes[building.pk],
        )
        for building in Building.objects.filter(community_id=community_id).order_by(
            "sort_key", "pk"
        )
    ]

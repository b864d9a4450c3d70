"""What is odd in a community's register: to be looked at before slips are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet

from communities.addresses.register import House, Rules
from communities.addresses.rooms import oddity_of
from communities.models import Building, Household, Resident
from communities.natural import natural_key
from communities.roster.cells import folded
from communities.roster.gaps import gaps_in
from communities.roster.known import room_key
from communities.roster.messages import QUESTIONS
from communities.roster.outliers import Grid, lonely
from communities.selectors import room_ranges
from config.kernel.intake.messages import sentence


@dataclass(frozen=True)
class Door:
    """A household as a list names it; `note` is what is asked about it."""

    id: int
    public_id: UUID
    building: str
    room: str
    note: str = ""


@dataclass
class Checked:
    """`gaps` are (building, missing rooms); `twins` doors that are spelt alike, or persons who live at two doors."""

    buildings: int = 0
    households: int = 0
    people: int = 0
    with_phone: int = 0
    care: int = 0
    gaps: list[tuple[str, list[str]]] = field(default_factory=list)
    twins: list[tuple[Door, Door]] = field(default_factory=list)
    beyond: list[Door] = field(default_factory=list)
    empty: list[Door] = field(default_factory=list)
    care_without_phone: list[Door] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.gaps or self.twins or self.beyond or self.empty or self.care_without_phone)


def check(community_id: int) -> Checked:
    """Everything at once, in natural order. Four statements, whatever the size."""
    found = Checked()
    rules = Rules(rooms=room_ranges(community_id))
    houses = {house.pk: house for house in Building.objects.filter(community_id=community_id)}
    found.buildings = len(houses)
    homes = list(_homes(community_id))
    doors = {
        home.pk: Door(home.pk, home.public_id, houses[home.building_id].label, home.room)
        for home in homes
    }
    rooms: dict[int, list[str]] = {pk: [] for pk in houses}
    seen: dict[tuple[int, str], int] = {}
    for home in homes:
        first = seen.setdefault((home.building_id, room_key(home.room)), home.pk)
        if first != home.pk:
            found.twins.append((doors[first], doors[home.pk]))
        _count(found, home, doors[home.pk])
        rooms[home.building_id].append(home.room)
    odd = _odd_rooms(rooms, houses, rules)
    found.beyond = [
        replace(doors[home.pk], note=odd[home.building_id][home.room])
        for home in homes
        if home.room in odd[home.building_id]
    ]
    sound = {
        house.pk: [room for room in rooms[house.pk] if room not in odd[house.pk]]
        for house in sorted(houses.values(), key=lambda house: house.sort_key)
    }
    for pk, missing in gaps_in(sound).items():
        found.gaps.append((houses[pk].label, sorted(missing, key=natural_key)))
    found.twins += _people_twice(community_id, doors)
    return found


def _homes(community_id: int) -> QuerySet[Household]:
    phone = Resident.objects.present().filter(household=OuterRef("pk")).exclude(phone_index="")
    return (
        Household.objects.filter(community_id=community_id, is_active=True)
        .annotate(
            residents_count=Count("residents", filter=Q(residents__left_at=None)),
            has_phone=Exists(phone, output_field=BooleanField()),
        )
        .order_by("building__sort_key", "building_id", "sort_key", "pk")
    )


def _count(found: Checked, home: Household, door: Door) -> None:
    people, has_phone = home.residents_count, home.has_phone  # type: ignore[attr-defined]
    found.households += 1
    found.people += people
    found.with_phone += has_phone
    found.care += home.needs_care
    if not people:
        found.empty.append(door)
    if home.needs_care and not has_phone:
        found.care_without_phone.append(door)


def _odd_rooms(
    rooms: Mapping[int, Sequence[str]], houses: Mapping[int, Building], rules: Rules
) -> dict[int, dict[str, str]]:
    """Rooms by building that it cannot well have, each with the question about it."""
    alone = lonely({pk: {room_key(room) for room in those} for pk, those in rooms.items()})
    return {
        pk: {
            room: question
            for grid in [Grid().add(those)]
            for room in those
            if (question := _question(room, houses[pk], grid, rules, is_alone=pk in alone))
        }
        for pk, those in rooms.items()
    }


def _question(room: str, building: Building, grid: Grid, rules: Rules, *, is_alone: bool) -> str:
    """What is odd about a room in its building; empty for nothing."""
    house = House(building.pk, building.number, floors=building.floors)
    oddity = oddity_of(house, room, rules, doors=building.doors)
    limits: Mapping[str, int | None] = {"floors": building.floors, "doors": building.doors}
    code = f"room_{oddity}"
    if oddity is None:
        code, limits = grid.strangeness(
            room, asks_floor=building.floors is None, asks_door=building.doors is None
        )
    if not code and is_alone:
        code = "alone"
    return sentence(QUESTIONS, code, limits) if code else ""


def _people_twice(community_id: int, doors: dict[int, Door]) -> list[tuple[Door, Door]]:
    """The same name with the same number at two doors."""
    rows = (
        Resident.objects.present()
        .filter(household__community_id=community_id)
        .filter(~Q(phone_index=""))
        .order_by("pk")
        .values_list("household_id", "name", "phone_index")
    )
    first: dict[tuple[str, str], int] = {}
    pairs = []
    for household_id, name, number in rows:
        earlier = first.setdefault((folded(name), number), household_id)
        if earlier != household_id and earlier in doors and household_id in doors:
            pairs.append((doors[earlier], doors[household_id]))
    return pairs

"""What a community has already, as plain values for the judge. No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from communities.addresses.register import House
from communities.natural import natural_key
from communities.roster.cells import folded


class BuildingKey(NamedTuple):
    """A building whatever the spelling: `01` and `1` are one."""

    lane: str
    number: str
    unit: str


Door = tuple[BuildingKey, str]  # a room_key behind it


def building_key(lane: str, number: str, unit: str) -> BuildingKey:
    return BuildingKey(*(natural_key(part) for part in (lane, number, unit)))


def room_key(room: str) -> str:
    return natural_key(folded(room))


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """`phone_index` is the blind index of the number, `phone_masked` what may be shown of it."""

    id: int
    name: str
    phone_index: str = ""
    phone_masked: str = ""


@dataclass(frozen=True, slots=True)
class KnownHome:
    id: int
    room: str
    needs_care: bool = False
    has_smartphone: bool = True
    people: int | None = None
    residents: tuple[KnownPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownBuilding:
    """`homes` by room_key. `floors` and `doors` (on each floor) are None where nobody said."""

    id: int
    lane: str
    number: str
    unit: str
    label: str
    floors: int | None = None
    doors: int | None = None
    homes: Mapping[str, KnownHome] = field(default_factory=dict)

    @property
    def key(self) -> BuildingKey:
        return building_key(self.lane, self.number, self.unit)

    @property
    def house(self) -> House:
        return House(self.id, self.number, self.lane, self.unit, self.label, self.floors)


def by_key(buildings: Sequence[KnownBuilding]) -> dict[BuildingKey, KnownBuilding]:
    return {building.key: building for building in buildings}

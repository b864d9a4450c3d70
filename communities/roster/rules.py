"""Homes by rule: "buildings 1 to 4, 6 floors, 4 doors". Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_ROOMS = 3_000
MOST_BUILDINGS = 200
MOST_FLOORS = 60
MOST_DOORS = 60


class Pattern(StrEnum):
    """How rooms are numbered. With DOOR and PLAIN a building has one run of numbers: 01 室, villa 7."""

    FLOOR_DOOR = "floor_door"
    PADDED = "padded"
    DOOR = "door"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Plan:
    """`numbers` of the buildings, each with `units` stairwells (0: none). Floors run from `first_floor`.

    What is skipped does not exist and is not counted: six floors without a fourth end with the seventh.
    """

    numbers: Sequence[str]
    floors: int
    doors: int
    lane: str = ""
    units: int = 0
    pattern: Pattern = Pattern.FLOOR_DOOR
    first_floor: int = 1
    skip_floors: frozenset[int] = frozenset()
    skip_doors: frozenset[int] = frozenset()

    @property
    def is_grid(self) -> bool:
        return self.pattern in (Pattern.FLOOR_DOOR, Pattern.PADDED)

    @property
    def floor_numbers(self) -> list[int]:
        """Those there are; just the lowest where rooms are numbered without floors."""
        return _run(self.first_floor, self.floors if self.is_grid else 1, self.skip_floors)

    @property
    def door_numbers(self) -> list[int]:
        return _run(1, self.doors, self.skip_doors)


@dataclass(frozen=True, slots=True)
class House:
    """A stairwell as it would be set up."""

    lane: str
    number: str
    unit: str
    floors: int | None
    doors: int | None
    rooms: tuple[str, ...]


class PlanError(ValueError):
    """`code`: numbers_unreadable, too_many_buildings, too_many_rooms; `value` is what it is about."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value


def houses_of(plan: Plan) -> list[House]:
    """Everything the plan says, in its order. Raises PlanError for more than MOST_ROOMS rooms."""
    units = [str(unit) for unit in range(1, plan.units + 1)] or [""]
    floors, doors = plan.floor_numbers, plan.door_numbers
    rooms = tuple(_rooms(plan.pattern, floors, doors))
    if len(rooms) * len(units) * len(plan.numbers) > MOST_ROOMS:
        raise PlanError("too_many_rooms", str(MOST_ROOMS))
    return [
        House(
            lane=plan.lane,
            number=number,
            unit=unit,
            floors=floors[-1] if plan.is_grid else None,
            doors=doors[-1] if plan.is_grid else None,
            rooms=rooms,
        )
        for number in plan.numbers
        for unit in units
    ]


def read_numbers(text: str) -> list[str]:
    """The numbers in `1-4`, `1、3、5-8`, `A,B`, `别墅`, in this order and each once. Raises PlanError."""
    plain = re.sub(r"[－—–~至到]", "-", unicodedata.normalize("NFKC", text)).upper()
    found: list[str] = []
    for part in filter(None, re.split(r"[\s,、;；。]+", plain)):
        name = re.sub(r"(号楼|号|幢|栋|楼|座|#)(?=-|$)", "", part)
        span = re.fullmatch(r"(\d{1,4})-(\d{1,4})", name)
        if span is None:
            if "-" in name or not name or len(name) > 20 or name[0] in "=@+":
                raise PlanError("numbers_unreadable", part[:40])
            found.append(name)
            continue
        first, last = int(span[1]), int(span[2])
        if last < first:
            raise PlanError("numbers_unreadable", part)
        if last >= first + MOST_BUILDINGS:
            raise PlanError("too_many_buildings", str(MOST_BUILDINGS))
        found += [str(number) for number in range(first, last + 1)]
    numbers = list(dict.fromkeys(found))
    if not numbers:
        raise PlanError("numbers_unreadable", text[:40])
    if len(numbers) > MOST_BUILDINGS:
        raise PlanError("too_many_buildings", str(MOST_BUILDINGS))
    return numbers


def read_skipped(text: str) -> frozenset[int]:
    """The numbers in `4,14`. Raises PlanError."""
    parts = re.split(r"[\s,、;；/]+", unicodedata.normalize("NFKC", text).strip())
    numbers = [part for part in parts if part]
    if any(not re.fullmatch(r"\d{1,3}", number) for number in numbers):
        raise PlanError("numbers_unreadable", text[:40])
    return frozenset(map(int, numbers))


def _run(first: int, count: int, skipped: frozenset[int]) -> list[int]:
    numbers: list[int] = []
    number = first
    while len(numbers) < count:
        if number not in skipped:
            numbers.append(number)
        number += 1
    return numbers


def _rooms(pattern: Pattern, floors: Sequence[int], doors: Sequence[int]) -> Iterator[str]:
    for floor in floors:
        for door in doors:
            if pattern == Pattern.FLOOR_DOOR:
                yield f"{floor}{door:02}"
            elif pattern == Pattern.PADDED:
                yield f"{floor:02}{door:02}"
            else:
                yield f"{door:02}" if pattern == Pattern.DOOR else str(door)

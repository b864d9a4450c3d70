"""Rooms that a house cannot have."""

from __future__ import annotations

import pytest

from communities.addresses.register import House, RoomRange, Rules
from communities.addresses.rooms import room_is_plausible

SIX_FLOORS = House(1, "2", floors=6)
RANGES = Rules(rooms=(RoomRange("101", "606"), RoomRange("201", "1204", house_id=2)))


@pytest.mark.parametrize(
    ("room", "is_plausible"),
    [
        ("101", True),
        ("606室", True),
        ("701", False),
        ("607", False),
        ("601A", True),
        ("600", False),
        ("东", True),
        ("12", True),
    ],
)
def test_room_is_plausible_within_floors_and_doors(room: str, is_plausible: bool) -> None:
    assert room_is_plausible(SIX_FLOORS, room, Rules(), doors=6) is is_plausible


def test_room_is_plausible_within_the_houses_own_range_before_the_compounds() -> None:
    assert not room_is_plausible(House(1, "1"), "701", RANGES)
    assert room_is_plausible(House(2, "2"), "1204", RANGES)
    assert not room_is_plausible(House(2, "2"), "101", RANGES)


def test_room_is_plausible_where_nothing_is_known() -> None:
    assert room_is_plausible(House(1, "1"), "9901", Rules())

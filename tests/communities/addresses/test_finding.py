"""What a located address promises its reader."""

from __future__ import annotations

import pytest

from communities.addresses.finding import find
from communities.addresses.located import Certainty
from communities.addresses.register import Door, House, Register

REGISTER = Register(houses=(House(1, "2"),), doors=(Door(7, 1, "301"),))


def test_find_a_chat_line_takes_the_address_and_leaves_the_rest() -> None:
    line = "2-301 张阿姨 A2 B1"
    located = find(line, REGISTER)
    assert (located.certainty, located.household_id) == (Certainty.SURE, 7)
    assert located.remainder(line) == "      张阿姨 A2 B1"


@pytest.mark.parametrize("rooms", [("301", ""), ("", "301"), ("301", "室"), ("301", " ")])
def test_find_among_doors_without_a_room_reads_the_others(rooms: tuple[str, ...]) -> None:
    register = Register((House(1, "2"),), tuple(Door(n, 1, room) for n, room in enumerate(rooms)))

    located = find("2-301 张阿姨", register)
    other = find("2-401 张阿姨", register)

    assert (located.certainty, located.household_id) == (Certainty.SURE, rooms.index("301"))
    assert (other.certainty, other.household_id) == (Certainty.DOUBTFUL, None)


def test_find_where_the_only_door_has_no_room_asks() -> None:
    register = Register((House(1, "2"),), (Door(7, 1, ""),))

    assert find("2-301 张阿姨", register).certainty != Certainty.SURE

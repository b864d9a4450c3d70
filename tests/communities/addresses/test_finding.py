"""What a located address promises its reader."""

from __future__ import annotations

from communities.addresses.finding import find
from communities.addresses.located import Certainty
from communities.addresses.register import Door, House, Register

REGISTER = Register(houses=(House(1, "2"),), doors=(Door(7, 1, "301"),))


def test_find_a_chat_line_takes_the_address_and_leaves_the_rest() -> None:
    line = "2-301 张阿姨 A2 B1"
    located = find(line, REGISTER)
    assert (located.certainty, located.household_id) == (Certainty.SURE, 7)
    assert located.remainder(line) == "      张阿姨 A2 B1"

"""A community's doors and its own ways to name them, as a value. Pure.

`communities.selectors.register_of` makes one out of the database; a test or a parser can write one down.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class House:
    """A Building: lane 弄 (or 村, 组, 区 …), number 号/幢 (or a name), unit 单元 (门洞). Texts as they are stored."""

    id: int
    number: str
    lane: str = ""
    unit: str = ""
    label: str = ""
    floors: int | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A Household: its room as it is stored."""

    id: int
    house_id: int
    room: str


class Pair(StrEnum):
    """What the first of two bare numbers is, where 2-301 could be either."""

    HOUSE_ROOM = "house_room"
    UNIT_ROOM = "unit_room"


@dataclass(frozen=True, slots=True)
class Alias:
    """People say `words` and mean this house, or this very door."""

    words: str
    house_id: int
    door_id: int | None = None


@dataclass(frozen=True, slots=True)
class RoomRange:
    """Rooms go from `lowest` to `highest`, floor by floor: 101-606 are six floors of six doors. No house: all."""

    lowest: str
    highest: str
    house_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What only this compound knows. Empty rules are good rules for most."""

    aliases: tuple[Alias, ...] = ()
    # said → meant, without 弄: ("老弄", "500"). Meant "" is the compound's own lane that its buildings do not carry.
    lanes: tuple[tuple[str, str], ...] = ()
    # What the compound is called besides its name; ignored where it stands before an address.
    names: tuple[str, ...] = ()
    pair: Pair | None = None
    # Houses whose people say a unit that the register does not keep: 2-1-301 is 2-301 there.
    without_units: frozenset[int] = frozenset()
    rooms: tuple[RoomRange, ...] = ()
    # Name of a chat → houses whose people are in it.
    groups: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True, eq=False)
class Register:
    """All doors of one community; compared by identity.

    `name` and `address` are the community's: 嘉怡水岸, 紫龙路500弄.
    """

    houses: tuple[House, ...]
    doors: tuple[Door, ...]
    rules: Rules = Rules()
    name: str = ""
    address: str = ""

    def group(self, chat: str) -> tuple[int, ...]:
        """The houses of a chat group by its name, for `home` of find and locate; empty if it is not known."""
        return next((houses for words, houses in self.rules.groups if words == chat.strip()), ())

"""The answer to "which household is this?": who, how sure, why not, and which characters said so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Certainty(StrEnum):
    SURE = "sure"
    DOUBTFUL = "doubtful"
    NONE = "none"


class Reason(StrEnum):
    """Why. `params` of Located name what the sentence needs; see each member."""

    FOUND = "found"
    # Nothing that could be an address.
    NO_ADDRESS = "no_address"
    SAME_AS_ABOVE = "same_as_above"  # 同上: the caller knows what stands above
    # A place is named, but not one household for certain.
    BUILDING_UNKNOWN = "building_unknown"  # building, room
    BUILDING_MISSING = "building_missing"  # room
    ROOM_UNKNOWN = "room_unknown"  # building, room
    ROOM_MISSING = "room_missing"  # building
    UNIT_MISSING = "unit_missing"  # building, room: the same room is in several stairwells
    UNIT_UNKNOWN = "unit_unknown"  # building, unit, room: it is not known to have stairwells
    LANE_MISSING = "lane_missing"  # building, room: the same number stands in several lanes
    LANE_UNKNOWN = "lane_unknown"  # lane: 500弄, 2期
    OTHER_PLACE = "other_place"  # place: the name of another street or compound
    SEVERAL_ADDRESSES = "several_addresses"
    SEVERAL_READINGS = "several_readings"
    FLOOR_ONLY = "floor_only"  # building, floor
    FLOOR_OR_BUILDING = "floor_or_building"  # building, room: 3楼301
    REVERSED = "reversed"  # building, room: 301-2
    GLUED = "glued"  # room: a quantity or another number sticks to it
    LOOKALIKE = "lookalike"  # building, room: a letter stands where a digit may be meant


@dataclass(frozen=True, slots=True)
class Located:
    """`household_id` is set when, and only when, it is SURE.

    DOUBTFUL: `candidates` are ids of households, likeliest first, at most eight, perhaps none; `building_id` and `room`
    are what was understood, also where the register has no such room. `spans` are the pieces of the *original* text
    that the address took, as (start, end) in characters, in order, never overlapping: nothing in them is a quantity or
    a name. With NONE there are none.
    """

    certainty: Certainty
    reason: Reason
    household_id: int | None = None
    building_id: int | None = None
    room: str = ""
    candidates: tuple[int, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def remainder(self, text: str) -> str:
        """The text with the address blanked out, character for character: positions stay the same."""
        rest = list(text)
        for start, end in self.spans:
            rest[start:end] = " " * (end - start)
        return "".join(rest)

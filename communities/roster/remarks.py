"""What is to be said about a roster as a whole before it is stored."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from django.db.models import Q

from communities.natural import building_label, natural_key
from communities.roster.gaps import gaps_in
from communities.roster.known import BuildingKey, KnownBuilding, building_key, by_key
from communities.roster.messages import REMARKS
from communities.roster.register import known_buildings
from config.kernel.intake.messages import sentence
from config.kernel.intake.models import Import, ImportRow

_NAMED = 8
_ODD = {
    "room_above",
    "room_beyond",
    "room_outside",
    "room_high",
    "room_far",
    "room_zero",
    "room_odd",
}


class _Told(NamedTuple):
    """Buildings by key: those there are, the labels of all, the rooms a file names, and what it would set up.

    `foreign` are new and not asked about with their row.
    """

    there: dict[BuildingKey, KnownBuilding]
    labels: dict[BuildingKey, str]
    rooms: dict[BuildingKey, set[str]]
    new: set[BuildingKey]
    foreign: set[BuildingKey]

    def names(self, keys: set[BuildingKey]) -> list[str]:
        return [self.labels[key] for key in sorted(keys)]


def _told(upload: Import) -> _Told:
    """What the rows say that would be stored, or may be after a yes."""
    there = by_key(known_buildings(upload.subject_id))
    told = _Told(
        there, {key: one.label for key, one in there.items()}, defaultdict(set), set(), set()
    )
    rows = upload.rows.exclude(
        Q(verdict=ImportRow.Verdict.REFUSED) | Q(decision=ImportRow.Decision.LEAVE)
    )
    for row in rows.only("verdict", "decision", "values", "reasons").order_by("number"):
        lane, number, unit, room = row.values["place"]
        key = building_key(lane, number, unit)
        told.labels.setdefault(key, building_label(lane=lane, number=number, unit=unit))
        codes = {reason["code"] for reason in row.reasons}
        # A room above the roof promises no neighbours.
        if not codes & _ODD:
            told.rooms[key].add(room)
        if row.is_taken and key not in there:
            told.new.add(key)
            if "building_lonely" not in codes:
                told.foreign.add(key)
    return told


def remarks(upload: Import) -> list[str]:
    """Buildings that would be set up, and rooms that nobody mentions, in the file and before."""
    told = _told(upload)
    sentences = []
    if told.new and not told.there:
        buildings = told.names(told.new)
        sentences.append(sentence(REMARKS, "buildings_new", {"buildings": buildings}))
    homes = {
        key: rooms | {home.room for home in told.there[key].homes.values()}
        if key in told.there
        else rooms
        for key, rooms in sorted(told.rooms.items())
    }
    for key, missing in gaps_in(homes).items():
        sentences.append(_gap_sentence(told.labels[key], sorted(missing, key=natural_key)))
    return sentences


def stops(upload: Import) -> list[str]:
    """Buildings that a community with buildings does not have: one question for the whole file."""
    told = _told(upload)
    if not (told.there and told.foreign):
        return []
    buildings = told.names(told.foreign)
    return [sentence(REMARKS, "buildings_foreign", {"buildings": buildings})]


def _gap_sentence(label: str, missing: list[str]) -> str:
    params = {"building": label, "rooms": missing[:_NAMED], "count": len(missing) - _NAMED}
    return sentence(REMARKS, "gaps_more" if len(missing) > _NAMED else "gaps", params)

"""The verdict on each row of a roster. Pure: texts and what the community has in, judgements out.

A row is a person at a door; several rows of one door are one household. Facts of the household (care, people, no
smartphone) count for it as a whole, whichever row says them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from communities.addresses.parts import Parts, parts_of
from communities.addresses.register import Rules
from communities.natural import building_label
from communities.phones import mask_phone
from communities.roster.cells import (
    MAX_NAME,
    MAX_NUMBER,
    MAX_ROOM,
    folded,
    read_flag,
    read_people,
    read_phone,
    read_place,
    read_whole,
)
from communities.roster.heights import judge_rooms
from communities.roster.known import (
    BuildingKey,
    Door,
    KnownBuilding,
    KnownHome,
    KnownPerson,
    building_key,
    by_key,
    room_key,
)
from communities.roster.outliers import lonely
from config.kernel.intake.kinds import REFUSED, Judgement, SourceRow

_PLACE_COLUMNS = ("lane", "building", "unit", "room")
_RUNS = tuple("=@＝＠")
NO_RULES = Rules()
Index = Callable[[str], str]


class Found(NamedTuple):
    """A building that the community has, and a room in it, there or not. `elsewhere`: the other compound or street that
    the address names, be the building known or not.
    """

    building_id: int | None
    room: str
    elsewhere: str = ""


# What reads an address in one cell against the buildings there are; None where that is not sure.
Locate = Callable[[str], Found | None]


def judge(
    rows: Sequence[SourceRow],
    known: Sequence[KnownBuilding],
    *,
    index: Index,
    locate: Locate = lambda _text: None,
    rules: Rules = NO_RULES,
    own_lanes: Collection[str] = (),
) -> list[Judgement]:
    """One judgement per row. `index` is the blind index of a number, `rules` say which rooms there can be, `own_lanes`
    are those of the compound's address. The values of a row:

    `place` (lane, number, unit, room as they will be stored), `name`, `phone` (E.164), `is_contact`, `home`
    (needs_care, has_smartphone, people; None: not said), `household` (the id of one that is there), `was` (what
    a change is based on: home and person).
    """
    judgements = [_judge_cells(row.texts, known, locate) for row in rows]
    _drop_own_lane(judgements, known, own_lanes)
    doors = [_door(judgement) for judgement in judgements]
    _judge_buildings(rows, judgements, doors, known)
    judge_rooms(rows, judgements, doors, known, rules)
    _spell_rooms_alike(rows, judgements, doors, known)
    _judge_people(rows, judgements, doors)
    _join_homes(rows, judgements, doors)
    _compare(judgements, doors, known, index)
    return judgements


def _judge_cells(
    texts: Mapping[str, str], known: Sequence[KnownBuilding], locate: Locate
) -> Judgement:
    judgement = Judgement()
    judgement.values = {"place": None, "name": "", "phone": "", "is_contact": False, "was": {}}
    judgement.values["household"] = None
    judgement.values["home"] = {"needs_care": None, "has_smartphone": None, "people": None}
    _take_place(judgement, texts, known, locate)
    _take_name(judgement, texts.get("name", ""))
    _take_phone(judgement, texts.get("phone", ""))
    _take_home(judgement, texts)
    return judgement


def _take_place(
    judgement: Judgement,
    texts: Mapping[str, str],
    known: Sequence[KnownBuilding],
    locate: Locate,
) -> None:
    address, whole = texts.get("address", ""), read_whole(texts)
    in_cells = any(texts.get(name) for name in _PLACE_COLUMNS)
    place = read_place(dict(texts)) if in_cells else None
    if whole:
        place = _whole_place(judgement, whole, texts, known, locate)
    elif not in_cells:
        if not address:
            judgement.refuse("place_missing", "address" if "address" in texts else "building")
            return
        place = _whole_place(judgement, address, {}, known, locate)
        if place is None:
            judgement.refuse("address_unreadable", "address", value=address)
            return
    if place is None or not place.number:
        judgement.refuse("building_missing", "building")
    elif not place.room:
        judgement.refuse("room_missing", "room")
    elif len(place.room) > MAX_ROOM:
        judgement.refuse("place_too_long", "room", limit=MAX_ROOM)
    elif max(map(len, place[:3])) > MAX_NUMBER:
        judgement.refuse("place_too_long", "building", limit=MAX_NUMBER)
    elif any(part.startswith(_RUNS) for part in place):
        judgement.refuse("text_runs", "room" if place.room.startswith(_RUNS) else "building")
    else:
        judgement.values["place"] = list(place)


def _whole_place(
    judgement: Judgement,
    text: str,
    texts: Mapping[str, str],
    known: Sequence[KnownBuilding],
    locate: Locate,
) -> Parts | None:
    """A whole address in one cell; lane and stairwell may have cells of their own. One of elsewhere is asked about."""
    found = locate(text)
    if found and found.elsewhere:
        judgement.doubt("address_elsewhere", value=found.elsewhere)
    if found and (place := _of_known(found, known)) is not None:
        return place
    place = parts_of(text)
    if place is None:
        return None
    beside = read_place({name: texts.get(name, "") for name in ("lane", "unit")})
    return place._replace(lane=place.lane or beside.lane, unit=place.unit or beside.unit)


def _of_known(found: Found, known: Sequence[KnownBuilding]) -> Parts | None:
    for building in known:
        if building.id == found.building_id:
            return Parts(building.lane, building.number, building.unit, found.room)
    return None


def _take_name(judgement: Judgement, text: str) -> None:
    name = " ".join(text.split())
    if len(name) > MAX_NAME:
        judgement.refuse("text_too_long", "name", limit=MAX_NAME)
    elif name.startswith(_RUNS):
        judgement.refuse("text_runs", "name")
    else:
        judgement.values["name"] = name


def _take_phone(judgement: Judgement, text: str) -> None:
    phone = read_phone(text)
    judgement.values["phone"] = phone.e164
    if phone.problem:
        add = judgement.doubt if phone.is_doubtful else judgement.note
        add(phone.problem, "phone", value=mask_phone(phone.e164) if phone.e164 else text)
    if phone.e164 and not judgement.values["name"] and judgement.verdict != REFUSED:
        judgement.refuse("name_missing", "name")


def _take_home(judgement: Judgement, texts: Mapping[str, str]) -> None:
    home = judgement.values["home"]
    care, is_plain = read_flag(texts.get("care", ""))
    home["needs_care"] = care
    if not is_plain:
        # What the cell says is a reason, and reasons are kept nowhere.
        judgement.doubt("care_reason", "care")
    without, is_plain = read_flag(texts.get("no_phone", ""))
    if without is not None:
        home["has_smartphone"] = not without
    if not is_plain:
        judgement.doubt("flag_words", "no_phone", value=texts["no_phone"])
    try:
        home["people"] = read_people(texts.get("people", ""))
    except ValueError:
        judgement.doubt("people_unreadable", "people", value=texts["people"])
    relation = folded(texts.get("relation", ""))
    judgement.values["is_contact"] = relation in {"户主", "本人", "HEAD"}


def _drop_own_lane(
    judgements: Sequence[Judgement], known: Sequence[KnownBuilding], own: Collection[str]
) -> None:
    """500弄3幢 is 3幢, where the compound is 500弄 and other rows or its buildings do without."""
    places = [one.values["place"] for one in judgements if one.values["place"] is not None]
    said = {place[0] for place in places} | {building.lane for building in known}
    if "" in said and len(said) == 2 and said <= {"", *own}:
        for place in places:
            place[0] = ""


def _door(judgement: Judgement) -> Door | None:
    place = judgement.values["place"]
    if place is None or judgement.verdict == REFUSED:
        return None
    lane, number, unit, room = place
    return building_key(lane, number, unit), room_key(room)


def _judge_buildings(
    rows: Sequence[SourceRow],
    judgements: Sequence[Judgement],
    doors: Sequence[Door | None],
    known: Sequence[KnownBuilding],
) -> None:
    """A building that is not there is set up with its rows; the file as a whole says which (see desk).

    One of a single flat among others of many needs a yes: its number may be a slip of the hand.
    """
    there = by_key(known)
    homes: dict[BuildingKey, set[str]] = {key: set(one.homes) for key, one in there.items()}
    for row, door in zip(rows, doors, strict=True):
        if door is not None and not row.is_left:
            homes.setdefault(door[0], set()).add(door[1])
    alone = lonely(homes)
    for judgement, door in zip(judgements, doors, strict=True):
        if door is None:
            continue
        lane, number, unit, _room = judgement.values["place"]
        label = building_label(lane=lane, number=number, unit=unit)
        building = there.get(door[0])
        if building is not None:
            judgement.values["place"][:3] = building.lane, building.number, building.unit
        elif door[0] in alone:
            judgement.doubt("building_lonely", "building", value=label)
        else:
            judgement.note("building_new", "building", value=label)


def _spell_rooms_alike(
    rows: Sequence[SourceRow],
    judgements: Sequence[Judgement],
    doors: Sequence[Door | None],
    known: Sequence[KnownBuilding],
) -> None:
    """One household whatever the spelling: as it is stored, or as the first row has it."""
    spelt = {
        (building.key, key): home.room for building in known for key, home in building.homes.items()
    }
    places: dict[BuildingKey, list[str]] = {}
    for row, judgement, door in zip(rows, judgements, doors, strict=True):
        if door is None or row.is_left:
            continue
        place = judgement.values["place"]
        room = spelt.setdefault(door, place[3])
        if room != place[3]:
            judgement.note("room_spelt", "room", value=place[3], room=room)
            place[3] = room
        place[:3] = places.setdefault(door[0], place[:3])


def _judge_people(
    rows: Sequence[SourceRow], judgements: Sequence[Judgement], doors: Sequence[Door | None]
) -> None:
    """The same person twice: at one door with the same number is a repetition, else somebody has to look."""
    at_door: dict[tuple[Door, str], int] = {}
    by_number: dict[tuple[str, str], int] = {}
    for place, (row, judgement, door) in enumerate(zip(rows, judgements, doors, strict=True)):
        if door is None or row.is_left or judgement.verdict == REFUSED:
            continue
        name, phone = folded(judgement.values["name"]), judgement.values["phone"]
        first = at_door.setdefault((door, name), place)
        if first != place:
            _judge_twin(rows[first], judgements[first], judgement)
            continue
        if name and phone:
            other = by_number.setdefault((name, phone), place)
            if other != place:
                judgement.doubt("person_elsewhere", "name", row=rows[other].number)


def _judge_twin(earlier: SourceRow, first: Judgement, judgement: Judgement) -> None:
    phones = first.values["phone"], judgement.values["phone"]
    if not judgement.values["name"] or phones[0] == phones[1]:
        judgement.refuse("same_as_row", row=earlier.number)
    elif not all(phones):
        judgement.refuse("person_twice_number", "phone", row=earlier.number)
    else:
        judgement.refuse("person_twice", "phone", row=earlier.number)


def _join_homes(
    rows: Sequence[SourceRow], judgements: Sequence[Judgement], doors: Sequence[Door | None]
) -> None:
    """What the rows of a door say of the household: any yes to care counts, no smartphone only where nobody has one."""
    homes: dict[Door, dict[str, Any]] = {}
    first: dict[Door, int] = {}
    for row, judgement, door in zip(rows, judgements, doors, strict=True):
        # A repetition still says what it says of the household.
        if door is None or row.is_left:
            continue
        said = judgement.values["home"]
        home = homes.setdefault(door, dict(said))
        row_of = first.setdefault(door, row.number)
        for name in ("needs_care", "has_smartphone"):
            if said[name] is not None:
                home[name] = bool(home[name]) or said[name]
        if said["people"] is not None:
            if home["people"] not in (None, said["people"]):
                judgement.doubt("people_differ", "people", row=row_of, value=home["people"])
            home["people"] = max(home["people"] or 0, said["people"])
    for judgement, door in zip(judgements, doors, strict=True):
        if door in homes:
            judgement.values["home"] = homes[door]


def _compare(
    judgements: Sequence[Judgement],
    doors: Sequence[Door | None],
    known: Sequence[KnownBuilding],
    index: Index,
) -> None:
    there = by_key(known)
    named = {
        (door, folded(judgement.values["name"]))
        for judgement, door in zip(judgements, doors, strict=True)
    }
    for judgement, door in zip(judgements, doors, strict=True):
        if door is None or judgement.verdict == REFUSED:
            continue
        building = there.get(door[0])
        home = building.homes.get(door[1]) if building else None
        if home is None:
            judgement.note("new_household")
            continue
        _compare_home(judgement, home, index)
        if judgement.values["phone"] and _known_person(judgement, home) is None:
            others = [one for one in home.residents if (door, folded(one.name)) not in named]
            _ask_whether_renamed(judgement, others, index)


def _ask_whether_renamed(judgement: Judgement, others: Sequence[KnownPerson], index: Index) -> None:
    """A new name with the number of somebody of the household whom the file does not name: either may be right."""
    number = index(judgement.values["phone"])
    same = next((one for one in others if one.phone_index == number), None)
    if same is not None:
        judgement.doubt("person_renamed", "name", old=same.name, new=judgement.values["name"])


def _compare_home(judgement: Judgement, home: KnownHome, index: Index) -> None:
    judgement.values["household"] = home.id
    said = judgement.values["home"]
    changed = [
        name for name, value in said.items() if value is not None and value != getattr(home, name)
    ]
    person = _known_person(judgement, home)
    was: dict[str, Any] = {name: getattr(home, name) for name in changed}
    if person is not None and judgement.values["phone"]:
        number = index(judgement.values["phone"])
        if number != person.phone_index:
            was["phone_index"] = person.phone_index
            new = mask_phone(judgement.values["phone"])
            judgement.note("phone_changed", "phone", old=person.phone_masked or "—", new=new)
    judgement.values["was"] = was
    for name in changed:
        judgement.note(f"{name}_changed", _COLUMN_OF[name])
    if person is None and judgement.values["name"]:
        judgement.note("new_resident")
    elif not was:
        judgement.note("unchanged")


_COLUMN_OF = {"needs_care": "care", "has_smartphone": "no_phone", "people": "people"}


def _known_person(judgement: Judgement, home: KnownHome) -> KnownPerson | None:
    name = folded(judgement.values["name"])
    return next((one for one in home.residents if folded(one.name) == name), None)

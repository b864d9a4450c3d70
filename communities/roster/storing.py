"""One row of a roster becomes a household with its person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities import people, personal
from communities.models import Building, Community, Household, Resident
from communities.places import add_building, add_household
from communities.roster.cells import folded
from communities.roster.known import room_key
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.intake.kinds import CREATED, UNCHANGED, UPDATED, Outcome
from config.kernel.locks import require_atomic


class ChangedMeanwhile(DomainError):
    """Household or person is no longer what the person saw in the preview."""

    code = "changed_meanwhile"
    detail = _("Household or person was changed by somebody else after the preview.")


def store_row(community_id: int, values: Mapping[str, Any], actor: Actor) -> Outcome:
    """Set up building, household and person of a judged row where they are missing, change what differs.

    Locks the community's row: two rosters at once would set up one building twice. Raises ChangedMeanwhile.
    """
    require_atomic()
    community = Community.objects.select_for_update(no_key=True).get(pk=community_id)
    lane, number, unit, room = values["place"]
    building = _building(community, lane, number, unit, actor)
    home = _find(building, room, values["household"])
    if home is None:
        said = {name: value for name, value in values["home"].items() if value is not None}
        home = add_household(building=building, room=room, actor=actor, **said)
        _add_person(home, values, actor)
        return Outcome(CREATED, "household", home.pk)
    is_changed = _change_home(home, values, actor)
    is_changed |= _meet_person(home, values, actor)
    return Outcome(UPDATED if is_changed else UNCHANGED, "household", home.pk)


def _building(community: Community, lane: str, number: str, unit: str, actor: Actor) -> Building:
    there = Building.objects.filter(community=community, lane=lane, number=number, unit=unit)
    return there.first() or add_building(
        community=community, lane=lane, number=number, unit=unit, actor=actor
    )


def _find(building: Building, room: str, seen: int | None) -> Household | None:
    """The one that the preview saw, or else by its room, whatever the spelling: another row may have just set it up."""
    rows = Household.objects.filter(building=building)
    if seen is not None and (home := rows.filter(pk=seen).first()) is not None:
        return home
    key = room_key(room)
    for pk, other in rows.values_list("pk", "room"):
        if room_key(other) == key:
            return rows.get(pk=pk)
    return None


def _change_home(home: Household, values: Mapping[str, Any], actor: Actor) -> bool:
    was, changes = values["was"], {}
    for name, value in values["home"].items():
        present = getattr(home, name)
        if value is None or value == present:
            continue
        # Another row of the same household may have set it just now: then it is `value`.
        if name in was and was[name] != present:
            raise ChangedMeanwhile()
        changes[name] = value
    if not changes:
        return False
    Household.objects.filter(pk=home.pk).update(**changes)
    audit.record(
        actor=actor,
        action="household.edited",
        subject=("household", home.pk),
        community_id=home.community_id,
        data={"fields": sorted(changes)},
    )
    return True


def _meet_person(home: Household, values: Mapping[str, Any], actor: Actor) -> bool:
    name = folded(values["name"])
    if not name:
        return False
    there = Resident.objects.present().filter(household=home)
    person = next((one for one in there if folded(one.name) == name), None)
    if person is None:
        _add_person(home, values, actor)
        return True
    if not values["phone"] or person.phone_index == personal.blind_index(values["phone"]):
        return False
    if values["was"].get("phone_index", person.phone_index) != person.phone_index:
        raise ChangedMeanwhile()
    people.set_phone(person, values["phone"])
    person.save(update_fields=people.PHONE_COLUMNS)
    people.tell_of_phone(person)
    audit.record(
        actor=actor,
        action="resident.edited",
        subject=("resident", person.pk),
        community_id=home.community_id,
        data={"fields": ["phone"]},
    )
    return True


def _add_person(home: Household, values: Mapping[str, Any], actor: Actor) -> None:
    """The first person of a household speaks for it until the roster names another."""
    if not values["name"]:
        return
    speakers = Resident.objects.present().filter(household=home, is_contact=True)
    has_speaker = speakers.exists()
    if has_speaker and values["is_contact"]:
        speakers.update(is_contact=False)
    is_contact = values["is_contact"] or not has_speaker
    people.add_resident(
        household=home,
        name=values["name"],
        phone=values["phone"],
        is_contact=is_contact,
        actor=actor,
    )

"""How the pages of an import show a roster."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.importing.desk import Desk, Opened
from communities.models import User
from communities.natural import building_label, natural_key
from communities.roster.access import access_roster
from communities.roster.gaps import gaps
from communities.roster.kind import ROSTER
from communities.roster.known import BuildingKey, building_key, by_key
from communities.roster.messages import REMARKS
from communities.roster.register import known_buildings
from config.kernel.intake.messages import sentence
from config.kernel.intake.models import Import, ImportRow

_NAMED = 8
_ODD = ("room_above", "room_beyond", "room_outside", "room_high", "room_zero")


def _access(user: User, public_id: UUID) -> Opened:
    upload, community = access_roster(user, public_id=public_id)
    title = _("Roster of %(name)s") % {"name": community.name}
    return Opened(upload, title, reverse("setup:roster", args=[community.public_id]))


def remarks(upload: Import) -> list[str]:
    """Buildings that would be set up, and rooms that nobody mentions, in the file and before."""
    known = known_buildings(upload.subject_id)
    there = by_key(known)
    labels = {key: building.label for key, building in there.items()}
    rooms: dict[BuildingKey, set[str]] = defaultdict(set)
    # A room above the roof promises no neighbours.
    odd = Q()
    for code in _ODD:
        odd |= Q(reasons__contains=[{"code": code}])
    rows = upload.rows.exclude(
        Q(verdict=ImportRow.Verdict.REFUSED) | Q(decision=ImportRow.Decision.LEAVE) | odd
    )
    for place in rows.order_by("number").values_list("values__place", flat=True):
        lane, number, unit, room = place
        key = building_key(lane, number, unit)
        labels.setdefault(key, building_label(lane=lane, number=number, unit=unit))
        rooms[key].add(room)
    new = [labels[key] for key in sorted(rooms) if key not in there]
    told = [sentence(REMARKS, "buildings_new", {"buildings": new})] if new else []
    for key in sorted(rooms):
        homes = there[key].homes.values() if key in there else ()
        told += gap_sentences(labels[key], {*rooms[key], *(home.room for home in homes)})
    return told


def gap_sentences(label: str, rooms: set[str]) -> list[str]:
    """At most one sentence about a building."""
    missing = sorted(gaps(rooms), key=natural_key)
    if not missing:
        return []
    params = {"building": label, "rooms": missing[:_NAMED], "count": len(missing) - _NAMED}
    return [sentence(REMARKS, "gaps_more" if len(missing) > _NAMED else "gaps", params)]


DESK = Desk(
    kind=ROSTER,
    namespace="setup",
    access=_access,
    shown=("address", "building", "unit", "room", "name", "phone", "care"),
    remarks=remarks,
    hides_absent=True,
)

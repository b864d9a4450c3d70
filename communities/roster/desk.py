"""How the pages of an import show a roster."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.importing.desk import Desk, Opened
from communities.models import User
from communities.roster.access import access_roster
from communities.roster.kind import ROSTER
from communities.roster.remarks import remarks, stops


def _access(user: User, public_id: UUID) -> Opened:
    upload, community = access_roster(user, public_id=public_id)
    title = _("Roster of %(name)s") % {"name": community.name}
    return Opened(upload, title, reverse("setup:roster", args=[community.public_id]))


DESK = Desk(
    kind=ROSTER,
    namespace="setup",
    access=_access,
    shown=("address", "building", "unit", "room", "name", "phone", "care"),
    remarks=remarks,
    stops=stops,
    hides_absent=True,
)

"""Roles and the named groups of roles that rules speak of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    RESIDENT = "resident", _("resident")
    BUILDING_LEADER = "building_leader", _("building leader")
    VOLUNTEER = "volunteer", _("volunteer")
    CHECKER = "checker", _("checker")
    ORGANISER = "organiser", _("organiser")
    TREASURER = "treasurer", _("treasurer")
    COMMITTEE = "committee", _("committee officer")
    PROPERTY = "property", _("property staff")
    OWNERS_COMMITTEE = "owners_committee", _("owners' committee")


# Open, change, cancel and release a round.
COORDINATORS = frozenset({Role.ORGANISER, Role.COMMITTEE})
# Look over the consolidated order.
CHECKERS = COORDINATORS | {Role.CHECKER}
# Bring in orders of everybody of a community: a building leader sees his own building only.
WRITERS = CHECKERS | {Role.VOLUNTEER}
# Pick, pack and hand out.
HANDS = CHECKERS | {Role.VOLUNTEER, Role.BUILDING_LEADER}
# See the desk; the owners' committee, the treasurer and property staff read only.
STAFF = HANDS | {Role.TREASURER, Role.PROPERTY, Role.OWNERS_COMMITTEE}
ANYBODY = STAFF | {Role.RESIDENT}

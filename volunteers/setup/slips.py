"""Households become slips, each with a new code."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.joining.codes import renew_codes
from communities.models import Community, Household
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.locks import require_atomic
from volunteers.sheets.door_slips import DoorSlip, DoorSlips

# Some seconds of work, and a heap that one person can carry round.
MOST_SLIPS = 600


class NobodyThere(DomainError):
    code = "no_households"
    status = 400
    detail = _("There is no household to print a slip for.")


class TooManySlips(DomainError):
    code = "too_many_slips"
    status = 400
    detail = _("At most %(limit)s slips at a time: please print building by building.")


def print_slips(
    *, community: Community, households: QuerySet[Household], page: str, actor: Actor, at: datetime
) -> DoorSlips:
    """Renew the codes of these households and lay out their slips, in natural order. The old slips are dead.

    The codes are in the answer and nowhere else. Locks the households' rows. Raises NobodyThere, TooManySlips.
    """
    require_atomic()
    rows = households.filter(community=community, is_active=True).select_related("building")
    homes = list(rows.order_by("building__sort_key", "building_id", "sort_key", "pk"))
    if not homes:
        raise NobodyThere()
    if len(homes) > MOST_SLIPS:
        raise TooManySlips(limit=MOST_SLIPS)
    codes = renew_codes(households=homes, actor=actor, at=at)
    audit.record(
        actor=actor,
        action="slips.printed",
        subject=("community", community.pk),
        community_id=community.pk,
        data={"count": len(homes)},
    )
    return DoorSlips(
        community=community.name,
        page=page,
        made_at=at.astimezone(ZoneInfo(community.zone)),
        slips=[DoorSlip(home.building.label, home.room, codes[home]) for home in homes],
        service_name=community.service_name,
        service_phone=community.service_phone,
    )

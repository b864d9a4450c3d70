"""The own name, which somebody who is signed in sets right; and the rows of the rosters that are his."""

from __future__ import annotations

from django.db.models import QuerySet

from communities.models import Resident, User
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.locks import busy_when_locked, require_atomic


@busy_when_locked()
def rename(*, user: User, name: str) -> None:
    """The account, and its rows on the rosters of its households, from now on. A repeat changes nothing."""
    require_atomic()
    actor = Actor("user", user.pk)
    if user.display_name != name:
        user.display_name = name
        user.save(update_fields=["display_name"])
        audit.record(actor=actor, action="user.edited", subject=("user", user.pk))
    for resident in own_rows(user):
        if resident.name != name:
            resident.name = name
            resident.save(update_fields=["name"])
            record_edit(resident=resident, actor=actor, fields=["name"])


def rows_of(user: User) -> QuerySet[Resident]:
    """Where the rosters of his households name him, in id order."""
    return Resident.objects.present().filter(user=user, household__is_active=True).order_by("pk")


def own_rows(user: User) -> QuerySet[Resident]:
    """The same, locked once they are read."""
    return rows_of(user).select_related("household").select_for_update(of=("self",), no_key=True)


def record_edit(*, resident: Resident, actor: Actor, fields: list[str]) -> None:
    """Note it in the audit: names of columns only."""
    audit.record(
        actor=actor,
        action="resident.edited",
        subject=("resident", resident.pk),
        community_id=resident.household.community_id,
        data={"fields": fields},
    )

"""Who waits to be let in."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from communities.models import JoinRequest, Membership, Resident
from communities.states import JoinStatus


def waiting() -> QuerySet[JoinRequest]:
    """With household and building, in the order of asking."""
    rows = JoinRequest.objects.filter(status=JoinStatus.WAITING)
    rows = rows.select_related("household__building", "community", "user")
    return rows.order_by("asked_at", "pk")


def with_neighbours(rows: Iterable[JoinRequest]) -> list[JoinRequest]:
    """Each with `known`: who is on the roster of its household, `members`: how many order for it already, and `owners`:
    the residents with an account, those of the same name first; what whoever decides compares the name with. Two
    statements more, whatever the number.
    """
    joins = list(rows)
    homes = {join.household_id for join in joins}
    known: dict[int, list[str]] = {home: [] for home in homes}
    people = Resident.objects.present().filter(household__in=homes).order_by("pk")
    owners: dict[int, list[tuple[int, str]]] = {home: [] for home in homes}
    for home, pk, name, user in people.values_list("household_id", "pk", "name", "user_id"):
        known[home].append(name)
        if user is not None:
            owners[home].append((pk, name))
    members = dict.fromkeys(homes, 0)
    for home in (
        Membership.objects.live().filter(household__in=homes).values_list("household_id", flat=True)
    ):
        if home is not None:
            members[home] += 1
    for join in joins:
        join.known = known[join.household_id]  # type: ignore[attr-defined]
        of_home = [] if join.user_id else owners[join.household_id]
        join.owners = sorted(of_home, key=lambda one: one[1] != join.name)  # type: ignore[attr-defined]
        join.members = members[join.household_id]  # type: ignore[attr-defined]
    return joins

"""Households that were set up by mistake, by a rule or a roster with a wrong number in it, taken back."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import and_
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import Building, Community, Household, HouseholdCode
from communities.roster.cells import floor_and_door
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.locks import busy_when_locked, require_atomic

Row = TypeVar("Row", bound=Model)


class UsedMeanwhile(DomainError):
    code = "used_meanwhile"
    detail = _(
        "Somebody moved in, joined or ordered meanwhile. Nothing was taken back: please look again."
    )


def unused_homes(community_id: int) -> QuerySet[Household]:
    """Those that nothing refers to and of which nothing is known, in natural order with their buildings: nobody was
    ever on the roster there, joined, or ordered. A slip that lies in a letter box is no use yet. One statement.
    """
    unknown = Household.objects.filter(people=None, needs_care=False, has_smartphone=True)
    rows = _unused(unknown.filter(community=community_id), {HouseholdCode})
    return rows.select_related("building").order_by(
        "building__sort_key", "building_id", "sort_key", "pk"
    )


@busy_when_locked()
def take_back_homes(*, community: Community, homes: Collection[int], actor: Actor) -> int:
    """Erase these households with their slips, and buildings that are left without any; returns how many households.

    Raises UsedMeanwhile if one of them is in use (by now), or not of the community. Locks the community's row, then the
    households' in id order: whatever would refer to one of them waits, and finds it gone.
    """
    require_atomic()
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    rows = Household.objects.filter(community=community, pk__in=homes)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    gone = dict(unused_homes(community.pk).filter(pk__in=homes).values_list("pk", "building_id"))
    if len(gone) != len(set(homes)):
        raise UsedMeanwhile()
    HouseholdCode.objects.filter(household__in=gone).delete()
    rows.delete()
    for building in Building.objects.filter(pk__in=set(gone.values())).order_by("pk"):
        audit.record(
            actor=actor,
            action="building.households_taken_back",
            subject=("building", building.pk),
            community_id=community.pk,
            data={"count": [*gone.values()].count(building.pk)},
        )
        _shrink(building)
    return len(gone)


def _shrink(building: Building) -> None:
    """What is left says how high it is and how many doors a floor has; a building that nothing refers to goes too."""
    rooms = building.households.values_list("room", flat=True)
    places = [place for room in rooms if (place := floor_and_door(room)) is not None]
    if not rooms:
        _unused(Building.objects.filter(pk=building.pk), set()).delete()
        return
    if places and building.floors is not None:
        building.floors = min(building.floors, max(floor for floor, _door in places))
    if places and building.doors is not None:
        building.doors = min(building.doors, max(door for _floor, door in places))
    building.save(update_fields=["floors", "doors"])


def _unused(rows: QuerySet[Row], but: Collection[type[Model]]) -> QuerySet[Row]:
    """Rows that no table refers to but those of `but`: of every app, whether this one knows it or not."""
    relations = [one for one in rows.model._meta.related_objects if one.related_model not in but]
    free = (
        ~Q(Exists(one.related_model._base_manager.filter(**{one.field.name: OuterRef("pk")})))
        for one in relations
    )
    return rows.filter(reduce(and_, free))

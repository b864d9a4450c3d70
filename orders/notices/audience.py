"""Who is told. Reads; each function takes a fixed number of statements, whatever the number of orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from communities.models import Building, Household, Membership
from communities.notices import people_to_tell
from communities.people import has_left
from communities.roles import Role
from orders.models import Allocation, Order, OrderWindow
from orders.states import JoinStatus, OrderStatus


class SilentHomes(NamedTuple):
    """So many care households of a building that have nothing in the window."""

    building_id: int
    community_id: int
    label: str
    number: int


def standing(window: OrderWindow) -> QuerySet[Order]:
    """Orders that still count: neither cancelled nor taken off."""
    taken_off = Allocation.objects.filter(
        line__order=OuterRef("pk"), cause=Allocation.Cause.DROPPED
    )
    return Order.objects.filter(~Exists(taken_off), window=window, status=OrderStatus.PLACED)


def receiving(window: OrderWindow) -> QuerySet[Order]:
    """Orders that get something; before anything was allotted, all that count."""
    allotted = Allocation.objects.filter(line__order=OuterRef("pk"))
    gets = Exists(allotted.filter(quantity__gt=0))
    return standing(window).filter(Q(gets) | ~Q(Exists(allotted)))


def ended_with(window: OrderWindow, reason: str) -> QuerySet[Order]:
    """Orders that were cancelled for this reason, not by whoever placed them."""
    return Order.objects.filter(window=window, status=OrderStatus.CANCELLED, reason=reason)


def people_of(orders: QuerySet[Any]) -> set[int]:
    """Who ordered (or waits: `orders` may be places in a line) and who receives: children who order for their parents,
    and the parents; not who has left the household since. Two statements.
    """
    stayed = orders.exclude(has_left(user="placed_by")).exclude(placed_by=None)
    placed = stayed.values_list("placed_by_id", flat=True)
    receivers = people_to_tell(Household.objects.filter(pk__in=orders.values("household")))
    return {pk for pk in placed.distinct() if pk is not None} | set(receivers.distinct())


def homes_in(window: OrderWindow) -> QuerySet[Household]:
    """Households that may order in the window."""
    return Household.objects.filter(
        community__joined__window=window,
        community__joined__status=JoinStatus.JOINED,
        is_active=True,
    )


def homes_without_order(window: OrderWindow) -> QuerySet[Household]:
    """Those of them that have nothing in it."""
    placed = Order.objects.filter(
        window=window, household=OuterRef("pk"), status=OrderStatus.PLACED
    )
    return homes_in(window).filter(~Exists(placed))


def silent_care_homes(window: OrderWindow) -> list[SilentHomes]:
    """By building, those with any. One statement."""
    rows = homes_without_order(window).filter(needs_care=True)
    counted = rows.values("building_id", "community_id", "building__label").annotate(n=Count("pk"))
    return [
        SilentHomes(row["building_id"], row["community_id"], row["building__label"], row["n"])
        for row in counted.order_by("community_id", "building__sort_key", "building_id")
    ]


def leaders_of(buildings: Iterable[int]) -> dict[int, list[int]]:
    """Building → accounts that lead it. One statement."""
    leading = Membership.objects.live().filter(
        role=Role.BUILDING_LEADER,
        building__in=Building.objects.filter(pk__in=list(buildings)),
        user__is_active=True,
    )
    found: dict[int, list[int]] = {}
    for building_id, user_id in leading.values_list("building_id", "user_id"):
        if building_id is not None:
            found.setdefault(building_id, []).append(user_id)
    return found

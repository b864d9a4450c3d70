"""Places in the lines. Reads only."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from communities.models import Membership
from communities.people import has_left
from orders.models import Allocation, OrderLine, WaitingWish
from orders.states import OrderStatus, WaitingStatus

# Of an offer on which no limit was set. A line is for those who got nothing, not to lay in stores.
MOST_WITHOUT_LIMIT = 5


def most_to_wait_for(*, cap: int, has: int, allowed: int | None) -> int:
    """Pieces for which a household may wait that `has` some already: never more than there will ever be for it.
    `allowed`: what its limit leaves it, None without a limit.
    """
    return max(0, min(MOST_WITHOUT_LIMIT if allowed is None else allowed, cap - has))


def pieces_of(*, household_id: int, offer_id: int) -> int:
    """What the household has ordered of an offer, without what was taken off."""
    lines = OrderLine.objects.filter(
        offer=offer_id, order__household=household_id, order__status=OrderStatus.PLACED
    ).exclude(allocation__cause=Allocation.Cause.DROPPED)
    return lines.aggregate(n=Sum("quantity"))["n"] or 0


def homeless() -> Q:
    """On wishes: whoever waits is of the household no more, or the household has been given up or lost all its members.
    A household that never had an account is none of these.
    """
    members = Membership.objects.filter(household=OuterRef("household"))
    nobody_is_left = Q(Exists(members)) & ~Q(Exists(members.live()))
    return Q(household__is_active=False) | nobody_is_left | has_left(user="placed_by")


def with_place(wishes: QuerySet[WaitingWish]) -> QuerySet[WaitingWish]:
    """Each with `place`: 1 for the first in its line."""
    before = (
        WaitingWish.objects.filter(
            offer=OuterRef("offer"), status=WaitingStatus.WAITING, pk__lt=OuterRef("pk")
        )
        .order_by()
        .values("offer")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return wishes.annotate(place=Coalesce(Subquery(before), 0) + 1)


def with_places(wishes: QuerySet[WaitingWish]) -> QuerySet[WaitingWish]:
    """With everything the API shows of them: one statement for any number."""
    related = ("window__supplier", "offer", "community", "household__building", "order")
    return with_place(wishes).select_related(*related)

"""Places in the lines. Reads only."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from orders.models import WaitingWish
from orders.states import WaitingStatus


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

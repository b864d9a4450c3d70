"""What is left of an offer for whoever orders now. Reads only; the same as `statements` says in SQL."""

from __future__ import annotations

from django.db.models import Case, F, OuterRef, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest

from orders.models import WaitingWish
from orders.states import WaitingStatus


def pieces_left() -> Case:
    """An expression on offers, None without a cap: what is free, without what the line is about to be served.

    Held back are the wishes that fit into what is free, each of which is an order within seconds. A wish that is larger
    than that holds back nothing: neighbours need not leave lying what nobody in the line can be given.
    """
    free = F("cap") - F("taken")
    fits = WaitingWish.objects.filter(
        offer=OuterRef("pk"),
        status=WaitingStatus.WAITING,
        quantity__lte=OuterRef("cap") - OuterRef("taken"),
    )
    held = fits.order_by().values("offer").annotate(n=Sum("quantity")).values("n")
    # PostgreSQL's GREATEST leaves NULL out: what has no cap would be sold out.
    return Case(
        When(cap=None, then=None),
        When(waiting=0, then=free),
        default=Greatest(free - Coalesce(Subquery(held), 0), 0),
    )

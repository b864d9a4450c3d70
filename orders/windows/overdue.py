"""Group buys whose cutoff has passed and which nobody has closed yet."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min

from orders.models import OrderWindow
from orders.states import WindowStatus


class Overdue(NamedTuple):
    """How many, and seconds since the earliest of these cutoffs (or deadlines of a decision); 0 without any."""

    overdue: int
    overdue_seconds: float


def find_overdue(moment: datetime) -> Overdue:
    """At `moment` of PostgreSQL's clock, by which closing itself judges. Orders are refused all the same; the files
    are late. Two statements, the one about open windows on its index.
    """
    opened = OrderWindow.objects.filter(status=WindowStatus.OPEN, closes_at__lte=moment)
    held = OrderWindow.objects.filter(status=WindowStatus.HELD, held_until__lte=moment)
    late = [
        opened.aggregate(count=Count("pk"), first=Min("closes_at")),
        held.aggregate(count=Count("pk"), first=Min("held_until")),
    ]
    firsts = [one["first"] for one in late if one["first"]]
    seconds = (moment - min(firsts)).total_seconds() if firsts else 0.0
    return Overdue(sum(one["count"] for one in late), seconds)

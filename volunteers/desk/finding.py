"""The orders of a round as the desk lists and finds them, and how many there are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest

from communities.console import in_own_homes, user_of
from communities.roles import HANDS
from orders.models import Allocation, Order, OrderLine, OrderWindow
from orders.states import OrderStatus


@dataclass(frozen=True)
class Tally:
    """Orders: `all` of them, `cancelled` by residents or with the round, `dropped` after the cutoff."""

    all: int
    cancelled: int
    dropped: int

    @property
    def live(self) -> int:
        return self.all - self.cancelled - self.dropped


def orders_listed(window: OrderWindow, request: HttpRequest, *, search: str) -> QuerySet[Order]:
    """Orders of the doors the person may see, in natural order, cancelled ones last. `search`: a number (8, #8, 接龙8),
    a community, a building, a room, several of them apart, or a door in any spelling (1号楼204室, 1-204, 1204).
    """
    rows: QuerySet[Order] = Order.objects.filter(window=window)
    if not user_of(request).is_superuser:
        rows = rows.filter(in_own_homes(request, HANDS, building="household__building_id"))
    if search:
        rows = _found(rows, search)
    return rows.order_by(*_ORDER)


_ORDER = (
    Case(When(status=OrderStatus.CANCELLED, then=1), default=0),
    "community_id",
    "household__building__sort_key",
    "household__sort_key",
    "number",
)


def with_details(rows: QuerySet[Order]) -> QuerySet[Order]:
    """One page of orders, each with `dropped` (the reason, or None) and `line_count`. Those of the pages before it are
    only counted off. One statement.
    """
    dropped = Allocation.objects.filter(
        line__order=OuterRef("pk"), cause=Allocation.Cause.DROPPED
    ).values("reason")[:1]
    lines = OrderLine.objects.filter(order=OuterRef("pk")).values("order")
    page = Order.objects.filter(pk__in=rows.values("pk")).annotate(
        dropped=Subquery(dropped), line_count=Coalesce(Subquery(lines.values(n=Count("pk"))), 0)
    )
    related = ("household__building", "community", "placed_by", "proxy__receiver")
    return page.select_related(*related).order_by(*_ORDER)


# What people write between the parts of a door, or leave out. Python and PostgreSQL read it alike.
BETWEEN = r"(号楼|单元|号|幢|栋|座|弄|楼|室|[-_/,，—–－ ])+"


def _found(rows: QuerySet[Order], search: str) -> QuerySet[Order]:
    """Every word fits (room, number, a part of the building's or community's name), or all of it spells the door."""
    words = Q()
    for word in re.sub(r"接龙号?\s*", "#", search).split():
        rule = Q(household__room__iexact=word)
        rule |= Q(household__building__label__iregex=rf"(^|\D){re.escape(word)}")
        if re.search(r"[^\W\d]", word):
            rule |= Q(community__name__icontains=word)
        if number := re.fullmatch(r"#?(\d{1,8})|#(\d{1,8})号", word):
            rule |= Q(number=int(number[1] or number[2]))
        words &= rule
    spelt = re.sub(BETWEEN, "-", search).strip("-")
    # Typed apart it is compared apart: 1-1204 is not 11-204. Typed in one it may be either.
    field, door = ("parted", spelt) if "-" in spelt else ("joined", spelt)
    spells = Q(**{f"{field}__iexact": door})
    if "-" in spelt:
        # Nobody writes the lane of his own compound: 3-301 is 1467弄3号 301 too.
        spells |= Q(parted__iendswith=f"-{door}")
    return rows.annotate(parted=spelt_door("-"), joined=spelt_door("")).filter(words | spells)


def spelt_door(mark: str, *, path: str = "household__") -> Func:
    """Building and room with `mark` for whatever stands between the parts. `path` leads to the household."""
    label = Concat(f"{path}building__label", Value("-"), f"{path}room")
    parts = Func(label, Value(BETWEEN), Value(mark), Value("g"), function="regexp_replace")
    return Func(parts, Value("-"), function="btrim", output_field=CharField())


def tally(rows: QuerySet[Order]) -> Tally:
    """How many of these orders count, and how many do not. One statement."""
    dropped = Allocation.objects.filter(line__order=OuterRef("pk"), cause=Allocation.Cause.DROPPED)
    gone = Q(status=OrderStatus.CANCELLED)
    counts = rows.order_by().aggregate(
        n=Count("pk"),
        n_cancelled=Count("pk", filter=gone),
        n_dropped=Count("pk", filter=~gone & Q(Exists(dropped))),
    )
    return Tally(counts["n"], counts["n_cancelled"], counts["n_dropped"])

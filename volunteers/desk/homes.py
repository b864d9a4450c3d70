"""Doors as they are typed while somebody is on the telephone, and what is known of a household then."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from communities.addresses.finding import locate
from communities.console import community_ids, in_own_homes, user_of
from communities.models import Community, Household, Resident
from communities.roles import HANDS, STAFF, Role
from communities.selectors import register_of
from config.kernel.errors import NotFound
from orders.models import Allocation, Offer, Order, OrderLine, OrderWindow, WindowCommunity
from orders.placing.pieces import pieces_left
from orders.placing.shorthand import write_shorthand
from orders.states import JoinStatus, OrderStatus
from volunteers.desk.finding import BETWEEN, spelt_door

SUGGESTED = 12


def homes_of(window: OrderWindow, request: HttpRequest) -> QuerySet[Household]:
    """Lived-in homes of the communities in the window, only those whose doors the person may see."""
    homes = Household.objects.filter(
        community__joined__window=window,
        community__joined__status=JoinStatus.JOINED,
        is_active=True,
    )
    if not user_of(request).is_superuser:
        homes = homes.filter(in_own_homes(request, HANDS))
    return homes.select_related("building", "community")


def leads(window: OrderWindow, request: HttpRequest) -> bool:
    """Whether the round's own pages are open to the person: those of a community that only buys in it are not led by
    him. No statement of its own.
    """
    return window.community_id in community_ids(request, STAFF)


def own_place(window: OrderWindow, request: HttpRequest) -> Community:
    """For whom the person works in this round: the leading community, or the first that buys in it."""
    if window.community_id in community_ids(request, HANDS):
        return window.community
    first = joined_by_own(window, request, HANDS).first()
    return first.community if first else window.community


def joined_by_own(
    window: OrderWindow, request: HttpRequest, roles: Collection[Role]
) -> QuerySet[WindowCommunity]:
    """Communities that buy in this round in which the person holds one of the roles, the first that joined first."""
    rows = window.joined.filter(
        status=JoinStatus.JOINED, community__in=community_ids(request, roles)
    )
    return rows.select_related("community").order_by("pk")


def access_home(window: OrderWindow, request: HttpRequest, *, given: str) -> Household:
    """The home of a public id as a page sends it. Raises NotFound."""
    try:
        public_id = UUID(given)
    except ValueError as error:
        raise NotFound() from error
    home = homes_of(window, request).filter(public_id=public_id).first()
    if home is None:
        raise NotFound()
    return home


def homes_found(
    homes: QuerySet[Household], typed: str, *, window: OrderWindow | None = None
) -> list[Household]:
    """Homes whose door begins as typed (`2 301`, `2-3`, `2301`, `201`, 2号楼301室), in natural order, the whole ones
    first; each with `is_whole` and `has_ordered` (in the window). At most twelve. One statement.
    """
    spelt = re.sub(BETWEEN, "-", typed).strip("-")
    if not spelt:
        return []
    if "-" in spelt:
        # Nobody names the lane of his own compound.
        whole = Q(parted__iexact=spelt) | Q(parted__iendswith=f"-{spelt}")
        begins = Q(parted__istartswith=spelt) | Q(parted__icontains=f"-{spelt}")
    else:
        whole = Q(joined__iexact=spelt) | Q(room__iexact=spelt)
        begins = Q(joined__istartswith=spelt) | Q(room__istartswith=spelt)
    rows = homes.annotate(parted=spelt_door("-", path=""), joined=spelt_door("", path=""))
    rows = rows.filter(begins).annotate(
        is_whole=Case(When(whole, then=Value(True)), default=Value(False)),
        has_ordered=_ordered_in(window),
    )
    found = rows.order_by("-is_whole", "community_id", "building__sort_key", "sort_key", "pk")
    return list(found[:SUGGESTED])


def homes_meant(
    homes: QuerySet[Household], typed: str, *, window: OrderWindow | None = None
) -> list[Household]:
    """homes_found; what is spelt in no such way is read as everybody's addresses are, by the compound's own rules
    (二号楼三零一, 北门小楼301). That takes three statements more, and three for each community.
    """
    found = homes_found(homes, typed, window=window)
    return found or _read(homes, typed, window)


def _read(homes: QuerySet[Household], typed: str, window: OrderWindow | None) -> list[Household]:
    """The parser's answer in each of the communities: sure, or likely. Who sees some houses only means one of them."""
    houses: dict[int, set[int]] = {}
    if typed:
        pairs = homes.order_by().values_list("community_id", "building_id").distinct()
        for community_id, building_id in pairs:
            houses.setdefault(community_id, set()).add(building_id)
    sure: list[int] = []
    likely: list[int] = []
    for community in Community.objects.filter(pk__in=houses).order_by("pk"):
        register = register_of(community)
        own = houses[community.pk]
        place = locate(typed, register, home=own if len(own) < len(register.houses) else ())
        likely += place.candidates
        if place.household_id is not None:
            sure.append(place.household_id)
    ids = [*sure, *likely]
    if not ids:
        return []
    rows = homes.filter(pk__in=ids).annotate(has_ordered=_ordered_in(window))
    found: list[Household] = list(rows)
    for home in found:
        home.is_whole = home.pk in sure  # type: ignore[attr-defined]
    return sorted(found, key=lambda home: ids.index(home.pk))[:SUGGESTED]


def _ordered_in(window: OrderWindow | None) -> Exists:
    return Exists(
        Order.objects.filter(window=window, household=OuterRef("pk"), status=OrderStatus.PLACED)
    )


@dataclass(frozen=True)
class Before:
    """What a household ordered last: the order, and its goods as today's short numbers."""

    order: Order
    lines: Sequence[OrderLine]
    again: str


@dataclass(frozen=True)
class Home:
    """A household on the telephone: its people, who speaks for it first; its orders in this window; the one before."""

    household: Household
    people: Sequence[Resident]
    orders: Sequence[Order]
    before: Before | None


def home_card(window: OrderWindow, household: Household) -> Home:
    """Four statements at most. Each order has `dropped` (or None), `line_count` and `is_proxy`."""
    people = Resident.objects.present().filter(household=household)
    return Home(
        household,
        list(people.order_by("-is_contact", "-phone_masked", "pk")),
        _orders_in(window, household),
        _before(window, household),
    )


def _orders_in(window: OrderWindow, household: Household) -> list[Order]:
    dropped = Allocation.objects.filter(
        line__order=OuterRef("pk"), cause=Allocation.Cause.DROPPED
    ).values("reason")[:1]
    lines = OrderLine.objects.filter(order=OuterRef("pk")).values("order")
    rows = Order.objects.filter(window=window, household=household, status=OrderStatus.PLACED)
    return list(
        rows.annotate(
            dropped=Subquery(dropped),
            line_count=Coalesce(Subquery(lines.values(n=Count("pk"))), 0),
            is_proxy=Q(proxy__isnull=False),
        ).order_by("number")
    )


def _before(window: OrderWindow, household: Household) -> Before | None:
    """The newest order of another window; each line has `today`: the short number of the same product, or None."""
    orders = Order.objects.filter(household=household, status=OrderStatus.PLACED)
    order = orders.exclude(window=window).select_related("window").order_by("-placed_at").first()
    if order is None:
        return None
    today = Offer.objects.filter(
        window=window, product=OuterRef("offer__product"), is_active=True
    ).values("short_number")
    rows = OrderLine.objects.filter(order=order).select_related("offer")
    lines = list(rows.annotate(today=Subquery(today[:1])).order_by("offer__short_number"))
    again = {line.today: line.quantity for line in lines if line.today}
    return Before(order, lines, write_shorthand(again))


def menu_of(
    window: OrderWindow, household: Household | None = None, *, changing: Order | None = None
) -> list[Offer]:
    """What is on offer by short number, each with `left` (None: no cap) and `may` (what the household may still have,
    None: no limit). What stands in an order that is changed is counted as free, and may stay. One statement, two then.
    """
    held = {line.offer_id: line for line in changing.lines.all()} if changing else {}
    own = (
        OrderLine.objects.filter(
            offer=OuterRef("pk"), order__household=household, order__status=OrderStatus.PLACED
        )
        .exclude(allocation__cause=Allocation.Cause.DROPPED)
        .values("offer")
    )
    had = (
        Coalesce(Subquery(own.values(n=Sum(F("quantity") + F("tolerance")))), 0)
        if household
        else Value(0)
    )
    rows = Offer.objects.filter(Q(is_active=True) | Q(pk__in=held), window=window).annotate(
        left=pieces_left(), may=F("household_limit") - had
    )
    menu: list[Offer] = list(rows.order_by("short_number"))
    for offer in menu:
        line = held.get(offer.pk)
        if line and offer.left is not None:  # type: ignore[attr-defined]
            offer.left += line.quantity  # type: ignore[attr-defined]
        if line and offer.may is not None:  # type: ignore[attr-defined]
            offer.may += line.quantity + line.tolerance  # type: ignore[attr-defined]
    return menu

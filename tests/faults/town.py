"""A small town that is the same whenever it is built in an empty database: ids, names, prices. Only tokens differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from communities import people, places
from communities.models import Community, Household, User
from communities.roles import Role
from communities.tokens import issue_token
from config.kernel import clock
from config.kernel.audit import Actor
from orders.models import Offer, OrderWindow
from orders.windows import drafting, opening
from suppliers.directory import register_supplier, serve_community
from suppliers.models import Product, Supplier

_SETUP = Actor("command")
ROOMS = ("101", "102", "201", "202", "301", "302")
# The first has a cap, the second a limit per household, the third is sold in threes.
PRICES = (390, 1250, 100, 2480, 75, 899)
CAP, LIMIT, MULTIPLE = 40, 4, 3
DELIVERY = date(2022, 4, 22)


@dataclass(frozen=True)
class Good:
    """An offer as a resident's phone knows it."""

    id: UUID
    price_fen: int


@dataclass(frozen=True)
class Seat:
    """An account that orders for one household."""

    user_id: int
    community_id: int
    household_id: int
    token: str


@dataclass(frozen=True)
class Town:
    """`windows` in the order of their cutoffs; `menus` by window id."""

    organiser: User
    seats: tuple[Seat, ...]
    windows: tuple[OrderWindow, ...]
    menus: dict[int, tuple[Good, ...]]


def build(
    opens_at: datetime,
    cutoffs: Sequence[datetime],
    *,
    communities: int = 2,
    buildings: int = 2,
    scarce: bool = True,
) -> Town:
    """Open windows over all communities, one for each cutoff. The clock must lie between opening and cutoffs.

    Unless `scarce`, nothing has a cap, a limit or a multiple.
    """
    with transaction.atomic():
        homes = [_community(number, buildings) for number in range(1, communities + 1)]
        organiser = people.create_user(
            username="organiser", password=None, is_staff=True, actor=_SETUP
        )
        for home in homes:
            _grant(organiser, Role.ORGANISER, home)
        supplier = _supplier(homes)
        seats = tuple(_seat(household) for household in Household.objects.order_by("pk"))
        windows = tuple(
            _window(homes, supplier, organiser, (opens_at, cutoff), scarce=scarce)
            for cutoff in cutoffs
        )
    menus = {
        window.pk: tuple(
            Good(offer.public_id, offer.price_fen)
            for offer in Offer.objects.filter(window=window).order_by("short_number")
        )
        for window in windows
    }
    return Town(organiser, seats, windows, menus)


def _community(number: int, buildings: int) -> Community:
    region = places.create_region(kind="neighbourhood", name=f"居民区{number}", actor=_SETUP)
    made = places.create_community(
        region=region, name=f"小区{number}", short_name=f"区{number}", actor=_SETUP
    )
    for name in range(1, buildings + 1):
        building = places.add_building(community=made, number=str(name), actor=_SETUP)
        for room in ROOMS:
            places.add_household(building=building, room=room, actor=_SETUP)
    return made


def _grant(user: User, role: Role, home: Community, household: Household | None = None) -> None:
    people.grant_membership(
        user=user, role=role, node=home, actor=_SETUP, at=clock.now(), household=household
    )


def _seat(household: Household) -> Seat:
    user = people.create_user(username=f"home{household.pk}", password=None, actor=_SETUP)
    _grant(user, Role.RESIDENT, household.community, household=household)
    token = issue_token(user=user, actor=_SETUP)
    return Seat(user.pk, household.community_id, household.pk, token)


def _supplier(homes: Sequence[Community]) -> Supplier:
    supplier = register_supplier(name="供货商", short_name="供", actor=_SETUP)
    for home in homes:
        serve_community(supplier=supplier, community=home, actor=_SETUP)
    Product.objects.bulk_create(
        Product(supplier=supplier, name=f"商品{number}", spec="500g/袋", unit="袋", price_fen=price)
        for number, price in enumerate(PRICES, start=1)
    )
    return supplier


def _window(
    homes: Sequence[Community],
    supplier: Supplier,
    organiser: User,
    times: tuple[datetime, datetime],
    *,
    scarce: bool,
) -> OrderWindow:
    actor = Actor("user", organiser.pk)
    window = drafting.draft_window(
        community=homes[0],
        supplier=supplier,
        opens_at=times[0],
        closes_at=times[1],
        deliver_on=DELIVERY,
        actor=organiser,
    )
    for home in homes[1:]:
        drafting.join_community(window=window, community=home, actor=actor)
    offers = drafting.offer_products(
        window=window, products=supplier.products.order_by("pk"), actor=actor
    )
    if scarce:
        drafting.set_offer(offer=offers[0], actor=actor, cap=CAP)
        drafting.set_offer(offer=offers[1], actor=actor, household_limit=LIMIT)
        drafting.set_offer(offer=offers[2], actor=actor, order_multiple=MULTIPLE)
    opening.make_ready(window=window, actor=actor)
    opening.open_window(window=window, actor=actor)
    return window

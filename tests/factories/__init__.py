"""Arrange the world of a test by the same verbs as everybody. Nothing surprising: what a test needs it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction

from communities import people, places
from communities.models import Building, Community, Household, Membership, User
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import Actor
from orders.consolidation.consolidating import consolidate
from orders.models import Offer, Order, OrderLine, OrderWindow, SupplierOrder
from orders.placing.placing import PlacedOrder, place_order
from orders.placing.wishes import Wish
from orders.supply import releasing
from orders.windows import closing, drafting, opening
from suppliers.directory import register_supplier, serve_community
from suppliers.models import Product, Supplier

SETUP = Actor("command")
_numbers = count(1)


def make_community(
    name: str | None = None, *, rooms: Sequence[str] = ("101", "102"), **fields: Any
) -> Community:
    """A community in a region of its own, with one building 1号楼 and a household for each of `rooms`."""
    number = next(_numbers)
    with transaction.atomic():
        region = places.create_region(kind="neighbourhood", name=f"居民区{number}", actor=SETUP)
        community = places.create_community(
            region=region,
            name=name or f"小区{number}",
            short_name=f"区{number}",
            actor=SETUP,
            **fields,
        )
        building = places.add_building(community=community, number="1", actor=SETUP)
        for room in rooms:
            places.add_household(building=building, room=room, actor=SETUP)
    return community


def household(community: Community, room: str = "101") -> Household:
    return Household.objects.get(community=community, room=room)


def building(community: Community, number: str, *rooms: str) -> Building:
    """Another building, with these rooms."""
    with transaction.atomic():
        made = places.add_building(community=community, number=number, actor=SETUP)
        for room in rooms:
            places.add_household(building=made, room=room, actor=SETUP)
    return made


def make_user(
    username: str | None = None, *, password: str | None = None, is_staff: bool = False
) -> User:
    with transaction.atomic():
        return people.create_user(
            username=username or f"user{next(_numbers)}",
            password=password,
            is_staff=is_staff,
            actor=SETUP,
        )


def grant(user: User, role: Role, node: Any, **where: Any) -> Membership:
    with transaction.atomic():
        return people.grant_membership(
            user=user, role=role, node=node, actor=SETUP, at=clock.now(), **where
        )


def make_resident(community: Community, room: str = "101", username: str | None = None) -> User:
    """An account that orders for a household."""
    user = make_user(username)
    grant(user, Role.RESIDENT, community, household=household(community, room))
    return user


def make_staff(community: Community, role: Role = Role.ORGANISER, **options: Any) -> User:
    """An account with a role in the community that may enter the console."""
    user = make_user(is_staff=True, **options)
    grant(user, role, community)
    return user


def make_supplier(*communities: Community, prices_fen: Sequence[int] = (390, 1250)) -> Supplier:
    """A supplier that serves the communities, with products 商品1, 商品2 … at the given prices."""
    number = next(_numbers)
    with transaction.atomic():
        supplier = register_supplier(name=f"供货商{number}", short_name=f"供{number}", actor=SETUP)
        for community in communities:
            serve_community(supplier=supplier, community=community, actor=SETUP)
    Product.objects.bulk_create(
        Product(
            supplier=supplier, name=f"商品{position}", spec="500g/袋", unit="袋", price_fen=price
        )
        for position, price in enumerate(prices_fen, start=1)
    )
    return supplier


def make_window(
    community: Community,
    *,
    supplier: Supplier | None = None,
    organiser: User | None = None,
    minutes: float = 60,
    offers: Sequence[dict[str, Any]] = (),
    state: str = "open",
    others: Sequence[Community] = (),
    **rules: Any,
) -> OrderWindow:
    """A window that opened a minute ago and closes in `minutes`; `offers[i]` is set on the i-th offer."""
    supplier = supplier or make_supplier(community)
    organiser = organiser or make_staff(community)
    moment = clock.database_now()
    actor = Actor("user", organiser.pk)
    with transaction.atomic():
        window = drafting.draft_window(
            community=community,
            supplier=supplier,
            opens_at=moment - timedelta(minutes=1),
            closes_at=moment + timedelta(minutes=minutes),
            actor=organiser,
            **rules,
        )
        for other in others:
            drafting.join_community(window=window, community=other, actor=actor)
        goods = supplier.products.filter(is_active=True).order_by("pk")
        made = drafting.offer_products(window=window, products=goods, actor=actor)
        for offer, changes in zip(made, offers, strict=False):
            drafting.set_offer(offer=offer, actor=actor, **changes)
        if state in ("ready", "open"):
            opening.make_ready(window=window, actor=actor)
        if state == "open":
            opening.open_window(window=window, actor=actor)
    return window


def open_now(window: OrderWindow) -> None:
    """A draft, by the verbs."""
    with transaction.atomic():
        opening.make_ready(window=window, actor=SETUP)
        opening.open_window(window=window, actor=SETUP)
    window.refresh_from_db()


def offers_of(window: OrderWindow) -> list[Offer]:
    return list(Offer.objects.filter(window=window).order_by("short_number"))


def order(window: OrderWindow, home: Household, *quantities: int, **details: Any) -> Order:
    """An order of the i-th offer ×quantities[i] (0: none), through the verb."""
    return Order.objects.get(pk=place(window, home, *quantities, **details).id)


def place(window: OrderWindow, home: Household, *quantities: int, **details: Any) -> PlacedOrder:
    """The same, as the buyer is answered."""
    offers = zip(offers_of(window), quantities, strict=False)
    wishes = [Wish(offer.public_id, quantity) for offer, quantity in offers if quantity]
    return place_wishes(window, home, wishes, **details)


def place_wishes(
    window: OrderWindow, home: Household, wishes: Sequence[Wish], **details: Any
) -> PlacedOrder:
    """Wishes at the offers' prices, through the verb."""
    prices = dict(window.offers.values_list("public_id", "price_fen"))
    with transaction.atomic():
        return place_order(
            window_id=window.pk,
            community_id=home.community_id,
            household_id=home.pk,
            actor=details.pop("actor", SETUP),
            wishes=wishes,
            expected_total_fen=sum(prices[wish.offer] * wish.quantity for wish in wishes),
            **details,
        )


def add_orders(window: OrderWindow, home: Household, count: int) -> None:
    """So many orders of one piece of the first offer, past the verb: for tests that count statements or time."""
    offer = offers_of(window)[0]
    moment = clock.database_now()
    last = window.joined.get(community=home.community_id).last_number
    orders = Order.objects.bulk_create(
        Order(
            window=window,
            community_id=home.community_id,
            household=home,
            number=number,
            channel="rest",
            total_fen=offer.price_fen,
            wished_at=moment,
            placed_at=moment,
        )
        for number in range(last + 1, last + count + 1)
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, window=window, offer=offer, quantity=1, price_fen=offer.price_fen)
        for order in orders
    )
    window.joined.filter(community=home.community_id).update(last_number=last + count)


def pass_cutoff(window: OrderWindow) -> None:
    """Move the window back in time, so that it is due now."""
    moment = clock.database_now()
    OrderWindow.objects.filter(pk=window.pk).update(
        opens_at=moment - timedelta(hours=2), closes_at=moment - timedelta(seconds=1)
    )
    window.refresh_from_db()


def close(window: OrderWindow) -> None:
    """Past the cutoff, and closed by the verb (or held, cancelled, extended: as its rules say)."""
    pass_cutoff(window)
    with transaction.atomic():
        closing.close_window(window_id=window.pk)
    window.refresh_from_db()


def prepare(window: OrderWindow) -> SupplierOrder:
    """The revision of what is wanted now, as if its files were there. For tests that look at no file."""
    window.refresh_from_db()
    if window.status == "open":
        close(window)
    with transaction.atomic():
        order = consolidate(window_id=window.pk, revision=window.demand_revision)
    assert order is not None
    SupplierOrder.objects.filter(pk=order.pk, filed_at=None).update(filed_at=clock.now())
    return SupplierOrder.objects.get(pk=order.pk)


def release(window: OrderWindow, by: User) -> SupplierOrder:
    """Prepared, checked and released by one person."""
    prepare(window)
    for verb in (releasing.check_order, releasing.release_order):
        with transaction.atomic():
            verb(
                supplier_order=window.supplier_orders.get(revision=window.demand_revision), actor=by
            )
    return window.supplier_orders.get(revision=window.demand_revision)

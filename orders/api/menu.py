"""What one household sees of a window: offers, what is left, how far the minimum is. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from config.kernel import clock
from config.kernel.api.fields import local
from config.kernel.money import yuan
from orders.access import ResidentWindow
from orders.api.photos import photo_address
from orders.models import (
    Allocation,
    CategoryLimit,
    Offer,
    Order,
    OrderLine,
    OrderWindow,
    WaitingWish,
    WindowCommunity,
)
from orders.placing.pieces import pieces_left
from orders.states import JoinStatus, OrderStatus, WaitingStatus, WindowStatus
from orders.waiting.line import most_to_wait_for, with_place
from orders.windows.progress import Demand, demand_by_community
from suppliers.specs import parse_spec, price_per_jin_fen


def summary(window: OrderWindow, zone: str, homes: Sequence[UUID]) -> dict[str, Any]:
    """Needs window.supplier loaded; `homes` as orders.access.homes_in_windows has them. `takes_orders` is a hint by
    this machine's clock; the database's decides. None of the homes is in it any more: it takes no orders of theirs.
    """
    return {
        "id": window.public_id,
        "title": window.title,
        "supplier": window.supplier.name,
        "supplier_id": window.supplier.public_id,
        "status": window.status,
        "takes_orders": bool(homes) and takes_orders(window),
        "opens_at": local(window.opens_at, zone),
        "closes_at": local(window.closes_at, zone),
        "deliver_on": window.deliver_on,
        "deliver_at": window.deliver_at and f"{window.deliver_at:%H:%M}",
        "notice": window.notice,
        "my_households": homes,
        "household_id": homes[0] if homes else None,
    }


def takes_orders(window: OrderWindow) -> bool:
    return window.status == WindowStatus.OPEN and window.opens_at <= clock.now() < window.closes_at


def menu(seen: ResidentWindow, homes: Sequence[UUID]) -> dict[str, Any]:
    """The whole window for a household. Seven statements, whatever the number of offers."""
    joined = WindowCommunity.objects.select_related("community", "window__supplier").get(
        window=seen.window_id, community_id=seen.community_id
    )
    zone = joined.community.zone
    mine = _mine(seen)
    waits = _waits(seen)
    rows = Offer.objects.filter(Q(is_active=True) | Q(pk__in=mine), window=seen.window_id)
    progress, households = _progress(joined)
    rows = rows.annotate(photo_sha256=F("product__photo__sha256"), left=pieces_left())
    offers = list(rows.order_by("short_number"))
    return {
        **summary(joined.window, zone, homes),
        "takes_orders": joined.status == JoinStatus.JOINED and takes_orders(joined.window),
        "community": joined.community.name,
        "server_time": local(clock.database_now(), zone),
        "minimum": progress,
        "households": households,
        "category_limits": _category_limits(seen.window_id, offers, mine),
        "offers": [
            _offer(offer, mine.get(offer.pk, Mine()), waits.get(offer.pk), joined.window.public_id)
            for offer in offers
        ],
    }


class Mine(NamedTuple):
    """What the household has ordered of an offer; the limit counts the tolerance too."""

    quantity: int = 0
    at_most: int = 0


def _mine(seen: ResidentWindow) -> dict[int, Mine]:
    """By offer id, over all placed orders of the household that were not taken off."""
    lines = OrderLine.objects.filter(
        order__window=seen.window_id,
        order__household=seen.household_id,
        order__status=OrderStatus.PLACED,
    ).exclude(allocation__cause=Allocation.Cause.DROPPED)
    sums = lines.values_list("offer").annotate(Sum("quantity"), Sum("tolerance")).order_by()
    return {offer: Mine(wanted, wanted + more) for offer, wanted, more in sums}


def _category_limits(
    window_id: int, offers: Iterable[Offer], mine: dict[int, Mine]
) -> list[dict[str, Any]]:
    """Of `offers`, which hold everything that the household has ordered. One statement."""
    own: dict[str, int] = {}
    for offer in offers:
        at_most = mine.get(offer.pk, Mine()).at_most
        own[offer.category] = own.get(offer.category, 0) + at_most
    limits = CategoryLimit.objects.filter(window=window_id).order_by("category")
    return [
        {
            "category": row.category,
            "household_limit": row.household_limit,
            "my_remaining_limit": max(0, row.household_limit - own.get(row.category, 0)),
        }
        for row in limits
    ]


def _waits(seen: ResidentWindow) -> dict[int, WaitingWish]:
    """By offer id, where the household stands in line. One statement."""
    wishes = WaitingWish.objects.filter(
        window=seen.window_id, household=seen.household_id, status=WaitingStatus.WAITING
    )
    return {wish.offer_id: wish for wish in with_place(wishes)}


def _progress(joined: WindowCommunity) -> tuple[dict[str, Any] | None, int]:
    """Wanted so far against the minimum, over all and in the own community (None without a minimum), and how many
    households have ordered. One statement: without a minimum orders alone are counted, not their lines.
    """
    window = joined.window
    if window.minimum_measure == OrderWindow.Measure.NONE:
        placed = Order.objects.filter(window=window, status=OrderStatus.PLACED)
        return None, placed.values("household").distinct().count()
    demand = demand_by_community(window.pk)
    own, total = demand.get(joined.community_id, Demand()), sum(demand.values(), Demand())
    progress = {
        "measure": window.minimum_measure,
        "minimum": window.minimum,
        "wanted": total.by(window.minimum_measure),
        "own_minimum": joined.minimum,
        "own_wanted": own.by(window.minimum_measure),
    }
    return progress, total.households


def _offer(offer: Offer, mine: Mine, wish: WaitingWish | None, window: UUID) -> dict[str, Any]:
    """`offer` carries photo_sha256 and `left`, `wish` its place."""
    limit = offer.household_limit
    allowed = None if limit is None else max(0, limit - mine.at_most)
    said = parse_spec(offer.spec)
    return {
        "id": offer.public_id,
        "short_number": offer.short_number,
        "name": offer.name,
        "spec": offer.spec,
        "unit": offer.unit,
        "category": offer.category,
        "description": offer.description,
        "photo": photo_address(window, offer.public_id, offer.photo_sha256),  # type: ignore[attr-defined]
        "price_fen": offer.price_fen,
        "price": yuan(offer.price_fen),
        "price_per_500g_fen": price_per_jin_fen(
            price_fen=offer.price_fen, spec=offer.spec, unit=offer.unit
        ),
        "weight_is_about": said.is_about,
        "pieces_in_unit": said.pieces,
        "is_active": offer.is_active,
        "remaining": offer.left,  # type: ignore[attr-defined]
        "waiting": offer.waiting,
        "my_wait": None
        if wish is None
        else {"id": wish.public_id, "quantity": wish.quantity, "place": wish.place},  # type: ignore[attr-defined]
        "household_limit": limit,
        "my_quantity": mine.quantity,
        "my_remaining_limit": allowed,
        "my_wait_limit": None
        if offer.cap is None
        else most_to_wait_for(cap=offer.cap, has=mine.quantity, allowed=allowed),
        "order_multiple": offer.order_multiple,
        "minimum": offer.minimum,
    }


def open_or_closed(windows: QuerySet[OrderWindow], status: str) -> QuerySet[OrderWindow]:
    """`open`: published and not past its cutoff; `closed`: all the others; `all`: both."""
    still_open = Q(status=WindowStatus.OPEN, closes_at__gt=clock.now())
    if status == "all":
        return windows
    return windows.filter(still_open if status == "open" else ~still_open)

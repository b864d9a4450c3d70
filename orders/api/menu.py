"""What one household sees of a window: offers, what is left, how far the minimum is. Reads only."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum

from config.kernel import clock
from config.kernel.api.fields import local
from config.kernel.money import yuan
from orders.access import ResidentWindow
from orders.models import Offer, OrderLine, OrderWindow, WindowCommunity
from orders.states import OrderStatus, WindowStatus
from orders.windows.progress import Demand, demand_by_community


def summary(window: OrderWindow, zone: str) -> dict[str, Any]:
    """Needs window.supplier loaded. `takes_orders` is a hint by this machine's clock; the database's decides."""
    return {
        "id": window.public_id,
        "title": window.title,
        "supplier": window.supplier.name,
        "status": window.status,
        "takes_orders": takes_orders(window),
        "opens_at": local(window.opens_at, zone),
        "closes_at": local(window.closes_at, zone),
        "deliver_on": window.deliver_on,
        "notice": window.notice,
    }


def takes_orders(window: OrderWindow) -> bool:
    return window.status == WindowStatus.OPEN and window.opens_at <= clock.now() < window.closes_at


def menu(seen: ResidentWindow) -> dict[str, Any]:
    """The whole window for a household. Four or five statements, whatever the number of offers."""
    joined = WindowCommunity.objects.select_related("community", "window__supplier").get(
        window=seen.window_id, community_id=seen.community_id
    )
    zone = joined.community.zone
    mine = _mine(seen)
    offers = Offer.objects.filter(Q(is_active=True) | Q(pk__in=mine), window=seen.window_id)
    return {
        **summary(joined.window, zone),
        "community": joined.community.name,
        "server_time": local(clock.database_now(), zone),
        "minimum": _progress(joined),
        "offers": [
            _offer(offer, mine.get(offer.pk, Mine())) for offer in offers.order_by("short_number")
        ],
    }


class Mine(NamedTuple):
    """What the household has ordered of an offer; the limit counts the tolerance too."""

    quantity: int = 0
    at_most: int = 0


def _mine(seen: ResidentWindow) -> dict[int, Mine]:
    """By offer id, over all placed orders of the household."""
    lines = OrderLine.objects.filter(
        order__window=seen.window_id,
        order__household=seen.household_id,
        order__status=OrderStatus.PLACED,
    )
    sums = lines.values_list("offer").annotate(Sum("quantity"), Sum("tolerance")).order_by()
    return {offer: Mine(wanted, wanted + more) for offer, wanted, more in sums}


def _progress(joined: WindowCommunity) -> dict[str, Any] | None:
    """Wanted so far against the minimum, over all and in the own community; None without a minimum."""
    window = joined.window
    if window.minimum_measure == OrderWindow.Measure.NONE:
        return None
    demand = demand_by_community(window.pk)
    own = demand.get(joined.community_id, Demand())
    return {
        "measure": window.minimum_measure,
        "minimum": window.minimum,
        "wanted": sum(demand.values(), Demand()).by(window.minimum_measure),
        "own_minimum": joined.minimum,
        "own_wanted": own.by(window.minimum_measure),
    }


def _offer(offer: Offer, mine: Mine) -> dict[str, Any]:
    limit = offer.household_limit
    return {
        "id": offer.public_id,
        "short_number": offer.short_number,
        "name": offer.name,
        "spec": offer.spec,
        "unit": offer.unit,
        "category": offer.category,
        "description": offer.description,
        "price_fen": offer.price_fen,
        "price": yuan(offer.price_fen),
        "is_active": offer.is_active,
        "remaining": None if offer.cap is None else offer.cap - offer.taken,
        "household_limit": limit,
        "my_quantity": mine.quantity,
        "my_remaining_limit": None if limit is None else max(0, limit - mine.at_most),
        "order_multiple": offer.order_multiple,
        "minimum": offer.minimum,
    }


def open_or_closed(windows: QuerySet[OrderWindow], status: str) -> QuerySet[OrderWindow]:
    """`open`: published and not past its cutoff; `closed`: all the others; `all`: both."""
    still_open = Q(status=WindowStatus.OPEN, closes_at__gt=clock.now())
    if status == "all":
        return windows
    return windows.filter(still_open if status == "open" else ~still_open)

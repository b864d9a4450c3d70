"""Orders as their households see them. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.kernel.api.fields import local
from config.kernel.money import yuan
from orders.api.menu import takes_orders
from orders.models import Allocation, Order, OrderLine, OrderWindow, ProxyWish
from orders.placing.placing import PlacedOrder
from orders.states import OrderStatus
from orders.windows.cancelling import BELOW_MINIMUM, WITH_THE_WINDOW

# Why an order ended that nobody cancelled himself.
_REASONS = {
    WITH_THE_WINDOW: _("The group buy did not take place."),
    BELOW_MINIMUM: _("Your community did not reach its minimum."),
}


def receipt(placed: PlacedOrder) -> dict[str, Any]:
    """The answer to a command, made without another look into the database."""
    return {
        "id": placed.public_id,
        "number": placed.number,
        "status": OrderStatus.PLACED,
        "version": placed.version,
        "total_fen": placed.total_fen,
        "total": yuan(placed.total_fen),
        "placed_at": local(placed.placed_at, settings.TIME_ZONE),
        "changed_at": local(placed.changed_at, settings.TIME_ZONE),
    }


def cancelled_receipt(order: Order) -> dict[str, Any]:
    """The same for an order that was cancelled."""
    return {
        "id": order.public_id,
        "number": order.number,
        "status": order.status,
        "version": order.version,
        "total_fen": order.total_fen,
        "total": yuan(order.total_fen),
        "placed_at": local(order.placed_at, settings.TIME_ZONE),
        "changed_at": local(order.changed_at, settings.TIME_ZONE),
    }


def whole(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With everything `order_body` reads: two statements for any number of orders."""
    lines = OrderLine.objects.select_related("offer", "allocation").order_by("offer__short_number")
    related = ("window__supplier", "community", "household__building", "proxy")
    return orders.select_related(*related).prefetch_related(Prefetch("lines", queryset=lines))


def order_body(order: Order) -> dict[str, Any]:
    zone = order.community.zone
    placed = order.status == OrderStatus.PLACED
    lines = [line_body(line, order) for line in order.lines.all()]
    charged_fen = charged(lines)
    return {
        "id": order.public_id,
        "window": window_body(order.window),
        "household": f"{order.household.building.label} {order.household.room}",
        "household_id": order.household.public_id,
        "number": order.number,
        "status": order.status,
        "can_change": placed and takes_orders(order.window),
        "version": order.version,
        "total_fen": order.total_fen,
        "total": yuan(order.total_fen),
        "charged_fen": charged_fen,
        "charged": None if charged_fen is None else yuan(charged_fen),
        "difference_fen": None if charged_fen is None else charged_fen - order.total_fen,
        "note": order.note,
        "substitutes": order.substitutes,
        "reason": str(_REASONS.get(order.reason, order.reason)),
        "channel": order.channel,
        "proxy": _proxy(order, zone),
        "placed_at": local(order.placed_at, zone),
        "changed_at": local(order.changed_at, zone),
        "cancelled_at": local(order.cancelled_at, zone),
        "lines": lines,
    }


def window_body(window: OrderWindow) -> dict[str, Any]:
    """Needs window.supplier loaded."""
    return {
        "id": window.public_id,
        "title": window.title,
        "status": window.status,
        "deliver_on": window.deliver_on,
        "supplier": window.supplier.name,
        "supplier_id": window.supplier.public_id,
    }


def charged(lines: Sequence[Mapping[str, Any]]) -> int | None:
    """What the bodies of an order's lines cost together; None as long as one of them is not known."""
    amounts = [line["charged_fen"] for line in lines]
    return None if None in amounts else sum(amounts)


def _proxy(order: Order, zone: str) -> dict[str, Any] | None:
    wish: ProxyWish | None = getattr(order, "proxy", None)
    if wish is None:
        return None
    return {
        "road": wish.road,
        "asked_by": wish.asked_by,
        "payer": wish.payer,
        "wished_at": local(order.wished_at, zone),
        "sentence": gettext("Ordered for you by a volunteer (%(road)s)")
        % {"road": wish.get_road_display()},
    }


def line_body(line: OrderLine, order: Order) -> dict[str, Any]:
    """Needs line.offer and line.allocation loaded. What was cancelled costs nothing."""
    allocation: Allocation | None = getattr(line, "allocation", None)
    got = allocation.quantity if allocation else None
    counted = 0 if order.status == OrderStatus.CANCELLED else got
    amount_fen = line.quantity * line.price_fen
    return {
        "offer": line.offer.public_id,
        "short_number": line.offer.short_number,
        "name": line.offer.name,
        "spec": line.offer.spec,
        "unit": line.offer.unit,
        "quantity": line.quantity,
        "tolerance": line.tolerance,
        "price_fen": line.price_fen,
        "price": yuan(line.price_fen),
        "amount_fen": amount_fen,
        "amount": yuan(amount_fen),
        "allocated": got,
        "charged_fen": None if counted is None else counted * line.price_fen,
        "reason": allocation.reason if allocation else "",
    }

"""Orders as their households see them. Reads only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from config.kernel.api.fields import local
from config.kernel.money import yuan
from orders.api.menu import takes_orders
from orders.models import Allocation, Order, OrderLine
from orders.placing.placing import PlacedOrder
from orders.states import OrderStatus


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
    }


def whole(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With everything `order_body` reads: two statements for any number of orders."""
    lines = OrderLine.objects.select_related("offer", "allocation").order_by("offer__short_number")
    return orders.select_related("window", "community", "household__building").prefetch_related(
        Prefetch("lines", queryset=lines)
    )


def order_body(order: Order) -> dict[str, Any]:
    zone = order.community.zone
    placed = order.status == OrderStatus.PLACED
    return {
        "id": order.public_id,
        "window": {
            "id": order.window.public_id,
            "title": order.window.title,
            "status": order.window.status,
        },
        "household": f"{order.household.building.label} {order.household.room}",
        "number": order.number,
        "status": order.status,
        "can_change": placed and takes_orders(order.window),
        "version": order.version,
        "total_fen": order.total_fen,
        "total": yuan(order.total_fen),
        "note": order.note,
        "placed_at": local(order.placed_at, zone),
        "changed_at": local(order.changed_at, zone),
        "cancelled_at": local(order.cancelled_at, zone),
        "lines": [_line(line) for line in order.lines.all()],
    }


def _line(line: OrderLine) -> dict[str, Any]:
    allocation: Allocation | None = getattr(line, "allocation", None)
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
        "allocated": allocation.quantity if allocation else None,
    }

"""What orderers are told, and when. Registered with the outbox; each event reaches an inbox once."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from communities.notices import tell
from config.kernel import outbox
from config.kernel.outbox import OutboxMessage
from orders.models import Allocation, Order, OrderWindow, SupplierOrder
from orders.states import OrderStatus
from orders.windows.cancelling import BELOW_MINIMUM, WITH_THE_WINDOW


def register() -> None:
    """Called once when the app is ready."""
    outbox.consumer("window.closed")(_tell_standing)
    outbox.consumer("window.reopened")(_tell_standing)
    outbox.consumer("window.cancelled")(_window_cancelled)
    outbox.consumer("community.left_out")(_community_left_out)
    outbox.consumer("supplier_order.released")(_released)
    outbox.consumer("order.dropped")(_dropped)


def _tell_standing(message: OutboxMessage) -> None:
    window = OrderWindow.objects.get(pk=message.payload["window"])
    _tell(window, _standing(window), message.event_key, message.topic)


def _window_cancelled(message: OutboxMessage) -> None:
    window = OrderWindow.objects.get(pk=message.payload["window"])
    _tell(
        window,
        _ended_with(window, WITH_THE_WINDOW),
        message.event_key,
        message.topic,
        reason=window.reason,
    )


def _community_left_out(message: OutboxMessage) -> None:
    window = OrderWindow.objects.get(pk=message.payload["window"])
    orders = _ended_with(window, BELOW_MINIMUM).filter(community_id=message.payload["community"])
    _tell(window, orders, message.event_key, message.topic)


def _released(message: OutboxMessage) -> None:
    """Once for a window, however many revisions go out."""
    order = SupplierOrder.objects.select_related("window").get(pk=message.payload["supplier_order"])
    if not order.cancels_all:
        key = f"{message.topic}:window:{order.window_id}"
        _tell(order.window, _standing(order.window), key, message.topic)


def _dropped(message: OutboxMessage) -> None:
    order = Order.objects.select_related("window").get(pk=message.payload["order"])
    reason = order.lines.values_list("allocation__reason", flat=True).first() or ""
    if order.placed_by_id:
        tell(
            user_ids=[order.placed_by_id],
            event_key=message.event_key,
            kind=message.topic,
            data={"title": order.window.title, "number": order.number, "reason": reason},
        )


def _standing(window: OrderWindow) -> QuerySet[Order]:
    """Orders that still count: neither cancelled nor taken off."""
    taken_off = Allocation.objects.filter(
        line__order=OuterRef("pk"), cause=Allocation.Cause.DROPPED
    )
    return Order.objects.filter(~Exists(taken_off), window=window, status=OrderStatus.PLACED)


def _ended_with(window: OrderWindow, reason: str) -> QuerySet[Order]:
    """Orders that were cancelled for this reason, not by whoever placed them."""
    return Order.objects.filter(window=window, status=OrderStatus.CANCELLED, reason=reason)


def _tell(
    window: OrderWindow, orders: QuerySet[Order], event_key: str, kind: str, **data: object
) -> None:
    """Whoever placed one of the orders, once."""
    placed = orders.exclude(placed_by=None)
    tell(
        user_ids=placed.values_list("placed_by_id", flat=True).distinct(),
        event_key=event_key,
        kind=kind,
        data={"title": window.title, **data},
    )

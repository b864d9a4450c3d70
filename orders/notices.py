"""What orderers are told, and when. Registered with the outbox; each event reaches an inbox once."""

from __future__ import annotations

from communities.notices import tell
from config.kernel import outbox
from config.kernel.outbox import OutboxMessage
from orders.models import Order, OrderWindow, SupplierOrder


def register() -> None:
    """Called once when the app is ready."""
    outbox.consumer("window.closed")(_window_closed)
    outbox.consumer("window.cancelled")(_window_cancelled)
    outbox.consumer("supplier_order.released")(_released)
    outbox.consumer("order.dropped")(_dropped)


def _window_closed(message: OutboxMessage) -> None:
    _tell_orderers(OrderWindow.objects.get(pk=message.payload["window"]), message)


def _window_cancelled(message: OutboxMessage) -> None:
    window = OrderWindow.objects.get(pk=message.payload["window"])
    _tell_orderers(window, message, reason=window.reason)


def _released(message: OutboxMessage) -> None:
    order = SupplierOrder.objects.select_related("window").get(pk=message.payload["supplier_order"])
    if not order.cancels_all:
        _tell_orderers(order.window, message, revision=order.revision)


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


def _tell_orderers(window: OrderWindow, message: OutboxMessage, **data: object) -> None:
    """Everybody who placed an order in the window, cancelled with it or not."""
    orders = Order.objects.filter(window=window).exclude(placed_by=None)
    tell(
        user_ids=orders.values_list("placed_by_id", flat=True).distinct(),
        event_key=message.event_key,
        kind=message.topic,
        data={"title": window.title, **data},
    )

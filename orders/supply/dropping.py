"""Take one order off after the cutoff: an allocation of 0 with a reason; a new revision follows by itself."""

from __future__ import annotations

from django.db import connection
from django.db.models import F

from config.kernel import audit, outbox
from config.kernel.audit import Actor
from config.kernel.states import StaleStatus
from orders.models import Order, OrderLine, OrderWindow
from orders.placing import statements
from orders.placing.errors import OrderNotPlaced
from orders.states import OrderStatus, WindowStatus
from orders.supply.errors import BeforeCutoff
from orders.windows.cancelling import require_reason
from orders.windows.closing import lock_window

_DROP = """
    INSERT INTO orders_allocation (line_id, window_id, supplier_order_id, quantity, cause, reason)
    SELECT l.id, l.window_id, NULL, 0, 'dropped', %s FROM orders_orderline l WHERE l.order_id = %s
    ON CONFLICT (line_id) DO UPDATE SET quantity = 0, cause = 'dropped', reason = excluded.reason
    WHERE orders_allocation.cause <> 'dropped'
"""


def drop_order(*, order: Order, actor: Actor, reason: str) -> None:
    """The household gets nothing of this order; its pieces and its part of the limits are free again, for late orders
    and, once the round is opened again, for who waits in line. A second time changes nothing.

    Raises Invalid without a reason, OrderNotPlaced, BeforeCutoff, StaleStatus once the round is settled. Takes the
    window lock and the capped offers' rows.
    """
    require_reason(reason)
    window, _moment = lock_window(order.window_id)
    order.refresh_from_db()
    if order.status != OrderStatus.PLACED:
        raise OrderNotPlaced()
    if window.status != WindowStatus.CLOSED:
        raise StaleStatus() if window.status == WindowStatus.SETTLED else BeforeCutoff()
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [reason[:200], order.pk])
        dropped = cursor.rowcount
    if not dropped:
        return
    _give_back(order)
    OrderWindow.objects.filter(pk=window.pk).update(demand_revision=F("demand_revision") + 1)
    audit.record(
        actor=actor,
        action="order.dropped",
        subject=("order", order.pk),
        community_id=order.community_id,
        data={"reason": reason},
    )
    outbox.emit(
        event_key=f"order.dropped:{order.pk}", topic="order.dropped", payload={"order": order.pk}
    )


def _give_back(order: Order) -> None:
    """Caller holds the window lock."""
    held = dict(OrderLine.objects.filter(order=order).values_list("offer_id", "quantity"))
    capped = statements.lock_capped(sorted(held))
    statements.take_pieces({pk: -held[pk] for pk in capped})

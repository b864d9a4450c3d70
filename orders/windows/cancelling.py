"""A round that does not take place: its orders are cancelled and everybody is told."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from config.kernel import audit, clock, locks, outbox
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from config.kernel.locks import Namespace
from config.kernel.states import advance, advance_all
from orders.models import Allocation, Order, OrderWindow, SupplierOrder
from orders.states import UNRELEASED, OrderStatus, SupplierOrderStatus, WindowStatus

# Why an order ended that nobody cancelled himself.
WITH_THE_WINDOW = "window_cancelled"
BELOW_MINIMUM = "below_minimum"

# An order that was taken off has given its pieces back already.
_GIVE_BACK = """
    UPDATE orders_offer o SET taken = o.taken - gone.quantity
    FROM (
        SELECT l.offer_id, sum(l.quantity) AS quantity
        FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id
        WHERE l.window_id = %s AND d.community_id = %s AND d.status = 'placed'
            AND NOT EXISTS (SELECT FROM orders_allocation a WHERE a.line_id = l.id AND a.cause = 'dropped')
        GROUP BY l.offer_id
    ) gone
    WHERE o.id = gone.offer_id AND o.cap IS NOT NULL
"""


def require_reason(reason: str) -> None:
    """Raises Invalid for an empty one."""
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please give a reason.")]})


def cancel_window(*, window: OrderWindow, actor: Actor, reason: str) -> None:
    """Cancel from any state but SETTLED. A supplier who was told of it gets a revision that cancels everything.

    Raises Invalid without a reason, IllegalTransition. Takes the window lock.
    """
    require_reason(reason)
    locks.take(exclusive=[locks.key(Namespace.WINDOW, window.pk)])
    window.refresh_from_db()
    cancel_round(window=window, actor=actor, reason=reason)


def cancel_round(*, window: OrderWindow, actor: Actor, reason: str) -> None:
    """Caller holds the window lock."""
    # Also if every release was undone since: the supplier may have begun, and must hear the end of it.
    told = SupplierOrder.objects.filter(window=window, released_at__isnull=False).exists()
    advance(
        window,
        to=WindowStatus.CANCELLED,
        cancelled_at=clock.now(),
        reason=reason[:200],
        held_until=None,
        demand_revision=window.demand_revision + (1 if told else 0),
    )
    supersede_unreleased(window=window, actor=actor)
    for community_id in window.joined.order_by("pk").values_list("community_id", flat=True):
        cancel_orders(window=window, community_id=community_id, actor=actor, reason=WITH_THE_WINDOW)
    # What was taken off before keeps its own reason.
    Allocation.objects.filter(window=window, cause=Allocation.Cause.RELEASE).update(
        quantity=0, cause=Allocation.Cause.DROPPED, reason=reason[:200]
    )
    audit.record(
        actor=actor,
        action="window.cancelled",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"reason": reason},
    )
    outbox.emit(
        event_key=f"window.cancelled:{window.pk}",
        topic="window.cancelled",
        payload={"window": window.pk},
    )


def supersede_unreleased(*, window: OrderWindow, actor: Actor) -> None:
    """The demand has changed: a revision that nobody released yet counts no more. Caller holds the window lock."""
    for order in SupplierOrder.objects.filter(window=window, status__in=UNRELEASED):
        advance(order, to=SupplierOrderStatus.SUPERSEDED)
        audit.record(
            actor=actor,
            action="supplier_order.superseded",
            subject=("supplier_order", order.pk),
            community_id=window.community_id,
            data={"revision": order.revision},
        )


def cancel_orders(*, window: OrderWindow, community_id: int, actor: Actor, reason: str) -> int:
    """Cancel a community's placed orders and give capped pieces back. Caller holds the window lock."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [window.pk, community_id])
    orders = Order.objects.filter(window=window, community_id=community_id)
    cancelled = advance_all(
        orders,
        source=OrderStatus.PLACED,
        to=OrderStatus.CANCELLED,
        cancelled_at=clock.now(),
        reason=reason,
    )
    audit.record(
        actor=actor,
        action="orders.cancelled",
        subject=("window", window.pk),
        community_id=community_id,
        data={"orders": cancelled, "reason": reason},
    )
    return cancelled

"""A closed round takes orders once more, as long as no supplier has heard of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from config.kernel import audit, outbox
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.states import StaleStatus, advance
from orders.models import Allocation, Order, OrderWindow, SupplierOrder
from orders.states import OrderStatus, WindowStatus
from orders.windows.cancelling import require_reason, supersede_unreleased
from orders.windows.closing import lock_window


class SupplierTold(DomainError):
    code = "supplier_told"
    detail = _("The supplier has been sent this order already; it can no longer be opened again.")


def reopen_window(
    *, window: OrderWindow, closes_at: datetime, actor: Actor, reason: str
) -> OrderWindow:
    """CLOSED → OPEN until `closes_at`, by the database's clock in the future. Returns the window as it is now.

    Orders stand as they were and may be changed again; one taken off after the cutoff stays off, and is cancelled,
    so that its household can order anew. Communities that were left out stay out. Raises Invalid, SupplierTold (even
    if that release was undone), StaleStatus if the window is not closed. Takes the window lock.
    """
    require_reason(reason)
    closed, moment = lock_window(window.pk)
    if closed.status != WindowStatus.CLOSED:
        raise StaleStatus()
    # A close is known by the second of its cutoff: the next one must be another.
    if closes_at < max(moment, closed.closes_at + timedelta(seconds=1)):
        raise Invalid(fields={"closes_at": [_("The cutoff must be in the future.")]})
    if SupplierOrder.objects.filter(window=closed, released_at__isnull=False).exists():
        raise SupplierTold()
    advance(closed, to=WindowStatus.OPEN, closes_at=closes_at, closed_at=None)
    supersede_unreleased(window=closed, actor=actor)
    _cancel_dropped(closed, moment)
    audit.record(
        actor=actor,
        action="window.reopened",
        subject=("window", closed.pk),
        community_id=closed.community_id,
        data={"closes_at": closes_at.isoformat(), "reason": reason},
    )
    outbox.emit(
        event_key=f"window.reopened:{closed.pk}:{closed.demand_revision}",
        topic="window.reopened",
        payload={"window": closed.pk, "closes_at": closes_at.isoformat()},
    )
    return closed


def _cancel_dropped(window: OrderWindow, moment: datetime) -> None:
    """Allocations of 0 belong to a round after its cutoff: before it an order is placed or cancelled. Their pieces came
    back when they were taken off.
    """
    dropped = Allocation.objects.filter(window=window, cause=Allocation.Cause.DROPPED)
    reasons = dict(dropped.values_list("line__order_id", "reason"))
    dropped.delete()
    for order in Order.objects.filter(pk__in=reasons).order_by("pk"):
        advance(order, to=OrderStatus.CANCELLED, cancelled_at=moment, reason=reasons[order.pk])

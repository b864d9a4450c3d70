"""Add one order after the cutoff, before the release (补单); a new revision follows by itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from communities.models import Household
from config.kernel import outbox
from config.kernel.audit import Actor
from config.kernel.locks import busy_when_locked
from orders.models import OrderWindow, SupplierOrder, WindowCommunity
from orders.placing.placing import PlacedOrder, place_order
from orders.placing.proxy import Proxy, check_proxy, record_proxy
from orders.placing.wishes import Wish
from orders.states import JoinStatus, SupplierOrderStatus, WindowStatus
from orders.supply.errors import AlreadyReleased, CommunityLeftOut, NotClosed
from orders.windows.cancelling import require_reason
from orders.windows.closing import lock_window


def takes_late_orders(window: OrderWindow) -> bool:
    """Whether add_late_order would find the round between its cutoff and its release: a hint for pages."""
    released = SupplierOrder.objects.filter(window=window, status=SupplierOrderStatus.RELEASED)
    return window.status == WindowStatus.CLOSED and not released.exists()


@busy_when_locked()
def add_late_order(
    *,
    window_id: int,
    household: Household,
    actor: Actor,
    wishes: Sequence[Wish],
    expected_total_fen: int,
    proxy: Proxy,
    reason: str,
) -> PlacedOrder:
    """Take an order into a closed round that no supplier holds a release of; caps and limits as before the cutoff.

    The demand has moved: a revision that waits is superseded, and cannot be released any more from this commit on. The
    household is told. Raises what place_proxy_order raises but for WindowNotOpen; Invalid without a reason, NotClosed,
    AlreadyReleased, CommunityLeftOut. Takes the window lock exclusively: no release can come between.
    """
    require_reason(reason)
    window, _moment = lock_window(window_id)
    check_proxy(proxy, window_id=window_id, household=household)
    if window.status != WindowStatus.CLOSED:
        raise NotClosed(status=window.get_status_display())
    if not takes_late_orders(window):
        raise AlreadyReleased()
    if not WindowCommunity.objects.filter(
        window=window, community=household.community_id, status=JoinStatus.JOINED
    ).exists():
        raise CommunityLeftOut()
    placed = place_order(
        window_id=window_id,
        community_id=household.community_id,
        household_id=household.pk,
        actor=actor,
        wishes=wishes,
        expected_total_fen=expected_total_fen,
        note=proxy.note,
        wished_at=proxy.wished_at,
        late_reason=reason.strip()[:200],
    )
    OrderWindow.objects.filter(pk=window.pk).update(demand_revision=F("demand_revision") + 1)
    record_proxy(
        placed=placed,
        proxy=proxy,
        household=household,
        actor=actor,
        action="order.added_late",
        reason=reason,
    )
    outbox.emit(
        event_key=f"order.added_late:{placed.id}",
        topic="order.added_late",
        payload={"order": placed.id},
    )
    return placed

"""Check, release, undo. Release writes what everybody gets and gives the supplier the files."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from django.db import connection
from django.db.models import F

from communities.models import Community, User
from config.kernel import audit, clock, outbox
from config.kernel.audit import SYSTEM, Actor
from config.kernel.jobs import Subject
from config.kernel.locks import busy_when_locked
from config.kernel.states import StaleStatus, advance
from orders.consolidation.rounding import Wanted, hand_round
from orders.models import Allocation, OrderWindow, SupplierOrder, SupplierOrderLine
from orders.notices.telling import tell_short
from orders.states import SupplierOrderStatus, WindowStatus
from orders.supply.errors import Acknowledged, FilesNotReady, SecondPersonNeeded
from orders.windows.cancelling import require_reason
from orders.windows.closing import lock_window
from suppliers.models import Supplier

# Before both: what is still wanted, as consolidation counts it. What was taken off keeps its own allocation. NOT IN:
# that is looked up once, in a hash. While allocations are few, NOT EXISTS is planned as a loop over them, and the loop
# grows with each row that the INSERT itself writes: 180,000 lines took 258 s.
_LIVE = """
    WITH live AS (
        SELECT l.id, l.window_id, l.offer_id, l.quantity, l.tolerance, d.community_id, d.wished_at, d.id AS order_id
        FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id AND d.window_id = l.window_id
        WHERE l.window_id = %(window)s AND d.status = 'placed' AND l.id NOT IN (
            SELECT a.line_id FROM orders_allocation a WHERE a.window_id = %(window)s AND a.cause = 'dropped'
        )
    )
"""
_WISHES = """
    SELECT community_id, offer_id, id, quantity, tolerance FROM live WHERE offer_id = ANY(%(offers)s)
    ORDER BY community_id, offer_id, wished_at, order_id
"""
_ALLOCATE = """
    INSERT INTO orders_allocation (line_id, window_id, supplier_order_id, quantity, cause, reason)
    SELECT id, window_id, %(order)s, coalesce(pieces, quantity), 'release',
           CASE WHEN pieces IS NULL THEN '' ELSE 'order_multiple' END
    FROM live LEFT JOIN unnest(%(lines)s::bigint[], %(pieces)s::int[]) AS moved (line_id, pieces) ON line_id = id
"""

# Order id → line id and pieces.
_Short = dict[int, set[tuple[int, int]]]


def check_order(*, supplier_order: SupplierOrder, actor: User) -> None:
    """PREPARED → CHECKED. Raises FilesNotReady, IllegalTransition; StaleStatus if revision or demand has moved."""
    order = _locked(supplier_order, demanded=WindowStatus.CLOSED)
    if order.filed_at is None:
        raise FilesNotReady()
    advance(order, to=SupplierOrderStatus.CHECKED, checked_at=clock.now(), checked_by=actor)
    _record(order, Actor("user", actor.pk), "supplier_order.checked")


def release_order(*, supplier_order: SupplierOrder, actor: User) -> None:
    """CHECKED → RELEASED; an earlier released revision becomes SUPERSEDED. Writes the Allocations.

    Raises FilesNotReady, SecondPersonNeeded, IllegalTransition, StaleStatus. Takes the window lock, the revision's and
    the supplier's row.
    """
    order = _locked(supplier_order, demanded=WindowStatus.CLOSED)
    if order.filed_at is None:
        raise FilesNotReady()
    needs_two = Community.objects.filter(
        pk=order.window.community_id, release_needs_two=True
    ).exists()
    if needs_two and order.checked_by_id == actor.pk:
        raise SecondPersonNeeded()
    _release(order, Actor("user", actor.pk), released_by=actor)


def cancelled_and_filed() -> list[Subject]:
    """Revisions that take a cancelled round back, ready to go out without a person."""
    rows = SupplierOrder.objects.filter(
        status=SupplierOrderStatus.PREPARED,
        cancels_all=True,
        window__status=WindowStatus.CANCELLED,
        filed_at__isnull=False,
    )
    return [Subject("supplier_order", pk) for pk in rows.values_list("pk", flat=True)]


def release_cancellation(*, supplier_order_id: int) -> None:
    """Tell the supplier at once that nothing is wanted any more. Raises StaleStatus."""
    order = SupplierOrder.objects.get(pk=supplier_order_id)
    order = _locked(order, demanded=WindowStatus.CANCELLED)
    if not order.cancels_all:
        raise StaleStatus()
    advance(order, to=SupplierOrderStatus.CHECKED, checked_at=clock.now())
    _release(order, SYSTEM, released_by=None)


def undo_release(*, supplier_order: SupplierOrder, actor: Actor, reason: str) -> None:
    """RELEASED → WITHDRAWN until the supplier acknowledges; a new revision is prepared by itself.

    Raises Invalid without a reason, Acknowledged, IllegalTransition; StaleStatus, also once the round is cancelled or
    settled.
    """
    require_reason(reason)
    order = _locked(supplier_order)
    if order.window.status != WindowStatus.CLOSED:
        raise StaleStatus()
    if order.acknowledged_at is not None:
        raise Acknowledged()
    advance(
        order, to=SupplierOrderStatus.WITHDRAWN, release_sequence=next_sequence(order.supplier_id)
    )
    Allocation.objects.filter(window=order.window_id, cause=Allocation.Cause.RELEASE).delete()
    OrderWindow.objects.filter(pk=order.window_id).update(demand_revision=F("demand_revision") + 1)
    _record(order, actor, "supplier_order.withdrawn", reason=reason)


def next_sequence(supplier_id: int) -> int:
    """The supplier's next number. Its row is locked until the commit, so numbers become visible in their order."""
    Supplier.objects.filter(pk=supplier_id).update(last_sequence=F("last_sequence") + 1)
    return Supplier.objects.values_list("last_sequence", flat=True).get(pk=supplier_id)


@busy_when_locked()
def _locked(
    supplier_order: SupplierOrder, *, demanded: WindowStatus | None = None
) -> SupplierOrder:
    """The window's lock, then a fresh look at the revision under its row lock. Raises StaleStatus if it moved.

    `demanded`: the window must be in that state and the revision be what is wanted now; an order taken off a moment
    ago has made this one old, although the next is not prepared yet.
    """
    window, _moment = lock_window(supplier_order.window_id)
    order = SupplierOrder.objects.select_for_update(no_key=True).get(pk=supplier_order.pk)
    if order.status != supplier_order.status:
        raise StaleStatus()
    if demanded and (window.status, window.demand_revision) != (demanded, order.revision):
        raise StaleStatus()
    order.window = window
    return order


def _release(order: SupplierOrder, actor: Actor, *, released_by: User | None) -> None:
    """Caller holds the locks of _locked."""
    earlier = SupplierOrder.objects.filter(
        window=order.window_id, status=SupplierOrderStatus.RELEASED
    ).first()
    if earlier is not None:
        advance(
            earlier,
            to=SupplierOrderStatus.SUPERSEDED,
            release_sequence=next_sequence(order.supplier_id),
        )
        _record(earlier, actor, "supplier_order.superseded", revision=earlier.revision)
    advance(
        order,
        to=SupplierOrderStatus.RELEASED,
        released_at=clock.now(),
        released_by=released_by,
        release_sequence=next_sequence(order.supplier_id),
    )
    _allocate(order, before=_short(order.window_id) if earlier else {})
    _record(
        order, actor, "supplier_order.released", revision=order.revision, total_fen=order.total_fen
    )
    outbox.emit(
        event_key=f"supplier_order.released:{order.pk}",
        topic="supplier_order.released",
        payload={"supplier_order": order.pk},
    )


def _allocate(order: SupplierOrder, *, before: _Short) -> None:
    """Every line gets what it wants; where an order multiple moved the total, by the order of the wishes. Who comes
    short by that is told, and told anew when a later revision changes it.
    """
    Allocation.objects.filter(window=order.window_id, cause=Allocation.Cause.RELEASE).delete()
    moved = _moved(order)
    with connection.cursor() as cursor:
        cursor.execute(
            _LIVE + _ALLOCATE,
            {
                "window": order.window_id,
                "order": order.pk,
                "lines": list(moved),
                "pieces": list(moved.values()),
            },
        )
        # Half of the keys here, half at the commit: of a million lines neither comes near statement_timeout.
        cursor.execute("SET CONSTRAINTS allocation_line_same_window IMMEDIATE")
    short = _short(order.window_id) if moved else {}
    news = sorted(pk for pk, lines in short.items() if lines != before.get(pk))
    if news:
        tell_short(orders=news, revision=order.revision)


def _short(window_id: int) -> _Short:
    """Of the lines to which a multiple left fewer pieces than they want."""
    rounded = Allocation.objects.filter(
        window=window_id, cause=Allocation.Cause.RELEASE, reason="order_multiple"
    )
    short = rounded.filter(quantity__lt=F("line__quantity"))
    found: _Short = {}
    for order_id, line_id, pieces in short.values_list("line__order", "line", "quantity"):
        found.setdefault(order_id, set()).add((line_id, pieces))
    return found


def _moved(order: SupplierOrder) -> dict[int, int]:
    """Pieces of the lines that get other than they want, by line id."""
    lines = SupplierOrderLine.objects.filter(supplier_order=order).exclude(ordered=F("wanted"))
    rows = lines.values_list("section__community_id", "offer_id", "ordered")
    rounded = {(community, offer): ordered for community, offer, ordered in rows}
    if not rounded:
        return {}
    offers = sorted({offer for _community, offer in rounded})
    with connection.cursor() as cursor:
        cursor.execute(_LIVE + _WISHES, {"window": order.window_id, "offers": offers})
        wishes = cursor.fetchall()
    moved: dict[int, int] = {}
    for key, group in groupby(wishes, key=itemgetter(0, 1)):
        if key in rounded:
            own = [Wanted(*row[2:]) for row in group]
            shares = hand_round(rounded[key], own)
            moved |= {w.line_id: shares[w.line_id] for w in own if shares[w.line_id] != w.quantity}
    return moved


def _record(order: SupplierOrder, actor: Actor, action: str, **data: object) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("supplier_order", order.pk),
        community_id=order.window.community_id,
        data=data,
    )

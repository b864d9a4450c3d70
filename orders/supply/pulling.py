"""What a supplier's program does: ask what is new, download, acknowledge."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.locks import busy_when_locked, take
from orders.models import OrderFile, SupplierOrder
from orders.states import TOLD, SupplierOrderStatus
from orders.supply.errors import NotReleased
from suppliers.models import Supplier


def told(supplier: Supplier) -> QuerySet[SupplierOrder]:
    """Revisions this supplier may know of."""
    return SupplierOrder.objects.filter(
        supplier=supplier, status__in=TOLD, release_sequence__isnull=False
    )


def feed(*, supplier: Supplier, after: int) -> QuerySet[SupplierOrder]:
    """What changed for the supplier since its cursor `after`, oldest change first; the caller cuts a page.

    A revision that is superseded or withdrawn later moves to the end under a new sequence number.
    """
    return told(supplier).filter(release_sequence__gt=after).order_by("release_sequence")


def note_download(*, file: OrderFile, at: datetime) -> None:
    """Remember the first download. A second time changes nothing."""
    OrderFile.objects.filter(pk=file.pk, downloaded_at=None).update(downloaded_at=at)


@busy_when_locked()
def acknowledge(*, supplier_order: SupplierOrder, actor: Actor) -> SupplierOrder:
    """The supplier has it; from now on no undo. A second time changes nothing. Raises NotReleased, Busy."""
    take()
    order = SupplierOrder.objects.select_for_update(no_key=True).get(pk=supplier_order.pk)
    if order.status != SupplierOrderStatus.RELEASED:
        current = (
            SupplierOrder.objects.filter(
                window=order.window_id, status=SupplierOrderStatus.RELEASED
            )
            .values_list("revision", flat=True)
            .first()
        )
        raise NotReleased(fields={"status": order.status, "current_revision": current})
    if order.acknowledged_at is None:
        order.acknowledged_at = clock.now()
        order.save(update_fields=["acknowledged_at"])
        audit.record(
            actor=actor,
            action="supplier_order.acknowledged",
            subject=("supplier_order", order.pk),
            community_id=order.window.community_id,
        )
    return order

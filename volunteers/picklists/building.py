"""From Allocations to pick lists: one per building, a bag per household in natural order."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef

from config.kernel import audit, clock
from config.kernel.audit import SYSTEM
from config.kernel.jobs import Subject
from config.kernel.states import advance
from orders.models import SupplierOrder
from orders.states import SupplierOrderStatus
from orders.windows.closing import lock_window
from volunteers.models import Bag, BagLine, PickList
from volunteers.states import PickListStatus

_PIECES = """
    SELECT b.community_id, b.id, h.id, h.room, h.needs_care, l.offer_id, l.price_fen, sum(a.quantity)::int
    FROM orders_allocation a
    JOIN orders_orderline l ON l.id = a.line_id
    JOIN orders_order d ON d.id = l.order_id
    JOIN communities_household h ON h.id = d.household_id
    JOIN communities_building b ON b.id = h.building_id
    JOIN orders_offer o ON o.id = l.offer_id
    WHERE a.window_id = %s AND a.quantity > 0
    GROUP BY b.community_id, b.sort_key, b.id, h.sort_key, h.id, o.short_number, l.offer_id, l.price_fen
    ORDER BY b.community_id, b.sort_key, b.id, h.sort_key, h.id, o.short_number
"""


class Piece(NamedTuple):
    """What one household gets of one offer."""

    community_id: int
    building_id: int
    household_id: int
    room: str
    to_the_door: bool
    offer_id: int
    price_fen: int
    quantity: int


def unlisted() -> list[Subject]:
    """Released revisions without pick lists."""
    lists = PickList.objects.filter(supplier_order=OuterRef("pk"))
    orders = SupplierOrder.objects.filter(
        ~Exists(lists), status=SupplierOrderStatus.RELEASED, pieces__gt=0
    )
    return [Subject("supplier_order", pk) for pk in orders.values_list("pk", flat=True)]


def outdated() -> list[Subject]:
    """Lists nobody has begun to pick whose revision does not count any more."""
    lists = PickList.objects.filter(status=PickListStatus.READY).exclude(
        supplier_order__status=SupplierOrderStatus.RELEASED
    )
    return [Subject("pick_list", pk) for pk in lists.values_list("pk", flat=True)]


def supersede(*, pick_list_id: int) -> None:
    """READY → SUPERSEDED. Raises StaleStatus if picking began meanwhile."""
    pick_list = PickList.objects.get(pk=pick_list_id)
    advance(pick_list, to=PickListStatus.SUPERSEDED)
    _record(pick_list, "pick_list.superseded")


def build_pick_lists(*, supplier_order_id: int) -> list[PickList]:
    """The lists of a released revision; a second time none. A building that is being picked keeps its list.

    Four statements and three per building. Takes the window lock.
    """
    window_id = SupplierOrder.objects.values_list("window_id", flat=True).get(pk=supplier_order_id)
    lock_window(window_id)
    order = SupplierOrder.objects.get(pk=supplier_order_id)
    begun = PickList.objects.filter(
        window=window_id, status__in=(PickListStatus.PICKING, PickListStatus.PACKED)
    )
    skip = set(begun.values_list("building_id", flat=True))
    if order.status != SupplierOrderStatus.RELEASED or order.pick_lists.exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PIECES, [window_id])
        pieces = [Piece(*row) for row in cursor.fetchall()]
    return [
        _build(order, list(rows))
        for building_id, rows in groupby(pieces, key=lambda piece: piece.building_id)
        if building_id not in skip
    ]


def _build(order: SupplierOrder, pieces: list[Piece]) -> PickList:
    homes = [list(rows) for _home, rows in groupby(pieces, key=lambda piece: piece.household_id)]
    pick_list = PickList.objects.create(
        window_id=order.window_id,
        supplier_order=order,
        community_id=pieces[0].community_id,
        building_id=pieces[0].building_id,
        revision=order.revision,
        bag_count=len(homes),
        pieces=sum(piece.quantity for piece in pieces),
        total_fen=sum(piece.quantity * piece.price_fen for piece in pieces),
        created_at=clock.now(),
    )
    bags = Bag.objects.bulk_create(
        _bag(pick_list, position, rows) for position, rows in enumerate(homes, start=1)
    )
    BagLine.objects.bulk_create(
        BagLine(
            bag=bag,
            offer_id=piece.offer_id,
            quantity=piece.quantity,
            price_fen=piece.price_fen,
            amount_fen=piece.quantity * piece.price_fen,
        )
        for bag, rows in zip(bags, homes, strict=True)
        for piece in rows
    )
    _record(pick_list, "pick_list.built")
    return pick_list


def _bag(pick_list: PickList, position: int, pieces: list[Piece]) -> Bag:
    return Bag(
        pick_list=pick_list,
        community_id=pick_list.community_id,
        household_id=pieces[0].household_id,
        position=position,
        room=pieces[0].room,
        to_the_door=pieces[0].to_the_door,
        pieces=sum(piece.quantity for piece in pieces),
        amount_due_fen=sum(piece.quantity * piece.price_fen for piece in pieces),
    )


def _record(pick_list: PickList, action: str) -> None:
    audit.record(
        actor=SYSTEM,
        action=action,
        subject=("pick_list", pick_list.pk),
        community_id=pick_list.community_id,
        data={"revision": pick_list.revision},
    )

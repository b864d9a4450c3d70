"""All orders of a closed window into one SupplierOrder revision, a section per community. Orders stay untouched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef

from communities.models import Community
from config.kernel import audit, clock
from config.kernel.audit import SYSTEM
from config.kernel.jobs import Subject
from orders.consolidation.rounding import ordered_quantity
from orders.models import Offer, OrderWindow, SupplierOrder, SupplierOrderLine, SupplierOrderSection
from orders.states import WindowStatus
from orders.windows.cancelling import supersede_unreleased
from orders.windows.closing import lock_window

# Lines taken off after the cutoff have an allocation of 0 with a reason.
_SUMS = """
    SELECT d.community_id, l.offer_id, sum(l.quantity), sum(l.tolerance), count(*)
    FROM orders_orderline l
    JOIN orders_order d ON d.id = l.order_id AND d.status = 'placed'
    LEFT JOIN orders_allocation a ON a.line_id = l.id AND a.cause = 'dropped'
    WHERE l.window_id = %s AND a.id IS NULL
    GROUP BY d.community_id, l.offer_id
    ORDER BY d.community_id
"""
# An order is taken off whole or not at all.
_HOUSEHOLDS = """
    SELECT d.community_id, count(DISTINCT d.household_id)
    FROM orders_order d
    WHERE d.window_id = %s AND d.status = 'placed' AND d.id NOT IN (
        SELECT l.order_id FROM orders_allocation a JOIN orders_orderline l ON l.id = a.line_id
        WHERE a.window_id = %s AND a.cause = 'dropped'
    )
    GROUP BY d.community_id
"""


@dataclass(frozen=True)
class Sum:
    """What one community wants of one offer."""

    community_id: int
    offer_id: int
    quantity: int
    tolerance: int
    lines: int


def waiting() -> list[Subject]:
    """Windows whose demand has no revision yet; of a cancelled one, the revision that takes everything back from
    a supplier who was told of it."""
    same = SupplierOrder.objects.filter(window=OuterRef("pk"), revision=OuterRef("demand_revision"))
    windows = OrderWindow.objects.filter(
        ~Exists(same),
        status__in=[WindowStatus.CLOSED, WindowStatus.CANCELLED],
        demand_revision__gte=1,
    )
    told = SupplierOrder.objects.filter(window=OuterRef("pk"), released_at__isnull=False)
    closed = windows.filter(status=WindowStatus.CLOSED)
    cancelled = windows.filter(Exists(told), status=WindowStatus.CANCELLED)
    return [
        Subject("window", pk, revision)
        for rows in (closed, cancelled)
        for pk, revision in rows.values_list("pk", "demand_revision")
    ]


def consolidate(*, window_id: int, revision: int) -> SupplierOrder | None:
    """The PREPARED revision of a window's demand; None if the demand has moved on since the job was made.

    A revision that nobody released yet is superseded. Linear in order lines: two aggregations. Takes the window lock.
    """
    window, _moment = lock_window(window_id)
    if window.demand_revision != revision or window.status not in (
        WindowStatus.CLOSED,
        WindowStatus.CANCELLED,
    ):
        return None
    existing = SupplierOrder.objects.filter(window=window, revision=revision).first()
    if existing is not None:
        return existing
    supersede_unreleased(window=window, actor=SYSTEM)
    sums, households = _read(window_id)
    offers = {offer.pk: offer for offer in Offer.objects.filter(window=window)}
    order = SupplierOrder.objects.create(
        window=window,
        supplier_id=window.supplier_id,
        number=order_number(window),
        revision=revision,
        cancels_all=not sums,
        households=sum(households.values()),
        order_lines=sum(row.lines for row in sums),
        pieces=0,
        total_fen=0,
        prepared_at=clock.now(),
    )
    _write_sections(order, sums, households, offers)
    audit.record(
        actor=SYSTEM,
        action="supplier_order.prepared",
        subject=("supplier_order", order.pk),
        community_id=window.community_id,
        data={"revision": revision, "total_fen": order.total_fen},
    )
    return order


def order_number(window: OrderWindow) -> str:
    """JD220421-17: the day of the cutoff where the window is led, and the window's id. Short enough for the phone."""
    zone = ZoneInfo(Community.objects.values_list("zone", flat=True).get(pk=window.community_id))
    return f"JD{window.closes_at.astimezone(zone):%y%m%d}-{window.pk}"


def _read(window_id: int) -> tuple[list[Sum], dict[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [window_id])
        sums = [Sum(*map(int, row)) for row in cursor.fetchall()]
        cursor.execute(_HOUSEHOLDS, [window_id, window_id])
        return sums, dict(cursor.fetchall())


def _write_sections(
    order: SupplierOrder, sums: Iterable[Sum], households: dict[int, int], offers: dict[int, Offer]
) -> None:
    communities = {
        row.pk: row for row in Community.objects.filter(joined__window_id=order.window_id)
    }
    ordered = ordered_by_section(sums, offers)
    lines: list[SupplierOrderLine] = []
    for community_id, rows in groupby(sums, key=lambda row: row.community_id):
        community = communities[community_id]
        section = SupplierOrderSection.objects.create(
            supplier_order=order,
            window_id=order.window_id,
            community=community,
            community_name=community.name,
            community_address=community.address,
            households=households.get(community_id, 0),
            pieces=0,
            total_fen=0,
        )
        own = [_line(section, row, offers[row.offer_id], ordered[row]) for row in rows]
        section.pieces = sum(line.ordered for line in own)
        section.total_fen = sum(line.amount_fen for line in own)
        section.save(update_fields=["pieces", "total_fen"])
        lines += own
    SupplierOrderLine.objects.bulk_create(lines)
    order.pieces = sum(line.ordered for line in lines)
    order.total_fen = sum(line.amount_fen for line in lines)
    order.save(update_fields=["pieces", "total_fen"])


def ordered_by_section(sums: Iterable[Sum], offers: dict[int, Offer]) -> dict[Sum, int]:
    """Rounded per section: a carton goes to one gate, it is not cut in two between communities.

    The cap counts wishes only, so tolerance fills a multiple no further than the cap has room; sections in the order
    of their communities.
    """
    room = {pk: offer.cap for pk, offer in offers.items() if offer.cap is not None}
    rows = list(sums)
    for row in rows:
        if row.offer_id in room:
            room[row.offer_id] -= row.quantity
    ordered = {}
    for row in rows:
        offer = offers[row.offer_id]
        ordered[row] = ordered_quantity(
            wanted=row.quantity,
            tolerance=min(row.tolerance, room.get(row.offer_id, row.tolerance)),
            multiple=offer.order_multiple,
            minimum=offer.minimum,
        )
        if row.offer_id in room:
            room[row.offer_id] -= max(0, ordered[row] - row.quantity)
    return ordered


def _line(section: SupplierOrderSection, row: Sum, offer: Offer, ordered: int) -> SupplierOrderLine:
    return SupplierOrderLine(
        supplier_order_id=section.supplier_order_id,
        section=section,
        offer=offer,
        position=offer.short_number,
        barcode=offer.barcode,
        name=offer.name,
        spec=offer.spec,
        unit=offer.unit,
        category=offer.category,
        case_size=offer.case_size,
        price_fen=offer.price_fen,
        wanted=row.quantity,
        tolerance=row.tolerance,
        ordered=ordered,
        amount_fen=ordered * offer.price_fen,
    )

"""All orders of a closed window into one SupplierOrder revision, a section per community. Orders stay untouched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef

from communities.models import Community
from config.kernel import audit, clock
from config.kernel.audit import SYSTEM
from config.kernel.jobs import Subject
from orders.consolidation.rounding import ordered_quantity
from orders.models import Offer, OrderWindow, SupplierOrder, SupplierOrderSection
from orders.states import WindowStatus
from orders.windows.cancelling import supersede_unreleased
from orders.windows.closing import lock_window

# Lines taken off after the cutoff have an allocation of 0 with a reason. NOT EXISTS: a LEFT JOIN with `a.id IS NULL`
# is expected to leave one row, and a loop over a million orders follows.
_SUMS = """
    SELECT d.community_id, l.offer_id, sum(l.quantity), sum(l.tolerance), count(*)
    FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id AND d.window_id = l.window_id
    WHERE l.window_id = %(window)s AND d.status = 'placed' AND NOT EXISTS (
        SELECT 1 FROM orders_allocation a
        WHERE a.line_id = l.id AND a.window_id = %(window)s AND a.cause = 'dropped'
    )
    GROUP BY d.community_id, l.offer_id
"""
# An order is taken off whole or not at all. The inner SELECT is looked up by key for the few lines that are gone; as
# a join it would read all lines once more.
_HOUSEHOLDS = """
    SELECT d.community_id, count(DISTINCT d.household_id)
    FROM orders_order d
    WHERE d.window_id = %(window)s AND d.status = 'placed' AND NOT EXISTS (
        SELECT 1 FROM (
            SELECT (SELECT l.order_id FROM orders_orderline l WHERE l.id = a.line_id) AS order_id
            FROM orders_allocation a WHERE a.window_id = %(window)s AND a.cause = 'dropped'
        ) gone
        WHERE gone.order_id = d.id
    )
    GROUP BY d.community_id
"""
# The texts go from the offers to the lines without a detour: 40 communities × 200 products are 8,000 lines.
_LINES = """
    INSERT INTO orders_supplierorderline (
        supplier_order_id, section_id, offer_id, position, barcode, name, spec, unit, category, case_size, price_fen,
        wanted, tolerance, ordered, amount_fen
    )
    SELECT s.supplier_order_id, s.id, o.id, o.short_number, o.barcode, o.name, o.spec, o.unit, o.category, o.case_size,
           o.price_fen, line.wanted, line.tolerance, line.ordered, line.ordered * o.price_fen
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
         AS line (community_id, offer_id, wanted, tolerance, ordered)
    JOIN orders_supplierordersection s ON s.supplier_order_id = %s AND s.community_id = line.community_id
    JOIN orders_offer o ON o.id = line.offer_id
    ORDER BY s.id, o.short_number
"""


class Sum(NamedTuple):
    """What one community wants of one offer."""

    community_id: int
    offer_id: int
    quantity: int
    tolerance: int
    lines: int


class _Line(NamedTuple):
    """A line of the revision; the first five are the columns of _LINES."""

    community_id: int
    offer_id: int
    wanted: int
    tolerance: int
    ordered: int
    amount_fen: int


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

    A revision that nobody released yet is superseded. Linear in order lines: two aggregations; fourteen statements for
    any number of lines, products and communities. Takes the window lock.
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
    lines = _rounded(sums, {offer.pk: offer for offer in Offer.objects.filter(window=window)})
    order = SupplierOrder.objects.create(
        window=window,
        supplier_id=window.supplier_id,
        number=order_number(window),
        revision=revision,
        cancels_all=not sums,
        households=sum(households.values()),
        order_lines=sum(row.lines for row in sums),
        pieces=sum(line.ordered for line in lines),
        total_fen=sum(line.amount_fen for line in lines),
        prepared_at=clock.now(),
    )
    _write_sections(order, lines, households)
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
    """Sums in the order of communities and offers; households by community."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"window": window_id})
        sums = sorted(map(Sum._make, cursor.fetchall()))
        cursor.execute(_HOUSEHOLDS, {"window": window_id})
        return sums, dict(cursor.fetchall())


def _rounded(sums: Sequence[Sum], offers: Mapping[int, Offer]) -> list[_Line]:
    ordered = ordered_by_section(sums, offers)
    return [
        _Line(*row[:4], ordered[row], ordered[row] * offers[row.offer_id].price_fen) for row in sums
    ]


def _write_sections(
    order: SupplierOrder, lines: Sequence[_Line], households: Mapping[int, int]
) -> None:
    communities = Community.objects.in_bulk({line.community_id for line in lines})
    SupplierOrderSection.objects.bulk_create(
        _section(order, communities[community_id], households.get(community_id, 0), list(own))
        for community_id, own in groupby(lines, key=lambda line: line.community_id)
    )
    if not lines:
        return
    # As text: the parser takes longer over ARRAY[…] of 40,000 constants than the INSERT itself.
    columns = ["{" + ",".join(map(str, column)) + "}" for column in zip(*lines, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [*columns[:5], order.pk])


def _section(
    order: SupplierOrder, community: Community, households: int, lines: Sequence[_Line]
) -> SupplierOrderSection:
    return SupplierOrderSection(
        supplier_order=order,
        window_id=order.window_id,
        community=community,
        community_name=community.name,
        community_address=community.address,
        households=households,
        pieces=sum(line.ordered for line in lines),
        total_fen=sum(line.amount_fen for line in lines),
    )


def ordered_by_section(sums: Sequence[Sum], offers: Mapping[int, Offer]) -> dict[Sum, int]:
    """Rounded per section: a carton goes to one gate, it is not cut in two between communities.

    The cap counts wishes only, so tolerance fills a multiple no further than the cap has room; sections in the order
    of their communities.
    """
    room = {pk: offer.cap for pk, offer in offers.items() if offer.cap is not None}
    for row in sums:
        if row.offer_id in room:
            room[row.offer_id] -= row.quantity
    ordered = {}
    for row in sums:
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

"""What the suppliers of the past rounds were asked for, checked, released and acknowledged; nothing was short."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from orders.files import writing
from orders.files.rendering import order_sheet
from orders.models import OrderFile, SupplierOrder

# Without the two that take a second each round: paper and workbook.
_PLAIN = ("csv", "json", "txt")
_LANGUAGE = "zh-hans"
_ORDERS = """
    INSERT INTO orders_supplierorder (
        public_id, window_id, supplier_id, number, revision, status, cancels_all, households, order_lines, pieces,
        total_fen, prepared_at, filed_at, checked_at, checked_by_id, released_at, released_by_id, release_sequence,
        acknowledged_at
    )
    SELECT gen_random_uuid(), w.id, w.supplier_id,
           'JD' || to_char(w.closes_at AT TIME ZONE 'Asia/Shanghai', 'YYMMDD') || '-' || w.id, 1, 'released', false,
           sums.households, sums.lines, sums.pieces, sums.fen,
           w.closed_at + interval '1 s', w.closed_at + interval '3 s', w.closed_at + interval '20 min', checker.user_id,
           w.closed_at + interval '25 min', w.created_by_id,
           s.last_sequence + row_number() OVER (PARTITION BY w.supplier_id ORDER BY w.closes_at, w.id),
           w.closed_at + interval '40 min'
    FROM orders_orderwindow w
    JOIN suppliers_supplier s ON s.id = w.supplier_id
    JOIN (
        SELECT d.window_id, count(DISTINCT d.household_id) AS households, count(*) AS lines, sum(l.quantity) AS pieces,
               sum(l.quantity * l.price_fen) AS fen
        FROM orders_order d JOIN orders_orderline l ON l.order_id = d.id GROUP BY d.window_id
    ) sums ON sums.window_id = w.id
    LEFT JOIN LATERAL (
        SELECT user_id FROM communities_membership m
        WHERE m.community_id = w.community_id AND m.role = 'checker' ORDER BY m.id LIMIT 1
    ) checker ON true
    WHERE w.id = ANY(%s) AND w.status <> 'cancelled'
"""
_SEQUENCES = """
    UPDATE suppliers_supplier s SET last_sequence = told.last
    FROM (
        SELECT supplier_id, max(release_sequence) AS last FROM orders_supplierorder WHERE window_id = ANY(%s) GROUP BY 1
    ) told
    WHERE told.supplier_id = s.id
"""
_SECTIONS = """
    INSERT INTO orders_supplierordersection (
        supplier_order_id, window_id, community_id, community_name, community_address, households, pieces, total_fen
    )
    SELECT r.id, r.window_id, d.community_id, c.name, c.address, count(DISTINCT d.household_id), sum(l.quantity),
           sum(l.quantity * l.price_fen)
    FROM orders_supplierorder r
    JOIN orders_order d ON d.window_id = r.window_id
    JOIN orders_orderline l ON l.order_id = d.id
    JOIN communities_community c ON c.id = d.community_id
    WHERE r.window_id = ANY(%s)
    GROUP BY r.id, r.window_id, d.community_id, c.name, c.address
    ORDER BY r.id, d.community_id
"""
_LINES = """
    INSERT INTO orders_supplierorderline (
        supplier_order_id, section_id, offer_id, position, barcode, name, spec, unit, category, case_size, price_fen,
        wanted, tolerance, ordered, amount_fen
    )
    SELECT sec.supplier_order_id, sec.id, o.id, o.short_number, o.barcode, o.name, o.spec, o.unit, o.category,
           o.case_size, o.price_fen, sums.quantity, 0, sums.quantity, sums.quantity * o.price_fen
    FROM orders_supplierordersection sec
    JOIN (
        SELECT d.window_id, d.community_id, l.offer_id, sum(l.quantity) AS quantity
        FROM orders_order d JOIN orders_orderline l ON l.order_id = d.id
        WHERE d.window_id = ANY(%s) GROUP BY 1, 2, 3
    ) sums ON sums.window_id = sec.window_id AND sums.community_id = sec.community_id
    JOIN orders_offer o ON o.id = sums.offer_id
"""
_ALLOCATIONS = """
    INSERT INTO orders_allocation (line_id, window_id, supplier_order_id, quantity, cause, reason)
    SELECT l.id, l.window_id, r.id, l.quantity, 'release', ''
    FROM orders_orderline l JOIN orders_supplierorder r ON r.window_id = l.window_id
    WHERE l.window_id = ANY(%s)
"""
_AUDIT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    SELECT step.at, step.kind, step.who, step.action, 'supplier_order', r.id, w.community_id,
           jsonb_build_object('revision', 1, 'total_fen', r.total_fen)
    FROM orders_supplierorder r
    JOIN orders_orderwindow w ON w.id = r.window_id
    CROSS JOIN LATERAL (VALUES
        (r.prepared_at, 'job', 0, 'supplier_order.prepared'),
        (r.checked_at, 'user', r.checked_by_id, 'supplier_order.checked'),
        (r.released_at, 'user', r.released_by_id, 'supplier_order.released'),
        (r.acknowledged_at, 'supplier_key', 0, 'supplier_order.acknowledged')
    ) AS step(at, kind, who, action)
    WHERE r.window_id = ANY(%s) AND step.who IS NOT NULL
    ORDER BY step.at
"""


def consolidate(cursor: CursorWrapper, windows: Sequence[int]) -> None:
    """One released revision for each window that took place. Needs its orders."""
    for statement in (_ORDERS, _SEQUENCES, _SECTIONS, _LINES, _ALLOCATIONS, _AUDIT):
        cursor.execute(statement, [list(windows)])
    cursor.execute("ANALYZE orders_supplierorder, orders_allocation")


def write_files(windows: Sequence[int]) -> None:
    """The plain files of each revision, by the writers that everybody uses."""
    rows = SupplierOrder.objects.filter(window__in=windows).order_by("pk")
    for order in rows.select_related("window__community", "window__supplier", "window__created_by"):
        sheet = order_sheet(order)
        files = [(form, writing.ORDER_WRITERS[form](sheet, _LANGUAGE)) for form in _PLAIN]
        OrderFile.objects.bulk_create(
            OrderFile(
                supplier_order=order,
                format=form,
                name=writing.order_file_name(sheet, form),
                media_type=writing.CONTENT_TYPES[form],
                content=content,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
            for form, content in files
        )

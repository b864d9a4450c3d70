"""What was packed and handed out after the past rounds: lists, bags, and a sheet of plain text for each list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

_LISTS = """
    INSERT INTO volunteers_picklist (
        public_id, window_id, supplier_order_id, community_id, building_id, wave, revision, status, bag_count, pieces,
        total_fen, created_at, filed_at
    )
    SELECT gen_random_uuid(), r.window_id, r.id, h.community_id, h.building_id, 1, r.revision,
           CASE WHEN w.status = 'settled' THEN 'packed' ELSE 'ready' END, count(DISTINCT h.id), sum(l.quantity),
           sum(l.quantity * l.price_fen), r.released_at + interval '2 s', r.released_at + interval '9 s'
    FROM orders_supplierorder r
    JOIN orders_orderwindow w ON w.id = r.window_id
    JOIN orders_order d ON d.window_id = r.window_id
    JOIN orders_orderline l ON l.order_id = d.id
    JOIN communities_household h ON h.id = d.household_id
    JOIN communities_building b ON b.id = h.building_id
    WHERE r.window_id = ANY(%s)
    GROUP BY r.id, r.window_id, r.revision, r.released_at, w.status, h.community_id, h.building_id, b.sort_key
    ORDER BY r.id, h.community_id, b.sort_key
"""
_BAGS = """
    INSERT INTO volunteers_bag (
        pick_list_id, community_id, household_id, position, room, to_the_door, pieces, amount_due_fen
    )
    SELECT p.id, p.community_id, h.id, row_number() OVER (PARTITION BY p.id ORDER BY h.sort_key, h.id), h.room,
           h.needs_care, sum(l.quantity), sum(l.quantity * l.price_fen)
    FROM volunteers_picklist p
    JOIN communities_household h ON h.building_id = p.building_id
    JOIN orders_order d ON d.household_id = h.id AND d.window_id = p.window_id
    JOIN orders_orderline l ON l.order_id = d.id
    WHERE p.window_id = ANY(%s)
    GROUP BY p.id, p.community_id, h.id, h.sort_key, h.room, h.needs_care
"""
_BAG_LINES = """
    INSERT INTO volunteers_bagline (bag_id, offer_id, quantity, price_fen, amount_fen)
    SELECT b.id, l.offer_id, l.quantity, l.price_fen, l.quantity * l.price_fen
    FROM volunteers_picklist p
    JOIN volunteers_bag b ON b.pick_list_id = p.id
    JOIN orders_order d ON d.household_id = b.household_id AND d.window_id = p.window_id
    JOIN orders_orderline l ON l.order_id = d.id
    WHERE p.window_id = ANY(%s)
"""
_SHEETS = """
    INSERT INTO volunteers_picklistfile (
        public_id, pick_list_id, kind, format, name, media_type, content, size, sha256
    )
    SELECT gen_random_uuid(), sheet.id, 'picks', 'txt', sheet.name, 'text/plain; charset=utf-8', sheet.content,
           length(sheet.content), encode(sha256(sheet.content), 'hex')
    FROM (
        SELECT p.id, '分拣单-' || r.number || '-' || h.label || '.txt' AS name,
               convert_to(h.label || E'\\n' || string_agg(
                   b.position || '. ' || b.room || ' ' || b.pieces || ' '
                       || to_char(b.amount_due_fen / 100.0, 'FM999990.00'),
                   E'\\n' ORDER BY b.position
               ) || E'\\n', 'UTF8') AS content
        FROM volunteers_picklist p
        JOIN orders_supplierorder r ON r.id = p.supplier_order_id
        JOIN communities_building h ON h.id = p.building_id
        JOIN volunteers_bag b ON b.pick_list_id = p.id
        WHERE p.window_id = ANY(%s)
        GROUP BY p.id, r.number, h.label
    ) sheet
"""
_AUDIT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    SELECT p.created_at, 'job', 0, 'pick_list.built', 'pick_list', p.id, p.community_id, '{"revision": 1}'
    FROM volunteers_picklist p WHERE p.window_id = ANY(%s) ORDER BY p.created_at, p.id
"""


def pack(cursor: CursorWrapper, windows: Sequence[int]) -> None:
    """A list for each building of each released round. Needs its allocations, which are what was ordered."""
    for statement in (_LISTS, _BAGS, _BAG_LINES, _SHEETS, _AUDIT):
        cursor.execute(statement, [list(windows)])
    cursor.execute("ANALYZE volunteers_picklist, volunteers_bag, volunteers_bagline")

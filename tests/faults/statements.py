"""Invariants as SQL: each statement returns the rows that break its sentence. `%(windows)s`: ids."""

from __future__ import annotations

# At every moment, also in the middle of everything.
ALWAYS = (
    (
        "taken is not what live orders hold (offer, taken, held)",
        """
        SELECT o.id, o.taken, coalesce(sum(l.quantity) FILTER (WHERE d.status = 'placed' AND a.id IS NULL), 0)
        FROM orders_offer o
        LEFT JOIN orders_orderline l ON l.offer_id = o.id
        LEFT JOIN orders_order d ON d.id = l.order_id
        LEFT JOIN orders_allocation a ON a.line_id = l.id AND a.cause = 'dropped'
        WHERE o.window_id = ANY(%(windows)s) AND o.cap IS NOT NULL
        GROUP BY o.id
        HAVING o.taken <> coalesce(sum(l.quantity) FILTER (WHERE d.status = 'placed' AND a.id IS NULL), 0)
        """,
    ),
    (
        "more was sold than there is (offer, cap, sold)",
        """
        SELECT o.id, o.cap, sum(l.quantity)
        FROM orders_offer o
        JOIN orders_orderline l ON l.offer_id = o.id
        JOIN orders_order d ON d.id = l.order_id AND d.status = 'placed'
        WHERE o.window_id = ANY(%(windows)s)
            AND NOT EXISTS (SELECT FROM orders_allocation a WHERE a.line_id = l.id AND a.cause = 'dropped')
        GROUP BY o.id HAVING sum(l.quantity) > o.cap
        """,
    ),
    (
        "an order was taken outside its window (order, placed, cutoff)",
        """
        SELECT d.id, d.placed_at, w.closes_at
        FROM orders_order d JOIN orders_orderwindow w ON w.id = d.window_id
        WHERE w.id = ANY(%(windows)s) AND d.channel <> 'late'
            AND (d.placed_at >= w.closes_at OR d.placed_at < w.opens_at
                 OR d.changed_at >= w.closes_at OR d.cancelled_at >= w.closes_at AND w.status = 'closed'
                    AND d.reason = '')
        """,
    ),
    (
        "a window was closed before its cutoff (window)",
        """
        SELECT id FROM orders_orderwindow
        WHERE id = ANY(%(windows)s) AND status = 'closed' AND closed_at < closes_at
        """,
    ),
    (
        "an order has no lines (order)",
        """
        SELECT d.id FROM orders_order d
        WHERE d.window_id = ANY(%(windows)s)
            AND NOT EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = d.id)
        """,
    ),
    (
        "lines belong to no order (line)",
        """
        SELECT l.id FROM orders_orderline l
        WHERE l.window_id = ANY(%(windows)s)
            AND NOT EXISTS (SELECT FROM orders_order d WHERE d.id = l.order_id)
        """,
    ),
    (
        "a total is not that of the lines (order, total, lines)",
        """
        SELECT d.id, d.total_fen, sum(l.quantity * l.price_fen)
        FROM orders_order d JOIN orders_orderline l ON l.order_id = d.id
        WHERE d.window_id = ANY(%(windows)s)
        GROUP BY d.id HAVING d.total_fen <> sum(l.quantity * l.price_fen)
        """,
    ),
    (
        "a household has more than its limit (offer, household, pieces)",
        """
        SELECT o.id, d.household_id, sum(l.quantity + l.tolerance)
        FROM orders_offer o
        JOIN orders_orderline l ON l.offer_id = o.id
        JOIN orders_order d ON d.id = l.order_id AND d.status = 'placed'
        WHERE o.window_id = ANY(%(windows)s)
        GROUP BY o.id, d.household_id HAVING sum(l.quantity + l.tolerance) > o.household_limit
        """,
    ),
    (
        "numbers are not 1 to n (window, community, last, orders, largest)",
        """
        SELECT j.window_id, j.community_id, j.last_number, count(d.id), max(d.number)
        FROM orders_windowcommunity j
        LEFT JOIN orders_order d ON d.window_id = j.window_id AND d.community_id = j.community_id
        WHERE j.window_id = ANY(%(windows)s)
        GROUP BY j.id
        HAVING count(d.id) <> j.last_number OR count(DISTINCT d.number) <> j.last_number
            OR coalesce(max(d.number), 0) <> j.last_number
        """,
    ),
    (
        "a revision that nobody asked for (window, revision)",
        """
        SELECT s.window_id, s.revision
        FROM orders_supplierorder s JOIN orders_orderwindow w ON w.id = s.window_id
        WHERE w.id = ANY(%(windows)s) AND (s.revision > w.demand_revision OR s.revision < 1)
        """,
    ),
    (
        "more than one revision counts (window, revisions)",
        """
        SELECT window_id, count(*) FROM orders_supplierorder
        WHERE window_id = ANY(%(windows)s) AND status NOT IN ('superseded', 'withdrawn')
        GROUP BY window_id, status IN ('released') HAVING count(*) > 1
        """,
    ),
    (
        "files without the mark that they are there, or the mark without files (revision)",
        """
        SELECT s.id FROM orders_supplierorder s
        WHERE s.window_id = ANY(%(windows)s) AND (s.filed_at IS NULL)
            = EXISTS (SELECT FROM orders_orderfile f WHERE f.supplier_order_id = s.id)
        """,
    ),
    (
        "sheets without the mark that they are there, or the mark without sheets (pick list)",
        """
        SELECT p.id FROM volunteers_picklist p
        WHERE p.window_id = ANY(%(windows)s) AND (p.filed_at IS NULL)
            = EXISTS (SELECT FROM volunteers_picklistfile f WHERE f.pick_list_id = p.id)
        """,
    ),
    (
        "a step was taken twice (action, kind, id, times)",
        """
        SELECT a.action, a.subject_kind, a.subject_id, count(*)
        FROM kernel_auditentry a
        WHERE a.action IN ('supplier_order.prepared', 'supplier_order.checked', 'supplier_order.released',
                           'pick_list.built', 'pick_list.superseded', 'order.placed', 'order.cancelled',
                           'window.opened', 'window.cancelled', 'import.read', 'import.confirmed')
        GROUP BY 1, 2, 3 HAVING count(*) > 1
        """,
    ),
    (
        "a window was closed more or less often than its demand was counted (window, closes, reopens, revision)",
        """
        SELECT w.id, count(a.id) FILTER (WHERE a.action = 'window.closed'),
               count(a.id) FILTER (WHERE a.action = 'window.reopened'), w.demand_revision
        FROM orders_orderwindow w
        LEFT JOIN kernel_auditentry a ON a.subject_kind = 'window' AND a.subject_id = w.id
        WHERE w.id = ANY(%(windows)s)
        GROUP BY w.id
        HAVING count(a.id) FILTER (WHERE a.action = 'window.closed')
            <> count(a.id) FILTER (WHERE a.action = 'window.reopened') + (w.status = 'closed')::int
        """,
    ),
    (
        "an order has no entry in the audit, or an entry no order (order)",
        """
        SELECT coalesce(d.id, a.subject_id)
        FROM (SELECT id FROM orders_order WHERE window_id = ANY(%(windows)s)) d
        FULL JOIN (
            SELECT DISTINCT subject_id FROM kernel_auditentry
            WHERE subject_kind = 'order' AND action = 'order.placed'
                AND subject_id NOT IN (SELECT id FROM orders_order WHERE window_id <> ALL(%(windows)s))
        ) a ON a.subject_id = d.id
        WHERE d.id IS NULL OR a.subject_id IS NULL
        """,
    ),
    (
        "a close was told of and somebody was left out (event, person)",
        """
        SELECT DISTINCT m.event_key, d.placed_by_id
        FROM (
            SELECT DISTINCT ON (payload -> 'window') event_key, (payload ->> 'window')::bigint AS window_id,
                   delivered_at
            FROM kernel_outboxmessage WHERE topic = 'window.closed' ORDER BY payload -> 'window', id DESC
        ) m
        JOIN orders_orderwindow w ON w.id = m.window_id AND w.status = 'closed'
        JOIN orders_order d ON d.window_id = w.id AND d.status = 'placed' AND d.placed_by_id IS NOT NULL
            AND d.channel <> 'late'
        WHERE w.id = ANY(%(windows)s) AND m.delivered_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM communities_membership h WHERE h.household_id = d.household_id
                            AND h.user_id = d.placed_by_id AND h.ended_at IS NOT NULL)
            AND NOT EXISTS (SELECT FROM orders_orderline l JOIN orders_allocation x ON x.line_id = l.id
                            WHERE l.order_id = d.id AND x.cause = 'dropped')
            AND NOT EXISTS (SELECT FROM communities_inboxmessage i
                            WHERE i.event_key = m.event_key AND i.user_id = d.placed_by_id)
        """,
    ),
    (
        "somebody was told of a close that was not delivered or is not his (event, person)",
        """
        SELECT i.event_key, i.user_id
        FROM communities_inboxmessage i
        LEFT JOIN kernel_outboxmessage m ON m.event_key = i.event_key
        WHERE i.kind = 'window.closed' AND split_part(i.event_key, ':', 2)::bigint = ANY(%(windows)s)
            AND (m.delivered_at IS NULL OR NOT EXISTS (
                SELECT FROM orders_order d
                WHERE d.window_id = split_part(i.event_key, ':', 2)::bigint
                    AND (d.placed_by_id = i.user_id OR EXISTS (
                        SELECT FROM communities_membership h
                        WHERE h.household_id = d.household_id AND h.user_id = i.user_id))))
        """,
    ),
)

# When all background work is over.
SETTLED = (
    (
        "a job is neither done nor parked (job)",
        """
        SELECT id, stage, subject_kind, subject_id, attempts, last_error FROM kernel_job
        WHERE done_at IS NULL AND parked_at IS NULL
        """,
    ),
    (
        "a job is parked (job)",
        """
        SELECT id, stage, subject_kind, subject_id, attempts, last_error FROM kernel_job
        WHERE parked_at IS NOT NULL
        """,
    ),
    (
        "a message was not delivered (event)",
        "SELECT event_key, failures, last_error FROM kernel_outboxmessage WHERE delivered_at IS NULL",
    ),
    (
        "a window is past its cutoff and still open (window)",
        """
        SELECT id FROM orders_orderwindow
        WHERE id = ANY(%(windows)s) AND status = 'open' AND closes_at <= clock_timestamp()
        """,
    ),
    (
        "what is wanted has no revision with files (window, revision)",
        """
        SELECT w.id, w.demand_revision FROM orders_orderwindow w
        WHERE w.id = ANY(%(windows)s) AND w.status = 'closed' AND NOT EXISTS (
            SELECT FROM orders_supplierorder s
            WHERE s.window_id = w.id AND s.revision = w.demand_revision AND s.filed_at IS NOT NULL)
        """,
    ),
    (
        "a building that gets something has not exactly one list with sheets (window, building, lists)",
        """
        SELECT s.window_id, h.building_id, count(DISTINCT p.id)
        FROM orders_supplierorder s
        JOIN orders_allocation a ON a.supplier_order_id = s.id AND a.quantity > 0
        JOIN orders_orderline l ON l.id = a.line_id
        JOIN orders_order d ON d.id = l.order_id
        JOIN communities_household h ON h.id = d.household_id
        LEFT JOIN volunteers_picklist p ON p.supplier_order_id = s.id AND p.building_id = h.building_id
            AND p.filed_at IS NOT NULL AND p.status <> 'superseded'
        WHERE s.window_id = ANY(%(windows)s) AND s.status = 'released'
        GROUP BY 1, 2 HAVING count(DISTINCT p.id) <> 1
        """,
    ),
    (
        "somebody was not told of the release, or told of none (window, person)",
        """
        SELECT coalesce(e.window_id, split_part(i.event_key, ':', 3)::bigint), coalesce(e.person, i.user_id)
        FROM (
            SELECT DISTINCT d.window_id, p.person
            FROM orders_order d
            CROSS JOIN LATERAL (
                SELECT d.placed_by_id AS person WHERE d.placed_by_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM communities_membership h WHERE h.household_id = d.household_id
                                    AND h.user_id = d.placed_by_id AND h.ended_at IS NOT NULL)
                UNION SELECT m.user_id FROM communities_membership m
                WHERE m.household_id = d.household_id AND m.ended_at IS NULL
            ) p
            WHERE d.window_id = ANY(%(windows)s) AND d.status = 'placed'
                AND EXISTS (SELECT FROM orders_supplierorder s
                            WHERE s.window_id = d.window_id AND s.status = 'released' AND NOT s.cancels_all)
                AND NOT EXISTS (
                    SELECT FROM orders_orderline l JOIN orders_allocation x ON x.line_id = l.id
                    WHERE l.order_id = d.id AND x.cause = 'dropped')
        ) e
        FULL JOIN (
            SELECT user_id, event_key FROM communities_inboxmessage
            WHERE kind = 'supplier_order.released' AND split_part(event_key, ':', 3)::bigint = ANY(%(windows)s)
        ) i ON i.event_key = 'supplier_order.released:window:' || e.window_id AND i.user_id = e.person
        WHERE e.person IS NULL OR i.user_id IS NULL
        """,
    ),
)

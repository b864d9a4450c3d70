"""What must hold of the roads into a round, as SQL: each statement returns the rows that break its sentence.
`%(window)s`, `%(community)s`: ids.
"""

from __future__ import annotations

# At every moment.
ALWAYS = (
    (
        "waiting is not what its line waits for (offer, waiting, line)",
        """
        SELECT o.id, o.waiting, coalesce(sum(w.quantity) FILTER (WHERE w.status = 'waiting'), 0)
        FROM orders_offer o LEFT JOIN orders_waitingwish w ON w.offer_id = o.id
        WHERE o.window_id = %(window)s
        GROUP BY o.id HAVING o.waiting <> coalesce(sum(w.quantity) FILTER (WHERE w.status = 'waiting'), 0)
        """,
    ),
    (
        "a wish was not served by one order of its own (wish, order)",
        """
        SELECT w.id, w.order_id FROM orders_waitingwish w
        LEFT JOIN orders_order d ON d.id = w.order_id AND d.channel = 'waiting' AND d.household_id = w.household_id
        LEFT JOIN orders_orderline l ON l.order_id = d.id AND l.offer_id = w.offer_id AND l.quantity = w.quantity
        WHERE w.window_id = %(window)s AND w.status = 'served' AND l.id IS NULL
        UNION ALL
        SELECT min(w.id), w.order_id FROM orders_waitingwish w
        WHERE w.window_id = %(window)s AND w.order_id IS NOT NULL GROUP BY w.order_id HAVING count(*) > 1
        """,
    ),
    (
        "an order out of the line belongs to no wish (order)",
        """
        SELECT d.id FROM orders_order d
        WHERE d.window_id = %(window)s AND d.channel = 'waiting'
            AND NOT EXISTS (SELECT FROM orders_waitingwish w WHERE w.order_id = d.id AND w.status = 'served')
        """,
    ),
    (
        # The number in the list is the last thing that is written, so it tells who was first.
        "somebody further back was served before (wish, before)",
        """
        SELECT a.id, b.id
        FROM orders_waitingwish a
        JOIN orders_waitingwish b ON b.offer_id = a.offer_id AND b.id > a.id AND b.quantity >= a.quantity
            AND b.status = 'served'
        JOIN orders_order bo ON bo.id = b.order_id
        LEFT JOIN orders_order ao ON ao.id = a.order_id
        WHERE a.window_id = %(window)s AND (a.status = 'waiting' OR ao.number > bo.number)
        """,
    ),
    (
        "a door has not as many members as people were let in (door, members, let in)",
        """
        SELECT j.household_id, count(DISTINCT m.id), count(DISTINCT j.id) FILTER (WHERE j.status = 'approved')
        FROM communities_joinrequest j
        LEFT JOIN communities_membership m ON m.household_id = j.household_id
        WHERE j.community_id = %(community)s
        GROUP BY j.household_id
        HAVING count(DISTINCT m.id) <> count(DISTINCT j.id) FILTER (WHERE j.status = 'approved')
        """,
    ),
    (
        "somebody was let in and is not one account, one resident, one device (wish, accounts, residents, devices)",
        """
        SELECT j.id, count(DISTINCT m.user_id), count(DISTINCT r.id), count(DISTINCT t.digest)
        FROM communities_joinrequest j
        LEFT JOIN communities_membership m ON m.household_id = j.household_id AND m.user_id = j.user_id
        LEFT JOIN communities_resident r ON r.household_id = j.household_id AND r.user_id = j.user_id
        LEFT JOIN knox_authtoken t ON t.user_id = j.user_id
        WHERE j.community_id = %(community)s AND j.status = 'approved' AND j.token_at IS NOT NULL
        GROUP BY j.id
        HAVING (count(DISTINCT m.user_id), count(DISTINCT r.id), count(DISTINCT t.digest)) <> (1, 1, 1)
        """,
    ),
    (
        "a step was noted more than once (action, id)",
        """
        SELECT action, subject_id FROM kernel_auditentry
        WHERE action IN ('join.asked', 'join.approved', 'waiting.served', 'waiting.left', 'order.placed',
            'order.cancelled', 'order.added_late', 'order.placed_for', 'request.asked', 'request.checked',
            'request.promised', 'request.withdrawn', 'import.confirmed', 'import.applied')
        GROUP BY action, subject_id HAVING count(*) > 1
        """,
    ),
    (
        "an order written down has not one note of who asked (order, notes)",
        """
        SELECT d.id, count(p.order_id) FROM orders_order d LEFT JOIN orders_proxywish p ON p.order_id = d.id
        WHERE d.window_id = %(window)s AND d.channel IN ('phone', 'late') GROUP BY d.id HAVING count(p.order_id) <> 1
        """,
    ),
    (
        "a person was told twice of an event (person, event)",
        """
        SELECT user_id, event_key FROM communities_inboxmessage GROUP BY 1, 2 HAVING count(*) > 1
        """,
    ),
    (
        "a robot has an event twice (robot, event)",
        "SELECT robot_id, event_key FROM communities_groupmessage GROUP BY 1, 2, part HAVING count(*) > 1",
    ),
)

# When all background work is over and the window is open.
SERVED = (
    (
        "a wish that fits was not served (wish)",
        """
        SELECT w.id FROM orders_waitingwish w JOIN orders_offer o ON o.id = w.offer_id
        WHERE w.window_id = %(window)s AND w.status = 'waiting' AND w.quantity <= o.cap - o.taken
        """,
    ),
)

# When all background work is over.
SETTLED = (
    (
        "somebody of the compound was not told of the opening (person)",
        """
        SELECT DISTINCT m.user_id FROM communities_membership m
        JOIN orders_orderwindow w ON w.id = %(window)s
        WHERE m.community_id = %(community)s AND m.role = 'resident' AND m.ended_at IS NULL
            AND m.household_id NOT IN (SELECT household_id FROM communities_joinrequest)
            AND NOT EXISTS (SELECT FROM communities_inboxmessage i
                WHERE i.user_id = m.user_id AND i.event_key = 'window.opened:' || w.id)
        """,
    ),
    (
        "whoever was served was not told (wish, person)",
        """
        SELECT w.id, w.placed_by_id FROM orders_waitingwish w
        WHERE w.window_id = %(window)s AND w.status = 'served' AND NOT EXISTS (
            SELECT FROM communities_inboxmessage i
            WHERE i.user_id = w.placed_by_id AND i.event_key = 'waiting.served:' || w.id)
        """,
    ),
    (
        "a household was not told of the order that was added late (order, person)",
        """
        SELECT d.id, m.user_id FROM orders_order d
        JOIN communities_membership m ON m.household_id = d.household_id AND m.ended_at IS NULL
        WHERE d.window_id = %(window)s AND d.channel = 'late' AND NOT EXISTS (
            SELECT FROM communities_inboxmessage i
            WHERE i.user_id = m.user_id AND i.event_key = 'order.added_late:' || d.id)
        """,
    ),
    (
        "a household was not told once of the promise (request, person, times)",
        """
        SELECT r.id, m.user_id, count(i.id) FROM orders_singlerequest r
        JOIN communities_membership m ON m.household_id = r.household_id AND m.ended_at IS NULL
        LEFT JOIN communities_inboxmessage i ON i.user_id = m.user_id
            AND i.event_key LIKE 'request.promised:' || r.id || ':%%'
        WHERE r.community_id = %(community)s AND r.status = 'promised'
        GROUP BY 1, 2 HAVING count(i.id) <> 1
        """,
    ),
    (
        "a robot has not been told once of the opening and the close (robot, event, texts, said)",
        """
        SELECT r.id, e.event_key, count(g.id), count(g.id) FILTER (WHERE g.status = 'sent')
        FROM communities_grouprobot r
        JOIN kernel_outboxmessage e ON e.topic IN ('window.opened', 'window.closed')
            AND (e.payload ->> 'window')::bigint = %(window)s
        LEFT JOIN communities_groupmessage g ON g.robot_id = r.id AND g.event_key = e.event_key
        WHERE r.community_id = %(community)s
        GROUP BY 1, 2 HAVING count(g.id) FILTER (WHERE g.status = 'sent') <> 1 OR count(g.id) <> 1
        """,
    ),
    (
        "an import was confirmed and is not done (import)",
        """
        SELECT i.id FROM kernel_import i JOIN orders_windowcommunity j ON j.id = i.subject_id
        WHERE j.window_id = %(window)s AND i.status = 'confirmed' AND (i.applied_at IS NULL
            OR EXISTS (SELECT FROM kernel_importrow r WHERE r.upload_id = i.id AND r.result IN ('', 'failed')))
        """,
    ),
    (
        "an order was added late and no revision was asked for (window, revision, late)",
        """
        SELECT w.id, w.demand_revision, count(d.id) FROM orders_orderwindow w
        LEFT JOIN orders_order d ON d.window_id = w.id AND d.channel = 'late'
        WHERE w.id = %(window)s AND w.status = 'closed' GROUP BY w.id HAVING w.demand_revision <> 1 + count(d.id)
        """,
    ),
)

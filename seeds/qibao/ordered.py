"""What households ordered in the past rounds. The dice are a hash of account and round: the same ones each time."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

from seeds.qibao.estates import SEED

# At least one household of each round.
_CHOOSE = """
    CREATE TEMPORARY TABLE past_order ON COMMIT DROP AS
    SELECT nextval('orders_order_id_seq') AS id, chosen.*,
           row_number() OVER (PARTITION BY window_id, community_id ORDER BY wished_at, household_id) AS number
    FROM (
        SELECT w.id AS window_id, w.cancelled_at, m.community_id, m.household_id, m.user_id, dice.n, plan.share,
               row_number() OVER (PARTITION BY w.id ORDER BY dice.n %% 100, dice.n) AS place,
               w.opens_at + (w.closes_at - w.opens_at) * 0.9 * (dice.n / 100 %% 997 / 997.0) AS wished_at
        FROM unnest(%(windows)s::bigint[], %(shares)s::int[]) AS plan(window_id, share)
        JOIN orders_orderwindow w ON w.id = plan.window_id
        JOIN orders_windowcommunity j ON j.window_id = w.id
        JOIN communities_membership m ON m.community_id = j.community_id AND m.role = 'resident'
        JOIN communities_user u ON u.id = m.user_id
        CROSS JOIN LATERAL (
            SELECT abs(hashtextextended(u.username || to_char(w.closes_at, 'MMDDHH24MI'), %(seed)s) %% 1000000007) AS n
        ) dice
    ) chosen
    WHERE n %% 100 < share OR place = 1
"""
_ORDERS = """
    INSERT INTO orders_order (
        id, public_id, window_id, community_id, household_id, number, status, channel, total_fen, note, reason,
        placed_by_id, wished_at, placed_at, cancelled_at, version
    )
    SELECT d.id, gen_random_uuid(), d.window_id, d.community_id, d.household_id, d.number,
           CASE WHEN d.cancelled_at IS NULL THEN 'placed' ELSE 'cancelled' END, 'rest',
           sum(l.quantity * l.price_fen), '',
           CASE WHEN d.cancelled_at IS NULL THEN '' ELSE 'window_cancelled' END,
           d.user_id, d.wished_at, d.wished_at, d.cancelled_at, 1
    FROM past_order d JOIN past_line l ON l.order_id = d.id
    GROUP BY d.id, d.window_id, d.community_id, d.household_id, d.number, d.cancelled_at, d.user_id, d.wished_at
"""
# One to six articles, seven places apart on the menu, so that nobody has the same one twice.
_LINES = """
    CREATE TEMPORARY TABLE past_line ON COMMIT DROP AS
    SELECT d.id AS order_id, d.window_id, o.id AS offer_id, o.price_fen, 1 + (d.n / 7 + wish.k) % 3 AS quantity
    FROM past_order d
    JOIN (SELECT window_id, count(*) AS size FROM orders_offer GROUP BY window_id) menu USING (window_id)
    CROSS JOIN LATERAL generate_series(0, least(menu.size, 1 + d.n / 13 % 6) - 1) AS wish(k)
    JOIN orders_offer o ON o.window_id = d.window_id
        AND o.short_number = 1 + (d.n / 100 + wish.k * CASE WHEN menu.size % 7 = 0 THEN 1 ELSE 7 END) % menu.size
"""
_STORE_LINES = """
    INSERT INTO orders_orderline (order_id, window_id, offer_id, quantity, tolerance, price_fen)
    SELECT order_id, window_id, offer_id, quantity, 0, price_fen FROM past_line
"""
_NUMBERS = """
    UPDATE orders_windowcommunity j SET last_number = d.last_number
    FROM (SELECT window_id, community_id, max(number) AS last_number FROM past_order GROUP BY 1, 2) d
    WHERE j.window_id = d.window_id AND j.community_id = d.community_id
"""
# The first article of every menu was scarce.
_CAPS = """
    UPDATE orders_offer o SET taken = d.quantity, cap = (d.quantity / 10 + 1) * 10
    FROM (
        SELECT l.offer_id, sum(l.quantity) AS quantity
        FROM past_line l JOIN past_order d ON d.id = l.order_id AND d.cancelled_at IS NULL GROUP BY 1
    ) d
    WHERE o.id = d.offer_id AND o.short_number = 1
"""
_AUDIT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    SELECT d.wished_at, 'user', d.user_id, 'order.placed', 'order', d.id, d.community_id,
           jsonb_build_object('total_fen', sum(l.quantity * l.price_fen), 'lines', count(*))
    FROM past_order d JOIN past_line l ON l.order_id = d.id
    GROUP BY d.id, d.wished_at, d.user_id, d.community_id ORDER BY d.wished_at
"""


def place(cursor: CursorWrapper, shares: Mapping[int, int]) -> None:
    """`shares`: of each window, by its id, how many of a hundred households ordered. Needs an open transaction."""
    cursor.execute(
        _CHOOSE, {"windows": list(shares), "shares": list(shares.values()), "seed": SEED}
    )
    for statement in (_LINES, _ORDERS, _STORE_LINES, _NUMBERS, _CAPS, _AUDIT):
        cursor.execute(statement)
    cursor.execute("ANALYZE orders_order, orders_orderline")

"""A group buy over the whole of `seed qibao`: 100 communities, an order from each of 30,000 households."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction

from communities.models import Community, User
from config.kernel import clock
from config.kernel.audit import Actor
from orders.models import OrderWindow
from orders.windows import drafting, opening
from seeds.qibao.planting import plant
from suppliers.models import Supplier

PRODUCTS, LINES = 50, 6
_LIMIT = 9
# By the account that orders for the household; for the few without one somebody of the committee does.
_ORDERS = """
    CREATE TEMPORARY TABLE new_order AS
    SELECT nextval('orders_order_id_seq') AS id, h.id AS household_id, h.community_id, m.user_id,
           row_number() OVER (PARTITION BY h.community_id ORDER BY h.id) AS number,
           abs(hashint8(h.id)::bigint) %% 100003 AS dice
    FROM orders_windowcommunity j
    JOIN communities_household h ON h.community_id = j.community_id AND h.is_active
    LEFT JOIN communities_membership m ON m.household_id = h.id AND m.ended_at IS NULL
    WHERE j.window_id = %(window)s
"""
_LINES = """
    CREATE TEMPORARY TABLE new_line AS
    SELECT d.id AS order_id, o.id AS offer_id, o.price_fen, 1 + (d.dice + wish.k) %% 3 AS quantity
    FROM new_order d
    CROSS JOIN generate_series(0, %(lines)s - 1) AS wish(k)
    JOIN orders_offer o ON o.window_id = %(window)s AND o.short_number = 1 + (d.dice + wish.k * 7) %% %(products)s
"""
_STORE = """
    INSERT INTO orders_order (
        id, public_id, window_id, community_id, household_id, number, status, channel, total_fen, note, reason,
        placed_by_id, wished_at, placed_at, version
    )
    SELECT d.id, gen_random_uuid(), %(window)s, d.community_id, d.household_id, d.number, 'placed',
           CASE WHEN d.user_id IS NULL THEN 'phone' ELSE 'rest' END, sum(l.quantity * l.price_fen), '', '',
           coalesce(d.user_id, %(user)s), now(), now(), 1
    FROM new_order d JOIN new_line l ON l.order_id = d.id
    GROUP BY d.id, d.community_id, d.household_id, d.number, d.user_id, d.dice
    ORDER BY d.dice
"""
_STORE_LINES = """
    INSERT INTO orders_orderline (order_id, window_id, offer_id, quantity, tolerance, price_fen)
    SELECT order_id, %(window)s, offer_id, quantity, 0, price_fen FROM new_line
"""
_NUMBERS = """
    UPDATE orders_windowcommunity j SET last_number = d.last
    FROM (SELECT community_id, max(number) AS last FROM new_order GROUP BY 1) d
    WHERE j.window_id = %(window)s AND j.community_id = d.community_id
"""
_TAKEN = """
    UPDATE orders_offer o SET taken = d.quantity
    FROM (SELECT offer_id, sum(quantity) AS quantity FROM new_line GROUP BY 1) d
    WHERE o.id = d.offer_id AND o.cap IS NOT NULL
"""
_AUDIT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    SELECT now(), 'user', coalesce(d.user_id, %(user)s), 'order.placed', 'order', d.id, d.community_id,
           jsonb_build_object('total_fen', sum(l.quantity * l.price_fen), 'lines', count(*))
    FROM new_order d JOIN new_line l ON l.order_id = d.id GROUP BY d.id, d.user_id, d.community_id
"""


def build(*, past: int = 300) -> User:
    """The town with its past, on an empty database; a committee officer above all of it."""
    plant(communities=100, households=30_000, past=past, password=None, keep=lambda: None)
    return User.objects.get(username="qibao-town-1")


def open_round(officer: User) -> OrderWindow:
    """Open, from the wholesaler, for every community of the town."""
    supplier = Supplier.objects.get(name="七宝惠民配送中心")
    communities = Community.objects.filter(served_by__supplier=supplier).order_by("pk")
    with transaction.atomic(durable=True):
        return open_window(
            list(communities), supplier, officer, products=PRODUCTS, closes_in=timedelta(hours=6)
        )


def open_window(
    communities: Sequence[Community],
    supplier: Supplier,
    officer: User,
    *,
    products: int,
    closes_in: timedelta,
) -> OrderWindow:
    """By the verbs; the first community leads, a fifth of the offers has a cap and a limit. Needs a transaction."""
    moment = clock.database_now()
    actor = Actor("user", officer.pk)
    leading, *others = communities
    window = drafting.draft_window(
        community=leading,
        supplier=supplier,
        opens_at=moment - timedelta(minutes=1),
        closes_at=moment + closes_in,
        actor=officer,
    )
    for community in others:
        drafting.join_community(window=window, community=community, actor=actor)
    goods = supplier.products.order_by("pk")[:products]
    drafting.offer_products(window=window, products=goods, actor=actor)
    capped = window.offers.filter(short_number__lte=products // 5)
    capped.update(cap=10**6, household_limit=_LIMIT)
    opening.make_ready(window=window, actor=actor)
    opening.open_window(window=window, actor=actor)
    return window


def order(window: OrderWindow, officer: User) -> int:
    """An order of six lines from every household, with everything that placing one leaves; how many orders."""
    products = window.offers.count()
    values = {"window": window.pk, "user": officer.pk, "lines": LINES, "products": products}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for statement in (_ORDERS, _LINES, _STORE, _STORE_LINES, _NUMBERS, _TAKEN, _AUDIT):
            cursor.execute(statement, values)
        cursor.execute("SELECT count(*) FROM new_order")
        [count] = cursor.fetchone()
        cursor.execute("DROP TABLE new_order, new_line")
    return int(count)


def tidy() -> None:
    """What autovacuum would do soon."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")

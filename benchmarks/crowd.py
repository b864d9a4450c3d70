"""Rounds of many communities and up to a million order lines. Master data by verbs, the crowd by plain SQL.

The same numbers give the same round: who wants what follows from ids alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from communities import people, places
from communities.models import Community, User
from config.kernel import clock
from config.kernel.audit import Actor
from orders.models import OrderWindow
from orders.windows import drafting, opening
from suppliers.directory import register_supplier, serve_community
from suppliers.models import Product, Supplier

_ACTOR = Actor("command")
_Values = dict[str, int | list[int]]

_BUILDINGS = """
    INSERT INTO communities_building (community_id, lane, number, unit, label, sort_key, has_lift)
    SELECT c, '', n::text, '', n || '号楼', lpad(n::text, 4, '0'), true
    FROM unnest(%(communities)s) c, generate_series(1, %(buildings)s) n
"""
# Three doors to a floor: 101, 102, 103, 201 …
_HOUSEHOLDS = """
    INSERT INTO communities_household (public_id, community_id, building_id, room, sort_key, needs_care, has_smartphone,
                                       is_active)
    SELECT gen_random_uuid(), b.community_id, b.id, room, lpad(room, 6, '0'), n %% 20 = 0, true, true
    FROM communities_building b, generate_series(0, %(homes)s - 1) n,
         LATERAL (SELECT (n / 3 + 1) || lpad((n %% 3 + 1)::text, 2, '0') AS room) door
    WHERE b.community_id = ANY(%(communities)s)
"""
# Every twentieth household orders twice; every 33rd order was cancelled before the cutoff. All communities order at
# the same time.
_ORDERS = """
    INSERT INTO orders_order (public_id, window_id, community_id, household_id, number, status, channel, total_fen,
                              note, reason, wished_at, placed_at, cancelled_at, version)
    SELECT gen_random_uuid(), %(window)s, community_id, id, n, CASE WHEN n %% 33 = 0 THEN 'cancelled' ELSE 'placed' END,
           'rest', 0, '', '', now() - interval '1 hour' + n * interval '1 millisecond', now(),
           CASE WHEN n %% 33 = 0 THEN now() END, 1
    FROM (
        SELECT h.community_id, h.id, row_number() OVER (PARTITION BY h.community_id ORDER BY turn, h.id) AS n
        FROM (
            SELECT id, community_id, row_number() OVER (PARTITION BY community_id ORDER BY id) AS n
            FROM communities_household WHERE community_id = ANY(%(communities)s)
        ) h JOIN generate_series(1, 2) turn ON turn = 1 OR h.n %% 20 = 3
    ) wishes
    ORDER BY n, community_id
"""
# Half to one and a half times the usual number of products, each at most once: the step is prime to the menu's length.
_LINES = """
    INSERT INTO orders_orderline (order_id, window_id, offer_id, quantity, tolerance, price_fen)
    SELECT d.id, d.window_id, o.id, 1 + (d.number * 7 + o.short_number) %% 3,
           CASE WHEN o.order_multiple > 1 THEN (d.number + o.short_number) %% 3 ELSE 0 END, o.price_fen
    FROM orders_order d
    JOIN generate_series(0, %(usual)s + %(usual)s / 2) n
         ON n < %(usual)s / 2 + (d.number * 31) %% (%(usual)s + 1)
    JOIN orders_offer o ON o.window_id = d.window_id
         AND o.short_number = 1 + (d.number * 13 + n * %(step)s) %% %(products)s
    WHERE d.window_id = %(window)s
"""
_TOTALS = """
    UPDATE orders_order d SET total_fen = sums.fen
    FROM (SELECT order_id, sum(quantity * price_fen) AS fen FROM orders_orderline WHERE window_id = %(window)s
          GROUP BY order_id) sums
    WHERE d.id = sums.order_id
"""
# Every twentieth product has a cap.
_TAKEN = """
    UPDATE orders_offer o SET cap = sums.pieces + 1000, taken = sums.pieces
    FROM (SELECT l.offer_id, sum(l.quantity) AS pieces FROM orders_orderline l
          JOIN orders_order d ON d.id = l.order_id AND d.status = 'placed' AND d.number %% 200 <> 100
          WHERE l.window_id = %(window)s GROUP BY l.offer_id) sums
    WHERE o.id = sums.offer_id AND o.short_number %% 20 = 0
"""
# After the cutoff a household moved away, fell ill …: one order of two hundred is taken off.
_DROPPED = """
    INSERT INTO orders_allocation (line_id, window_id, supplier_order_id, quantity, cause, reason)
    SELECT l.id, l.window_id, NULL, 0, 'dropped', 'moved away'
    FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id
    WHERE l.window_id = %(window)s AND d.status = 'placed' AND d.number %% 200 = 100
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a round is. Lines ≈ communities × buildings × homes × 1.05 × usual."""

    communities: int
    buildings: int
    homes: int
    products: int
    usual: int


def closed_round(size: Size) -> tuple[OrderWindow, int]:
    """A window past its cutoff with all its orders, closed but not consolidated; and how many lines it has."""
    window = open_round(size)
    parameters: _Values = {
        "window": window.pk,
        "communities": list(window.joined.values_list("community_id", flat=True)),
        "usual": size.usual,
        "products": size.products,
        "step": _step(size.products),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ORDERS, parameters)
        cursor.execute(_LINES, parameters)
        lines = int(cursor.rowcount)
        cursor.execute(_TOTALS, parameters)
        cursor.execute(_TAKEN, parameters)
        cursor.execute(_DROPPED, parameters)
    with connection.cursor() as cursor:
        # What autovacuum does a minute later.
        cursor.execute("VACUUM (ANALYZE) orders_order, orders_orderline, orders_allocation")
    shut(window)
    return window, lines


def shut(window: OrderWindow) -> None:
    """As the cutoff leaves it."""
    moment = timezone.now()
    OrderWindow.objects.filter(pk=window.pk).update(
        status="closed",
        opens_at=moment - timedelta(days=1),
        closes_at=moment - timedelta(seconds=1),
        closed_at=moment,
        demand_revision=1,
    )
    window.refresh_from_db()


def open_round(size: Size) -> OrderWindow:
    """An open window of all its communities, without orders."""
    number = uuid4().hex[:8]
    with transaction.atomic():
        places_ = _communities(number, size)
        supplier = _supplier(number, size, places_)
        organiser = people.create_user(username=f"crowd{number}", password=None, actor=_ACTOR)
        return _window(organiser, supplier, places_)


def _communities(number: str, size: Size) -> list[Community]:
    region = places.create_region(kind="town", name=f"crowd {number}", actor=_ACTOR)
    made = [
        places.create_community(
            region=region,
            name=f"{number}-{n}小区",
            short_name=f"{n}小区",
            address=f"示例路{n}号",
            actor=_ACTOR,
        )
        for n in range(1, size.communities + 1)
    ]
    parameters: _Values = {
        "communities": [community.pk for community in made],
        "buildings": size.buildings,
        "homes": size.homes,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BUILDINGS, parameters)
        cursor.execute(_HOUSEHOLDS, parameters)
    return made


def _supplier(number: str, size: Size, served: list[Community]) -> Supplier:
    supplier = register_supplier(name=f"联华{number}店", short_name="联华", actor=_ACTOR)
    for community in served:
        serve_community(supplier=supplier, community=community, actor=_ACTOR)
    # Every eighth is sold in fours or sixes.
    Product.objects.bulk_create(
        Product(
            supplier=supplier,
            name=f"{_GOODS[n % len(_GOODS)]}{n}号",
            spec=f"约{250 + n % 4 * 250}g",
            unit="袋",
            category=f"{_CATEGORIES[n * len(_CATEGORIES) // size.products]}",
            barcode=f"69012345{n:05d}",
            case_size=(None, 10, 12, 24)[n % 4],
            price_fen=190 + n * 37 % 4000,
            order_multiple=1 if n % 8 else (4, 6)[n % 16 // 8],
        )
        for n in range(size.products)
    )
    return supplier


def _window(organiser: User, supplier: Supplier, joined: list[Community]) -> OrderWindow:
    moment = clock.database_now()
    window = drafting.draft_window(
        community=joined[0],
        supplier=supplier,
        opens_at=moment - timedelta(minutes=1),
        closes_at=moment + timedelta(hours=1),
        deliver_on=(moment + timedelta(days=1)).date(),
        actor=organiser,
    )
    for community in joined[1:]:
        drafting.join_community(window=window, community=community, actor=_ACTOR)
    drafting.offer_products(window=window, products=supplier.products.order_by("pk"), actor=_ACTOR)
    opening.make_ready(window=window, actor=_ACTOR)
    opening.open_window(window=window, actor=_ACTOR)
    return window


def _step(products: int) -> int:
    """A number prime to it."""
    return next(step for step in (7, 11, 13, 17) if products % step)


_GOODS = (
    "上海青",
    "土豆",
    "鸡蛋30枚",
    "光明鲜牛奶950ml",
    "五花肉",
    "大米10斤",
    "挂面",
    "卷筒纸",
    "洗洁精",
    "苹果",
)
_CATEGORIES = ("蔬菜", "肉禽蛋", "乳品", "粮油", "日用")

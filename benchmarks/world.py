"""Windows with many orders, made by plain SQL: the making is not what is measured."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.db import connection, transaction

from communities import people, places
from communities.models import Community, Household
from config.kernel import clock
from config.kernel.audit import Actor
from orders.models import OrderWindow
from orders.windows import drafting, opening
from suppliers.directory import register_supplier, serve_community
from suppliers.models import Product

_ACTOR = Actor("command")
_numbers = count(1)
_ORDERS = """
    INSERT INTO orders_order (public_id, window_id, community_id, household_id, number, status, channel, total_fen,
                              note, reason, wished_at, placed_at, version)
    SELECT gen_random_uuid(), %(window)s, %(community)s, h.id, row_number() OVER (), 'placed', 'rest', 0, '', '',
           now(), now(), 1
    FROM communities_household h, generate_series(1, %(per_household)s)
    WHERE h.community_id = %(community)s
"""
_LINES = """
    INSERT INTO orders_orderline (order_id, window_id, offer_id, quantity, tolerance, price_fen)
    SELECT d.id, d.window_id, o.id, 1 + (d.id + o.id) %% 3, 0, o.price_fen
    FROM orders_order d JOIN orders_offer o ON o.window_id = d.window_id AND (d.id + o.short_number) %% 5 < 2
    WHERE d.window_id = %(window)s
"""


def community(households: int) -> Community:
    """A community with that many households, 40 to a building."""
    number = next(_numbers)
    with transaction.atomic():
        region = places.create_region(kind="neighbourhood", name=f"bench {number}", actor=_ACTOR)
        made = places.create_community(
            region=region, name=f"bench {number}", short_name=f"b{number}", actor=_ACTOR
        )
        for start in range(0, households, 40):
            building = places.add_building(
                community=made, number=str(start // 40 + 1), actor=_ACTOR
            )
            Household.objects.bulk_create(
                Household(community=made, building=building, room=f"{i:04d}", sort_key=f"{i:08d}")
                for i in range(start, min(start + 40, households))
            )
    return made


def window(where: Community, *, products: int, cap: int | None = None) -> OrderWindow:
    """An open window with that many offers."""
    number = next(_numbers)
    moment = clock.database_now()
    with transaction.atomic():
        organiser = people.create_user(username=f"bench{number}", password=None, actor=_ACTOR)
        supplier = register_supplier(name=f"bench {number}", short_name=f"b{number}", actor=_ACTOR)
        serve_community(supplier=supplier, community=where, actor=_ACTOR)
        Product.objects.bulk_create(
            Product(supplier=supplier, name=f"商品{i}", unit="袋", price_fen=100 + i)
            for i in range(products)
        )
        made = drafting.draft_window(
            community=where,
            supplier=supplier,
            opens_at=moment - timedelta(minutes=1),
            closes_at=moment + timedelta(hours=1),
            actor=organiser,
        )
        drafting.offer_products(
            window=made, products=supplier.products.order_by("pk"), actor=_ACTOR
        )
        made.offers.filter(short_number__lte=products // 5).update(cap=cap)
        opening.make_ready(window=made, actor=_ACTOR)
        opening.open_window(window=made, actor=_ACTOR)
    return made


def fill(made: OrderWindow, *, per_household: int) -> int:
    """Orders of two fifths of the menu for every household; returns how many lines there are."""
    parameters = {"window": made.pk, "community": made.community_id, "per_household": per_household}
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, parameters)
        cursor.execute(_LINES, parameters)
        lines = int(cursor.rowcount)
        cursor.execute("ANALYZE orders_order, orders_orderline, orders_allocation")
    return lines

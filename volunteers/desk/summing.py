"""Sums of a round for the desk, made by PostgreSQL: a town has 180,000 order lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from orders.models import OrderWindow, SupplierOrder
from orders.notices.audience import homes_in, standing
from volunteers.desk.board import Totals

# A revision of the present demand has counted the lines already.
_LINES = {
    False: """
        SELECT count(*) AS n, coalesce(sum(l.quantity), 0) AS pieces FROM orders_orderline l
        WHERE l.window_id = %(window)s AND l.order_id NOT IN (
            SELECT id FROM dropped UNION ALL
            SELECT d.id FROM orders_order d WHERE d.window_id = %(window)s AND d.status = 'cancelled'
        )
    """,
    True: """
        SELECT max(r.order_lines) AS n, coalesce(sum(l.wanted), 0) AS pieces
        FROM orders_supplierorder r LEFT JOIN orders_supplierorderline l ON l.supplier_order_id = r.id
        WHERE r.id = %(revision)s
    """,
}
_TOTALS = """
    WITH dropped AS MATERIALIZED (
        SELECT DISTINCT l.order_id AS id FROM orders_allocation a JOIN orders_orderline l ON l.id = a.line_id
        WHERE a.window_id = %(window)s AND a.cause = 'dropped'
    ), orders AS (
        SELECT d.household_id, d.total_fen, d.channel, d.status = 'cancelled' AS is_cancelled,
               d.status = 'placed' AND d.id NOT IN (SELECT id FROM dropped) AS counts
        FROM orders_order d WHERE d.window_id = %(window)s
    )
    SELECT joined.n, homes.n, placed.households, placed.orders, lines.n, lines.pieces, placed.fen, offers.n,
           placed.cancelled, placed.channels
    FROM (
        SELECT count(*) AS n FROM orders_windowcommunity j WHERE j.window_id = %(window)s AND j.status = 'joined'
    ) joined, (
        SELECT count(*) AS n FROM communities_household h
        JOIN orders_windowcommunity j ON j.community_id = h.community_id AND j.status = 'joined'
        WHERE j.window_id = %(window)s AND h.is_active
    ) homes, (
        SELECT count(DISTINCT household_id) FILTER (WHERE counts) AS households,
               count(*) FILTER (WHERE counts) AS orders,
               count(*) FILTER (WHERE is_cancelled) AS cancelled,
               coalesce(sum(total_fen) FILTER (WHERE counts), 0) AS fen,
               (
                   SELECT coalesce(json_object_agg(c.channel, c.n), '{}')
                   FROM (SELECT channel, count(*) AS n FROM orders WHERE counts GROUP BY channel) c
               ) AS channels
        FROM orders
    ) placed, (
        SELECT count(*) AS n FROM orders_offer o WHERE o.window_id = %(window)s AND o.is_active
    ) offers, ( {lines} ) lines
"""
_PARTS = """
    SELECT grouping(l.category, sec.community_name, l.position), l.category, sec.community_name,
           l.position || ' ' || l.name || ' ' || l.spec, count(DISTINCT l.offer_id), sum(l.wanted), sum(l.ordered),
           sum(l.amount_fen) AS fen
    FROM orders_supplierorderline l JOIN orders_supplierordersection sec ON sec.id = l.section_id
    WHERE l.supplier_order_id = %s
    GROUP BY GROUPING SETS ((l.category), (sec.id, sec.community_name), (l.position, l.name, l.spec))
    ORDER BY fen DESC, 2, 3, l.position
"""
_CATEGORY, _COMMUNITY, _PRODUCT = 0b011, 0b101, 0b110
_DEAREST = 10


def totals_of(window: OrderWindow, *, demand: SupplierOrder | None = None) -> Totals:
    """Of the placed orders, without those taken off after the cutoff. `demand`: the revision of the present demand, if
    there is one. One statement.
    """
    sql = _TOTALS.replace("{lines}", _LINES[demand is not None])
    with connection.cursor() as cursor:
        cursor.execute(sql, {"window": window.pk, "revision": demand.pk if demand else 0})
        *figures, channels = cursor.fetchone()
        return Totals(*map(int, figures), channels=channels)


@dataclass(frozen=True)
class Part:
    """A part of a revision: how many products are in it, pieces wanted and ordered, money in fen."""

    name: str
    products: int
    wanted: int
    pieces: int
    fen: int


def parts_of(order: SupplierOrder) -> tuple[list[Part], list[Part], list[Part]]:
    """A revision by category, by community, and its ten dearest products, most money first. One statement."""
    parts: dict[int, list[Part]] = {_CATEGORY: [], _COMMUNITY: [], _PRODUCT: []}
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [order.pk])
        for kind, *names, products, wanted, pieces, fen in cursor.fetchall():
            name = next((name for name in names if name is not None), "").strip()
            parts[kind].append(Part(name, products, int(wanted), int(pieces), int(fen)))
    return parts[_CATEGORY], parts[_COMMUNITY], parts[_PRODUCT][:_DEAREST]


@dataclass(frozen=True)
class Share:
    """What some of the communities order of a round, as Totals; `homes` are their households that could."""

    homes: int
    households: int
    orders: int
    fen: int


def share_of(window: OrderWindow, *, communities: Collection[int]) -> Share:
    """Of the placed orders, without those taken off after the cutoff. Two statements."""
    placed = standing(window).filter(community__in=communities)
    sums = placed.aggregate(
        households=Count("household", distinct=True),
        orders=Count("pk"),
        fen=Coalesce(Sum("total_fen"), 0),
    )
    homes = homes_in(window).filter(community__in=communities)
    return Share(homes=homes.count(), **sums)

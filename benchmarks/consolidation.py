"""Consolidation against the bare aggregation of the same rows."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from django.db import connection, transaction
from django.utils import timezone

from benchmarks import world
from orders.consolidation.consolidating import consolidate
from orders.models import OrderWindow

_BARE = """
    SELECT d.community_id, l.offer_id, sum(l.quantity), count(*)
    FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id
    WHERE l.window_id = %s GROUP BY d.community_id, l.offer_id
"""


def measure() -> dict[str, float]:
    """Seconds of both at about 1,000, 10,000 and 100,000 lines, and their ratio at the largest (budget: 3)."""
    results: dict[str, float] = {}
    for households, per_household in ((50, 1), (500, 1), (1000, 5)):
        window = world.window(world.community(households), products=50)
        lines = world.fill(window, per_household=per_household)
        bare = median(_bare(window.pk) for _turn in range(5))
        whole = consolidate_now(window)
        results[f"consolidation_{lines}_lines_seconds"] = whole
        results["consolidation_vs_sql"] = whole / bare
    return results


def _bare(window_id: int) -> float:
    begun = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_BARE, [window_id])
        cursor.fetchall()
    return perf_counter() - begun


def consolidate_now(window: OrderWindow) -> float:
    OrderWindow.objects.filter(pk=window.pk).update(
        status="closed", closed_at=timezone.now(), demand_revision=1
    )
    begun = perf_counter()
    with transaction.atomic():
        order = consolidate(window_id=window.pk, revision=1)
    seconds = perf_counter() - begun
    if order is None or not order.pieces:
        raise RuntimeError("nothing was consolidated")
    return seconds

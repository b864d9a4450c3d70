"""A million order lines into one supplier order, and released, beside the bare SQL with the same result."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import median
from time import perf_counter

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from benchmarks import crowd, memory
from benchmarks.crowd import Size
from communities.models import User
from config.kernel.audit import Actor
from orders.consolidation.consolidating import consolidate
from orders.models import Allocation, OrderWindow, SupplierOrder
from orders.supply import releasing

SIZES = {
    "1k": Size(communities=1, buildings=4, homes=14, products=50, usual=17),
    "10k": Size(communities=1, buildings=12, homes=45, products=80, usual=18),
    "100k": Size(communities=5, buildings=20, homes=53, products=150, usual=18),
    "1m": Size(communities=40, buildings=25, homes=53, products=200, usual=18),
}
_TINY = Size(communities=1, buildings=1, homes=3, products=10, usual=2)
# The fastest of five ways to write it that were tried. The verb also counts households and writes what it found.
_BARE = """
    SELECT d.community_id, l.offer_id, sum(l.quantity), sum(l.tolerance), count(*)
    FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id AND d.window_id = l.window_id
    WHERE l.window_id = %(window)s AND d.status = 'placed' AND NOT EXISTS (
        SELECT 1 FROM orders_allocation a
        WHERE a.line_id = l.id AND a.window_id = %(window)s AND a.cause = 'dropped'
    )
    GROUP BY d.community_id, l.offer_id
"""
_STORED = """
    SELECT s.community_id, l.offer_id, l.wanted, l.tolerance
    FROM orders_supplierorderline l JOIN orders_supplierordersection s ON s.id = l.section_id
    WHERE l.supplier_order_id = %(order)s
"""
_BARE_RELEASE = """
    INSERT INTO orders_allocation (line_id, window_id, supplier_order_id, quantity, cause, reason)
    SELECT l.id, l.window_id, %(order)s, l.quantity, 'release', ''
    FROM orders_orderline l JOIN orders_order d ON d.id = l.order_id AND d.window_id = l.window_id
    WHERE l.window_id = %(window)s AND d.status = 'placed' AND NOT EXISTS (
        SELECT 1 FROM orders_allocation a
        WHERE a.line_id = l.id AND a.window_id = %(window)s AND a.cause = 'dropped'
    )
"""


def measure() -> dict[str, float]:
    """`consolidation_vs_sql…`: medians of turns in which verb and SQL take places; seconds with the commit.

    `…_fixed_seconds` is a round of three households, `…_slope` that of the logarithms between 10,000 and a million
    lines, `…_peak_mb` what the process held at its most, in megabytes, and without the work.
    """
    results: dict[str, float] = {}
    seconds: dict[str, float] = {}
    tiny, _lines = crowd.closed_round(_TINY)
    results["consolidation_fixed_seconds"] = compare(tiny)[0]
    counts = {}
    for name, size in SIZES.items():
        window, counts[name] = crowd.closed_round(size)
        seconds[name], ratio = compare(window)
        results[f"consolidation_lines_{name}"] = counts[name]
        results[f"consolidation_seconds_{name}"] = seconds[name]
        results[f"consolidation_vs_sql_{name}"] = ratio
    results["consolidation_vs_sql"] = results.pop("consolidation_vs_sql_1m")
    results["consolidation_slope"] = math.log(seconds["1m"] / seconds["10k"]) / math.log(
        counts["1m"] / counts["10k"]
    )
    return results | _peak(window) | release(window)


def consolidate_now(window: OrderWindow) -> float:
    """Seconds for the next revision of a closed window's demand, the commit included."""
    OrderWindow.objects.filter(pk=window.pk).update(demand_revision=F("demand_revision") + 1)
    window.refresh_from_db()
    return _timed(lambda: _consolidate(window))


def _consolidate(window: OrderWindow) -> None:
    with transaction.atomic(durable=True):
        order = consolidate(window_id=window.pk, revision=window.demand_revision)
    if order is None or not order.order_lines:
        raise RuntimeError("nothing was consolidated")


def compare(window: OrderWindow, turns: int = 9) -> tuple[float, float]:
    """Median seconds of the verb, and that as a multiple of the bare SQL's. The first turn of both is not counted."""
    values = {"window": window.pk}
    bare, whole = [], []
    for _turn in range(turns + 1):
        bare.append(_timed(lambda: rows(_BARE, values)))
        whole.append(consolidate_now(window))
    check_sums(window)
    return median(whole[1:]), median(whole[1:]) / median(bare[1:])


def check_sums(window: OrderWindow) -> None:
    """Raises RuntimeError unless the revision says what the bare SQL says."""
    order = SupplierOrder.objects.get(window=window, revision=window.demand_revision)
    bare = rows(_BARE, {"window": window.pk})
    stored = rows(_STORED, {"order": order.pk})
    if sorted(row[:4] for row in bare) != sorted(stored):
        raise RuntimeError("the verb and the bare aggregation differ")
    if order.order_lines != sum(row[4] for row in bare):
        raise RuntimeError("lines are missing")


def rows(sql: str, values: dict[str, int]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [tuple(map(int, row)) for row in cursor.fetchall()]


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _peak(window: OrderWindow) -> dict[str, float]:
    OrderWindow.objects.filter(pk=window.pk).update(demand_revision=F("demand_revision") + 1)
    before, most = memory.megabytes(__name__, consolidate_alone.__name__, window.pk)
    window.refresh_from_db()
    return {"consolidation_peak_mb": most, "consolidation_idle_mb": before}


def consolidate_alone(window_id: int) -> None:
    """For _peak."""
    _consolidate(OrderWindow.objects.get(pk=window_id))


def release(window: OrderWindow, turns: int = 2) -> dict[str, float]:
    """The release of the largest round and a bare INSERT … SELECT of its lines, into the same table with the same keys.

    `…_statement_seconds` is the longest single statement or commit, which statement_timeout would end.
    """
    actor = User.objects.earliest("pk")
    whole, bare, longest = [], [], []
    for _turn in range(turns):
        consolidate_now(window)
        seconds, statement = _release_now(window, actor)
        whole.append(seconds)
        longest.append(statement)
        _undo(window, actor)
        order = SupplierOrder.objects.filter(window=window).latest("revision")
        bare.append(_timed(lambda pk=order.pk: _insert(window, pk)))  # type: ignore[misc]
        Allocation.objects.filter(window=window, cause="release").delete()
        _vacuum()
    return {
        "release_seconds_1m": median(whole),
        "release_vs_sql": median(whole) / median(bare),
        "release_statement_seconds_1m": median(longest),
    }


def _release_now(window: OrderWindow, actor: User) -> tuple[float, float]:
    """Seconds of the release and of its slowest statement."""
    SupplierOrder.objects.filter(window=window, filed_at=None).update(filed_at=timezone.now())
    with transaction.atomic(durable=True):
        releasing.check_order(supplier_order=_current(window), actor=actor)
    slowest = 0.0

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal slowest
        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            slowest = max(slowest, perf_counter() - begun)

    _vacuum()
    begun = perf_counter()
    with connection.execute_wrapper(watch), transaction.atomic(durable=True):
        releasing.release_order(supplier_order=_current(window), actor=actor)
        written = perf_counter()
    ended = perf_counter()
    return ended - begun, max(slowest, ended - written)


def _current(window: OrderWindow) -> SupplierOrder:
    return SupplierOrder.objects.get(window=window, revision=window.demand_revision)


def _undo(window: OrderWindow, actor: User) -> None:
    with transaction.atomic(durable=True):
        releasing.undo_release(
            supplier_order=_current(window), actor=Actor("user", actor.pk), reason="another turn"
        )
    _vacuum()


def _insert(window: OrderWindow, order_id: int) -> None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_BARE_RELEASE, {"window": window.pk, "order": order_id})


def _vacuum() -> None:
    """What autovacuum does between two releases."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) orders_allocation, orders_supplierorder")

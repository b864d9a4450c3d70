"""The benchmark of consolidation at a small size: the verb and the bare SQL say the same, or it stops."""

from __future__ import annotations

import pytest
from django.db import connection

from benchmarks import consolidation, crowd
from benchmarks.crowd import Size
from orders.models import Allocation, Order, OrderWindow, SupplierOrder, SupplierOrderLine

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Size(communities=2, buildings=4, homes=30, products=20, usual=6)


@pytest.fixture
def window() -> OrderWindow:
    made, _lines = crowd.closed_round(SMALL)
    return made


def test_measure_consolidation_of_a_small_round_finds_the_sums_of_the_bare_sql(
    window: OrderWindow,
) -> None:
    _seconds, _ratio = consolidation.compare(window, turns=1)

    order = SupplierOrder.objects.get(window=window, revision=3)
    dropped = Allocation.objects.filter(window=window, cause="dropped")
    cancelled = Order.objects.filter(window=window, status="cancelled")
    lines = SupplierOrderLine.objects.filter(supplier_order=order)
    assert order.sections.count() == 2
    # Every kind of line is among them, or the filters would not be measured.
    assert dropped.exists()
    assert cancelled.exists()
    assert [line for line in lines if line.ordered != line.wanted]
    assert Order.objects.filter(window=window).count() > order.households


def test_check_sums_of_a_revision_that_lost_a_piece_stops(window: OrderWindow) -> None:
    consolidation.consolidate_now(window)
    consolidation.check_sums(window)
    line = SupplierOrderLine.objects.earliest("pk")
    SupplierOrderLine.objects.filter(pk=line.pk).update(wanted=line.wanted + 1)

    with pytest.raises(RuntimeError):
        consolidation.check_sums(window)


def test_measure_release_of_a_small_round_writes_the_lines_of_the_bare_sql(
    window: OrderWindow,
) -> None:
    consolidation.consolidate_now(window)

    results = consolidation.release(window, turns=1)

    assert set(results) == {
        "release_seconds_1m",
        "release_vs_sql",
        "release_statement_seconds_1m",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_allocation WHERE cause = 'release'")
        assert cursor.fetchone() == (0,)

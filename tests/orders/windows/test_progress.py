"""How far a window is from its minimum."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from orders.placing.placing import cancel_order
from orders.windows.progress import Demand, demand_by_community, reaches, total_demand
from tests import factories as make


@pytest.mark.django_db
def test_demand_by_community_counts_placed_orders_only(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    leading, other, silent = (make.make_community() for _turn in range(3))
    window = make.make_window(leading, others=[other, silent])
    make.order(window, make.household(leading, "101"), 2, 1)
    make.order(window, make.household(leading, "101"), 1)
    make.order(window, make.household(other, "102"), 0, 4)
    gone = make.order(window, make.household(other, "101"), 9)
    cancel_order(order=gone, actor=make.SETUP)
    beside = make.make_window(leading)
    make.order(beside, make.household(leading, "101"), 7)

    with django_assert_num_queries(1):
        demand = demand_by_community(window.pk)

    assert demand == {
        leading.pk: Demand(households=1, pieces=4, fen=3 * 390 + 1250),
        other.pk: Demand(households=1, pieces=4, fen=4 * 1250),
    }
    assert total_demand(window.pk) == Demand(households=2, pieces=8, fen=3 * 390 + 5 * 1250)
    assert total_demand(silent.pk) == Demand()


@pytest.mark.parametrize(
    ("measure", "minimum", "reached"),
    [
        ("households", 2, True),
        ("households", 3, False),
        ("pieces", 5, True),
        ("pieces", 6, False),
        ("fen", 700, True),
        ("fen", 701, False),
        ("none", 10**9, True),
    ],
)
def test_reaches_compares_the_figure_that_counts(measure: str, minimum: int, reached: bool) -> None:
    demand = Demand(households=2, pieces=5, fen=700)

    assert reaches(minimum, measure=measure, demand=demand) is reached

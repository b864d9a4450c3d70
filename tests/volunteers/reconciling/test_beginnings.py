"""Before there is a round to compare."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.volunteers.reconciling.rounds import open_round
from volunteers.reconciling.comparison import Result
from volunteers.reconciling.reconciling import reconcile

pytestmark = pytest.mark.django_db(transaction=True)


def test_reconcile_before_cutoff_compares_orders_only() -> None:
    made = open_round()

    result = reconcile(made.window)

    assert result.mismatches == []
    # Per order: has lines, total, prices (11 lines); the cap twice, three limits.
    assert result.comparisons == 4 * 2 + 10 + 2 + 3


def test_reconcile_tells_doors_of_the_same_name_in_two_communities_apart() -> None:
    community, other = make.make_community(), make.make_community()
    supplier = make.make_supplier(community, other)
    limited = [{"household_limit": 2}]
    window = make.make_window(community, supplier=supplier, others=[other], offers=limited)
    for home in (community, other):
        make.order(window, make.household(home), 2)

    assert reconcile(window).mismatches == []


def test_reconcile_without_anything_is_not_equal() -> None:
    assert not Result().is_equal

"""Two orders of one household at the same moment against its limit."""

from __future__ import annotations

from functools import partial

import pytest
from django.db.models import Sum

from config.kernel import locks
from orders.models import OrderLine, OrderWindow
from orders.placing import statements
from orders.placing.errors import OverLimit
from orders.placing.placing import PlacedOrder
from tests import factories as make
from tests.concurrency.interleaving import meet_after
from tests.connections import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def window() -> OrderWindow:
    return make.make_window(make.make_community(), offers=[{"household_limit": 3}])


def order_at_once(window: OrderWindow, *rooms: str) -> list[PlacedOrder | Exception]:
    """Two pieces for each room in the list, all at once."""
    homes = [make.household(window.community, room) for room in rooms]
    return at_once([partial(make.place, window, home, 2) for home in homes])


def pieces(window: OrderWindow, room: str) -> int:
    lines = OrderLine.objects.filter(window=window, order__household__room=room)
    return int(lines.aggregate(n=Sum("quantity"))["n"] or 0)


def test_two_orders_of_a_household_do_not_exceed_its_limit(window: OrderWindow) -> None:
    outcomes = order_at_once(window, *["101"] * 10)

    refused = [outcome for outcome in outcomes if isinstance(outcome, OverLimit)]
    assert len(refused) == 9
    assert {tuple(error.fields.values()) for error in refused} == {(1,)}
    assert pieces(window, "101") == 2


def test_neighbours_at_the_same_moment_have_a_limit_each(window: OrderWindow) -> None:
    outcomes = order_at_once(window, "101", "102")

    assert all(isinstance(outcome, PlacedOrder) for outcome in outcomes)
    assert (pieces(window, "101"), pieces(window, "102")) == (2, 2)


def test_control_limit_is_exceeded_without_the_households_lock(
    window: OrderWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_the_window(*, window_id: int, household_id: int) -> None:
        locks.take(shared=[locks.key(locks.Namespace.WINDOW, window_id)])

    monkeypatch.setattr(statements, "take_locks", only_the_window)
    meet_after(monkeypatch, statements, "read_standing", parties=2)

    outcomes = order_at_once(window, "101", "101")

    assert all(isinstance(outcome, PlacedOrder) for outcome in outcomes)
    assert pieces(window, "101") == 4

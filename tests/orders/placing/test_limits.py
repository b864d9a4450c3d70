"""A household's limit counts over all its orders in the window, tolerance included."""

from __future__ import annotations

import pytest

from orders.models import Order
from orders.placing.errors import OverLimit
from orders.placing.placing import cancel_order
from tests import factories as make
from tests.orders.placing.conftest import Stall

pytestmark = pytest.mark.django_db


def refusal(stall: Stall, *numbers: int, room: str = "101") -> int | None:
    """What the household may still have if so many more are refused; None if they were taken."""
    try:
        stall.place((stall.limited, *numbers), room=room)
    except OverLimit as error:
        (allowed,) = error.fields.values()
        return int(allowed)
    return None


def test_limit_counts_earlier_orders_of_the_household(stall: Stall) -> None:
    stall.place((stall.limited, 2))

    assert refusal(stall, 2) == 1
    assert refusal(stall, 1) is None
    assert refusal(stall, 1) == 0


def test_limit_counts_the_tolerance_of_earlier_orders(stall: Stall) -> None:
    stall.place((stall.limited, 1, 2))

    assert refusal(stall, 1) == 0


def test_limit_counts_no_other_household(stall: Stall) -> None:
    stall.place((stall.limited, 3), room="102")

    assert refusal(stall, 3) is None


def test_limit_counts_no_cancelled_order(stall: Stall) -> None:
    placed = stall.place((stall.limited, 3))
    cancel_order(order=Order.objects.get(pk=placed.id), actor=make.SETUP)

    assert refusal(stall, 3) is None


def test_limit_counts_no_other_window(stall: Stall) -> None:
    # The neighbouring window of the fixture holds two of the same product for this household.
    assert refusal(stall, 3) is None

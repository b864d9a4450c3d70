"""One order changed, cancelled and closed over at the same moment: whatever wins, everything adds up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest
from django.db import transaction
from django.db.models import Sum

from config.kernel.states import StaleStatus
from orders.consolidation.consolidating import consolidate
from orders.models import Offer, Order, OrderLine, OrderWindow, SupplierOrder
from orders.placing import placing, statements
from orders.placing.errors import OrderNotPlaced, WindowNotOpen
from orders.placing.placing import PlacedOrder, cancel_order, change_order
from orders.placing.wishes import Wish
from orders.windows.closing import close_window
from tests import factories as make
from tests.concurrency.interleaving import meet_after, without
from tests.connections import at_once

pytestmark = pytest.mark.django_db(transaction=True)

Outcome = PlacedOrder | str | None | Exception


class Scene:
    """A capped offer; the neighbour has 5 pieces, the order in question 3."""

    def __init__(self) -> None:
        community = make.make_community()
        self.window: OrderWindow = make.make_window(community, offers=[{"cap": 20}])
        make.order(self.window, make.household(community, "102"), 5)
        self.order = make.order(self.window, make.household(community, "101"), 3)
        self.offer = make.offers_of(self.window)[0]

    def change(self) -> PlacedOrder:
        with transaction.atomic():
            return change_order(
                order=Order.objects.get(pk=self.order.pk),
                actor=make.SETUP,
                wishes=[Wish(self.offer.public_id, 1)],
                expected_total_fen=390,
            )

    def cancel(self) -> None:
        with transaction.atomic():
            cancel_order(order=Order.objects.get(pk=self.order.pk), actor=make.SETUP)

    def close(self) -> str:
        """The cutoff comes at this moment."""
        make.pass_cutoff(OrderWindow.objects.get(pk=self.window.pk))
        with transaction.atomic():
            return close_window(window_id=self.window.pk)

    def figures(self) -> tuple[str, int, int]:
        """Status of the order, pieces of placed orders, pieces counted as taken."""
        placed = OrderLine.objects.filter(window=self.window, order__status="placed")
        return (
            Order.objects.get(pk=self.order.pk).status,
            int(placed.aggregate(n=Sum("quantity"))["n"]),
            Offer.objects.get(pk=self.offer.pk).taken,
        )


@pytest.mark.parametrize("turn", range(6))
def test_change_cancel_and_close_at_once_end_in_one_story(turn: int) -> None:
    scene = Scene()
    verbs: dict[str, Callable[[], Outcome]] = {
        "change": scene.change,
        "cancel": scene.cancel,
        "close": scene.close,
    }
    order = list(permutations(verbs))[turn]

    outcomes = dict(zip(order, at_once([verbs[name] for name in order]), strict=True))

    status, placed, taken = scene.figures()
    changed = isinstance(outcomes["change"], PlacedOrder)
    cancelled = outcomes["cancel"] is None
    assert changed or isinstance(outcomes["change"], OrderNotPlaced | WindowNotOpen)
    assert cancelled or isinstance(outcomes["cancel"], WindowNotOpen)
    assert outcomes["close"] == "closed"
    assert status == ("cancelled" if cancelled else "placed")
    assert placed == taken == 5 + (0 if cancelled else 1 if changed else 3)
    with transaction.atomic():
        consolidate(window_id=scene.window.pk, revision=1)
    assert SupplierOrder.objects.get().pieces == placed


def test_two_cancellations_at_once_give_the_pieces_back_once() -> None:
    scene = Scene()

    outcomes = at_once([scene.cancel] * 5)

    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, OrderNotPlaced) for outcome in outcomes) == 4
    assert scene.figures() == ("cancelled", 5, 5)


def test_two_closers_at_once_close_once() -> None:
    scene = Scene()

    outcomes = at_once([scene.close] * 5)

    assert outcomes.count("closed") == 1
    assert sum(isinstance(outcome, StaleStatus) for outcome in outcomes) == 4
    scene.window.refresh_from_db()
    assert scene.window.demand_revision == 1


def test_control_pieces_are_given_back_twice_without_the_locks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene()
    without(monkeypatch, statements, "take_locks")
    meet_after(monkeypatch, placing, "_lock_order", parties=2)

    outcomes = at_once([scene.change, scene.cancel])

    # Both saw three pieces and gave some of them back: six of the eight are counted no more.
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    _status, placed, taken = scene.figures()
    assert placed != taken

"""An order added after the cutoff and the release at the same moment: one of them, never both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from config.kernel.states import StaleStatus
from orders.models import Allocation, Order, OrderWindow
from orders.supply import adding
from orders.supply.errors import AlreadyReleased
from orders.supply.releasing import check_order, release_order
from tests import factories as make
from tests.concurrency.interleaving import Gate, after
from tests.connections import at_once, elsewhere
from tests.factories.proxy import add_late

pytestmark = pytest.mark.django_db(transaction=True)


class Scene:
    """A round whose order is checked; 102 calls late."""

    def __init__(self) -> None:
        self.community = make.make_community()
        self.organiser = make.make_staff(self.community)
        self.window: OrderWindow = make.make_window(self.community, organiser=self.organiser)
        make.order(self.window, make.household(self.community), 2, 1)
        prepared = make.prepare(self.window)
        with transaction.atomic():
            check_order(supplier_order=prepared, actor=self.organiser)

    def release(self) -> str:
        with transaction.atomic():
            release_order(supplier_order=self.window.supplier_orders.get(), actor=self.organiser)
        return "released"

    def add(self) -> str:
        add_late(self.window, make.household(self.community, "102"), 3)
        return "added"

    @property
    def is_in_no_order(self) -> bool:
        """The supplier has a revision, and the late pieces are neither in it nor allotted."""
        late = Order.objects.filter(window=self.window, channel="late").first()
        released = self.window.supplier_orders.filter(status="released").first()
        return bool(
            late
            and released
            and released.pieces == 3
            and not Allocation.objects.filter(line__order=late).exists()
        )


@pytest.mark.parametrize("turn", range(4))
def test_late_order_and_release_at_once_are_one_or_the_other(turn: int) -> None:
    scene = Scene()
    verbs: list[Callable[[], str]] = [scene.add, scene.release]

    outcomes = at_once(verbs if turn % 2 else verbs[::-1])

    assert not scene.is_in_no_order
    if "released" in outcomes:
        assert any(isinstance(outcome, AlreadyReleased) for outcome in outcomes)
        assert Order.objects.count() == 1
    else:
        assert any(isinstance(outcome, StaleStatus) for outcome in outcomes)
        assert "added" in outcomes
        assert make.prepare(scene.window).pieces == 6


def without_lock(patch: pytest.MonkeyPatch) -> None:
    """Only the late order forgets it."""

    def look_only(window_id: int) -> object:
        return OrderWindow.objects.get(pk=window_id), None

    patch.setattr(adding, "lock_window", look_only)


def test_control_late_order_comes_in_behind_the_release_without_the_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene, gate = Scene(), Gate()

    without_lock(monkeypatch)
    after(monkeypatch, adding, "takes_late_orders", gate.stop)

    with elsewhere() as other:
        late = other.start(scene.add)
        gate.wait_until_reached()
        assert scene.release() == "released"
        gate.open()
        assert late.result(timeout=10) == "added"

    assert scene.is_in_no_order

"""Release, undo and acknowledge at the same moment; a supplier's cursor that never skips."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import pytest
from django.db import transaction
from django.db.models import QuerySet

from communities.models import User
from config.kernel import clock
from config.kernel.audit import Actor
from config.kernel.states import StaleStatus
from orders.models import Allocation, OrderWindow, SupplierOrder
from orders.supply import releasing
from orders.supply.errors import Acknowledged, NotReleased
from orders.supply.pulling import acknowledge, feed
from orders.supply.releasing import check_order, release_order, undo_release
from suppliers.models import Supplier
from tests import factories as make
from tests.concurrency.interleaving import (
    PATIENCE,
    meet_after,
    wait_until_somebody_waits_for_a_lock,
)
from tests.connections import at_once, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


class Scene:
    """A round whose supplier order is checked."""

    def __init__(self, supplier: Supplier | None = None) -> None:
        community = make.make_community()
        self.organiser: User = make.make_staff(community)
        self.window: OrderWindow = make.make_window(
            community, organiser=self.organiser, supplier=supplier
        )
        make.order(self.window, make.household(community), 2, 1)
        prepared = make.prepare(self.window)
        with transaction.atomic():
            check_order(supplier_order=prepared, actor=self.organiser)

    @property
    def order(self) -> SupplierOrder:
        return self.window.supplier_orders.get()

    def release(self) -> str:
        with transaction.atomic():
            release_order(supplier_order=self.order, actor=self.organiser)
        return "released"

    def undo(self) -> str:
        with transaction.atomic():
            undo_release(supplier_order=self.order, actor=make.SETUP, reason="wrong")
        return "withdrawn"

    def acknowledge(self) -> str:
        with transaction.atomic():
            acknowledge(supplier_order=self.order, actor=Actor("supplier_key", 5))
        return "acknowledged"


def test_two_releases_at_once_release_once() -> None:
    scene = Scene()
    seen = scene.order

    def release() -> None:
        with transaction.atomic():
            release_order(supplier_order=seen, actor=scene.organiser)

    outcomes = at_once([release] * 4)

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, StaleStatus) for outcome in outcomes) == 3
    assert (scene.order.status, scene.order.release_sequence) == ("released", 1)
    assert sorted(Allocation.objects.values_list("quantity", flat=True)) == [1, 2]


@pytest.mark.parametrize("turn", range(4))
def test_undo_and_acknowledge_at_once_are_one_or_the_other(turn: int) -> None:
    scene = Scene()
    scene.release()
    verbs: list[Callable[[], str]] = [scene.undo, scene.acknowledge]

    outcomes = at_once(verbs if turn % 2 else verbs[::-1])

    order = scene.order
    if order.status == "withdrawn":
        assert order.acknowledged_at is None
        assert any(isinstance(outcome, NotReleased) for outcome in outcomes)
        assert "withdrawn" in outcomes
    else:
        assert order.acknowledged_at is not None
        assert any(isinstance(outcome, Acknowledged) for outcome in outcomes)
        assert "acknowledged" in outcomes


@pytest.mark.parametrize("turn", range(3))
def test_release_undo_and_acknowledge_at_once_end_in_one_story(turn: int) -> None:
    scene = Scene()
    verbs: list[Callable[[], str]] = [scene.release, scene.undo, scene.acknowledge]

    outcomes = at_once(verbs[turn:] + verbs[:turn])

    order = scene.order
    assert "released" in outcomes
    assert (order.status == "withdrawn") == ("withdrawn" in outcomes)
    assert (order.acknowledged_at is not None) == ("acknowledged" in outcomes)
    assert not (order.status == "withdrawn" and order.acknowledged_at)
    assert Allocation.objects.count() == (0 if order.status == "withdrawn" else 2)


def test_control_order_is_withdrawn_and_acknowledged_without_the_row_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene()
    scene.release()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows.all())
    meet = meet_after(monkeypatch, releasing, "_locked", parties=2)
    original = clock.now
    met: list[bool] = []

    def meet_once() -> object:
        """`acknowledge` reads the time between its look and its write."""
        if not met:
            met.append(True)
            meet.wait()
        return original()

    monkeypatch.setattr(clock, "now", meet_once)

    outcomes = at_once([scene.undo, scene.acknowledge])

    assert sorted(map(str, outcomes)) == ["acknowledged", "withdrawn"]
    assert scene.order.status == "withdrawn"
    assert scene.order.acknowledged_at is not None


# The cursor.


def look(supplier: Supplier, cursor: int) -> tuple[int, list[int]]:
    """What a supplier's program does: ask what is new and go on from the last sequence number."""
    rows = list(feed(supplier=supplier, after=cursor))
    numbers = [row.release_sequence or 0 for row in rows]
    return max([cursor, *numbers]), [row.pk for row in rows]


def test_feed_skips_nothing_when_the_first_release_commits_last() -> None:
    supplier = make.make_supplier()
    slow, fast = Scene(supplier), Scene(supplier)
    seen: list[int] = []

    with elsewhere() as other:
        with transaction.atomic():
            release_order(supplier_order=slow.order, actor=slow.organiser)
            second = other.start(fast.release)
            wait_until_somebody_waits_for_a_lock()
            cursor, found = elsewhere_look(supplier, 0)
            seen += found
        second.result(timeout=10)
    cursor, found = look(supplier, cursor)
    seen += found

    assert seen == [slow.order.pk, fast.order.pk]
    assert (slow.order.release_sequence, fast.order.release_sequence) == (1, 2)


def elsewhere_look(supplier: Supplier, cursor: int) -> tuple[int, list[int]]:
    """From outside the transaction that is still going on."""
    with elsewhere() as third:
        return third.run(lambda: look(supplier, cursor))


def test_control_feed_skips_a_release_when_numbers_do_not_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    supplier = make.make_supplier()
    slow, fast = Scene(supplier), Scene(supplier)
    numbers = count(1)
    # As an identity column or a sequence would count.
    monkeypatch.setattr(releasing, "next_sequence", lambda _supplier_id: next(numbers))

    with elsewhere() as other:
        with transaction.atomic():
            release_order(supplier_order=slow.order, actor=slow.organiser)
            other.run(fast.release)
            cursor, found = elsewhere_look(supplier, 0)
        assert found == [fast.order.pk]
    cursor, later = look(supplier, cursor)

    assert slow.order.status == "released"
    assert later == []


def test_feed_read_all_the_time_sees_every_release_of_many() -> None:
    supplier = make.make_supplier()
    scenes = [Scene(supplier) for _window in range(8)]
    seen: list[int] = []

    def pull() -> None:
        cursor, deadline = 0, time.monotonic() + PATIENCE
        while len(seen) < len(scenes) and time.monotonic() < deadline:
            cursor, found = look(supplier, cursor)
            seen.extend(found)

    works: list[Callable[[], object]] = [pull, *(scene.release for scene in scenes)]
    outcomes = at_once(works)

    assert outcomes == [None] + ["released"] * 8
    assert sorted(seen) == sorted(scene.order.pk for scene in scenes)

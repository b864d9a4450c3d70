"""Windows due in the same second: closed at their cutoff, at once, and one that must wait holds up no other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from config.kernel import clock, locks, tasks
from config.kernel.jobs import Job
from config.kernel.locks import Namespace
from orders.models import OrderWindow
from orders.tasks import close_due
from tests import factories as make
from tests.concurrency.interleaving import (
    PATIENCE,
    Gate,
    wait_until_somebody_waits_for_a_lock,
)
from tests.connections import elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def bells() -> Iterator[Redis]:
    """The broker of this worker of the tests, where nobody listens."""
    with Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.delete("jobs", "default", "close")
        yield valkey
        valkey.delete("jobs", "default", "close")


def windows(count: int, *, closes_in: timedelta) -> list[int]:
    """Ids of so many with an order each."""
    community = make.make_community()
    organiser = make.make_staff(community)
    supplier = make.make_supplier(community)
    made = [
        make.make_window(community, organiser=organiser, supplier=supplier) for _one in range(count)
    ]
    for window in made:
        make.order(window, make.household(community), 1)
    moment = clock.database_now()
    rows = OrderWindow.objects.filter(pk__in=[window.pk for window in made])
    rows.update(opens_at=moment - timedelta(hours=1), closes_at=moment + closes_in)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def closed(ids: list[int]) -> set[int]:
    rows = OrderWindow.objects.filter(pk__in=ids, status="closed")
    return set(rows.values_list("pk", flat=True))


def take_order(window_id: int, gate: Gate) -> None:
    """An order in flight: it holds the window's shared lock until the gate is opened."""
    with transaction.atomic():
        locks.take(shared=[locks.key(Namespace.WINDOW, window_id)])
        gate.stop()


def test_windows_close_together_and_ring_for_what_follows(bells: Redis) -> None:
    ids = windows(6, closes_in=timedelta(seconds=-1))

    close_due()

    assert closed(ids) == set(ids)
    assert set(Job.objects.values_list("stage", "attempts")) == {
        ("orders.close", 1),
        ("orders.consolidate", 0),
    }
    # No bell for a close, and none where a long file may stand before it.
    assert [bells.llen(queue) for queue in ("close", "default", "jobs")] == [0, 6, 0]


def test_window_that_waits_for_an_order_in_flight_holds_up_no_other() -> None:
    ids = windows(6, closes_in=timedelta(seconds=-1))
    gate = Gate()

    with elsewhere() as buyer, elsewhere() as closer:
        order = buyer.start(lambda: take_order(ids[0], gate))
        gate.wait_until_reached()
        closing = closer.start(close_due)
        deadline = time.monotonic() + PATIENCE
        while len(closed(ids)) < 5 and time.monotonic() < deadline:
            pass
        before = closed(ids)
        gate.open()
        order.result(PATIENCE)
        closing.result(PATIENCE)

    assert before == set(ids[1:])
    assert closed(ids) == set(ids)


def test_control_window_that_waits_holds_up_all_others_of_a_single_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "HANDS", 1)
    ids = windows(6, closes_in=timedelta(seconds=-1))
    gate = Gate()

    with elsewhere() as buyer, elsewhere() as closer:
        order = buyer.start(lambda: take_order(ids[0], gate))
        gate.wait_until_reached()
        closing = closer.start(close_due)
        wait_until_somebody_waits_for_a_lock()
        before = closed(ids)
        gate.open()
        order.result(PATIENCE)
        closing.result(PATIENCE)

    assert before == set()
    assert closed(ids) == set(ids)


def test_cutoff_before_the_next_bell_is_waited_for() -> None:
    ids = windows(2, closes_in=timedelta(milliseconds=200))

    close_due()

    for closes_at, closed_at in OrderWindow.objects.values_list("closes_at", "closed_at"):
        assert closed_at is not None
        assert closed_at >= closes_at
    assert closed(ids) == set(ids)


def test_cutoff_after_the_next_bell_is_not_waited_for() -> None:
    ids = windows(1, closes_in=timedelta(hours=1))

    close_due()

    assert closed(ids) == set()
    assert not Job.objects.exists()

"""Orders across the cutoff: whatever was accepted is in the supplier's order, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from communities.models import Community
from config.kernel import clock, jobs
from config.kernel.errors import Busy
from orders.consolidation.consolidating import consolidate
from orders.models import Order, OrderWindow, SupplierOrder
from orders.placing import statements
from orders.placing.errors import WindowNotOpen
from orders.placing.placing import PlacedOrder
from orders.windows.closing import close_window
from tests import factories as make
from tests.concurrency.interleaving import (
    PATIENCE,
    Gate,
    after,
    wait_until_somebody_waits_for_a_lock,
    without,
)
from tests.concurrency.processes import crowd
from tests.connections import at_once, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES, BUYERS = 3, 4


@pytest.fixture
def community() -> Community:
    return make.make_community(rooms=[f"{number}" for number in range(PROCESSES * BUYERS)])


def fire_across_the_cutoff(window: OrderWindow, *, locked: bool) -> set[str]:
    """Buyers in several processes order without a pause while the window closes; ids of what was answered with 201."""
    rooms = window.community.households.values_list("room", flat=True)
    users = [make.make_resident(window.community, room).pk for room in rooms]
    offer = make.offers_of(window)[0]
    order = {
        "window": str(window.public_id),
        "offer": str(offer.public_id),
        "price": offer.price_fen,
        "locked": locked,
    }
    shares = [{**order, "users": users[start::PROCESSES]} for start in range(PROCESSES)]
    with crowd("tests.concurrency.buyers", shares) as buyers:
        buyers.go()
        deadline = time.monotonic() + PATIENCE
        # However slow the machine is, some are in before; without the lock each takes seconds, and more are under way.
        enough = PROCESSES * BUYERS if locked else 1
        while Order.objects.count() <= enough and time.monotonic() < deadline:
            time.sleep(0.01)
        cutoff = clock.database_now() + timedelta(seconds=0.3)
        OrderWindow.objects.filter(pk=window.pk).update(closes_at=cutoff)
        while not SupplierOrder.objects.exists() and time.monotonic() < deadline:
            for job_id in jobs.sweep(["orders.close", "orders.consolidate"]):
                jobs.run(job_id)
        return {order_id for accepted in buyers.answers() for order_id in accepted}


def test_every_201_of_any_process_is_in_the_supplier_order_and_nothing_else(
    community: Community,
) -> None:
    window = make.make_window(community)

    accepted = fire_across_the_cutoff(window, locked=True)

    window.refresh_from_db()
    assert len(accepted) > PROCESSES * BUYERS
    assert {str(key) for key in Order.objects.values_list("public_id", flat=True)} == accepted
    consolidated = SupplierOrder.objects.get()
    assert (consolidated.order_lines, consolidated.pieces) == (len(accepted), len(accepted))
    assert Order.objects.filter(placed_at__gte=window.closes_at).count() == 0


def test_control_orders_slip_past_the_supplier_order_without_the_windows_lock(
    community: Community,
) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community, "0"), 1)

    accepted = fire_across_the_cutoff(window, locked=False)

    # Answered with 201, in the database, and never asked of the supplier.
    assert len(accepted) == Order.objects.count() - 1 > 0
    assert SupplierOrder.objects.get().order_lines < Order.objects.count()


def test_order_that_saw_the_window_open_keeps_the_closer_waiting(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, gate = make.make_window(community), Gate()
    after(monkeypatch, statements, "read_standing", gate.stop)

    with elsewhere() as buyer, elsewhere() as closer:
        ordering = buyer.start(lambda: make.place(window, make.household(community, "0"), 1))
        gate.wait_until_reached()
        make.pass_cutoff(window)
        closing = closer.start(lambda: close(window))
        wait_until_somebody_waits_for_a_lock()
        gate.open()

        assert isinstance(ordering.result(timeout=10), PlacedOrder)
        assert closing.result(timeout=10) == "closed"

    assert lines_of_the_supplier_order(window) == Order.objects.count() == 1


def test_control_order_that_saw_the_window_open_is_lost_without_the_windows_lock(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, gate = make.make_window(community), Gate()
    make.order(window, make.household(community, "1"), 1)
    without(monkeypatch, statements, "take_locks")
    after(monkeypatch, statements, "read_standing", gate.stop)

    with elsewhere() as buyer:
        ordering = buyer.start(lambda: make.place(window, make.household(community, "0"), 1))
        gate.wait_until_reached()
        make.pass_cutoff(window)
        assert close(window) == "closed"
        lines = lines_of_the_supplier_order(window)
        gate.open()
        ordering.result(timeout=10)

    # Promised to two, ordered for one.
    assert (Order.objects.count(), lines) == (2, 1)


def test_orders_that_wait_for_the_closer_are_refused(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community, "0"), 1)
    make.pass_cutoff(window)
    homes = list(community.households.all())

    with elsewhere() as other:
        with transaction.atomic():
            close_window(window_id=window.pk)
            late = [partial(make.place, window, home, 1) for home in homes[1:4]]
            waiting = other.start(partial(at_once, late))
            wait_until_somebody_waits_for_a_lock()
        outcomes = waiting.result(timeout=10)

    assert all(isinstance(outcome, WindowNotOpen) for outcome in outcomes)
    assert Order.objects.count() == 1


def close(window: OrderWindow) -> str:
    with transaction.atomic():
        return close_window(window_id=window.pk)


def lines_of_the_supplier_order(window: OrderWindow) -> int:
    with transaction.atomic():
        order = consolidate(window_id=window.pk, revision=1)
    assert order is not None
    return order.order_lines


def test_closer_is_not_starved_by_buyers_who_keep_trying(community: Community) -> None:
    # FOR SHARE on the window's row would keep it waiting as long as anybody tries.
    window = make.make_window(community)
    make.order(window, make.household(community, "0"), 1)
    closed: list[str] = []

    def keep_trying(room: str) -> None:
        while not closed:
            with suppress(WindowNotOpen):
                make.place(window, make.household(community, room), 1)

    def finish() -> None:
        make.pass_cutoff(OrderWindow.objects.get(pk=window.pk))
        try:
            closed.append(close(window))
        except Busy:
            closed.append("starved")

    works: list[Callable[[], None]] = [partial(keep_trying, str(room)) for room in range(8)]
    at_once([finish, *works])

    assert closed == ["closed"]

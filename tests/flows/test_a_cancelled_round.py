"""A supplier who was told of a round hears of its end, whatever happened in between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from config.kernel.audit import Actor
from orders.models import OrderWindow, SupplierOrder
from orders.supply.dropping import drop_order
from orders.supply.pulling import acknowledge, feed
from orders.supply.releasing import check_order, release_order, undo_release
from orders.windows.cancelling import cancel_window
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

SHOP = Actor("supplier_key", 1)


def newest(window: OrderWindow) -> SupplierOrder:
    return SupplierOrder.objects.filter(window=window).latest("revision")


def told(window: OrderWindow) -> list[tuple[int, str, bool]]:
    rows = feed(supplier=window.supplier, after=0)
    return [(row.revision, row.status, row.cancels_all) for row in rows]


class Round:
    """Two orders, released once by its organiser."""

    def __init__(self, run_jobs: Callable[[], None]) -> None:
        self.run_jobs = run_jobs
        community = make.make_community()
        self.organiser = make.make_staff(community)
        self.actor = Actor("user", self.organiser.pk)
        self.window = make.make_window(community, organiser=self.organiser)
        self.first = make.order(self.window, make.household(community, "101"), 1)
        make.order(self.window, make.household(community, "102"), 2)
        make.pass_cutoff(self.window)
        run_jobs()
        self.release()

    def release(self) -> None:
        with transaction.atomic():
            check_order(supplier_order=newest(self.window), actor=self.organiser)
        with transaction.atomic():
            release_order(supplier_order=newest(self.window), actor=self.organiser)
        self.run_jobs()

    def undo(self) -> None:
        with transaction.atomic():
            undo_release(supplier_order=newest(self.window), actor=self.actor, reason="wrong day")
        self.run_jobs()

    def cancel(self) -> None:
        with transaction.atomic():
            cancel_window(window=self.window, actor=self.actor, reason="the road is closed")
        self.run_jobs()


@pytest.fixture
def round_(run_jobs: Callable[[], None]) -> Round:
    return Round(run_jobs)


def test_cancel_after_release_sends_a_revision_of_nothing(round_: Round) -> None:
    round_.cancel()

    assert told(round_.window) == [(1, "superseded", False), (2, "released", True)]


def test_cancel_after_an_undone_second_revision_is_told_to_who_acknowledged_the_first(
    round_: Round,
) -> None:
    with transaction.atomic():
        acknowledge(supplier_order=newest(round_.window), actor=SHOP)
    with transaction.atomic():
        drop_order(order=round_.first, actor=round_.actor, reason="moved away")
    round_.run_jobs()
    round_.release()
    round_.undo()

    round_.cancel()

    assert told(round_.window) == [
        (1, "superseded", False),
        (2, "withdrawn", False),
        (4, "released", True),
    ]


def test_cancel_after_the_only_release_was_undone_is_told_too(round_: Round) -> None:
    round_.undo()

    round_.cancel()

    assert told(round_.window) == [(1, "withdrawn", False), (3, "released", True)]


def test_cancel_before_any_release_tells_the_supplier_nothing(
    run_jobs: Callable[[], None],
) -> None:
    community = make.make_community()
    organiser = make.make_staff(community)
    window = make.make_window(community, organiser=organiser)
    make.order(window, make.household(community), 1)
    make.pass_cutoff(window)
    run_jobs()

    with transaction.atomic():
        cancel_window(window=window, actor=Actor("user", organiser.pk), reason="no driver")
    run_jobs()

    assert told(window) == []
    assert newest(window).status == "superseded"

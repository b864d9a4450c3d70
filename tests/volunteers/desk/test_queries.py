"""The same number of statements for one order and for thirty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.kernel.audit import Actor
from orders.models import OrderWindow
from orders.supply.dropping import drop_order
from tests import factories as make
from tests.api.client import prepare, release, revise
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at
from volunteers.picklists.building import build_pick_lists

ROOMS = tuple(f"{floor}0{door}" for floor in range(1, 8) for door in range(1, 6))


@pytest.fixture
def big(world: World) -> World:
    """Home with 35 doors."""
    home = make.make_community(rooms=ROOMS)
    organiser = make.make_staff(home)
    return World(**{**vars(world), "home": home, "organiser": organiser})


@pytest.fixture
def round_of(big: World) -> Callable[[int, str], OrderWindow]:
    """A window with so many orders, up to a stage."""

    def run(orders: int, stage: str) -> OrderWindow:
        window = make.make_window(big.home, organiser=big.organiser)
        for room in ROOMS[: orders + (stage == "again")]:
            make.order(window, make.household(big.home, room), 1, 2)
        if stage != "open":
            order = prepare(window)
            if stage != "prepared":
                release(order, big.organiser)
            if stage == "again":
                _revise(window, big)
        return window

    return run


def _revise(window: OrderWindow, world: World) -> None:
    """One more order at the cutoff than asked for, taken off again: a second revision, the first one's lists built."""
    order = window.orders.order_by("-pk").first()
    assert order is not None
    with transaction.atomic():
        build_pick_lists(supplier_order_id=window.supplier_orders.get().pk)
    with transaction.atomic():
        drop_order(order=order, actor=Actor("user", world.organiser.pk), reason="搬走")
    revise(window)


# Everywhere: session, user, memberships and window (access) = 4. The page: roles, totals, jobs, and
# open: care homes, for which memberships and communities are read (3) = 10
# prepared: revisions, flags = 9
# again (a second revision waits, lists of the first are there): revisions, lists, flags = 10
# released: revisions, lists = 9
# check: as the page, and the lines = 10
# orders: memberships, communities, count, orders = 8; past: count, entries = 6
STATEMENTS = {
    ("", "open"): 10,
    ("", "prepared"): 9,
    ("", "again"): 10,
    ("", "released"): 9,
    ("progress/", "prepared"): 8,
    ("check/", "prepared"): 10,
    ("orders/", "open"): 8,
    ("past/", "released"): 6,
}


@pytest.mark.parametrize(("page", "stage"), STATEMENTS)
@pytest.mark.parametrize("orders", [1, 30])
def test_page_takes_the_same_statements_for_one_order_and_thirty(
    big: World,
    round_of: Callable[[int, str], OrderWindow],
    enter: Enter,
    page: str,
    stage: str,
    orders: int,
) -> None:
    window = round_of(orders, stage)
    browser = enter(big.organiser)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(at(window, page)).status_code == 200

    assert len(queries) <= 15
    assert len(queries) == STATEMENTS[page, stage], "\n".join(q["sql"][:150] for q in queries)


@pytest.mark.parametrize("windows", [1, 6])
def test_index_takes_the_same_statements_for_one_window_and_six(
    world: World, enter: Enter, windows: int
) -> None:
    for _count in range(windows):
        make.make_window(world.home, organiser=world.organiser)
    browser = enter(world.organiser)

    with CaptureQueriesContext(connection) as queries:
        browser.get(DESK)

    # session, user, staff at all, memberships, windows, roles
    assert len(queries) == 6, "\n".join(q["sql"][:150] for q in queries)

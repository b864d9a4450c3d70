"""The same number of statements for one order and for thirty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Household
from communities.roles import Role
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
# open: care homes (the roles say which communities); the text for the chat: community, offers = 11
# prepared: revisions, flags = 9
# again (a second revision waits, lists of the first are there): revisions, lists, flags; the lists' sheets, for which
# memberships and communities are read (3) = 12
# released: revisions, lists = 9
# progress: as the page, without totals and flags; check: as the page, and the lines = 10
# orders: roles, count, orders, communities of the window = 8; past: count, entries = 6
STATEMENTS = {
    ("", "open"): 11,
    ("", "prepared"): 9,
    ("", "again"): 12,
    ("", "released"): 9,
    ("progress/", "prepared"): 7,
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


def windows_of_the_past(world: World, count: int) -> None:
    """Settled ones, past the verbs."""
    window = make.make_window(world.home, organiser=world.organiser)
    rows = [
        OrderWindow(
            community=world.home,
            supplier=window.supplier,
            number=number,
            title=f"联华 第{number}团",
            status="settled",
            opens_at=window.opens_at - timedelta(days=number),
            closes_at=window.opens_at - timedelta(days=number - 1),
            closed_at=window.opens_at,
            demand_revision=1,
        )
        for number in range(2, count + 1)
    ]
    OrderWindow.objects.bulk_create(rows)


@pytest.mark.parametrize("windows", [1, 300])
def test_index_takes_the_same_statements_for_one_window_and_300(
    world: World, enter: Enter, windows: int
) -> None:
    windows_of_the_past(world, windows)
    browser = enter(world.organiser)

    with CaptureQueriesContext(connection) as queries:
        response = browser.get(DESK, {"page": 1 + windows // 100})

    # session, user, staff at all, memberships, count, windows, orders; roles with their communities, rounds of others,
    # who waits to join, requests that wait, invitations, stopped robots
    assert len(queries) == 13, "\n".join(q["sql"][:150] for q in queries)
    assert response.content.decode().count('class="card round"') == min(40, windows)


def test_index_of_a_committee_reads_its_communities_once(world: World, enter: Enter) -> None:
    windows_of_the_past(world, 1)
    above = make.make_user(is_staff=True)
    make.grant(above, Role.ORGANISER, world.home.region)
    browser = enter(above)

    with CaptureQueriesContext(connection) as queries:
        assert browser.get(DESK).status_code == 200

    # as above, and for all that is counted once which communities lie below the region
    assert len(queries) == 14, "\n".join(q["sql"][:150] for q in queries)


@pytest.fixture
def town(big: World) -> World:
    """A round of home and another community, with a list for each of 35 doors in both."""
    other = make.make_community("桂花苑", rooms=())
    for number, room in enumerate(ROOMS, start=2):
        make.building(big.home, f"{number}", room)
        make.building(other, f"{number}", room)
    make.grant(big.organiser, Role.ORGANISER, other)
    return replace(big, away=other)


def test_page_of_a_round_with_seventy_lists_takes_as_many_statements(
    town: World, enter: Enter
) -> None:
    supplier = make.make_supplier(town.home, town.away)
    window = make.make_window(
        town.home, organiser=town.organiser, supplier=supplier, others=[town.away]
    )
    doors = Household.objects.filter(community__in=[town.home, town.away])
    for home in doors.exclude(building__number="1"):
        make.order(window, home, 1)
    order = release(prepare(window), town.organiser)
    with transaction.atomic():
        build_pick_lists(supplier_order_id=order.pk)
    browser = enter(town.organiser)

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(at(window)).content.decode()
    with CaptureQueriesContext(connection) as of_one:
        lists = browser.get(at(window, f"lists/{town.away.public_id}/")).content.decode()

    # Everywhere 4; revisions, lists, jobs, totals; roles with their communities, those of the lists = 11
    assert len(queries) == 11, "\n".join(q["sql"][:150] for q in queries)
    assert at(window, f"lists/{town.away.public_id}/") in page
    assert "35号楼" not in page
    # Everywhere 4; community, revisions, lists, jobs; the sheets, roles with their communities = 11
    assert len(of_one) == 11, "\n".join(q["sql"][:150] for q in of_one)
    assert lists.count("号楼</b>") == 35

"""The orders of a round: found by door or number, taken off with a reason."""

from __future__ import annotations

import pytest
from django.db import transaction

from communities import places
from communities.roles import Role
from orders.models import Allocation, Order, OrderWindow
from orders.placing.placing import cancel_order
from orders.states import OrderStatus
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import at, do, told


@pytest.fixture
def ordered(world: World, open_window: OrderWindow) -> OrderWindow:
    for room in ("201", "101", "102"):
        make.order(open_window, make.household(world.home, room), 1)
    return open_window


@pytest.mark.parametrize(
    ("search", "rooms"),
    [
        ("", ["101", "102", "201"]),
        ("101", ["101"]),
        ("1号楼 201", ["201"]),
        ("#3", ["102"]),
        ("3", ["102"]),
        ("2号楼", []),
        ("%", []),
        ("99999999999999999999", []),
        ("1号楼201", ["201"]),
        ("1-201", ["201"]),
        ("1 号楼 201 室", ["201"]),
        ("1号楼201室", ["201"]),
        ("1201", ["201"]),
        ("1-1-201", []),
        ("11-201", []),
        ("接龙3", ["102"]),
        ("接龙 3", ["102"]),
        ("接龙号3", ["102"]),
        ("接龙9", []),
        ("(", []),
        ("\\", []),
        ("-", []),
    ],
)
def test_orders_are_found_by_door_or_number(
    world: World, ordered: OrderWindow, enter: Enter, search: str, rooms: list[str]
) -> None:
    response = enter(world.volunteer).get(at(ordered, "orders/"), {"q": search})

    assert [row.household.room for row in response.context["page"]] == rooms


def test_orders_are_found_without_the_lane_of_the_compound(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    with transaction.atomic():
        for lane, number in (("1467", "3"), ("1467", "13")):
            building = places.add_building(
                community=world.home, lane=lane, number=number, actor=make.SETUP
            )
            home = places.add_household(building=building, room="301", actor=make.SETUP)
            make.order(open_window, home, 1)

    for search, numbers in (("3-301", ["3"]), ("13号301", ["13"]), ("1467弄3号301", ["3"])):
        response = enter(world.volunteer).get(at(open_window, "orders/"), {"q": search})
        assert [row.household.building.number for row in response.context["page"]] == numbers


def test_orders_of_a_building_are_not_those_of_another_that_ends_alike(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    make.building(world.home, "11", "204")
    make.building(world.home, "2", "204")
    rows = world.home.households.filter(room="204").order_by("building__sort_key")
    second, eleventh = (make.order(open_window, row, 1) for row in rows)
    browser = enter(world.organiser)

    def found(search: str) -> list[int]:
        page = browser.get(at(open_window, "orders/"), {"q": search}).context["page"]
        return [row.pk for row in page]

    assert found("204") == [second.pk, eleventh.pk]
    assert (found("1号楼 204"), found("1-204"), found("11-204")) == ([], [], [eleventh.pk])
    assert (found("11号楼204"), found("2号楼204")) == ([eleventh.pk], [second.pk])


def test_orders_counts_those_that_count_and_lists_cancelled_ones_last(
    world: World, ordered: OrderWindow, enter: Enter
) -> None:
    gone = ordered.orders.get(household__room="101")
    with transaction.atomic():
        cancel_order(order=gone, actor=make.SETUP, reason="")
    browser = enter(world.organiser)

    response = browser.get(at(ordered, "orders/"))

    counts, text = response.context["counts"], response.content.decode()
    assert browser.get(_order_page(ordered, gone)).context["due_fen"] == 0
    assert (counts.live, counts.cancelled, counts.dropped) == (2, 1, 0)
    assert [row.household.room for row in response.context["page"]] == ["102", "201", "101"]
    assert "（另 1 张已取消）" in text
    assert browser.get(at(ordered)).context["totals"].orders == 2
    assert "（另 1 张已取消）" in browser.get(at(ordered)).content.decode()


def test_orders_counts_one_taken_off_apart(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    order = prepared.orders.get(household__room="101")
    browser = enter(world.organiser)
    browser.post(_order_page(prepared, order), {"reason": "搬走了"})

    counts = browser.get(at(prepared, "orders/")).context["counts"]

    assert (counts.live, counts.cancelled, counts.dropped) == (1, 0, 1)


def test_page_of_cancelled_round_links_to_its_orders(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)
    do(browser, prepared, "cancel", reason="不办了")

    text = browser.get(at(prepared)).content.decode()

    assert f'href="{at(prepared, "orders/")}"' in text
    assert "（另 2 张已取消）" in text


def test_orders_of_a_joined_community_are_not_shown_to_the_leading_one(
    world: World, enter: Enter
) -> None:
    supplier = make.make_supplier(world.home, world.away)
    window = make.make_window(
        world.home, supplier=supplier, organiser=world.organiser, others=[world.away]
    )
    own = make.order(window, make.household(world.home), 1)
    foreign = make.order(window, make.household(world.away), 1)
    browser = enter(world.organiser)

    assert [row.pk for row in browser.get(at(window, "orders/")).context["page"]] == [own.pk]
    assert browser.get(at(window, f"orders/{foreign.public_id}/")).status_code == 404


def test_orders_for_building_leader_are_those_of_his_building(
    world: World, ordered: OrderWindow, enter: Enter
) -> None:
    leader = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, world.home, building=world.home.buildings.get())

    assert len(enter(leader).get(at(ordered, "orders/")).context["page"]) == 3


def _order_page(window: OrderWindow, order: Order) -> str:
    return at(window, f"orders/{order.public_id}/")


def test_drop_takes_the_order_off_once(world: World, prepared: OrderWindow, enter: Enter) -> None:
    order = prepared.orders.get(household__room="101")
    browser = enter(world.organiser)
    assert browser.get(_order_page(prepared, order)).context["may_drop"] is True

    browser.post(_order_page(prepared, order), {"reason": "搬走了"})
    browser.post(_order_page(prepared, order), {"reason": "搬走了"})

    prepared.refresh_from_db()
    assert prepared.demand_revision == 2
    assert list(Allocation.objects.values_list("quantity", "reason")) == [(0, "搬走了")] * 2
    page = browser.get(_order_page(prepared, order))
    assert page.context["may_drop"] is False
    assert "搬走了" in page.content.decode()


def test_drop_without_reason_is_refused(world: World, prepared: OrderWindow, enter: Enter) -> None:
    order = prepared.orders.get(household__room="101")

    response = enter(world.organiser).post(_order_page(prepared, order), {"reason": " "})

    assert len(told(response)) == 1
    assert Allocation.objects.count() == 0


def test_drop_before_the_cutoff_is_refused_and_not_offered(
    world: World, ordered: OrderWindow, enter: Enter
) -> None:
    order = ordered.orders.get(household__room="101")
    browser = enter(world.organiser)

    offered = browser.get(_order_page(ordered, order)).context["may_drop"]
    response = browser.post(_order_page(ordered, order), {"reason": "搬走了"})

    assert offered is False
    assert len(told(response)) == 1
    order.refresh_from_db()
    assert (order.status, Allocation.objects.count()) == (OrderStatus.PLACED, 0)


@pytest.mark.parametrize(
    ("name", "code"), [("checker", 403), ("volunteer", 403), ("stranger", 404)]
)
def test_drop_by_others_changes_nothing(
    world: World, prepared: OrderWindow, enter: Enter, name: str, code: int
) -> None:
    order = prepared.orders.get(household__room="101")

    response = enter(getattr(world, name)).post(_order_page(prepared, order), {"reason": "搬走了"})

    assert response.status_code == code
    assert Allocation.objects.count() == 0


def test_order_of_another_window_is_not_found(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    other = make.make_window(world.home, organiser=world.organiser)
    order = prepared.orders.get(household__room="101")

    assert enter(world.organiser).get(_order_page(other, order)).status_code == 404

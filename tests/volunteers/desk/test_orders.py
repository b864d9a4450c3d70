"""The orders of a round: found by door or number, taken off with a reason."""

from __future__ import annotations

import pytest

from communities.roles import Role
from orders.models import Allocation, Order, OrderWindow
from orders.states import OrderStatus
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import at, told


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
    ],
)
def test_orders_are_found_by_door_or_number(
    world: World, ordered: OrderWindow, enter: Enter, search: str, rooms: list[str]
) -> None:
    response = enter(world.volunteer).get(at(ordered, "orders/"), {"q": search})

    assert [row.household.room for row in response.context["page"]] == rooms


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

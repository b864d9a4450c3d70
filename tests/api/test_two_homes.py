"""Whoever orders for two households says for which."""

from __future__ import annotations

import pytest

from communities.models import Community, User
from communities.roles import Role
from orders.models import Order, OrderWindow
from tests import factories as make
from tests.api.client import signed_in, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community(rooms=["101", "102", "103"])


@pytest.fixture
def window(community: Community) -> OrderWindow:
    return make.make_window(community, offers=[{"household_limit": 3}])


@pytest.fixture
def child(community: Community) -> User:
    """Orders for himself (101) and for his parents (102)."""
    user = make.make_resident(community)
    make.grant(user, Role.RESIDENT, community, household=make.household(community, "102"))
    return user


@pytest.mark.parametrize(("named", "room"), [("102", "102"), ("101", "101"), (None, "101")])
def test_order_is_for_the_household_that_is_named(
    community: Community, window: OrderWindow, child: User, named: str | None, room: str
) -> None:
    body = wish(window, 1)
    if named:
        body["household"] = str(make.household(community, named).public_id)

    answer = signed_in(child).send(f"windows/{window.public_id}/orders", body)

    assert answer.status_code == 201
    assert Order.objects.get().household.room == room


def test_group_buys_say_which_households_may_order_and_for_which_one_does(
    community: Community, window: OrderWindow, child: User
) -> None:
    elsewhere = make.make_community()
    make.grant(child, Role.RESIDENT, elsewhere, household=make.household(elsewhere))
    joint = make.make_window(elsewhere, others=[community])
    client = signed_in(child)
    own = [str(make.household(community, room).public_id) for room in ("101", "102")]

    listed = {row["id"]: row for row in client.read("windows").json()["results"]}
    shown = client.read(f"windows/{window.public_id}?household={own[1]}").json()

    assert {key: row["my_households"] for key, row in listed.items()} == {
        str(window.public_id): own,
        str(joint.public_id): [*own, str(make.household(elsewhere).public_id)],
    }
    assert (shown["my_households"], shown["household_id"]) == (own, own[0])


def test_households_of_a_community_that_was_left_out_may_not_order_when_it_opens_again(
    community: Community, child: User
) -> None:
    """They see what was; who names none orders for the other home, though it was joined later."""
    leading = make.make_community()
    home = make.household(leading)
    make.grant(child, Role.RESIDENT, leading, household=home)
    joint = make.make_window(leading, others=[community])
    joint.joined.filter(community=community).update(status="cancelled")
    client, neighbour = signed_in(child), signed_in(make.make_resident(community, "103"))
    path, own = f"windows/{joint.public_id}", make.household(community, "101").public_id

    (mine,) = client.read("windows").json()["results"]
    (theirs,) = neighbour.read("windows").json()["results"]
    alone = neighbour.read(path).json()
    placed = client.send(f"{path}/orders", wish(joint, 1))

    shown = ("my_households", "household_id", "takes_orders")
    assert [mine[name] for name in shown] == [[str(home.public_id)], str(home.public_id), True]
    assert [theirs[name] for name in shown] == [alone[name] for name in shown] == [[], None, False]
    assert client.read(f"{path}?household={own}").json()["takes_orders"] is False
    assert (placed.status_code, Order.objects.get().household) == (201, home)


def test_order_for_a_household_of_somebody_else_is_not_found(
    community: Community, window: OrderWindow, child: User
) -> None:
    foreign = str(make.household(community, "103").public_id)
    client, path = signed_in(child), f"windows/{window.public_id}"

    placed = client.send(f"{path}/orders", {**wish(window, 1), "household": foreign})
    shown = client.read(f"{path}?household={foreign}")

    assert (placed.status_code, shown.status_code) == (404, 404)
    assert not Order.objects.exists()


def test_menu_shows_the_limit_of_the_household_that_is_named(
    community: Community, window: OrderWindow, child: User
) -> None:
    parents = make.household(community, "102")
    make.order(window, parents, 2)
    client, path = signed_in(child), f"windows/{window.public_id}"

    own = client.read(path).json()["offers"][0]
    theirs = client.read(f"{path}?household={parents.public_id}").json()["offers"][0]

    assert (own["my_quantity"], own["my_remaining_limit"]) == (0, 3)
    assert (theirs["my_quantity"], theirs["my_remaining_limit"]) == (2, 1)


def test_waiting_and_last_time_are_of_the_household_that_is_named(
    community: Community, window: OrderWindow, child: User
) -> None:
    parents, supplier = make.household(community, "102"), window.supplier
    make.order(window, parents, 2)
    now = make.make_window(community, supplier=supplier, offers=[{"cap": 1}, {}])
    make.order(now, make.household(community, "103"), 1)
    client, path = signed_in(child), f"windows/{now.public_id}"
    offer = make.offers_of(now)[0]
    body = {"quantity": 1, "expected_total_fen": offer.price_fen}
    wait = f"{path}/offers/{offer.public_id}/wait"

    def last(home: str) -> list[int]:
        answer = client.read(
            f"{path}/suggestion?household={make.household(community, home).public_id}"
        )
        return [line["wanted"] for line in answer.json()["lines"]]

    assert (last("101"), last("102")) == ([], [2])
    foreign = str(make.household(community, "103").public_id)
    assert client.send(wait, {**body, "household": foreign}).status_code == 404
    assert client.read(f"{path}/suggestion?household={foreign}").status_code == 404
    waits = client.send(wait, {**body, "household": str(parents.public_id)})
    assert (waits.status_code, waits.json()["household"]) == (201, "1号楼 102")
    assert waits.json()["household_id"] == str(parents.public_id)

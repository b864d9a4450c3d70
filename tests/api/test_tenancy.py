"""Somebody else's is not found. In every test there is something that could leak."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction

from communities.models import Community, User
from communities.people import end_membership
from communities.roles import Role
from config.kernel import clock
from orders.models import Order, OrderWindow
from suppliers.models import Supplier
from tests import factories as make
from tests.api.client import Api, prepare, release, signed_in, supplier_client, wish

pytestmark = pytest.mark.django_db


@dataclass
class Side:
    """One community with its window, a resident who ordered there, and its supplier."""

    community: Community
    supplier: Supplier
    window: OrderWindow
    user: User
    order: Order

    @property
    def client(self) -> Api:
        return signed_in(self.user)


def make_side() -> Side:
    community = make.make_community(rooms=("101", "102"))
    supplier = make.make_supplier(community)
    window = make.make_window(community, supplier=supplier)
    user = make.make_resident(community)
    order = make.order(window, make.household(community), 1)
    return Side(community, supplier, window, user, order)


@pytest.fixture
def ours() -> Side:
    return make_side()


@pytest.fixture
def theirs() -> Side:
    return make_side()


def test_other_communitys_window_is_not_found(ours: Side, theirs: Side) -> None:
    client = ours.client
    path = f"windows/{theirs.window.public_id}"

    refused = [
        client.read(path),
        client.read(f"{path}/orders"),
        client.send(f"{path}/orders", wish(theirs.window, 1)),
    ]

    assert [answer.status_code for answer in refused] == [404, 404, 404]
    assert {answer.json()["code"] for answer in refused} == {"not_found"}
    assert Order.objects.filter(window=theirs.window).count() == 1
    assert client.read(f"windows/{ours.window.public_id}").status_code == 200


def test_lists_show_own_rows_only(ours: Side, theirs: Side) -> None:
    client = ours.client

    windows = client.read("windows?status=all").json()["results"]
    orders = client.read("orders").json()["results"]

    assert [row["id"] for row in windows] == [str(ours.window.public_id)]
    assert [row["id"] for row in orders] == [str(ours.order.public_id)]


@pytest.mark.parametrize("who", ["neighbour", "other community", "staff", "admin", "moved out"])
def test_other_households_order_is_not_found(ours: Side, theirs: Side, who: str) -> None:
    user = {
        "neighbour": make.make_resident(theirs.community, "102"),
        "other community": ours.user,
        "staff": make.make_staff(theirs.community, Role.ORGANISER),
        "admin": make.make_user(),
        "moved out": theirs.user,
    }[who]
    if who == "admin":
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    if who == "moved out":
        with transaction.atomic():
            membership = user.memberships.get()
            end_membership(membership=membership, actor=make.SETUP, at=clock.now())
        # Next door, or his token would be good for nothing.
        next_door = make.household(theirs.community, "102")
        make.grant(user, Role.RESIDENT, theirs.community, household=next_door)
    client, path = signed_in(user), f"orders/{theirs.order.public_id}"

    refused = [
        client.read(path),
        client.send(path, wish(theirs.window, 2), method="PUT"),
        client.send(f"{path}/cancel", {}),
    ]

    assert [answer.status_code for answer in refused] == [404, 404, 404]
    theirs.order.refresh_from_db()
    assert (theirs.order.status, theirs.order.version) == ("placed", 1)
    listed = [row["id"] for row in client.read("orders").json()["results"]]
    assert listed == ([str(ours.order.public_id)] if who == "other community" else [])


def test_owner_reaches_his_order(ours: Side, theirs: Side) -> None:
    assert theirs.client.read(f"orders/{theirs.order.public_id}").status_code == 200


def test_order_with_another_communitys_offer_is_refused(ours: Side, theirs: Side) -> None:
    answer = ours.client.send(f"windows/{ours.window.public_id}/orders", wish(theirs.window, 1))

    assert (answer.status_code, answer.json()["code"]) == (409, "unknown_offer")
    assert Order.objects.count() == 2


def test_order_is_placed_for_the_own_household_of_two(ours: Side) -> None:
    neighbour = make.make_resident(ours.community, "102")

    answer = signed_in(neighbour).send(
        f"windows/{ours.window.public_id}/orders", wish(ours.window, 1)
    )

    order = Order.objects.get(public_id=answer.json()["id"])
    assert (order.household.room, order.community, order.placed_by) == (
        "102",
        ours.community,
        neighbour,
    )


def test_window_for_two_communities_keeps_their_households_apart() -> None:
    one, two = make.make_community(), make.make_community()
    window = make.make_window(one, others=[two])
    first, second = signed_in(make.make_resident(one)), signed_in(make.make_resident(two))
    path = f"windows/{window.public_id}"
    placed = [c.send(f"{path}/orders", wish(window, 2)).json() for c in (first, second)]

    assert [order["number"] for order in placed] == [1, 1]
    for client, community, order in ((first, one, placed[0]), (second, two, placed[1])):
        body = client.read(path).json()
        assert (body["community"], body["offers"][0]["my_quantity"]) == (community.name, 2)
        assert [row["id"] for row in client.read("orders").json()["results"]] == [order["id"]]


def test_other_suppliers_order_is_not_found(ours: Side, theirs: Side) -> None:
    order = release(prepare(theirs.window), make.make_staff(theirs.community))
    stranger, owner = supplier_client(ours.supplier), supplier_client(theirs.supplier)
    paths = [
        f"supplier/order-files/{order.number}/json",
        f"supplier/order-files/{order.number}/pdf",
    ]

    assert [stranger.read(path).status_code for path in paths] == [404, 404]
    refused = stranger.send(f"supplier/orders/{order.number}/acknowledge", {"revision": 1})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert stranger.read("supplier/order-files").json()["results"] == []
    order.refresh_from_db()
    assert order.acknowledged_at is None
    assert owner.read(paths[0]).status_code == 200
    assert len(owner.read("supplier/order-files").json()["results"]) == 1


def test_unreleased_order_is_not_found(ours: Side) -> None:
    order = prepare(ours.window)
    client = supplier_client(ours.supplier)

    answers = [
        client.read(f"supplier/order-files/{order.number}/json"),
        client.read(f"supplier/order-files/{order.number}/json?revision=1"),
        client.send(f"supplier/orders/{order.number}/acknowledge", {"revision": 1}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert client.read("supplier/order-files").json()["results"] == []


RESIDENTS = ["me", "me/messages", "windows", "orders", "windows/{window}", "orders/{order}"]


@pytest.mark.parametrize("path", RESIDENTS)
def test_suppliers_key_opens_no_residents_route(ours: Side, path: str) -> None:
    path = path.format(window=ours.window.public_id, order=ours.order.public_id)

    refused = supplier_client(ours.supplier).read(path)

    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert ours.client.read(path).status_code == 200


def test_residents_token_opens_no_suppliers_route(ours: Side) -> None:
    order = release(prepare(ours.window), make.make_staff(ours.community))
    client = ours.client

    refused = [
        client.read("supplier/order-files"),
        client.read(f"supplier/order-files/{order.number}/json"),
        client.send(f"supplier/orders/{order.number}/acknowledge", {"revision": 1}),
    ]

    assert [answer.status_code for answer in refused] == [401, 401, 401]
    assert {answer.headers["WWW-Authenticate"] for answer in refused} == {"Supplier"}
    order.refresh_from_db()
    assert order.acknowledged_at is None


def test_suppliers_are_told_no_names_phones_or_rooms(ours: Side) -> None:
    release(prepare(ours.window), make.make_staff(ours.community))

    answer = supplier_client(ours.supplier).read("supplier/order-files")

    assert answer.status_code == 200
    assert ours.community.name in answer.content.decode()
    for private in (ours.user.username, '"101"', "1号楼", str(ours.order.public_id)):
        assert private not in answer.content.decode()

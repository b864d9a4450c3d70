"""Waiting lists over REST: join, see one's place, be served, leave."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Community
from orders.models import Offer, OrderWindow, WaitingWish
from orders.waiting.serving import serve_next
from tests import factories as make
from tests.api.client import Api, signed_in, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community(rooms=("101", "102", "103"))


@pytest.fixture
def window(community: Community) -> OrderWindow:
    """Nothing is left of its two offers."""
    window = make.make_window(community, offers=[{"cap": 2}, {"cap": 1}])
    make.order(window, make.household(community, "103"), 2, 1)
    return window


@pytest.fixture
def resident(community: Community) -> Api:
    return signed_in(make.make_resident(community))


def sold_out(community: Community) -> OrderWindow:
    """Another window, nothing of whose first offer is left."""
    window = make.make_window(community, offers=[{"cap": 1}])
    make.order(window, make.household(community, "103"), 1)
    return window


def join(client: Api, window: OrderWindow, quantity: int = 1, number: int = 1, **more: Any) -> Any:
    offer = make.offers_of(window)[number - 1]
    body = {"quantity": quantity, "expected_total_fen": offer.price_fen * quantity, **more}
    return client.send(f"windows/{window.public_id}/offers/{offer.public_id}/wait", body)


def test_waiting_shows_ones_place_until_one_is_served(
    community: Community, window: OrderWindow, resident: Api
) -> None:
    neighbour = signed_in(make.make_resident(community, "102"))
    first = join(neighbour, window, 2)
    answer = join(resident, window, 1)

    body = answer.json()
    offer = make.offers_of(window)[0]
    assert (first.json()["place"], answer.status_code) == (1, 201)
    assert body == {
        "id": body["id"],
        "window": resident.read(f"waiting/{body['id']}").json()["window"],
        "offer": {
            "id": str(offer.public_id),
            "short_number": 1,
            "name": "商品1",
            "spec": "500g/袋",
            "unit": "袋",
            "price_fen": 390,
        },
        "household": "1号楼 101",
        "household_id": str(make.household(community).public_id),
        "quantity": 1,
        "total_fen": 390,
        "total": "3.90",
        "status": "waiting",
        "place": 2,
        "can_be_served": True,
        "order": None,
        "joined_at": body["joined_at"],
        "ended_at": None,
    }
    menu = resident.read(f"windows/{window.public_id}").json()["offers"][0]
    assert (menu["remaining"], menu["waiting"]) == (0, 3)
    assert menu["my_wait"] == {"id": body["id"], "quantity": 1, "place": 2}

    neighbour.send(f"waiting/{first.json()['id']}/leave", {})
    assert resident.read(f"waiting/{body['id']}").json()["place"] == 1
    sold = window.orders.get()
    organiser = signed_in(make.make_resident(community, "103"))
    assert organiser.send(f"orders/{sold.public_id}/cancel", {}).status_code == 200
    assert serve_next(offer_id=offer.pk)

    served = resident.read(f"waiting/{body['id']}").json()
    order = resident.read(f"orders/{served['order']}").json()
    assert (served["status"], served["place"], served["can_be_served"]) == ("served", None, False)
    assert [(line["name"], line["quantity"]) for line in order["lines"]] == [("商品1", 1)]
    refused = resident.send(f"waiting/{body['id']}/leave", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_waiting")
    assert refused.json()["fields"] == {"status": "served", "order": served["order"]}


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ({"quantity": 0}, 400, "invalid"),
        ({"quantity": "1"}, 400, "invalid"),
        ({"quantity": 10**6}, 400, "invalid"),
        ({"price_fen": 1}, 400, "invalid"),
        ({"expected_total_fen": 1}, 409, "total_differs"),
    ],
)
def test_waiting_with_a_wrong_body_is_refused(
    window: OrderWindow, resident: Api, members: dict[str, Any], status: int, code: str
) -> None:
    answer = join(resident, window, **members)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not WaitingWish.objects.exists()


def test_waiting_for_more_than_there_is_cannot_take_an_offer_from_everybody(
    community: Community, resident: Api
) -> None:
    window = make.make_window(community, offers=[{"cap": 24}])
    offer, neighbours = make.offers_of(window)[0], make.household(community, "103")
    make.order(window, neighbours, 13)

    refused = [join(resident, window, quantity).json() for quantity in (9999, 12, 3)]

    assert [(one["code"], one["fields"]) for one in refused] == [
        ("not_sold_out", {str(offer.public_id): 11})
    ] * 3
    make.order(window, neighbours, 11)
    refused = [join(resident, window, quantity).json() for quantity in (9999, 6)]
    assert [(one["code"], one["fields"]) for one in refused] == [
        ("too_many_to_wait_for", {str(offer.public_id): 5})
    ] * 2
    assert not WaitingWish.objects.exists()
    menu = resident.read(f"windows/{window.public_id}").json()["offers"]
    assert [(one["remaining"], one["my_wait_limit"]) for one in menu] == [(0, 5), (None, None)]

    assert join(resident, window, 5).status_code == 201
    Offer.objects.filter(pk=offer.pk).update(taken=20)
    menu = signed_in(make.make_resident(community, "102")).read(f"windows/{window.public_id}")
    assert menu.json()["offers"][0]["remaining"] == 4
    make.order(window, make.household(community, "102"), 4)


def test_waiting_for_another_windows_offer_is_not_found(
    community: Community, window: OrderWindow, resident: Api
) -> None:
    other = sold_out(community)
    offer = make.offers_of(other)[0]
    body = {"quantity": 1, "expected_total_fen": offer.price_fen}

    answer = resident.send(f"windows/{window.public_id}/offers/{offer.public_id}/wait", body)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not WaitingWish.objects.exists()


def test_waiting_for_what_was_taken_off_the_menu_is_refused(
    window: OrderWindow, resident: Api
) -> None:
    Offer.objects.filter(pk=make.offers_of(window)[0].pk).update(is_active=False)

    answer = join(resident, window)

    assert (answer.status_code, answer.json()["code"]) == (409, "unknown_offer")
    assert not WaitingWish.objects.exists()


def test_waiting_repeated_under_the_same_key_joins_once(window: OrderWindow, resident: Api) -> None:
    offer = make.offers_of(window)[0]
    path = f"windows/{window.public_id}/offers/{offer.public_id}/wait"
    body = {"quantity": 1, "expected_total_fen": 390}

    answers = [resident.send(path, body, key="the-same-key") for _turn in range(2)]

    assert answers[0].content == answers[1].content
    assert WaitingWish.objects.count() == 1


def test_list_waiting_by_window_and_status(
    community: Community, window: OrderWindow, resident: Api
) -> None:
    left = join(resident, window).json()["id"]
    resident.send(f"waiting/{left}/leave", {})
    here = join(resident, window, number=2).json()["id"]
    other = sold_out(community)
    there = join(resident, other).json()["id"]
    join(signed_in(make.make_resident(community, "102")), window)

    def listed(query: str) -> list[str]:
        return [row["id"] for row in resident.read(f"waiting{query}").json()["results"]]

    assert listed("") == [there, here]
    assert listed(f"?window={window.public_id}") == [here]
    assert listed("?status=all") == [there, here, left]
    assert listed("?status=left") == [left]


# 1 token · 2 wishes with window, offer, household, order and place
@pytest.mark.parametrize("wishes", [1, 3])
def test_list_waiting_makes_2_statements(community: Community, resident: Api, wishes: int) -> None:
    for _turn in range(wishes):
        join(resident, sold_out(community))

    with CaptureQueriesContext(connection) as captured:
        rows = resident.read("waiting").json()["results"]

    assert len(rows) == wishes
    assert len(captured) == 2


def test_order_is_refused_what_others_wait_for(
    community: Community, window: OrderWindow, resident: Api
) -> None:
    join(resident, window, 1)
    window.offers.filter(short_number=1).update(cap=3)
    neighbour = signed_in(make.make_resident(community, "102"))

    refused = neighbour.send(f"windows/{window.public_id}/orders", wish(window, 1))

    offer = make.offers_of(window)[0]
    assert (refused.status_code, refused.json()["code"]) == (409, "sold_out")
    assert refused.json()["fields"] == {str(offer.public_id): 0}


def test_change_order_without_a_version_does_not_take_off_what_the_line_added(
    community: Community, window: OrderWindow, resident: Api
) -> None:
    """Seen before the pieces came; what began as a served wish was seen with them."""
    path = f"windows/{window.public_id}/orders"
    window.offers.filter(short_number=2).update(cap=2)
    order = f"orders/{resident.send(path, wish(window, 0, 1)).json()['id']}"
    join(resident, window, 2)
    neighbour = signed_in(make.make_resident(community, "102"))
    join(neighbour, window, 1)
    window.offers.filter(short_number=1).update(cap=5)
    while serve_next(offer_id=make.offers_of(window)[0].pk):
        pass
    seen = resident.read(order).json()
    theirs = neighbour.read(path).json()["results"][0]

    refused = resident.send(order, wish(window, 0, 1), method="PUT")

    assert (refused.status_code, refused.json()["code"]) == (409, "order_changed")
    assert refused.json()["fields"] == {"version": 2, "order": seen}
    assert resident.read(order).json() == seen
    assert [line["quantity"] for line in seen["lines"]] == [2, 1]
    knowing = wish(window, 0, 1, expected_version=2)
    assert resident.send(order, knowing, method="PUT").json()["version"] == 3
    changed = neighbour.send(f"orders/{theirs['id']}", wish(window, 2), method="PUT")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)

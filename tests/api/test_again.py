"""GET /windows/{id}/suggestion: same as last time, as far as it can be had."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Community
from orders.models import OrderWindow
from orders.placing.wishes import Wish
from orders.windows.limits import set_category_limit
from suppliers.models import Product, Supplier
from tests import factories as make
from tests.api.client import Api, signed_in, wish

pytestmark = pytest.mark.django_db

PRICES = (390, 1250, 100, 800, 500, 600)


@pytest.fixture
def community() -> Community:
    return make.make_community(rooms=("101", "102"))


@pytest.fixture
def supplier(community: Community) -> Supplier:
    return make.make_supplier(community, prices_fen=PRICES)


@pytest.fixture
def resident(community: Community) -> Api:
    return signed_in(make.make_resident(community))


def ask(resident: Api, window: OrderWindow) -> Any:
    answer = resident.read(f"windows/{window.public_id}/suggestion")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_suggestion_maps_the_last_order_to_what_can_be_had_now(
    community: Community, supplier: Supplier, resident: Api
) -> None:
    Product.objects.filter(name__in=["商品5", "商品6"]).update(category="肉类")
    before = make.make_window(community, supplier=supplier)
    home, neighbour = make.household(community), make.household(community, "102")
    offers = make.offers_of(before)
    wishes = [Wish(offer.public_id, 3, 1) for offer in offers]
    make.order(before, home, 9)
    make.place_wishes(before, home, wishes)
    make.order(before, neighbour, 5)
    Product.objects.filter(name="商品1").update(price_fen=420)
    Product.objects.filter(name="商品4").update(is_active=False)
    sold = supplier.products.exclude(name="商品4").order_by("pk")
    rules: list[dict[str, Any]] = [{}, {"cap": 2}, {"cap": 1}, {}, {"household_limit": 3}]
    window = _window_of(community, supplier, list(sold), rules)
    make.order(window, neighbour, 0, 0, 1)
    now = make.offers_of(window)

    body = ask(resident, window)

    assert body["last_order"] == {
        "id": body["last_order"]["id"],
        "window_title": before.title,
        "number": 2,
        "placed_at": body["last_order"]["placed_at"],
    }
    assert [
        (row["name"], row["wanted"], row["quantity"], row["tolerance"], row["verdict"])
        for row in body["lines"]
    ] == [
        ("商品1", 3, 3, 1, "available"),
        ("商品2", 3, 2, 0, "fewer"),
        ("商品3", 3, 0, 0, "sold_out"),
        ("商品4", 3, 0, 0, "not_offered"),
        ("商品5", 3, 3, 1, "available"),
        ("商品6", 3, 0, 0, "over_limit"),
    ]
    assert [row["dearer_by_fen"] for row in body["lines"]] == [30, 0, 0, None, 0, 0]
    assert body["total_fen"] == 3 * 420 + 2 * 1250 + 3 * 500
    assert body["order"] == {
        "lines": [
            {"offer": str(now[0].public_id), "quantity": 3, "tolerance": 1},
            {"offer": str(now[1].public_id), "quantity": 2, "tolerance": 0},
            {"offer": str(now[3].public_id), "quantity": 3, "tolerance": 1},
        ],
        "expected_total_fen": body["total_fen"],
    }
    placed = resident.send(f"windows/{window.public_id}/orders", body["order"])
    assert placed.status_code == 201, placed.content


def _window_of(
    community: Community, supplier: Supplier, products: list[Product], rules: list[dict[str, Any]]
) -> OrderWindow:
    """Of these products only, with at most four of 肉类 for each household."""
    window = make.make_window(community, supplier=supplier, offers=rules, state="draft")
    with transaction.atomic():
        set_category_limit(window=window, category="肉类", household_limit=4, actor=make.SETUP)
    make.open_now(window)
    assert [offer.product for offer in make.offers_of(window)] == products
    return window


def test_suggestion_of_who_never_ordered_there_is_empty(
    community: Community, supplier: Supplier, resident: Api
) -> None:
    elsewhere = make.make_window(community)
    make.order(elsewhere, make.household(community), 2)
    window = make.make_window(community, supplier=supplier)
    make.order(window, make.household(community), 1)

    assert ask(resident, window) == {
        "last_order": None,
        "lines": [],
        "total_fen": 0,
        "total": "0.00",
        "order": None,
    }


def test_suggestion_passes_over_a_cancelled_order(
    community: Community, supplier: Supplier, resident: Api
) -> None:
    first = make.make_window(community, supplier=supplier)
    second = make.make_window(community, supplier=supplier)
    make.order(first, make.household(community), 2)
    placed = resident.send(f"windows/{second.public_id}/orders", wish(second, 7)).json()
    resident.send(f"orders/{placed['id']}/cancel", {})
    window = make.make_window(community, supplier=supplier)

    body = ask(resident, window)

    assert body["last_order"]["window_title"] == first.title
    assert [row["wanted"] for row in body["lines"]] == [2]


# 1 token · 2 window, community, household · 3 the last order · 4 its lines · 5 offers of now · 6 limits of categories ·
# 7 what I have
@pytest.mark.parametrize("lines", [1, 6])
def test_suggestion_makes_7_statements(
    community: Community, supplier: Supplier, resident: Api, lines: int
) -> None:
    before = make.make_window(community, supplier=supplier)
    make.order(before, make.household(community), *[1] * lines)
    window = make.make_window(community, supplier=supplier)

    with CaptureQueriesContext(connection) as captured:
        body = ask(resident, window)

    assert len(body["lines"]) == lines
    assert len(captured) == 7

"""GET /orders with filters, /orders/{id}/receipt: what I got and what it cost."""

from __future__ import annotations

import pytest

from communities.models import Community
from orders.models import Allocation, Order
from tests import factories as make
from tests.api.client import Api, prepare, release, signed_in, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community("宛平南苑", rooms=("101", "102"))


@pytest.fixture
def resident(community: Community) -> Api:
    return signed_in(make.make_resident(community), **{"accept-language": "en"})


def test_receipt_before_the_release_counts_what_was_ordered(
    community: Community, resident: Api
) -> None:
    window = make.make_window(community)
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 2, 1)).json()

    bill = resident.read(f"orders/{placed['id']}/receipt").json()

    assert (bill["stage"], bill["ordered_fen"], bill["to_pay_fen"]) == ("so_far", 2030, 2030)
    assert [line["charged_fen"] for line in bill["lines"]] == [None, None]
    assert bill["text"].splitlines() == [
        "宛平南苑 1号楼 101",
        window.title,
        f"No. 1 · {bill['placed_at'][:16].replace('T', ' ')}",
        "",
        "1 商品1 500g/袋",
        "   2袋 × 3.90 = 7.80",
        "2 商品2 500g/袋",
        "   1袋 × 12.50 = 12.50",
        "",
        "Ordered ¥20.30",
        "To pay ¥20.30",
    ]


def test_receipt_after_a_shortage_says_what_was_got_why_and_what_it_costs(
    community: Community, resident: Api
) -> None:
    organiser = make.make_staff(community)
    window = make.make_window(community, organiser=organiser)
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 4, 1)).json()
    make.order(window, make.household(community, "102"), 1)
    release(prepare(window), organiser)
    order = Order.objects.get(public_id=placed["id"])
    Allocation.objects.filter(line__order=order, line__offer__short_number=1).update(
        quantity=3, reason="3 of 4: the lorry was short"
    )

    bill = resident.read(f"orders/{placed['id']}/receipt").json()
    shown = resident.read(f"orders/{placed['id']}").json()

    assert (bill["stage"], bill["to_pay_fen"], bill["difference_fen"]) == ("final", 2420, -390)
    assert [(row["allocated"], row["charged_fen"], row["reason"]) for row in bill["lines"]] == [
        (3, 1170, "3 of 4: the lorry was short"),
        (1, 1250, ""),
    ]
    assert bill["text"].splitlines()[6:] == [
        "   got 3: ¥11.70 (3 of 4: the lorry was short)",
        "2 商品2 500g/袋",
        "   1袋 × 12.50 = 12.50",
        "",
        "Ordered ¥28.10",
        "Difference ¥-3.90",
        "To pay ¥24.20",
    ]
    assert (shown["charged_fen"], shown["charged"], shown["difference_fen"]) == (
        2420,
        "24.20",
        -390,
    )


def test_receipt_of_a_cancelled_order_costs_nothing(community: Community, resident: Api) -> None:
    window = make.make_window(community)
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 2)).json()
    resident.send(f"orders/{placed['id']}/cancel", {"reason": "away"})

    bill = resident.read(f"orders/{placed['id']}/receipt").json()

    assert (bill["stage"], bill["to_pay_fen"], bill["reason"]) == ("final", 0, "away")
    assert "Cancelled: away" in bill["text"]


def test_list_orders_by_window_supplier_and_status(community: Community, resident: Api) -> None:
    first, second = make.make_window(community), make.make_window(community)
    ids = {}
    for name, window in (("a", first), ("b", second), ("c", second)):
        ids[name] = resident.send(f"windows/{window.public_id}/orders", wish(window, 1)).json()[
            "id"
        ]
    resident.send(f"orders/{ids['c']}/cancel", {})
    make.order(second, make.household(community, "102"), 1)

    def listed(query: str) -> list[str]:
        found = [row["id"] for row in resident.read(f"orders{query}").json()["results"]]
        return [name for pk in found for name, own in ids.items() if own == pk]

    assert listed("") == ["c", "b", "a"]
    assert listed(f"?window={second.public_id}") == ["c", "b"]
    assert listed(f"?supplier={first.supplier.public_id}") == ["a"]
    assert listed(f"?supplier={second.supplier.public_id}&status=placed") == ["b"]
    assert listed("?status=cancelled") == ["c"]
    assert listed(f"?window={first.supplier.public_id}") == []
    assert resident.read("orders?window=1").status_code == 400

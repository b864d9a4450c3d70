"""POST /windows/{id}/orders and what follows from it: change, cancel, look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Community
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.idempotency import IdempotencyKey
from orders.models import Offer, Order, OrderLine, OrderWindow
from orders.windows.cancelling import cancel_window
from tests import factories as make
from tests.api.client import Api, signed_in, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community(rooms=("101", "102"))


@pytest.fixture
def window(community: Community) -> OrderWindow:
    return make.make_window(community)


@pytest.fixture
def resident(community: Community) -> Api:
    return signed_in(make.make_resident(community))


def nothing_ordered() -> bool:
    rows = (
        Order.objects.all(),
        OrderLine.objects.all(),
        IdempotencyKey.objects.all(),
        AuditEntry.objects.filter(subject_kind="order"),
        Offer.objects.exclude(taken=0),
    )
    return not any(row.exists() for row in rows)


def test_place_order_with_right_total_answers_201(resident: Api, window: OrderWindow) -> None:
    body = wish(window, 2, 1, note=" 放门口 ")

    answer = resident.send(f"windows/{window.public_id}/orders", body)

    order = Order.objects.get()
    placed_at = order.placed_at.astimezone(clock.now().tzinfo)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(order.public_id),
        "number": 1,
        "status": "placed",
        "version": 1,
        "total_fen": 2030,
        "total": "20.30",
        "placed_at": (placed_at + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00"),
        "changed_at": None,
    }
    assert (order.note, order.channel, order.household.room) == ("放门口", "rest", "101")
    assert list(order.lines.order_by("offer_id").values_list("quantity", "price_fen")) == [
        (2, 390),
        (1, 1250),
    ]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_place_order_twice_counts_on(resident: Api, window: OrderWindow) -> None:
    path = f"windows/{window.public_id}/orders"

    answers = [resident.send(path, wish(window, 1)).json()["number"] for _turn in range(2)]

    assert answers == [1, 2]


def refuse(window: OrderWindow, body: dict[str, Any], resident: Api) -> dict[str, Any]:
    """Send it; the refusal, which must have left nothing behind."""
    answer = resident.send(f"windows/{window.public_id}/orders", body)
    assert nothing_ordered()
    refusal: dict[str, Any] = answer.json()
    assert set(refusal) == {"code", "detail", "fields"}
    assert refusal["detail"]
    return {"status": answer.status_code, "code": refusal["code"], "fields": refusal["fields"]}


def test_place_order_with_wrong_total_is_refused(resident: Api, window: OrderWindow) -> None:
    body = wish(window, 2)

    assert refuse(window, {**body, "expected_total_fen": 779}, resident) == {
        "status": 409,
        "code": "total_differs",
        "fields": {"expected_total_fen": 779, "total_fen": 780},
    }
    assert resident.send(f"windows/{window.public_id}/orders", body).status_code == 201


def test_place_order_of_unknown_offer_is_refused(resident: Api, window: OrderWindow) -> None:
    unknown = str(uuid4())
    line = {"offer": unknown, "quantity": 1}

    assert refuse(window, {"lines": [line], "expected_total_fen": 0}, resident) == {
        "status": 409,
        "code": "unknown_offer",
        "fields": {"offers": [unknown]},
    }


def test_place_order_of_another_windows_offer_is_refused(
    resident: Api, window: OrderWindow, community: Community
) -> None:
    other = make.make_window(community)
    body = wish(other, 1)

    assert refuse(window, body, resident)["code"] == "unknown_offer"
    assert resident.send(f"windows/{other.public_id}/orders", body).status_code == 201


def test_place_order_beyond_cap_is_refused(resident: Api, community: Community) -> None:
    window = make.make_window(community, offers=[{"cap": 3}])
    offer = str(make.offers_of(window)[0].public_id)

    assert refuse(window, wish(window, 4), resident) == {
        "status": 409,
        "code": "sold_out",
        "fields": {offer: 3},
    }
    assert resident.send(f"windows/{window.public_id}/orders", wish(window, 3)).status_code == 201
    assert Offer.objects.get(public_id=offer).taken == 3


def test_place_order_beyond_household_limit_is_refused(resident: Api, community: Community) -> None:
    window = make.make_window(community, offers=[{"household_limit": 2}])
    offer = str(make.offers_of(window)[0].public_id)

    assert refuse(window, wish(window, 3), resident) == {
        "status": 409,
        "code": "over_limit",
        "fields": {offer: 2},
    }
    assert resident.send(f"windows/{window.public_id}/orders", wish(window, 2)).status_code == 201


@pytest.mark.parametrize("moment", ["before", "after", "cancelled", "closing"])
def test_place_order_while_window_is_not_open_is_refused(
    resident: Api, window: OrderWindow, moment: str
) -> None:
    body = wish(window, 1)
    rows = OrderWindow.objects.filter(pk=window.pk)
    now = clock.database_now()
    if moment == "before":
        rows.update(opens_at=now + timedelta(minutes=5))
    elif moment == "after":
        make.pass_cutoff(window)
    elif moment == "closing":
        # The cutoff itself is too late.
        rows.update(closes_at=now)
    else:
        with transaction.atomic():
            cancel_window(window=window, actor=make.SETUP, reason="下雨")

    assert refuse(window, body, resident) == {
        "status": 409,
        "code": "window_not_open",
        "fields": {},
    }


@pytest.mark.parametrize("state", ["draft", "ready"])
def test_place_order_in_unpublished_window_finds_nothing(
    resident: Api, community: Community, state: str
) -> None:
    window = make.make_window(community, state=state)

    assert refuse(window, wish(window, 1), resident)["status"] == 404
    assert resident.read(f"windows/{window.public_id}").status_code == 404


# 1 token with its account · 2 window, community and household · 3 is the key free · 4 its first answer ·
# 5 locks of window and household · 6 time, window, offers, what the household has · 7 lock capped offers ·
# 8 take pieces · 9 lines · 10 audit · 11 number and order · 12 the answer under the key
@pytest.mark.parametrize("lines", [1, 30])
def test_place_order_makes_12_statements_whatever_the_lines(
    community: Community, resident: Api, lines: int
) -> None:
    supplier = make.make_supplier(community, prices_fen=[100] * lines)
    window = make.make_window(community, supplier=supplier, offers=[{"cap": 50}] * lines)
    body = wish(window, *[2] * lines)

    with CaptureQueriesContext(connection) as captured:
        answer = resident.send(f"windows/{window.public_id}/orders", body)

    statements = [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT"))
    ]
    assert answer.status_code == 201
    assert len(statements) == 12, "\n".join(statements)
    assert OrderLine.objects.count() == lines


def test_change_order_replaces_its_lines(resident: Api, community: Community) -> None:
    window = make.make_window(community, offers=[{"cap": 5}, {"cap": 5}])
    placed = resident.send(
        f"windows/{window.public_id}/orders", wish(window, 5, note="谢谢")
    ).json()

    answer = resident.send(f"orders/{placed['id']}", wish(window, 2, 3), method="PUT")

    assert answer.status_code == 200
    order = Order.objects.get()
    changed = {"version": 2, "total_fen": 4530, "total": "45.30"}
    assert order.changed_at is not None
    changed_at = order.changed_at.astimezone(ZoneInfo("Asia/Shanghai"))
    changed["changed_at"] = changed_at.isoformat(timespec="seconds")
    assert answer.json() == {**placed, **changed}
    assert list(order.lines.order_by("offer_id").values_list("quantity", flat=True)) == [2, 3]
    assert order.note == "谢谢"
    assert [offer.taken for offer in make.offers_of(window)] == [2, 3]


def test_change_order_refused_leaves_it_as_it_was(resident: Api, community: Community) -> None:
    window = make.make_window(community, offers=[{"cap": 5}])
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 5)).json()
    before = resident.read(f"orders/{placed['id']}").json()
    for body, code in (
        (wish(window, 6), "sold_out"),
        (wish(window, 2, expected_total_fen=1), "total_differs"),
    ):
        answer = resident.send(f"orders/{placed['id']}", body, method="PUT")

        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert resident.read(f"orders/{placed['id']}").json() == before
        assert make.offers_of(window)[0].taken == 5


def test_change_order_after_cutoff_is_refused(resident: Api, window: OrderWindow) -> None:
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 1)).json()
    make.pass_cutoff(window)

    changed = resident.send(f"orders/{placed['id']}", wish(window, 2), method="PUT")
    cancelled = resident.send(f"orders/{placed['id']}/cancel", {})

    assert [changed.status_code, cancelled.status_code] == [409, 409]
    assert {changed.json()["code"], cancelled.json()["code"]} == {"window_not_open"}
    order = Order.objects.get()
    assert (order.status, order.version, order.total_fen) == ("placed", 1, 390)


def test_cancel_order_gives_pieces_back(resident: Api, community: Community) -> None:
    window = make.make_window(community, offers=[{"cap": 5}])
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 5)).json()

    answer = resident.send(f"orders/{placed['id']}/cancel", {"reason": "不要了"})

    assert (answer.status_code, answer.json()) == (200, {**placed, "status": "cancelled"})
    assert (Order.objects.get().status, Order.objects.get().reason) == ("cancelled", "不要了")
    assert make.offers_of(window)[0].taken == 0
    again = resident.send(f"orders/{placed['id']}/cancel", {})
    assert (again.status_code, again.json()["code"]) == (409, "order_cancelled")


def test_get_order_shows_lines_and_what_is_allocated(resident: Api, window: OrderWindow) -> None:
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 0, 2)).json()
    offer = make.offers_of(window)[1]

    body = resident.read(f"orders/{placed['id']}").json()

    assert body == {
        **placed,
        "window": {
            "id": str(window.public_id),
            "title": window.title,
            "status": "open",
            "deliver_on": None,
            "supplier": window.supplier.name,
            "supplier_id": str(window.supplier.public_id),
        },
        "household": "1号楼 101",
        "household_id": str(make.household(window.community).public_id),
        "can_change": True,
        "charged_fen": None,
        "charged": None,
        "difference_fen": None,
        "note": "",
        "substitutes": "refund",
        "reason": "",
        "channel": "rest",
        "proxy": None,
        "changed_at": None,
        "cancelled_at": None,
        "lines": [
            {
                "offer": str(offer.public_id),
                "short_number": 2,
                "name": "商品2",
                "spec": "500g/袋",
                "unit": "袋",
                "quantity": 2,
                "tolerance": 0,
                "price_fen": 1250,
                "price": "12.50",
                "amount_fen": 2500,
                "amount": "25.00",
                "allocated": None,
                "charged_fen": None,
                "reason": "",
            }
        ],
    }


# 1 token · 2 orders with window, community, household · 3 lines with offers and allocations
@pytest.mark.parametrize("orders", [1, 3])
def test_list_orders_makes_3_statements(resident: Api, window: OrderWindow, orders: int) -> None:
    for _turn in range(orders):
        resident.send(f"windows/{window.public_id}/orders", wish(window, 1, 1))

    with CaptureQueriesContext(connection) as captured:
        body = resident.read("orders").json()

    assert len(body["results"]) == orders
    assert len(captured) == 3


def test_list_orders_by_cursor_shows_each_once(resident: Api, window: OrderWindow) -> None:
    for _turn in range(5):
        resident.send(f"windows/{window.public_id}/orders", wish(window, 1))
    path, seen = "orders?limit=2", []
    while path:
        body = resident.read(path).json()
        seen.append([row["number"] for row in body["results"]])
        path = f"orders?limit=2&cursor={body['next_cursor']}" if body["next_cursor"] else ""

    assert seen == [[5, 4], [3, 2], [1]]
    mine = resident.read(f"windows/{window.public_id}/orders").json()
    assert [row["number"] for row in mine["results"]] == [5, 4, 3, 2, 1]
    assert mine["next_cursor"] is None

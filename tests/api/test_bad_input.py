"""Whatever comes in: a clear refusal, nothing stored, nothing slow."""

from __future__ import annotations

import json
import time
from copy import deepcopy
from typing import Any

import pytest

from communities.models import User
from config.kernel.idempotency import IdempotencyKey
from orders.models import Order, OrderWindow
from tests import factories as make
from tests.api.client import Api, signed_in, wish

pytestmark = pytest.mark.django_db

REQUIRED = "该字段是必填项。"
NO_INTEGER = "请填写合法的整数值。"


@pytest.fixture(scope="module")
def round_and_resident(shared_db: None) -> tuple[OrderWindow, User]:
    window = make.make_window(make.make_community())
    return window, make.make_resident(window.community)


@pytest.fixture
def window(round_and_resident: tuple[OrderWindow, User]) -> OrderWindow:
    return deepcopy(round_and_resident[0])


@pytest.fixture
def resident(round_and_resident: tuple[OrderWindow, User]) -> Api:
    return signed_in(round_and_resident[1])


@pytest.fixture
def offer(window: OrderWindow) -> str:
    return str(make.offers_of(window)[0].public_id)


def post(resident: Api, window: OrderWindow, body: Any) -> Any:
    answer = resident.send(f"windows/{window.public_id}/orders", body)
    assert not Order.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json()) == {"code", "detail", "fields"}
    return answer


@pytest.mark.parametrize(
    "quantity",
    ["1", "", None, True, False, 1.0, 1.5, -1, 0, 10000, 10**30, 1e9, [], {}, [1], "一"],
    ids=repr,
)
def test_quantity_of_wrong_type_or_range_is_refused(
    resident: Api, window: OrderWindow, offer: str, quantity: Any
) -> None:
    body = {"lines": [{"offer": offer, "quantity": quantity}], "expected_total_fen": 390}

    answer = post(resident, window, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == ["lines"]
    assert list(answer.json()["fields"]["lines"]["0"]) == ["quantity"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"expected_total_fen": "390"}, {"expected_total_fen": [NO_INTEGER]}),
        ({"expected_total_fen": 390.0}, {"expected_total_fen": [NO_INTEGER]}),
        ({"expected_total_fen": True}, {"expected_total_fen": [NO_INTEGER]}),
        ({"expected_total_fen": None}, {"expected_total_fen": ["该字段不能为 null。"]}),
        ({"expected_total_fen": -1}, {"expected_total_fen": ["请确保该值大于或者等于 0。"]}),
        ({"note": 7}, {"note": ["不是有效的字符串。"]}),
        ({"note": None}, {"note": ["该字段不能为 null。"]}),
        ({"note": "长" * 201}, {"note": ["请确保这个字段不能超过 200 个字符。"]}),
        ({"note": "a\u0000b"}, {"note": None}),
        ({"note": "a\u001bb"}, {"note": None}),
        ({"lines": None}, {"lines": ["该字段不能为 null。"]}),
        ({"lines": {}}, {"lines": ["期望为一个包含物件的列表，得到的类型是“dict”。"]}),
        ({"lines": "abc"}, {"lines": ["期望为一个包含物件的列表，得到的类型是“str”。"]}),
        ({"lines": []}, {"lines": ["该字段必须包含至少 1 个元素。"]}),
        ({"lines": [7]}, {"lines": {"0": None}}),
    ],
)
def test_members_of_wrong_type_are_refused(
    resident: Api, window: OrderWindow, changes: dict[str, Any], fields: dict[str, Any]
) -> None:
    answer = post(resident, window, {**wish(window, 1), **changes})

    given = answer.json()["fields"]
    assert answer.status_code == 400
    assert given == {
        name: given[name] if sentences in (None, {"0": None}) else sentences
        for name, sentences in fields.items()
    }


@pytest.mark.parametrize(
    "given", ["7", 7, None, "{offer}x", "urn:uuid:{offer}", "{{{offer}}}", ["{offer}"]], ids=repr
)
def test_offer_that_is_no_uuid_is_refused(
    resident: Api, window: OrderWindow, offer: str, given: Any
) -> None:
    value = given.format(offer=offer) if isinstance(given, str) else given
    body = {"lines": [{"offer": value, "quantity": 1}], "expected_total_fen": 390}

    answer = post(resident, window, body)

    assert list(answer.json()["fields"]["lines"]["0"]) == ["offer"]


def test_missing_members_are_named(resident: Api, window: OrderWindow, offer: str) -> None:
    assert post(resident, window, {}).json()["fields"] == {
        "lines": [REQUIRED],
        "expected_total_fen": [REQUIRED],
    }
    nothing = post(resident, window, {"lines": [{}], "expected_total_fen": 0})
    assert nothing.json()["fields"] == {
        "lines": {"0": {"offer": [REQUIRED], "quantity": [REQUIRED]}}
    }


@pytest.mark.parametrize(
    "member",
    [
        "status",
        "number",
        "household",
        "household_id",
        "price_fen",
        "total_fen",
        "channel",
        "id",
        "placed_at",
        "window",
        "community",
        "version",
        "wished_at",
        "placed_by",
        "__class__",
        "全部",
    ],
)
def test_members_nobody_asked_for_are_refused(
    resident: Api, window: OrderWindow, member: str
) -> None:
    answer = post(resident, window, {**wish(window, 1), member: 1})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [member])

    body = wish(window, 1)
    body["lines"][0][member] = 1
    answer = post(resident, window, body)
    assert (answer.status_code, list(answer.json()["fields"]["lines"]["0"])) == (400, [member])


def test_same_offer_twice_is_refused(resident: Api, window: OrderWindow, offer: str) -> None:
    line = {"offer": offer, "quantity": 1}

    answer = post(resident, window, {"lines": [line, line], "expected_total_fen": 780})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["lines"])


def test_201_lines_are_refused(resident: Api, window: OrderWindow, offer: str) -> None:
    lines = [{"offer": offer, "quantity": 1}] * 201

    answer = post(resident, window, {"lines": lines, "expected_total_fen": 780})

    assert answer.json()["fields"] == {"lines": ["该字段不能超过 200 个元素。"]}


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "invalid"),
        (b"null", 400, "invalid"),
        (b"[]", 400, "invalid"),
        (b'"order"', 400, "invalid"),
        (b"17", 400, "invalid"),
        (b"{", 400, "parse_error"),
        (b'{"lines": NaN}', 400, "parse_error"),
        (b'{"lines": -Infinity}', 400, "parse_error"),
        (b'{"lines": 1e999}', 400, "parse_error"),
        (b'{"note": "a", "note": "b"}', 400, "parse_error"),
        (b'{"note": "\\ud83d"}', 400, "parse_error"),
        (b'{"\\ud83d": 1}', 400, "parse_error"),
        (b'{"note": "\xff"}', 400, "parse_error"),
        ('{"note": "中"}'.encode("gbk"), 400, "parse_error"),
        ('\ufeff{"note": "a"}'.encode(), 400, "parse_error"),
        (b'{"note": "a\nb"}', 400, "parse_error"),
        (b"[" * 5000 + b"]" * 5000, 400, "parse_error"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, 400, "parse_error"),
        (b"[" * 17 + b"]" * 17, 400, "parse_error"),
        (b'{"expected_total_fen": ' + b"9" * 5000 + b"}", 400, "parse_error"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_body_that_is_no_order_is_refused(
    resident: Api, window: OrderWindow, raw: bytes, status: int, code: str
) -> None:
    answer = post(resident, window, raw)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_body_of_2_megabytes_is_refused_at_once(
    resident: Api, window: OrderWindow, offer: str
) -> None:
    line = {"offer": offer, "quantity": 1}
    body = json.dumps({"lines": [line] * 31_000, "expected_total_fen": 390}).encode()
    assert len(body) > 2_000_000
    begun = time.perf_counter()

    answer = post(resident, window, body)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert time.perf_counter() - begun < 1


def test_largest_body_allowed_is_judged_at_once(
    resident: Api, window: OrderWindow, offer: str
) -> None:
    line = {"offer": offer, "quantity": 1}
    body = json.dumps({"lines": [line] * 3_900, "expected_total_fen": 390}).encode()
    assert 250_000 < len(body) < 256 * 1024
    begun = time.perf_counter()

    assert post(resident, window, body).status_code == 400
    assert time.perf_counter() - begun < 1


def test_a_body_of_another_type_is_refused(resident: Api, window: OrderWindow) -> None:
    path = f"/api/v1/windows/{window.public_id}/orders"
    headers = {"idempotency-key": "12345678"}

    form = resident.post(path, {"expected_total_fen": "1"}, headers=headers)
    xml = resident.generic("POST", path, b"<a/>", content_type="text/xml", headers=headers)

    assert [form.status_code, xml.status_code] == [415, 415]
    assert {form.json()["code"], xml.json()["code"]} == {"unsupported_media_type"}
    assert not Order.objects.exists()


def test_a_body_in_chunks_is_refused_instead_of_read_as_empty(
    resident: Api, window: OrderWindow
) -> None:
    path = f"/api/v1/windows/{window.public_id}/orders"
    headers = {"idempotency-key": "12345678", "transfer-encoding": "chunked"}

    answer = resident.generic("POST", path, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=1.0",
        "limit=%EF%BC%91",
        "limit=",
        "limit=a",
        "limit=1&limit=2",
        "cursor=",
        "cursor=abc",
        "cursor=%00",
        "cursor=MA==",
        "cursor=LTE=",
        "cursor=%E4%B8%AD",
        "page=2",
        "format=json",
        "status=weird",
        "status=open&status=all",
        "cursor=" + "OTk5" * 500,
        "limit=1" + "0" * 30,
    ],
)
def test_query_that_is_not_understood_is_refused(resident: Api, query: str) -> None:
    answer = resident.read(f"windows?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == [query.partition("=")[0]]
    assert resident.read("windows?limit=200&status=all").status_code == 200


@pytest.mark.parametrize("path", ["me", "orders", "me/messages"])
def test_query_nobody_asked_for_is_refused_everywhere(resident: Api, path: str) -> None:
    assert resident.read(path).status_code == 200
    refused = resident.read(f"{path}?user=1")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["user"])

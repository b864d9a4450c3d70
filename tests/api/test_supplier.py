"""What a supplier's program sees: the feed, the files over HTTP, the acknowledgement."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Community, User
from config.kernel.audit import AuditEntry
from orders.models import OrderFile, OrderWindow, SupplierOrder
from orders.supply.dropping import drop_order
from orders.supply.releasing import release_cancellation, undo_release
from orders.windows.cancelling import cancel_window
from suppliers.models import Supplier
from tests import factories as make
from tests.api.client import Api, numbers, prepare, release, revise, supplier_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community("宛平南苑", rooms=("101", "102"), address="宛平南路1号")


@pytest.fixture
def organiser(community: Community) -> User:
    return make.make_staff(community)


@pytest.fixture
def supplier(community: Community) -> Supplier:
    return make.make_supplier(community)


@pytest.fixture
def window(community: Community, organiser: User, supplier: Supplier) -> OrderWindow:
    return make.make_window(
        community, organiser=organiser, supplier=supplier, deliver_on=date(2022, 4, 21)
    )


@pytest.fixture
def released(window: OrderWindow, community: Community, organiser: User) -> SupplierOrder:
    make.order(window, make.household(community, "101"), 2, 1)
    make.order(window, make.household(community, "102"), 1)
    return release(prepare(window), organiser)


@pytest.fixture
def client(supplier: Supplier) -> Api:
    return supplier_client(supplier)


def withdraw(order: SupplierOrder) -> None:
    with transaction.atomic():
        undo_release(supplier_order=order, actor=make.SETUP, reason="写错了")
    order.refresh_from_db()


def local(moment: Any) -> str:
    return str((moment + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00"))


def test_feed_tells_of_a_released_order(client: Api, released: SupplierOrder) -> None:
    window = released.window

    body = client.read("supplier/order-files").json()

    [row] = body["results"]
    files = row.pop("files")
    assert row == {
        "number": released.number,
        "revision": 1,
        "status": "released",
        "cancels_all": False,
        "window": window.title,
        "opens_at": local(window.opens_at),
        "closes_at": local(window.closes_at),
        "deliver_on": "2022-04-21",
        "released_at": local(released.released_at),
        "acknowledged_at": None,
        "order_lines": 3,
        "households": 2,
        "pieces": 4,
        "total_fen": 2420,
        "total": "24.20",
        "communities": [
            {
                "name": "宛平南苑",
                "address": "宛平南路1号",
                "households": 2,
                "pieces": 4,
                "total_fen": 2420,
                "total": "24.20",
            }
        ],
    }
    assert (body["next_cursor"], body["has_more"]) == (1, False)
    assert [(file["kind"], file["format"]) for file in files] == [
        ("order", form) for form in ("csv", "json", "pdf", "txt", "xlsx")
    ]
    for file in files:
        url = urlsplit(file["url"])
        answer = client.get(f"{url.path}?{url.query}")
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert len(answer.content) == file["size"]


def test_feed_by_cursor_never_misses_and_never_repeats(
    client: Api, community: Community, organiser: User, supplier: Supplier
) -> None:
    assert client.read("supplier/order-files").json() == {
        "results": [],
        "next_cursor": 0,
        "has_more": False,
    }
    cursor, seen, orders = 0, [], []
    for _turn in range(3):
        window = make.make_window(community, organiser=organiser, supplier=supplier)
        make.order(window, make.household(community), 1)
        orders.append(release(prepare(window), organiser))
        body = client.read(f"supplier/order-files?after={cursor}").json()
        seen.append(numbers(body["results"]))
        cursor = body["next_cursor"]
    withdraw(orders[1])
    changed = client.read(f"supplier/order-files?after={cursor}").json()
    nothing = client.read(f"supplier/order-files?after={changed['next_cursor']}").json()

    assert seen == [[(order.number, 1, "released")] for order in orders]
    assert numbers(changed["results"]) == [(orders[1].number, 1, "withdrawn")]
    assert (nothing["results"], nothing["next_cursor"]) == ([], changed["next_cursor"])
    first = client.read("supplier/order-files?limit=2").json()
    second = client.read(f"supplier/order-files?limit=2&after={first['next_cursor']}").json()
    assert [first["has_more"], second["has_more"]] == [True, False]
    assert [row["number"] for row in first["results"] + second["results"]] == [
        orders[0].number,
        orders[2].number,
        orders[1].number,
    ]


# 1 key with its supplier · 2 revisions with window and community · 3 files · 4 sections
@pytest.mark.parametrize("orders", [1, 3])
def test_feed_makes_4_statements_and_reads_no_bytes(
    client: Api, community: Community, organiser: User, supplier: Supplier, orders: int
) -> None:
    for _turn in range(orders):
        window = make.make_window(community, organiser=organiser, supplier=supplier)
        make.order(window, make.household(community), 1)
        release(prepare(window), organiser)

    with CaptureQueriesContext(connection) as captured:
        body = client.read("supplier/order-files").json()

    assert len(body["results"]) == orders
    assert len(captured) == 4
    assert not any('"content"' in query["sql"] for query in captured)


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=1.5", "limit=0", "since=1", "after=" + "9" * 19]
)
def test_feed_with_a_query_that_is_not_understood_is_refused(client: Api, query: str) -> None:
    answer = client.read(f"supplier/order-files?{query}")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [query.partition("=")[0]])


def test_file_comes_with_its_name_hash_and_type(client: Api, released: SupplierOrder) -> None:
    stored = OrderFile.objects.get(supplier_order=released, format="json")

    answer = client.read(f"supplier/order-files/{released.number}/json", accept="text/html")

    disposition = answer.headers["Content-Disposition"]
    assert answer.status_code == 200
    assert answer.content == bytes(stored.content)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["Content-Type"] == stored.media_type
    assert answer.headers["Content-Length"] == str(stored.size)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Jidan-Revision"] == "1"
    assert answer.headers["Jidan-Status"] == "released"
    assert disposition.startswith(
        f"attachment; filename=\"{released.number}-r1-order.json\"; filename*=UTF-8''"
    )
    assert unquote(disposition.rpartition("''")[2]) == stored.name
    assert json.loads(answer.content.decode("utf-8-sig"))


def test_file_downloaded_is_noted_once(client: Api, released: SupplierOrder) -> None:
    path, rows = f"supplier/order-files/{released.number}/csv", OrderFile.objects.all()
    client.head(f"/api/v1/{path}")
    assert not rows.exclude(downloaded_at=None).exists()

    client.read(path)
    first = rows.exclude(downloaded_at=None).get()
    client.read(path)

    assert first.format == "csv"
    assert rows.exclude(downloaded_at=None).get().downloaded_at == first.downloaded_at


@pytest.mark.parametrize("known", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_file_already_known_is_not_sent_again(
    client: Api, released: SupplierOrder, known: str
) -> None:
    path = f"supplier/order-files/{released.number}/csv"
    etag = f'"{OrderFile.objects.get(format="csv").sha256}"'

    with CaptureQueriesContext(connection) as captured:
        answer = client.read(path, **{"if-none-match": known.format(etag=etag)})

    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert not any('"content"' in query["sql"] for query in captured)
    assert client.read(path, **{"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=5-5", 5, 5),
        ("bytes=3-99999999", 3, None),
        ("bytes=-99999999", 0, None),
        ("Bytes=0-0", 0, 0),
    ],
)
def test_range_answers_206(
    client: Api, released: SupplierOrder, asked: str, first: int, last: int | None
) -> None:
    content = bytes(OrderFile.objects.get(format="csv").content)
    start = first if first >= 0 else len(content) + first
    stop = len(content) - 1 if last is None else last

    answer = client.read(f"supplier/order-files/{released.number}/csv", range=asked)

    assert answer.status_code == 206
    assert answer.content == content[start : stop + 1]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop}/{len(content)}"
    assert answer.headers["Content-Length"] == str(stop - start + 1)


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,3-4", "bytes=5-2", "lines=0-1", "bytes=a-b", "bytes=-", ""]
)
def test_range_that_means_nothing_answers_the_whole(
    client: Api, released: SupplierOrder, asked: str
) -> None:
    answer = client.read(f"supplier/order-files/{released.number}/csv", range=asked)

    assert answer.status_code == 200
    assert answer.content == bytes(OrderFile.objects.get(format="csv").content)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=99999999-999999999", "bytes=-0"])
def test_range_beyond_the_end_answers_416(client: Api, released: SupplierOrder, asked: str) -> None:
    size = OrderFile.objects.get(format="csv").size

    answer = client.read(f"supplier/order-files/{released.number}/csv", range=asked)

    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{size}"
    assert not OrderFile.objects.exclude(downloaded_at=None).exists()


@pytest.mark.parametrize(
    ("condition", "status"),
    [("{etag}", 206), ('"other"', 200), ("W/{etag}", 200), ("Sat, 29 Oct 2022 19:43:31 GMT", 200)],
)
def test_range_only_if_the_bytes_are_the_same(
    client: Api, released: SupplierOrder, condition: str, status: int
) -> None:
    etag = f'"{OrderFile.objects.get(format="csv").sha256}"'
    headers = {"range": "bytes=0-9", "if-range": condition.format(etag=etag)}

    answer = client.read(f"supplier/order-files/{released.number}/csv", **headers)

    assert answer.status_code == status


def test_head_has_the_headers_without_the_bytes(client: Api, released: SupplierOrder) -> None:
    path = f"/api/v1/supplier/order-files/{released.number}/pdf"

    head, whole = client.head(path), client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Disposition", "Accept-Ranges"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    "tail", ["doc", "json?kind=difference", "json?revision=2", "json?revision=2147483647"]
)
def test_file_that_does_not_exist_is_not_found(
    client: Api, released: SupplierOrder, tail: str
) -> None:
    answer = client.read(f"supplier/order-files/{released.number}/{tail}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ["kind=all", "revision=0", "revision=x", "revision=2147483648", "r=1"]
)
def test_file_with_a_query_that_is_not_understood_is_refused(
    client: Api, released: SupplierOrder, query: str
) -> None:
    answer = client.read(f"supplier/order-files/{released.number}/json?{query}")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [query.partition("=")[0]])


def test_withdrawn_order_is_not_given_by_default(client: Api, released: SupplierOrder) -> None:
    withdraw(released)
    path = f"supplier/order-files/{released.number}/csv"

    refused, named = client.read(path), client.read(f"{path}?revision=1")
    late = client.send(f"supplier/orders/{released.number}/acknowledge", {"revision": 1})

    assert (refused.status_code, refused.json()["code"]) == (409, "not_released")
    assert refused.json()["fields"] == {"status": "withdrawn", "current_revision": None}
    assert (named.status_code, named.headers["Jidan-Status"]) == (200, "withdrawn")
    assert (late.status_code, late.json()["fields"]) == (409, refused.json()["fields"])
    released.refresh_from_db()
    assert released.acknowledged_at is None


def test_second_revision_replaces_the_first(
    client: Api, window: OrderWindow, released: SupplierOrder, organiser: User
) -> None:
    cursor = client.read("supplier/order-files").json()["next_cursor"]
    with transaction.atomic():
        drop_order(order=window.orders.order_by("pk")[1], actor=make.SETUP, reason="搬走了")
    second = release(revise(window), organiser)
    path = f"supplier/order-files/{released.number}"

    body = client.read(f"supplier/order-files?after={cursor}").json()
    newest, first = client.read(f"{path}/csv"), client.read(f"{path}/csv?revision=1")
    difference = client.read(f"{path}/xlsx?kind=difference")
    late = client.send(f"supplier/orders/{released.number}/acknowledge", {"revision": 1})
    now = client.send(f"supplier/orders/{released.number}/acknowledge", {"revision": 2})

    assert numbers(body["results"]) == [
        (released.number, 1, "superseded"),
        (released.number, 2, "released"),
    ]
    assert [newest.headers["Jidan-Revision"], first.headers["Jidan-Revision"]] == ["2", "1"]
    assert first.headers["Jidan-Status"] == "superseded"
    assert difference.content == bytes(
        OrderFile.objects.get(supplier_order=second, kind="difference", format="xlsx").content
    )
    assert (late.status_code, late.json()["code"]) == (409, "not_released")
    assert late.json()["fields"] == {"status": "superseded", "current_revision": 2}
    assert (now.status_code, now.json()["revision"]) == (200, 2)


def test_cancelled_round_tells_that_nothing_is_wanted(
    client: Api, window: OrderWindow, released: SupplierOrder
) -> None:
    with transaction.atomic():
        cancel_window(window=window, actor=make.SETUP, reason="下雨")
    zero = revise(window)
    assert client.read(f"supplier/order-files/{zero.number}/csv").status_code == 200
    with transaction.atomic():
        release_cancellation(supplier_order_id=zero.pk)

    last = client.read("supplier/order-files").json()["results"][-1]

    assert (last["revision"], last["status"], last["cancels_all"]) == (2, "released", True)
    assert (last["pieces"], last["total"], last["communities"]) == (0, "0.00", [])


def test_acknowledge_twice_changes_nothing(client: Api, released: SupplierOrder) -> None:
    path = f"supplier/orders/{released.number}/acknowledge"

    first = client.send(path, {"revision": 1}, key="the-same-key")
    repeated = client.send(path, {"revision": 1}, key="the-same-key")
    again = client.send(path, {"revision": 1})

    released.refresh_from_db()
    assert first.status_code == 200
    assert first.json() == {
        "number": released.number,
        "revision": 1,
        "status": "released",
        "acknowledged_at": local(released.acknowledged_at),
    }
    assert repeated.content == first.content
    assert (again.status_code, again.content) == (200, first.content)
    entry = AuditEntry.objects.get(action="supplier_order.acknowledged")
    assert (entry.actor_kind, entry.subject_id) == ("supplier_key", released.pk)
    assert client.read("supplier/order-files").json()["results"][0]["acknowledged_at"] == (
        local(released.acknowledged_at)
    )


@pytest.mark.parametrize(
    "body",
    [{}, {"revision": "1"}, {"revision": True}, {"revision": 0}, {"revision": 1, "status": "x"}],
)
def test_acknowledge_with_wrong_body_is_refused(
    client: Api, released: SupplierOrder, body: dict[str, Any]
) -> None:
    answer = client.send(f"supplier/orders/{released.number}/acknowledge", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    released.refresh_from_db()
    assert released.acknowledged_at is None

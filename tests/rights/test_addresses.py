"""What stands where an id should stand is not found, whatever it is; what is no JSON is no order."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.rights.asking import Asker
from tests.rights.cells import address_of, success_of
from tests.rights.digest import changed, digest
from tests.rights.expectations import ROWS, Row
from tests.rights.world import World

pytestmark = pytest.mark.django_db

WITH_IDS = [row for row in ROWS if "{" in row.route]
WITH_BODY = [row for row in ROWS if row.method in ("POST", "PUT", "PATCH")]
ANYTHING = (
    *("", "0", "1", "-1", "01", "1e3", "9" * 18, "9" * 400, "null", "undefined", "NaN", "*", "%"),
    *(
        ".",
        "..",
        "../",
        "../../../etc/passwd",
        "..\\..\\",
        "%2e%2e%2f",
        "a\x00b",
        "\x00",
        "\r\nX: 1",
    ),
    *("' OR 1=1 --", '"', "`", "${7*7}", "{{7*7}}", "<script>", "楼", "１２３", "\u202e", "\ud83d"),
    *("x" * 10_000, " ", "\t", ";", "#", "?", "a/b", "://", "file:///etc/passwd", "JD220421-17/.."),
)
OF_A_QUERY = (
    *("revision=0", "revision=-1", "revision=1.5", "revision=1e3", f"revision={'9' * 400}"),
    *(f"revision={2**31}", f"revision={2**63}", "revision=%00", "revision=１", "revision=%2B1"),
    *("kind=papers", "kind=", "kind=../order", "kind=order&kind=order", "revision=1&revision=1"),
)


def strange_ids(world: World, right: str) -> list[str]:
    """Ids of all other kinds of objects, numbers of rows, the right id in other spellings, and plain nonsense."""
    offer = world.windows["home_open"].offers.first()
    own = [world.windows["home_open"], world.orders["home_open/102"], world.people["neighbour"]]
    rows: list[Any] = [
        *own,
        world.communities["home"],
        world.orders["home_open/102"].household,
        offer,
    ]
    others = {str(row.public_id) for row in rows if not is_like(row, right)}
    keys = {str(row.pk) for row in (*rows, *world.supplier_orders.values())}
    spellings = {right.upper(), right.lower(), right.replace("-", ""), f"{{{right}}}"}
    spellings |= {f"urn:uuid:{right}", f"{right} ", f" {right}", f"{right}\x00", f"{right}\n"}
    spellings |= {f"{right}.json", right[:-1]}
    return sorted((others | keys | spellings | set(ANYTHING)) - {right})


def is_like(row: Any, public_id: str) -> bool:
    """Of the same kind as what has this id: he may well see that one too."""
    return (
        bool(type(row).objects.filter(public_id=public_id).exists())
        if len(public_id) == 36
        else False
    )


@pytest.mark.parametrize("row", WITH_IDS, ids=str)
def test_strange_id_is_not_found(world: World, clients: dict[str, Asker], row: Row) -> None:
    """For somebody who may do it with the right id, so that nothing else refuses him first."""
    cell, before = success_of(row, world), digest()
    for name, right in cell.target.path.items():
        for strange in strange_ids(world, right):
            spelt = quote(strange, safe="", errors="surrogatepass")
            address = row.route.format(**{**cell.target.path, name: spelt})
            answer = clients[cell.identity].ask(row.method, address, cell.target.body)

            assert answer.status_code == 404, (name, strange, answer.content[:200])
            assert json.loads(answer.content)["code"] == "not_found"
    assert not changed(before, digest())


@pytest.mark.parametrize("query", OF_A_QUERY)
def test_strange_revision_or_kind_is_refused(
    world: World, clients: dict[str, Asker], query: str
) -> None:
    number = world.supplier_orders["home_released/1"].number
    address = f"/api/v1/supplier/order-files/{number}/xlsx?{query}"

    answer = clients["supplier_shop"].ask("GET", address)

    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "invalid")


def test_cursor_of_somebody_else_shows_nothing_of_his(
    world: World, clients: dict[str, Asker]
) -> None:
    """A cursor is a place in a list, not a right."""
    page = json.loads(clients["stranger"].ask("GET", "/api/v1/orders?limit=1").content)

    answer = clients["resident"].ask("GET", f"/api/v1/orders?cursor={page['next_cursor']}")

    own = {str(order.public_id) for name, order in world.orders.items() if "/101" in name}
    shown = {row["id"] for row in json.loads(answer.content)["results"]}
    assert answer.status_code == 200
    assert shown <= own
    assert not any(word in answer.content.decode() for word in world.private["far"])


MEDIA_TYPES = (
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"),
    *("application/xml", "application/octet-stream", "application/jsonx", "text/json", ""),
)


@pytest.mark.parametrize("row", WITH_BODY, ids=str)
def test_another_content_type_is_refused(world: World, clients: dict[str, Asker], row: Row) -> None:
    cell, before = success_of(row, world), digest()
    client = clients[cell.identity]
    address = address_of(cell)
    content = json.dumps(cell.target.body).encode()

    for media_type in MEDIA_TYPES:
        answer: Any = client.generic(
            row.method,
            address,
            content,
            content_type=media_type,
            headers={"idempotency-key": "another-content-type"},
        )

        assert answer.status_code == 415, (media_type, answer.content)
    assert not changed(before, digest())


@pytest.mark.parametrize("row", WITH_BODY, ids=str)
def test_method_cannot_be_put_on(world: World, clients: dict[str, Asker], row: Row) -> None:
    """A header or a member that other frameworks take for the method is nothing here."""
    cell, before = success_of(row, world), digest()
    address = address_of(cell)
    for header in ("x-http-method-override", "x-http-method", "x-method-override"):
        answer = clients[cell.identity].ask("GET", address, **{header: row.method})
        assert answer.status_code in (200, 405)
    assert not changed(before, digest())

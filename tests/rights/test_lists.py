"""Lists show exactly one's own, and files for suppliers nobody's name, phone or room."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pypdfium2
import pytest

from communities.roles import Role
from config.kernel import outbox
from orders.models import OrderFile
from tests.rights import targets
from tests.rights.asking import Asker
from tests.rights.expectations import BUYERS, HOUSEHOLD, ITS_SUPPLIER
from tests.rights.identities import KINDS, LIVES, Kind
from tests.rights.world import (
    OFFICERS,
    RESIDENTS,
    ROOMS,
    STAFF_HERE,
    STAFF_THERE,
    World,
    phone_of,
)

pytestmark = pytest.mark.django_db

ACCOUNTS = sorted(name for name, kind in KINDS.items() if kind == Kind.ACCOUNT)
SUPPLIERS = sorted(name for name, kind in KINDS.items() if kind == Kind.KEY)
FILED = ("home_released/1", "home_revised/2", "joint_released/1", "far_released/1")


@pytest.fixture(scope="module", autouse=True)
def told(clients: dict[str, Asker]) -> None:
    """Everybody has the messages that are on their way."""
    assert outbox.deliver_due() > 10


def read(client: Asker, path: str) -> Any:
    answer = client.ask("GET", f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


@pytest.mark.parametrize("identity", ACCOUNTS)
def test_windows_are_those_of_the_own_communities(
    world: World, clients: dict[str, Asker], identity: str
) -> None:
    by_id = {str(window.public_id): name for name, window in world.windows.items()}
    own = {t.name for t in targets.windows(world) if BUYERS.may(identity, t)}

    shown = [by_id[row["id"]] for row in read(clients[identity], "windows?status=all")["results"]]

    assert sorted(shown) == sorted(own)


@pytest.mark.parametrize("identity", ACCOUNTS)
def test_orders_are_those_of_the_own_households(
    world: World, clients: dict[str, Asker], identity: str
) -> None:
    by_id = {str(order.public_id): name for name, order in world.orders.items()}
    own = {t.name for t in targets.every_order(world) if HOUSEHOLD.may(identity, t)}

    shown = [by_id[row["id"]] for row in read(clients[identity], "orders?limit=200")["results"]]

    assert sorted(shown) == sorted(own)


@pytest.mark.parametrize("identity", sorted(LIVES))
def test_orders_of_a_joint_window_are_those_of_the_own_households(
    world: World, clients: dict[str, Asker], identity: str
) -> None:
    for name in ("joint_home", "joint_far"):
        window = world.windows[name]
        by_id = {str(order.public_id): one for one, order in world.orders.items()}
        own = {
            t.name
            for t in targets.every_order(world)
            if t.name.startswith(f"{name}/") and HOUSEHOLD.may(identity, t)
        }
        if identity == "sister_resident":
            continue
        rows = read(clients[identity], f"windows/{window.public_id}/orders")["results"]

        assert sorted(by_id[row["id"]] for row in rows) == sorted(own)


def test_me_tells_what_one_is_and_where(world: World, clients: dict[str, Asker]) -> None:
    told = {identity: read(clients[identity], "me") for identity in ACCOUNTS}

    for identity, body in told.items():
        assert body["id"] == str(world.people[identity].public_id)
        homes = [f"小区-{home}".replace(" ", " 1号楼 ") for home in LIVES.get(identity, [])]
        assert [_home(one) for one in body["households"]] == homes
        assert [(one["role"], one["place"]["name"]) for one in body["memberships"]] == _roles(
            identity
        )


def _home(one: dict[str, Any]) -> str:
    return f"{one['community']['name']} {one['building']} {one['room']}"


def _roles(identity: str) -> list[tuple[str, str]]:
    if identity in OFFICERS:
        region, role = OFFICERS[identity]
        return [(str(role), f"区域-{region}")]
    if identity in STAFF_HERE:
        return [(str(STAFF_HERE[identity]), "小区-home")]
    if identity in STAFF_THERE:
        return [(str(STAFF_THERE[identity]), "小区-far")]
    # A membership lasts, even if nobody lives at its door any more.
    homes = RESIDENTS[identity] if identity == "empty_flat" else LIVES.get(identity, [])
    return [(str(Role.RESIDENT), f"小区-{home.partition(' ')[0]}") for home in homes]


@pytest.mark.parametrize("identity", ACCOUNTS)
def test_inbox_speaks_of_the_own_orders_only(
    world: World, clients: dict[str, Asker], identity: str
) -> None:
    titles = {window.title: name for name, window in world.windows.items()}
    own = {
        t.name.partition("/")[0] for t in targets.every_order(world) if HOUSEHOLD.may(identity, t)
    }

    place = {"here": "home", "there": "far"}.get(identity.rpartition("_")[2], "")
    decides = identity.startswith(("organiser_", "committee_"))

    told = read(clients[identity], "me/messages?limit=200")["results"]

    to_decide = [row for row in told if row["kind"] == "window.to_decide"]
    rest = [row for row in told if row["kind"] != "window.to_decide"]
    assert {titles[row["data"]["title"]] for row in rest} <= own
    assert [titles[row["data"]["title"]] for row in to_decide] == [f"{place}_held"] * decides
    assert all(row["text"] for row in told)
    # Whoever put it in is told, and whoever lives where it goes.
    assert bool(rest) == (identity in ("resident", "spouse", "neighbour", "stranger"))


@pytest.mark.parametrize("identity", SUPPLIERS)
def test_feed_has_the_suppliers_own_orders(
    world: World, clients: dict[str, Asker], identity: str
) -> None:
    own = {
        (t.path["number"], t.body["revision"], t.state)
        for t in targets.revisions(world)
        if ITS_SUPPLIER.may(identity, t)
    }

    shown = read(clients[identity], "supplier/order-files?limit=200")["results"]

    assert {(row["number"], row["revision"], row["status"]) for row in shown} == own
    assert len(shown) == len(own) > 0


@pytest.mark.parametrize("name", FILED)
def test_files_of_suppliers_have_no_names_phones_or_rooms(world: World, name: str) -> None:
    """Also the difference files. The control: each has its number, and the orders their communities."""
    order, place = world.supplier_orders[name], world.leading(name.partition("/")[0])
    files = list(OrderFile.objects.filter(supplier_order=order).order_by("kind", "format"))
    assert {file.format for file in files} == {"xlsx", "csv", "json", "pdf", "txt"}
    assert any(file.kind == "difference" for file in files) == (name == "home_revised/2")
    for file in files:
        text = text_of(file.format, bytes(file.content))
        people = [f"{place}居民" for place in world.communities] + ["备注", "138****"]
        people += [phone_of(place, room) for place in world.communities for room in ROOMS]

        assert [word for word in people if word in text] == []
        assert re.findall(rf"(?<![\w.-])(?:{'|'.join(ROOMS)})(?![\w.-])", text) == []
        assert str(order.number) in text
        assert file.kind == "difference" or f"小区-{place}" in text


def text_of(form: str, content: bytes) -> str:
    """Everything a reader could find in a file, without line breaks."""
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if "xml" in name)
    if form == "pdf":
        with pypdfium2.PdfDocument(content) as document:
            pages = [page.get_textpage().get_text_bounded() for page in document]
        return "".join(pages).replace("\r", "").replace("\n", "")
    return content.decode("utf-8-sig")

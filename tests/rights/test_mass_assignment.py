"""No request sets what it is not meant to set: each that writes is tried with the name of every column there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.apps import apps

from orders.models import Order
from tests.api.client import wish
from tests.rights.asking import Asker
from tests.rights.cells import address_of, success_of
from tests.rights.digest import changed, digest, rolled_back, rows, written
from tests.rights.expectations import ROWS, Audience, Row, expected
from tests.rights.routes import parameters, request_shape
from tests.rights.world import World

pytestmark = pytest.mark.django_db

ASKED_FOR = [row for row in ROWS if row.audience != Audience.EVERYBODY or row.writes]
WITH_BODY = [row for row in ASKED_FOR if row.method in ("POST", "PUT", "PATCH")]
# What no column is called, but people try.
SUSPECTS = (
    *(
        "pk",
        "actor",
        "by",
        "owner",
        "discount_fen",
        "amount",
        "price",
        "total",
        "paid",
        "household_id",
    ),
    *(
        "expected_total",
        "orders",
        "line",
        "offer_id",
        "released",
        "is_admin",
        "roles",
        "permissions",
    ),
    *(
        "_method",
        "format",
        "__class__",
        "__proto__",
        "constructor",
        "lines[0]",
        "lines.0.price_fen",
    ),
)
# Of Strict: so many unknown members are named in one answer.
AT_ONCE = 20
PLACE = "POST /api/v1/windows/{public_id}/orders"
# What a success writes. "+": new rows, "-": rows that are gone, else columns of old rows.
_NOTED = {"kernel_auditentry": {"+"}, "kernel_idempotencykey": {"+"}}
_SIGNED_OUT = {**_NOTED, "communities_device": {"-"}, "knox_authtoken": {"-"}}
_SIGNED_IN = {
    "kernel_auditentry": {"+"},
    "communities_device": {"+"},
    "knox_authtoken": {"+"},
}
ALLOWED: dict[str, dict[str, set[str]]] = {
    "POST /api/v1/me/messages/read": {"kernel_idempotencykey": {"+"}},
    PLACE: {
        **_NOTED,
        "orders_order": {"+"},
        "orders_orderline": {"+"},
        "orders_offer": {"taken"},
        "orders_windowcommunity": {"last_number"},
    },
    "PUT /api/v1/me": {"kernel_auditentry": {"+"}, "communities_user": {"display_name"}},
    "POST /api/v1/me/phone/code": {"communities_signincode": {"+"}},
    "POST /api/v1/me/phone": {
        "kernel_auditentry": {"+"},
        "communities_inboxmessage": {"+"},
        "communities_resident": {
            *("phone_encrypted", "phone_index", "phone_masked", "phone_confirmed")
        },
        "communities_signincode": {"used_at", "claim"},
    },
    "POST /api/v1/me/joins/{public_id}/withdraw": {
        **_NOTED,
        "communities_joinrequest": {"status", "decided_at", "name"},
    },
    "PUT /api/v1/me/households/{public_id}": {
        **_NOTED,
        "communities_household": {"substitutes"},
    },
    "POST /api/v1/windows/{public_id}/offers/{offer_id}/wait": {
        **_NOTED,
        "orders_waitingwish": {"+"},
        "orders_offer": {"waiting"},
    },
    "POST /api/v1/waiting/{public_id}/leave": {
        **_NOTED,
        "orders_waitingwish": {"status", "ended_at"},
        "orders_offer": {"waiting"},
    },
    # Whom the order is of hears when somebody else of the household changes it.
    "PUT /api/v1/orders/{public_id}": {
        **_NOTED,
        "kernel_outboxmessage": {"+"},
        "orders_order": {"changed_at", "note", "total_fen", "version"},
        "orders_orderline": {"+", "-"},
        "orders_offer": {"taken"},
    },
    "POST /api/v1/orders/{public_id}/cancel": {
        **_NOTED,
        "kernel_outboxmessage": {"+"},
        "orders_order": {"cancelled_at", "reason", "status"},
        "orders_offer": {"taken"},
    },
    "PUT /api/v1/me/mailbox": {
        **_NOTED,
        "communities_mailbox": {"+"},
        "communities_mailmessage": {"+"},
    },
    # A table without an `id`: a changed row is another one.
    "POST /api/v1/me/mailbox/confirm": {**_NOTED, "communities_mailbox": {"+", "-"}},
    "POST /api/v1/me/households": {
        **_NOTED,
        "communities_joinrequest": {"+"},
        "communities_householdcode": {"used"},
    },
    "POST /api/v1/me/devices/{public_id}/revoke": _SIGNED_OUT,
    "POST /api/v1/auth/sign-out": _SIGNED_OUT,
    "POST /api/v1/me/consents": {**_NOTED, "communities_consent": {"+"}},
    "POST /api/v1/me/consents/{purpose}/withdraw": {
        **_NOTED,
        "communities_consent": {"withdrawn_at"},
    },
    "POST /api/v1/me/households/{public_id}/leave": {
        **_NOTED,
        "communities_membership": {"ended_at"},
        "communities_resident": {"left_at"},
        "communities_consent": {"withdrawn_at"},
        "communities_device": {"-"},
        "communities_mailbox": {"-"},
        "communities_mailmessage": {"-"},
        "knox_authtoken": {"-"},
    },
    "POST /api/v1/me/mini-program": {
        "kernel_auditentry": {"+"},
        "communities_miniprogramidentity": {"+"},
    },
    "POST /api/v1/auth/code": {"communities_signincode": {"sends", "phone_encrypted"}},
    "POST /api/v1/auth/token": {
        **_SIGNED_IN,
        "communities_user": {"+"},
        "communities_consent": {"+"},
        "communities_membership": {"+"},
        "communities_resident": {"user_id", "phone_confirmed"},
        "communities_signincode": {"used_at", "claim"},
    },
    "POST /api/v1/auth/mini-program": {**_SIGNED_IN, "communities_inboxmessage": {"+"}},
    "POST /api/v1/join": {
        "kernel_auditentry": {"+"},
        "communities_joinrequest": {"+"},
        "communities_householdcode": {"used"},
    },
    "POST /api/v1/join/{public_id}": {},
    "POST /api/v1/join/{public_id}/withdraw": {
        "kernel_auditentry": {"+"},
        "communities_joinrequest": {
            *("status", "decided_at", "name", "phone_encrypted", "phone_index", "phone_masked")
        },
    },
    "PUT /api/v1/surveys/{public_id}/answer": {
        **_NOTED,
        "orders_surveyreply": {"+"},
        "orders_surveywish": {"+"},
    },
    "POST /api/v1/requests": {**_NOTED, "orders_singlerequest": {"+"}},
    "POST /api/v1/requests/{public_id}/withdraw": {**_NOTED, "orders_singlerequest": {"status"}},
    "POST /api/v1/supplier/requests/{public_id}/answer": {
        **_NOTED,
        "orders_singlerequest": {"status", "stock", "stocked_at"},
    },
    "GET /api/v1/supplier/order-files/{number}/{format}": {"orders_orderfile": {"downloaded_at"}},
    "POST /api/v1/supplier/orders/{number}/acknowledge": {
        **_NOTED,
        "orders_supplierorder": {"acknowledged_at"},
    },
}


def names() -> list[str]:
    """Of every field of every model there is, with and without _id; a new model adds its own."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    columns = {str(getattr(field, "attname", field.name)) for field in fields}
    return sorted(columns | {field.name for field in fields} | set(SUSPECTS))


def batches(of: Sequence[str]) -> list[Sequence[str]]:
    return [of[start : start + AT_ONCE] for start in range(0, len(of), AT_ONCE)]


def openings(
    shape: dict[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Every object inside a body as the schema has it: the members on the way to it, and its own legal members."""
    members = shape.get("properties", {})
    yield path, set(members)
    for name, member in members.items():
        inner = member.get("items", member)
        if "properties" in inner:
            yield from openings(inner, (*path, name))


def with_members(body: Any, path: tuple[str, ...], extra: dict[str, Any]) -> Any:
    """The body with more members in the object at `path`, in each item of a list on the way."""
    if isinstance(body, list):
        return [with_members(item, path, extra) for item in body]
    if not path:
        return {**body, **extra}
    return {**body, path[0]: with_members(body[path[0]], path[1:], extra)}


def inside(fields: Any, path: tuple[str, ...]) -> set[str]:
    """The names that a refusal complains of at `path`, in the first item of a list."""
    for name in path:
        fields = fields[name]
        fields = fields["0"] if isinstance(fields, dict) and "0" in fields else fields
        fields = fields[0] if isinstance(fields, list) else fields
    return set(fields)


@pytest.mark.parametrize("row", WITH_BODY, ids=str)
def test_body_with_any_column_is_refused(world: World, clients: dict[str, Asker], row: Row) -> None:
    cell, before = success_of(row, world), digest()
    tried = 0
    for path, legal in openings(request_shape(row.route, row.method)):
        for some in batches([name for name in names() if name not in legal]):
            body = with_members(cell.target.body, path, dict.fromkeys(some, 1))
            answer = clients[cell.identity].ask(row.method, address_of(cell), body)

            assert answer.status_code == 400, (path, some, answer.content)
            assert inside(json.loads(answer.content)["fields"], path) == set(some)
            tried += len(some)
    assert tried > 200
    assert not changed(before, digest())


@pytest.mark.parametrize("row", ASKED_FOR, ids=str)
def test_address_with_any_column_is_refused(
    world: World, clients: dict[str, Asker], row: Row
) -> None:
    cell, before = success_of(row, world), digest()
    unknown = [name for name in names() if name not in parameters(row.route, row.method)]
    for some in batches(unknown):
        query = "&".join(f"{name}=1" for name in some)
        answer = clients[cell.identity].ask(
            row.method, f"{address_of(cell)}?{query}", cell.target.body
        )

        assert answer.status_code == 400, (some, answer.content)
        assert set(json.loads(answer.content)["fields"]) == set(some)
    assert not changed(before, digest())


@pytest.mark.parametrize("row", [row for row in ASKED_FOR if row.writes], ids=str)
def test_success_writes_nothing_but_its_own(
    world: World, clients: dict[str, Asker], row: Row
) -> None:
    cell, before = success_of(row, world), rows()
    with rolled_back():
        answer = clients[cell.identity].ask(row.method, address_of(cell), cell.target.body)
        changes = written(before, rows())

    assert answer.status_code == expected(cell)[0]
    assert changes == ALLOWED.get(str(row)), f"{row}: say in ALLOWED what it may write"


def test_order_is_the_households_whatever_the_body_says(
    world: World, clients: dict[str, Asker]
) -> None:
    """Who, where and for how much: from the token, the address and the offers."""
    row = next(row for row in WITH_BODY if str(row) == PLACE)
    cell = success_of(row, world)
    with rolled_back():
        answer = clients[cell.identity].ask(row.method, address_of(cell), cell.target.body)
        order = Order.objects.get(public_id=json.loads(answer.content)["id"])
        (line,) = order.lines.all()

        assert (order.household.room, order.placed_by) == ("102", world.people[cell.identity])
        assert (order.status, order.version, order.channel) == ("placed", 1, "rest")
        assert (line.price_fen, order.total_fen) == (line.offer.price_fen, line.offer.price_fen)
    assert cell.identity == "neighbour"


@pytest.mark.parametrize(
    ("identity", "window", "home"),
    [
        ("two_doors", "home_open", "home 103"),
        ("two_places", "joint_home", "home 105"),
        ("two_places", "joint_far", "home 105"),
        ("two_places", "far_open", "far 105"),
    ],
)
def test_order_of_who_has_two_homes_is_for_the_first(
    world: World, clients: dict[str, Asker], identity: str, window: str, home: str
) -> None:
    """The one he joined first of those that buy in the window."""
    row = next(row for row in WITH_BODY if str(row) == PLACE)
    address = row.route.format(public_id=world.windows[window].public_id)
    place, _blank, room = home.partition(" ")
    with rolled_back():
        answer = clients[identity].ask("POST", address, wish(world.windows[window], 1))
        order = Order.objects.get(public_id=json.loads(answer.content)["id"])

        assert (order.community, order.household.room) == (world.communities[place], room)


def test_order_with_an_offer_of_another_window_is_refused(
    world: World, clients: dict[str, Asker]
) -> None:
    """At its right price, alone or beside an offer of the window."""
    before, window = digest(), world.windows["home_open"]
    address = f"/api/v1/windows/{window.public_id}/orders"
    for name, other in world.windows.items():
        if name == "home_open":
            continue
        foreign, own = wish(other, 1), wish(window, 1)
        both = {
            "lines": own["lines"] + foreign["lines"],
            "expected_total_fen": own["expected_total_fen"] + foreign["expected_total_fen"],
        }
        for body in (foreign, both):
            answer = clients["resident"].ask("POST", address, body)
            assert json.loads(answer.content)["code"] == "unknown_offer", name
    assert not changed(before, digest())

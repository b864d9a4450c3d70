"""Windows to order in, released orders to acknowledge, chairs for those who do it, and what came of it."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.idempotency import IdempotencyKey
from orders.models import OrderWindow, SupplierOrder
from suppliers.keys import issue_key
from suppliers.models import Supplier
from tests import factories as make
from tests.faults.races import facts, world
from tests.faults.races.facts import OrderRow
from tests.faults.races.world import Home, Town
from tests.faults.retries.oracle import Stored
from tests.faults.retries.talk import Chair, Record


@dataclass
class Place:
    """Residents order in `window` and never in `other`; suppliers acknowledge `released`."""

    town: Town
    window: OrderWindow
    other: OrderWindow
    released: list[SupplierOrder]
    chairs: list[Chair]
    supplier_chairs: list[Chair]


def found(*, released: int, homes: int = 16, people: int = 3) -> Place:
    """By the verbs."""
    town = world.found(homes=homes, people=people)
    window, other = (
        make.make_window(
            town.communities[0],
            supplier=make.make_supplier(*town.communities, prices_fen=(390, 1250, 100, 2000)),
            organiser=town.organiser,
            offers=[{"cap": 100_000}],
            others=town.communities[1:],
        )
        for _window in range(2)
    )
    supplier = make.make_supplier(town.communities[0])
    orders = [_released(town, supplier) for _order in range(released)]
    return Place(
        town=town,
        window=window,
        other=other,
        released=orders,
        chairs=_chairs(town, window),
        supplier_chairs=_supplier_chairs(supplier, orders),
    )


def _released(town: Town, supplier: Supplier) -> SupplierOrder:
    window = make.make_window(town.communities[0], supplier=supplier, organiser=town.organiser)
    make.order(window, make.household(town.communities[0], "0"), 1)
    return make.release(window, town.organiser)


def _chairs(town: Town, window: OrderWindow) -> list[Chair]:
    """Each person of each home, beside a stranger from the next one."""
    menu = tuple((str(offer.public_id), offer.price_fen) for offer in make.offers_of(window))
    homes = [home for row in town.homes for home in row]
    return [
        _chair(home, homes[(number + 1) % len(homes)], person, window, menu)
        for number, home in enumerate(homes)
        for person in range(len(home.people))
    ]


def _chair(
    home: Home, next_door: Home, person: int, window: OrderWindow, menu: tuple[tuple[str, int], ...]
) -> Chair:
    own, stranger = home.people[person], next_door.people[person]
    return Chair(
        principal=f"user:{own.user}",
        authorization=f"Bearer {own.token}",
        stranger=f"user:{stranger.user}",
        stranger_authorization=f"Bearer {stranger.token}",
        target=str(window.public_id),
        other_target=str(uuid.uuid4()),
        menu=menu,
    )


def _supplier_chairs(supplier: Supplier, orders: Sequence[SupplierOrder]) -> list[Chair]:
    stranger = make.make_supplier()
    with transaction.atomic():
        texts = [
            issue_key(supplier=each, label="", actor=make.SETUP, at=clock.now())[1]
            for each in (supplier, stranger)
        ]
    return [
        Chair(
            principal=f"supplier:{supplier.pk}",
            authorization=f"Supplier {texts[0]}",
            stranger=f"supplier:{stranger.pk}",
            stranger_authorization=f"Supplier {texts[1]}",
            target=order.number,
            other_target=orders[number - 1].number,
        )
        for number, order in enumerate(orders)
    ]


def stored() -> Stored:
    return {
        (row.principal, row.key): (row.status, bytes(row.body))
        for row in IdempotencyKey.objects.all()
    }


def wrong_effects(place: Place, records: Sequence[Record]) -> Iterator[str]:
    """Every accepted command left its traces, once; no other left any."""
    seen = facts.read(place.window.pk, prefix="none")
    if facts.read(place.other.pk, prefix="none").orders:
        yield "somebody ordered in a window that nobody was accepted in"
    accepted: dict[str, list[Record]] = {}
    for record in records:
        if record.success is not None and record.kind != "acknowledge":
            order = json.loads(record.success.body)["id"]
            accepted.setdefault(order, []).append(record)
    rows = {order.id: order for order in seen.orders}
    if rows.keys() != accepted.keys():
        yield f"accepted orders {len(accepted)}, there are {len(rows)}"
    menu = {str(o.public_id): n for n, o in enumerate(make.offers_of(place.window))}
    for order in rows.keys() & accepted.keys():
        yield from _wrong_order(rows[order], accepted[order], menu)
    changes = sum(order.version - 1 for order in seen.orders)
    ended = sum(not order.is_live for order in seen.orders)
    expected = {"order.placed": len(rows), "order.changed": changes, "order.cancelled": ended}
    if seen.deeds != +Counter(expected):
        yield f"written down {dict(seen.deeds)}, done {expected}"
    yield from _wrong_acknowledgements(place, records)


def _wrong_order(order: OrderRow, records: Sequence[Record], menu: dict[str, int]) -> Iterator[str]:
    """A chain places, changes and cancels in this order."""
    kinds = Counter(record.kind for record in records)
    if (kinds["place"], kinds["change"] + 1) != (1, order.version):
        yield f"order {order.id} has version {order.version} after {dict(kinds)}"
    if kinds["cancel"] != (not order.is_live):
        yield f"order {order.id} is {order.status} after {dict(kinds)}"
    body = [record.body for record in records if record.kind != "cancel"][-1]
    lines = {menu[one["offer"]]: (one["quantity"], one["tolerance"]) for one in body["lines"]}
    if order.lines != lines:
        yield f"order {order.id} has {order.lines}, accepted was {lines}"


def _wrong_acknowledgements(place: Place, records: Sequence[Record]) -> Iterator[str]:
    accepted = {
        record.path.split("/")[-2]
        for record in records
        if record.kind == "acknowledge" and record.success
    }
    entries = AuditEntry.objects.filter(action="supplier_order.acknowledged")
    numbers = dict(SupplierOrder.objects.values_list("pk", "number"))
    done = Counter(numbers[pk] for pk in entries.values_list("subject_id", flat=True))
    if done != Counter(accepted):
        yield f"acknowledged {done}, accepted {sorted(accepted)}"

"""Many open windows with a few orders each: one made by the verbs, the others its copies, row for row."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from orders.models import Offer, Order, OrderLine, OrderWindow, WindowCommunity
from tests import factories as make

Row = TypeVar("Row", bound=Model)
ROOMS = ("101", "102", "201", "202")


def windows(count: int) -> list[int]:
    """Ids; the copies have everything the first one has, the entries of the audit on its orders included."""
    community = make.make_community(rooms=ROOMS)
    buyers = [make.make_resident(community, room) for room in ROOMS]
    first = make.make_window(
        community,
        supplier=make.make_supplier(community, prices_fen=(390, 1250, 100, 2000)),
        offers=[{"cap": 100}, {"household_limit": 4}],
    )
    for number, buyer in enumerate(buyers):
        home = make.household(community, ROOMS[number])
        make.order(first, home, 1, number % 3, 2, actor=Actor("user", buyer.pk))
    first.refresh_from_db()
    with transaction.atomic():
        return [first.pk, *_copies(first, count - 1)]


def set_cutoffs(cutoffs: dict[int, datetime]) -> None:
    """Window id → closes_at."""
    rows = list(OrderWindow.objects.filter(pk__in=cutoffs))
    for row in rows:
        row.closes_at = cutoffs[row.pk]
    OrderWindow.objects.bulk_update(rows, ["closes_at"])


def set_opening_and_cutoff_an_hour_back(ids: Sequence[int]) -> None:
    """The orders were placed before it."""
    moment = clock.database_now()
    rows = OrderWindow.objects.filter(pk__in=ids)
    rows.update(opens_at=moment - timedelta(hours=3), closes_at=moment - timedelta(hours=1))
    placed = moment - timedelta(hours=2)
    Order.objects.filter(window__in=ids).update(placed_at=placed, wished_at=placed)


def all_ids() -> list[int]:
    return list(OrderWindow.objects.order_by("pk").values_list("pk", flat=True))


def _copies(first: OrderWindow, count: int) -> list[int]:
    made = OrderWindow.objects.bulk_create(
        _copy(first, public_id=uuid.uuid4(), number=first.number + n) for n in range(1, count + 1)
    )
    joined = _of(WindowCommunity, first)
    WindowCommunity.objects.bulk_create(_copy(row, window=w) for w in made for row in joined)
    offers = _of(Offer, first)
    new_offers = _each(Offer, offers, made)
    orders = _of(Order, first)
    new_orders = _each(Order, orders, made)
    lines = _of(OrderLine, first)
    OrderLine.objects.bulk_create(
        _copy(
            line,
            window=window,
            offer=new_offers[window.pk, line.offer_id],
            order=new_orders[window.pk, line.order_id],
        )
        for window in made
        for line in lines
    )
    _copy_audit(orders, made, new_orders)
    return [window.pk for window in made]


def _of(model: type[Row], window: OrderWindow) -> list[Row]:
    return list(model._default_manager.filter(window=window).order_by("pk"))


def _each(
    model: type[Row], rows: Sequence[Row], windows_: Iterable[OrderWindow]
) -> dict[tuple[int, int], Row]:
    """(window, row that was copied) → copy."""
    keys = [(window, row) for window in windows_ for row in rows]
    made = model._default_manager.bulk_create(
        _copy(row, window=window, public_id=uuid.uuid4()) for window, row in keys
    )
    return {(w.pk, row.pk): new for (w, row), new in zip(keys, made, strict=True)}


def _copy_audit(
    orders: Sequence[Order], made: Sequence[OrderWindow], new: dict[tuple[int, int], Order]
) -> None:
    ids = [order.pk for order in orders]
    entries = list(AuditEntry.objects.filter(subject_kind="order", subject_id__in=ids))
    AuditEntry.objects.bulk_create(
        _copy(entry, subject_id=new[window.pk, entry.subject_id].pk)
        for window in made
        for entry in entries
    )


def _copy(row: Row, **changes: Any) -> Row:
    made = copy.copy(row)
    made._state = copy.copy(row._state)
    made._state.adding, made._state.fields_cache = True, {}
    made.pk = None
    for name, value in changes.items():
        setattr(made, name, value)
    return made

"""A client's side of the API: bearer tokens, keys, bodies as JSON. Nothing is checked here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.db import transaction
from django.test import Client

from communities.models import User
from communities.tokens import issue_token
from config.kernel import clock
from orders.consolidation.consolidating import consolidate
from orders.files.rendering import render_files
from orders.models import OrderWindow, SupplierOrder
from orders.supply.releasing import check_order, release_order
from orders.windows.closing import close_window
from suppliers.keys import issue_key
from suppliers.models import Supplier
from tests import factories as make

_keys = count(1)


class Api(Client):
    """Answers of the server, also to its own errors."""

    def __init__(self, authorization: str = "", **headers: str) -> None:
        given = {"authorization": authorization} if authorization else {}
        super().__init__(headers={**given, **headers}, raise_request_exception=False)

    def read(self, path: str, **headers: str) -> Any:
        return self.get(f"/api/v1/{path}", headers=headers)

    def send(self, path: str, body: Any, *, key: str | None = None, method: str = "POST") -> Any:
        """`key` None: a new one; empty: none at all. `body` may be bytes."""
        key = f"key-{next(_keys):08d}" if key is None else key
        return self.generic(
            method,
            f"/api/v1/{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={"idempotency-key": key} if key else {},
        )


def signed_in(user: User, **headers: str) -> Api:
    with transaction.atomic():
        return Api(f"Bearer {issue_token(user=user, actor=make.SETUP)}", **headers)


def supplier_client(supplier: Supplier, **headers: str) -> Api:
    with transaction.atomic():
        _key, text = issue_key(supplier=supplier, label="", actor=make.SETUP, at=clock.now())
    return Api(f"Supplier {text}", **headers)


def wish(window: OrderWindow, *quantities: int, **members: Any) -> dict[str, Any]:
    """A body that orders quantities[i] of the i-th offer (0: none) at the right total."""
    chosen = [
        (offer, quantity)
        for offer, quantity in zip(make.offers_of(window), quantities, strict=False)
        if quantity
    ]
    return {
        "lines": [{"offer": str(o.public_id), "quantity": quantity} for o, quantity in chosen],
        "expected_total_fen": sum(o.price_fen * quantity for o, quantity in chosen),
        **members,
    }


def prepare(window: OrderWindow) -> SupplierOrder:
    """The cutoff passes; the consolidated order with its files, nothing released."""
    make.pass_cutoff(window)
    with transaction.atomic():
        close_window(window_id=window.pk)
    return revise(window)


def revise(window: OrderWindow) -> SupplierOrder:
    """The revision that the demand asks for now, with its files."""
    window.refresh_from_db()
    with transaction.atomic():
        order = consolidate(window_id=window.pk, revision=window.demand_revision)
    assert order is not None
    render_files(order.pk)
    order.refresh_from_db()
    return order


def release(order: SupplierOrder, by: User) -> SupplierOrder:
    with transaction.atomic():
        check_order(supplier_order=order, actor=by)
    order.refresh_from_db()
    with transaction.atomic():
        release_order(supplier_order=order, actor=by)
    order.refresh_from_db()
    return order


def numbers(rows: Sequence[dict[str, Any]]) -> list[tuple[str, int, str]]:
    return [(row["number"], row["revision"], row["status"]) for row in rows]

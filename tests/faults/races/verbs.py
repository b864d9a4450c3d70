"""A client without HTTP: the command of the API's edge and the verb, in this process, on a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection
from django.http import HttpResponse
from rest_framework.response import Response

from config.kernel.api.answers import handle_exception
from config.kernel.api.command import command
from config.kernel.audit import Actor
from orders.api.receipts import cancelled_receipt, receipt
from orders.models import Order
from orders.placing.placing import cancel_order, change_order, place_order
from orders.placing.wishes import Wish
from tests.faults.races.http import method_and_path
from tests.faults.races.talk import Answer, Request, Seat

# Around each statement of Django: (execute, sql, params, many, context) → result.
Wrapper = Callable[..., Any]
# What a child puts around every statement of every client (controls, dawdling).
wrappers: list[Wrapper] = []


class Desk:
    """The views of orders/api/resident.py without tokens and serializers."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._actor = Actor("user", seat.user)

    @command
    def place(self, request: Any) -> Response:
        placed = place_order(
            window_id=self._seat.window_id,
            community_id=self._seat.community,
            household_id=self._seat.household,
            actor=self._actor,
            **_wanted(request.data),
        )
        return Response(receipt(placed), status=201)

    @command
    def change(self, request: Any) -> Response:
        order = Order.objects.select_related("window").get(public_id=request.order)
        return Response(
            receipt(change_order(order=order, actor=self._actor, **_wanted(request.data)))
        )

    @command
    def cancel(self, request: Any) -> Response:
        order = Order.objects.select_related("window").get(public_id=request.order)
        cancel_order(order=order, actor=self._actor)
        return Response(cancelled_receipt(order))


def _wanted(body: dict[str, Any]) -> dict[str, Any]:
    wishes = [
        Wish(UUID(line["offer"]), line["quantity"], line["tolerance"]) for line in body["lines"]
    ]
    return {"wishes": wishes, "expected_total_fen": body["expected_total_fen"]}


class VerbWire:
    """The first of several copies runs in the caller's thread, the others in threads of their own."""

    def __init__(self, seat: Seat) -> None:
        self._desk = Desk(seat)
        self._user = seat.user

    def ask(self, request: Request, *, copies: int = 1, deaf: int = 0) -> list[Answer]:
        if copies == 1:
            answers = [self._ask(request)]
        else:
            with ThreadPoolExecutor(copies - 1) as pool:
                others = [pool.submit(self._ask_elsewhere, request) for _copy in range(1, copies)]
                answers = [self._ask(request), *(other.result() for other in others)]
        return [
            Answer(answer.sent, answer.heard) if number < deaf else answer
            for number, answer in enumerate(answers)
        ]

    def _ask_elsewhere(self, request: Request) -> Answer:
        try:
            return self._ask(request)
        finally:
            connection.close()

    def _ask(self, request: Request) -> Answer:
        # As Django does at the beginning of a request: a connection of yesterday is looked at before it is used.
        close_old_connections()
        sent = time.time()
        try:
            with wrapped():
                answer: HttpResponse = getattr(self._desk, request.kind)(self._as_seen(request))
        except Exception as error:
            refused = handle_exception(error, {})
            if refused is None:
                raise
            body = refused.data if isinstance(refused.data, dict) else {}
            text = f'{{"code": "{body.get("code")}"}}'.encode()
            return Answer(sent, time.time(), refused.status_code, text)
        replayed = answer.headers.get("Idempotent-Replayed") == "true"
        return Answer(sent, time.time(), answer.status_code, answer.content, replayed)

    def _as_seen(self, request: Request) -> Any:
        method, path = method_and_path(request)
        return SimpleNamespace(
            method=method,
            path=path,
            headers={"Idempotency-Key": request.key},
            data=dict(request.body),
            auth=None,
            user=SimpleNamespace(pk=self._user),
            order=request.target,
        )

    def close(self) -> None:
        """The thread keeps its connection for the next race."""


@contextmanager
def wrapped() -> Iterator[None]:
    """This thread's statements go through `wrappers`."""
    with ExitStack() as stack:
        for wrapper in wrappers:
            stack.enter_context(connection.execute_wrapper(wrapper))
        yield

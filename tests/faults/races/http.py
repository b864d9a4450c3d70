"""A client over HTTP."""

from __future__ import annotations

import json

from tests.faults.phone import Phone
from tests.faults.races.talk import Answer, Request, Seat

_PATHS = {"place": "windows/{}/orders", "change": "orders/{}", "cancel": "orders/{}/cancel"}


def method_and_path(request: Request) -> tuple[str, str]:
    method = "PUT" if request.kind == "change" else "POST"
    return method, "/api/v1/" + _PATHS[request.kind].format(request.target)


class HttpWire:
    """`address`: http://host:port."""

    def __init__(self, seat: Seat, address: str) -> None:
        self._phone = Phone(address, f"Bearer {seat.token}")

    def ask(self, request: Request, *, copies: int = 1, deaf: int = 0) -> list[Answer]:
        method, path = method_and_path(request)
        body = json.dumps(request.body).encode()
        replies = self._phone.ask(method, path, body, key=request.key, copies=copies, deaf=deaf)
        return [
            Answer(reply.sent, reply.heard, reply.status, reply.body, reply.is_replayed)
            for reply in replies
        ]

    def close(self) -> None:
        self._phone.close()

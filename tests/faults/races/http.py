"""A client over HTTP: a connection of his own, kept open; one more for each copy of a request."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from tests.faults.races.talk import PATIENCE, Answer, Request, Seat

_PATHS = {"place": "windows/{}/orders", "change": "orders/{}", "cancel": "orders/{}/cancel"}


def method_and_path(request: Request) -> tuple[str, str]:
    method = "PUT" if request.kind == "change" else "POST"
    return method, "/api/v1/" + _PATHS[request.kind].format(request.target)


class HttpWire:
    """`address`: http://host:port."""

    def __init__(self, seat: Seat, address: str) -> None:
        url = urlsplit(address)
        self._where = (str(url.hostname), int(url.port or 80))
        self._headers = {
            "Authorization": f"Bearer {seat.token}",
            "Content-Type": "application/json",
            "Accept-Language": "en",
        }
        self._kept: HTTPConnection | None = None

    def ask(self, request: Request, *, copies: int = 1, deaf: int = 0) -> list[Answer]:
        """All are sent before the first answer is read."""
        sent = [self._send(request) for _copy in range(copies)]
        return [
            self._hang_up(*one) if number < deaf else self._hear(*one)
            for number, one in enumerate(sent)
        ]

    def _send(self, request: Request) -> tuple[HTTPConnection, float]:
        line, self._kept = self._kept, None
        line = line or HTTPConnection(*self._where, timeout=PATIENCE)
        method, path = method_and_path(request)
        sent = time.time()
        try:
            line.request(
                method,
                path,
                json.dumps(request.body).encode(),
                {**self._headers, "Idempotency-Key": request.key},
            )
        except (OSError, HTTPException):
            # Reading fails too, and says so.
            line.close()
        return line, sent

    def _hear(self, line: HTTPConnection, sent: float) -> Answer:
        try:
            answer = line.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            line.close()
            return Answer(sent, time.time())
        heard = time.time()
        if self._kept is None and not answer.will_close:
            self._kept = line
        else:
            line.close()
        replayed = answer.headers.get("Idempotent-Replayed") == "true"
        return Answer(sent, heard, answer.status, body, replayed)

    def _hang_up(self, line: HTTPConnection, sent: float) -> Answer:
        line.close()
        return Answer(sent, time.time())

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()

"""A resident's phone: the REST API from the client's side, bad lines included."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from seeds.demo.failing import DemoFailed

_SECONDS = 30
_TRIES = 40


class Unexpected(DemoFailed):
    """An answer that does not belong to the story."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the menu says; the price in fen."""

    id: str
    name: str
    category: str
    price_fen: int


# By name, in the order of the menu.
Menu = dict[str, Offer]


@dataclass
class Phone:
    """Signs in with a resident's token. `busy` counts answers that asked to come again."""

    address: str
    token: str
    busy: int = 0
    _session: requests.Session = field(default_factory=requests.Session)

    def read_menu(self, window: str) -> Menu:
        """Find the round among the open ones and read what it offers. Raises Unexpected."""
        listed = expect(self.get("/windows"), 200).json()["results"]
        if window not in [row["id"] for row in listed]:
            raise Unexpected(f"{window} is not listed")
        body = expect(self.get(f"/windows/{window}"), 200).json()
        return {
            row["name"]: Offer(row["id"], row["name"], row["category"], row["price_fen"])
            for row in body["offers"]
        }

    def get(self, path: str) -> requests.Response:
        return self._call("GET", path, {})

    def send(
        self, method: str, path: str, body: Mapping[str, Any], *, key: str = ""
    ) -> requests.Response:
        """A command; where the server says that it is busy, again under the same key."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        for _ in range(_TRIES):
            answer = self._call(method, path, headers, body)
            if "Retry-After" not in answer.headers:
                return answer
            self.busy += 1
            time.sleep(min(1.0, float(answer.headers["Retry-After"])))
        raise Unexpected(f"busy for too long: {answer.text}")

    def send_and_hang_up(self, path: str, body: Mapping[str, Any], *, key: str) -> None:
        """POST, and break the line before the answer: what became of it, only a repeat tells."""
        parts = urlsplit(self.address)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        line.request("POST", f"/api/v1{path}", json.dumps(body).encode(), headers)
        line.close()

    def _call(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> requests.Response:
        return self._session.request(
            method,
            f"{self.address}/api/v1{path}",
            headers={"Authorization": f"Bearer {self.token}", **headers},
            json=body,
            timeout=_SECONDS,
        )


def expect(answer: requests.Response, status: int) -> requests.Response:
    """The answer, if it has this status. Raises Unexpected."""
    if answer.status_code != status:
        raise Unexpected(f"{answer.status_code} {answer.text} instead of {status}")
    return answer

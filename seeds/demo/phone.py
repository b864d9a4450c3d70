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
from seeds.demo.sessions import direct

_SECONDS = 30
_TRIES = 40


class Unexpected(DemoFailed):
    """An answer that does not belong to the story."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the menu says: the price in fen, the short number."""

    id: str
    name: str
    category: str
    price_fen: int
    number: int = 0


# By name, in the order of the menu.
Menu = dict[str, Offer]


@dataclass
class Phone:
    """Signs in with a resident's token.

    Where the line breaks or the server says that it is busy, it asks again, commands under the same key: `repeats`
    counts that.
    """

    address: str
    token: str
    repeats: int = 0
    _session: requests.Session = field(default_factory=direct)

    def read_menu(self, window: str) -> Menu:
        """Find the round among the open ones and read what it offers. Raises Unexpected."""
        listed = expect(self.get("/windows"), 200).json()["results"]
        if window not in [row["id"] for row in listed]:
            raise Unexpected(f"{window} is not listed")
        body = expect(self.get(f"/windows/{window}"), 200).json()
        return {
            row["name"]: Offer(
                row["id"], row["name"], row["category"], row["price_fen"], row["short_number"]
            )
            for row in body["offers"]
        }

    def get(self, path: str) -> requests.Response:
        return self._call("GET", path, {})

    def send(
        self, method: str, path: str, body: Mapping[str, Any], *, key: str = ""
    ) -> requests.Response:
        """A command. Raises Unexpected."""
        return self._call(method, path, {"Idempotency-Key": key or str(uuid.uuid4())}, body)

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
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        url = f"{self.address}/api/v1{path}"
        for _ in range(_TRIES):
            try:
                answer = self._session.request(
                    method, url, headers=headers, json=body, timeout=_SECONDS
                )
            except requests.ConnectionError:  # kept alive by us, closed by the server just now
                pause = 0.1
            else:
                if "Retry-After" not in answer.headers:
                    return answer
                pause = min(1.0, float(answer.headers["Retry-After"]))
            self.repeats += 1
            time.sleep(pause)
        raise Unexpected(f"no answer to {method} {path} after {_TRIES} tries")


def expect(answer: requests.Response, status: int) -> requests.Response:
    """The answer, if it has this status. Raises Unexpected."""
    if answer.status_code != status:
        raise Unexpected(f"{answer.status_code} {answer.text} instead of {status}")
    return answer

"""How people reach the program: a telephone with the API at its end, a browser with a session at the console.

Both have `ask` of tests.faults.phone, over HTTP or (`Near…`) straight into Django in this process. What they ask is
written into the book, and asked again until they know what became of it.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from tests.faults.book import Book
from tests.faults.phone import Phone, Reply
from tests.faults.retries.talk import is_definite

# Seconds for which somebody asks again: on a busy machine the database needs a minute to come back.
_PATIENCE = 180.0
_FORM = "application/x-www-form-urlencoded"
# As Django makes one; a form carries the same as the cookie.
_CSRF = "f" * 32


class Line(Protocol):
    def ask(
        self, method: str, path: str, body: bytes, *, key: str, copies: int = 1, deaf: int = 0
    ) -> list[Reply]: ...

    def close(self) -> None: ...


class NearPhone:
    """`Phone` without a server: copies are asked at once, each in a thread of its own."""

    def __init__(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> None:
        self._headers, self._cookies = dict(headers), cookies

    def ask(
        self, method: str, path: str, body: bytes, *, key: str, copies: int = 1, deaf: int = 0
    ) -> list[Reply]:
        if copies == 1:
            replies = [self._ask(method, path, body, key)]
        else:
            with ThreadPoolExecutor(copies) as pool:
                asked = [
                    pool.submit(self._alone, method, path, body, key) for _copy in range(copies)
                ]
            replies = [each.result() for each in asked]
        return [
            Reply(one.sent, one.heard) if number < deaf else one
            for number, one in enumerate(replies)
        ]

    def _alone(self, method: str, path: str, body: bytes, key: str) -> Reply:
        try:
            return self._ask(method, path, body, key)
        finally:
            connection.close()

    def _ask(self, method: str, path: str, body: bytes, key: str) -> Reply:
        client, sent = Client(raise_request_exception=False), time.time()
        client.cookies.load(dict(self._cookies))
        headers = {**self._headers, "Idempotency-Key": key}
        media_type = headers.pop("Content-Type")
        answer = client.generic(method, path, body, content_type=media_type, headers=headers)
        told = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(sent, time.time(), answer.status_code, answer.content, told)

    def close(self) -> None:
        """There is nothing."""


def phone(address: str, authorization: str = "") -> Line:
    """`address`: of web; empty: in this process. Without `authorization` nobody is signed in yet."""
    if address:
        return Phone(address, authorization)
    headers = {"Authorization": authorization} if authorization else {}
    return NearPhone({**headers, "Content-Type": "application/json"}, {})


def browser(address: str, user_id: int) -> Line:
    """Signed in at the console."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user_id))
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.CSRF_COOKIE_NAME: _CSRF,
    }
    if not address:
        return NearPhone({"Content-Type": _FORM}, cookies)
    line = Phone(address, "")
    line.headers |= {
        "Content-Type": _FORM,
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    return line


class Mouth:
    """One person at one line, with his habits: `rng` says when he hangs up too early or presses twice."""

    def __init__(self, line: Line, book: Book, rng: random.Random, *, principal: str = "") -> None:
        self._line, self._book, self._rng = line, book, rng
        self._principal = principal
        # When it was sent, and its status.
        self.said: list[tuple[float, int]] = []

    def ask(self, method: str, path: str, body: Mapping[str, Any], *, key: str = "") -> Reply:
        """Until there is a definite answer; a command without a key is not for the book. Raises TimeoutError."""
        if key:
            self._book.ask(
                key, principal=self._principal, method=method, path=f"/{path}", body=body
            )
        raw = b"" if method == "GET" else json.dumps(body).encode()
        return self._insist(method, f"/api/v1/{path}", raw, key)

    def press(self, path: str, fields: Mapping[str, str]) -> Reply:
        """A button of the console, again while the server is away. Raises TimeoutError."""
        raw = urlencode({**fields, "csrfmiddlewaretoken": _CSRF}).encode()
        return self._insist("POST", path, raw, "")

    def _insist(self, method: str, path: str, raw: bytes, key: str) -> Reply:
        copies, deaf = self._rng.choice(((0, 0), (0, 0), (1, 1), (2, 1), (3, 2), (2, 2)))
        if copies:
            self._once(method, path, raw, key, copies=copies, deaf=deaf)
        deadline = time.monotonic() + _PATIENCE
        while True:
            reply = self._once(method, path, raw, key)[0]
            if is_definite(reply):
                return reply
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path}: {reply.status} {reply.body[:200]!r}")
            time.sleep(self._rng.uniform(0.02, 0.2))

    def _once(
        self, method: str, path: str, raw: bytes, key: str, *, copies: int = 1, deaf: int = 0
    ) -> list[Reply]:
        replies = self._line.ask(method, path, raw, key=key, copies=copies, deaf=deaf)
        for reply in replies:
            self.said.append((reply.sent, reply.status))
            if key:
                told = (reply.status, reply.body) if reply.status else None
                self._book.hear(key, told)
        return replies

    def close(self) -> None:
        self._line.close()


class Barrier:
    """Several people do the same at one moment; who waits too long goes alone."""

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties, timeout=3)

    def wait(self) -> None:
        try:
            self._barrier.wait()
        except threading.BrokenBarrierError:
            return

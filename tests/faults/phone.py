"""A client over HTTP who may send a request several times at once and hang up before the answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

# Seconds: longer than a lock, a restart of the database and both together.
PATIENCE = 30.0


@dataclass(frozen=True)
class Reply:
    """`sent` and `heard`: seconds of this machine's clock, which is the database's too. `status` 0: the line broke, or
    nobody listened. Names of `headers` are in small letters.
    """

    sent: float
    heard: float
    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_replayed(self) -> bool:
        return self.headers.get("idempotent-replayed") == "true"


class Phone:
    """`address`: http://host:port; `authorization`: the header. One connection is kept open, each further copy of a
    request has one of its own. `headers` go with every request.
    """

    def __init__(self, address: str, authorization: str) -> None:
        url = urlsplit(address)
        self._where = (str(url.hostname), int(url.port or 80))
        self.headers = {
            "Authorization": authorization,
            "Content-Type": "application/json",
            "Accept-Language": "en",
        }
        self._kept: HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: bytes, *, key: str, copies: int = 1, deaf: int = 0
    ) -> list[Reply]:
        """All copies are sent before the first answer is read; of the first `deaf` of them nothing is heard."""
        sent = [self._send(method, path, body, key) for _copy in range(copies)]
        return [
            self._hang_up(*one) if number < deaf else self._hear(*one)
            for number, one in enumerate(sent)
        ]

    def _send(self, method: str, path: str, body: bytes, key: str) -> tuple[HTTPConnection, float]:
        line, self._kept = self._kept, None
        line = line or HTTPConnection(*self._where, timeout=PATIENCE)
        sent = time.time()
        try:
            line.request(method, path, body, {**self.headers, "Idempotency-Key": key})
        except (OSError, HTTPException):
            # Reading fails too, and says so.
            line.close()
        return line, sent

    def _hear(self, line: HTTPConnection, sent: float) -> Reply:
        try:
            answer = line.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            line.close()
            return Reply(sent, time.time())
        heard = time.time()
        if self._kept is None and not answer.will_close:
            self._kept = line
        else:
            line.close()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(sent, heard, answer.status, body, headers)

    def _hang_up(self, line: HTTPConnection, sent: float) -> Reply:
        line.close()
        return Reply(sent, time.time())

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()

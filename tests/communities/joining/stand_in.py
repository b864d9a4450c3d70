"""Servers of others, played on this machine: a mini-program's and an SMS gateway, as strict as the real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.serving import serving

APP_ID, SECRET, TOKEN = "wx0123456789abcdef", "secret-of-the-program", "token-of-the-gateway"


@dataclass
class StandIn:
    """`messages`: what the gateway took. `fails`: so many times it answers 500 before it takes one."""

    root: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    fails: int = 0

    @property
    def settings(self) -> dict[str, str]:
        return {
            "MINI_PROGRAM_APP_ID": APP_ID,
            "MINI_PROGRAM_SECRET": SECRET,
            "MINI_PROGRAM_URL": f"{self.root}/sns/jscode2session",
            "CODE_WEBHOOK_URL": f"{self.root}/sms",
            "CODE_WEBHOOK_TOKEN": TOKEN,
            "CODE_WEBHOOK_BODY": '{"to": "{phone}", "text": "{text}", "vars": ["{code}"]}',
        }


@contextmanager
def pretending() -> Iterator[StandIn]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    stand_in = StandIn(f"http://127.0.0.1:{server.server_address[1]}")
    server.stand_in = stand_in  # type: ignore[attr-defined]
    with serving(server):
        yield stand_in


class _Handler(BaseHTTPRequestHandler):
    @property
    def _stand_in(self) -> StandIn:
        return self.server.stand_in  # type: ignore[attr-defined,no-any-return]

    def do_GET(self) -> None:
        """jscode2session. A code `wx-NAME` is good for the openid NAME; some names are troubles."""
        url = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(url.query).items()}
        code = given.get("js_code", "")
        self._stand_in.questions.append(code)
        if url.path != "/sns/jscode2session" or given.get("grant_type") != "authorization_code":
            self._answer(404, {})
        elif (given.get("appid"), given.get("secret")) != (APP_ID, SECRET):
            self._answer(200, {"errcode": 40125, "errmsg": "invalid appsecret"})
        elif code == "wx-elsewhere":
            self._answer(302, {}, location="/sns/jscode2session?js_code=wx-li")
        elif code == "wx-busy":
            self._answer(200, {"errcode": -1, "errmsg": "system error"})
        elif code == "wx-html":
            self._answer(200, "<html>")
        elif code == "wx-huge":
            self._answer(200, {"openid": "x" * 100_000})
        elif not code.startswith("wx-") or code == "wx-used":
            self._answer(200, {"errcode": 40163, "errmsg": "code been used"})
        else:
            name = code.removeprefix("wx-")
            self._answer(200, {"openid": f"openid-of-{name}", "session_key": "never kept"})

    def do_POST(self) -> None:
        """The gateway."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, {})
        elif self._stand_in.fails:
            self._stand_in.fails -= 1
            self._answer(500, {})
        else:
            self._stand_in.messages.append(body)
            self._answer(202, {"id": "1"})

    def _answer(self, status: int, body: Any, location: str = "") -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- its name there
        """Silent."""

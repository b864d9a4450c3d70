"""A stand-in for WeCom, DingTalk and Feishu that enforces what they enforce: tokens, signatures, keywords, sizes in
bytes, limits by time, and that answers a refusal as they do, mostly with a 200. Its clock is the program's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.kernel import clock
from tests.serving import serving

Answer = tuple[int, dict[str, Any] | bytes]


@dataclass
class Robot:
    """As a group's settings have it."""

    secret: str = ""
    keyword: str = ""
    heard: list[tuple[datetime, str]] = field(default_factory=list)
    deaf_until: datetime | None = None

    @property
    def texts(self) -> list[str]:
        return [text for _at, text in self.heard]

    def within(self, period: timedelta) -> int:
        return sum(1 for at, _text in self.heard if at > clock.now() - period)


@dataclass
class Houses:
    """`robots` by (house, token). `trouble`: what the next requests are answered, before anything is looked at."""

    robots: dict[tuple[str, str], Robot] = field(default_factory=dict)
    trouble: list[Answer] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def answer(self, address: str, raw: bytes, media_type: str) -> Answer:
        self.asked.append(address)
        if self.trouble:
            return self.trouble.pop(0)
        url = urlsplit(address)
        _empty, house, *_rest = url.path.split("/")
        if not media_type.startswith("application/json"):
            return self._refuse(house, 43004, "content-type")
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        return getattr(self, f"_{house}")(url.path, query, raw)  # type: ignore[no-any-return]

    def _wecom(self, path: str, query: dict[str, str], raw: bytes) -> Answer:
        robot = self.robots.get(("wecom", query.get("key", "")))
        if path != "/wecom/cgi-bin/webhook/send" or robot is None:
            return self._refuse("wecom", 93000, "invalid webhook url, hint: [1650512345]")
        text = json.loads(raw)["text"]["content"]
        if json.loads(raw)["msgtype"] != "text" or not text:
            return self._refuse("wecom", 40008, "invalid message type")
        if len(text.encode()) > 2048:
            return self._refuse("wecom", 45002, "content size out of limit")
        if robot.within(timedelta(minutes=1)) >= 20:
            return self._refuse("wecom", 45009, "api freq out of limit")
        return self._hear(robot, text, {"errcode": 0, "errmsg": "ok"})

    def _dingtalk(self, path: str, query: dict[str, str], raw: bytes) -> Answer:
        robot = self.robots.get(("dingtalk", query.get("access_token", "")))
        if path != "/dingtalk/robot/send" or robot is None:
            return self._refuse("dingtalk", 300001, "token is not exist")
        if robot.deaf_until and clock.now() < robot.deaf_until:
            return self._refuse("dingtalk", 130101, "send too fast")
        if robot.secret and not self._is_signed(robot.secret, query):
            return self._refuse("dingtalk", 310000, "sign not match")
        return self._hear_dingtalk(robot, json.loads(raw)["text"]["content"], len(raw))

    def _hear_dingtalk(self, robot: Robot, text: str, size: int) -> Answer:
        if robot.keyword and robot.keyword not in text:
            return self._refuse("dingtalk", 310000, "keywords not in content")
        if size > 20_000:
            return self._refuse("dingtalk", 460101, "message too long")
        if robot.within(timedelta(minutes=1)) >= 20:
            robot.deaf_until = clock.now() + timedelta(minutes=10)
            return self._refuse("dingtalk", 130101, "send too fast")
        return self._hear(robot, text, {"errcode": 0, "errmsg": "ok"})

    @staticmethod
    def _is_signed(secret: str, query: dict[str, str]) -> bool:
        stamp = query.get("timestamp", "0")
        if abs(int(stamp) / 1000 - clock.now().timestamp()) > 3600:
            return False
        right = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        return query.get("sign") == base64.b64encode(right).decode()

    def _feishu(self, path: str, query: dict[str, str], raw: bytes) -> Answer:
        robot = self.robots.get(("feishu", path.removeprefix("/feishu/open-apis/bot/v2/hook/")))
        if robot is None:
            return self._refuse("feishu", 19001, "param invalid: incoming webhook access token")
        body = json.loads(raw)
        if len(raw) > 20_000:
            return self._refuse("feishu", 9499, "Bad Request")
        if robot.secret:
            stamp = body.get("timestamp", "0")
            key = f"{stamp}\n{robot.secret}".encode()
            right = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
            late = abs(int(stamp) - clock.now().timestamp()) > 3600
            if late or body.get("sign") != right:
                return self._refuse("feishu", 19021, "sign match fail or timestamp is not within")
        text = body["content"]["text"]
        if robot.keyword and robot.keyword not in text:
            return self._refuse("feishu", 19024, "Key Words Not Found")
        fast = robot.within(timedelta(minutes=1)) >= 100 or robot.within(timedelta(seconds=1)) >= 5
        if body["msg_type"] != "text" or fast:
            return self._refuse("feishu", 11232, "frequency limited", status=400)
        return self._hear(robot, text, {"StatusCode": 0, "code": 0, "msg": "success"})

    @staticmethod
    def _hear(robot: Robot, text: str, answer: dict[str, Any]) -> Answer:
        robot.heard.append((clock.now(), text))
        return 200, answer

    def _refuse(self, house: str, code: int, words: str, *, status: int = 200) -> Answer:
        self.refused.append(code)
        names = ("code", "msg") if house == "feishu" else ("errcode", "errmsg")
        return status, dict(zip(names, (code, words), strict=True))


@contextmanager
def standing_in() -> Iterator[Houses]:
    """On a free port of this machine, until the end of the block."""
    houses = Houses()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = houses.answer(self.path, raw, self.headers.get("Content-Type", ""))
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", f"{houses.address}/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    houses.address = f"http://127.0.0.1:{server.server_address[1]}"
    with serving(server):
        yield houses

"""The real web server, as `up` and the containers start it: what it logs, and what it makes of broken requests."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.embedded.up import WEB
from config.headers import CONTENT_SECURITY_POLICY
from tests.architecture.source import ROOT

PHONE, TOKEN = "13812345678", "0123456789abcdef" * 4


class Web:
    """`ask` sends bytes and returns all that comes back; `lines` are those of its log."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.socket = socket.create_server(("127.0.0.1", 0))
        handle = self.socket.fileno()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *WEB, "--bind", f"fd://{handle}"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "LOG_FORMAT": "json",
                    "WEB_WORKERS": "1",
                    "WEB_HEAD_SECONDS": "1",
                    "WEB_BODY_SECONDS": "1",
                    "PYTHONUNBUFFERED": "1",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[handle],
            )

    def ask(self, request: str) -> str:
        with socket.create_connection(self.socket.getsockname()[:2], timeout=30) as connection:
            connection.sendall(request.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n")
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return answer.decode()

    def get(self, path: str, **headers: str) -> str:
        given = {"Host": "localhost", "Connection": "close", **headers}
        return self.ask(
            "\n".join([f"GET {path} HTTP/1.1", *(f"{n}: {t}" for n, t in given.items())])
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def line(self, logger: str, said: str) -> dict[str, Any]:
        """The line of that logger with these words, once it is there."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for line in self.lines:
                if line["logger"] == logger and said in line["message"]:
                    return line
            time.sleep(0.02)
        raise AssertionError(self.log.read_text("utf-8"))


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    server = Web(tmp_path_factory.mktemp("web") / "log")
    yield server
    server.process.terminate()
    server.process.wait(20)
    server.socket.close()


def test_request_comes_back_with_its_id_and_is_logged_with_its_route(web: Web) -> None:
    answer = web.get(f"/api/v1/windows?token={TOKEN}", **{"X-Request-ID": "from-a-proxy-1"})

    assert answer.startswith("HTTP/1.1 401 ")
    assert "X-Request-ID: from-a-proxy-1\r\n" in answer
    assert f"Content-Security-Policy: {CONTENT_SECURITY_POLICY}\r\n" in answer
    line = web.line("config.logs.requests", "GET api/v1/windows 401")
    assert (line["request_id"], line["route"]) == ("from-a-proxy-1", "api/v1/windows")


def test_scheme_that_a_client_claims_is_not_believed(web: Web) -> None:
    """gunicorn's own default believes whoever comes from loopback."""
    answer = web.get("/admin", **{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})

    [location] = re.findall(r"Location: (\S+)", answer)
    assert location == "/admin/"
    assert "evil" not in answer


def test_header_with_underscores_does_not_become_a_trusted_one(web: Web) -> None:
    answer = web.get("/metrics", X_Forwarded_For="203.0.113.5")

    # Dropped: else it would have turned this loopback client into a stranger.
    assert answer.startswith("HTTP/1.1 200 ")
    assert web.get("/metrics", **{"X-Forwarded-For": "203.0.113.5"}).startswith("HTTP/1.1 404 ")


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (f"GET /?token={TOKEN} HTTP/1.1\nHost: localhost\nBroken header {PHONE}", 400),
        (f"GET /{'x' * 9000} HTTP/1.1\nHost: localhost", 414),
        ("GET / HTTP/1.1\nHost: localhost\nX: " + "y" * 9000, 431),
        ("POST / HTTP/1.1\nHost: localhost\nContent-Length: 5\nTransfer-Encoding: chunked", 400),
        ("GET / HTTP/1.1\nHost: localhost\nContent-Length: -1", 400),
    ],
)
def test_request_that_cannot_be_read_is_refused_and_logged_without_secrets(
    web: Web, request_text: str, status: int
) -> None:
    assert web.ask(request_text).startswith(f"HTTP/1.1 {status} ")

    web.line("gunicorn.error", "Invalid request from ip=127.0.0.***")


def test_log_of_the_server_is_json_and_holds_no_secret(web: Web) -> None:
    web.get(
        f"/{PHONE}?password=hunter2", Authorization=f"Bearer {TOKEN}", Referer=f"http://x/?{TOKEN}"
    )
    web.line("config.logs.requests", "GET /138****5678 404")

    assert {line["logger"] for line in web.lines} >= {"gunicorn.error", "config.logs.requests"}
    assert "gunicorn.access" not in {line["logger"] for line in web.lines}
    text = web.log.read_text("utf-8")
    assert [secret for secret in (PHONE, TOKEN, "hunter2") if secret in text] == []


@pytest.mark.parametrize("half", ["GET / HTTP/1.1\r\nHost: localhost\r\n", "G"])
def test_half_sent_requests_in_every_thread_hold_nobody_up_for_long(web: Web, half: str) -> None:
    """Twice as many as there are threads; without the watch they hold them all until they hang up."""
    slow = [socket.create_connection(web.socket.getsockname()[:2], timeout=30) for _ in range(8)]
    try:
        for connection in slow:
            connection.sendall(half.encode())
        began = time.monotonic()

        assert web.get("/healthz").startswith("HTTP/1.1 200 ")

        assert time.monotonic() - began < 10
    finally:
        for connection in slow:
            connection.close()


def test_slow_body_is_given_up_and_its_thread_free_again(web: Web) -> None:
    head = "POST /api/v1/join HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(web.socket.getsockname()[:2], timeout=60) as connection:
        connection.sendall(f"{head}Content-Length: 1000\r\n\r\n{{".encode())

        answer = connection.recv(65536).decode()

    assert answer.startswith("HTTP/1.1 400 ")

"""Fifty clients in one small process: requests made beforehand, kept-alive sockets, one selector. No Django in here.

`python -m benchmarks.orders_load` reads a Plan as JSON on standard input and writes a Report on standard output.
"""

from __future__ import annotations

import json
import random
import selectors
import socket
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from time import perf_counter, process_time
from typing import Any

_REQUEST = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: jidan-bench\r\nAccept: application/json\r\n"
    "Accept-Language: zh-CN,zh;q=0.9\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
)
_HEAD, _LENGTH = b"\r\n\r\n", b"\r\nContent-Length: "


@dataclass
class Plan:
    """`bodies` are taken in turn, as are `tokens`; `rate` is orders a second, 0 for as many as the server takes."""

    port: int
    path: str
    tokens: list[str]
    bodies: list[str]
    name: str
    seconds: float
    warm_up: float
    clients: int = 50
    rate: float = 0.0
    seed: int = 1


@dataclass
class Report:
    """`orders` were answered within `seconds` (after the warm-up), `answers` in all. With a rate a wait for a free
    client counts as waiting.
    """

    orders: int = 0
    answers: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)


class Client:
    """One connection; `begun` is when its request was due."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.socket = self._connect()
        self.begun = 0.0
        self._got = b""

    def _connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def send(self, request: bytes, due: float) -> None:
        self.begun = due
        self.socket.sendall(request)

    def receive(self) -> str | None:
        """The status, once the answer is whole."""
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server hung up")
        self._got += chunk
        end = self._got.find(_HEAD)
        if end < 0:
            return None
        at = self._got.find(_LENGTH, 0, end) + len(_LENGTH)
        length = int(self._got[at : self._got.find(b"\r", at)])
        if len(self._got) < end + len(_HEAD) + length:
            return None
        status = self._got[9:12].decode()
        if status != "201":
            sys.stderr.write(self._got.decode() + "\n")
        closes = b"\r\nConnection: close" in self._got[:end]
        self._got = b""
        return f"{status} close" if closes else status


def requests_of(plan: Plan) -> list[bytes]:
    """Enough of them, all different: the making is not what is measured."""
    choose = random.Random(plan.seed)
    tokens, bodies = plan.tokens.copy(), plan.bodies.copy()
    choose.shuffle(tokens)
    choose.shuffle(bodies)
    most = int((plan.rate * 1.2 or 2000) * (plan.seconds + plan.warm_up)) + plan.clients
    made = []
    for number in range(most):
        body = bodies[number % len(bodies)]
        text = _REQUEST.format(
            path=plan.path,
            port=plan.port,
            token=tokens[number % len(tokens)],
            key=f"{plan.name}-{number:08d}",
            length=len(body.encode()),
            body=body,
        )
        made.append(text.encode())
    return made


def due_times(plan: Plan, begin: float) -> Iterator[float]:
    """When requests come: at random, `rate` a second on average; all at once without a rate."""
    at, choose = begin, random.Random(plan.seed)
    while True:
        yield at
        if plan.rate:
            at += choose.expovariate(plan.rate)


class Load:
    """The loop: who is free sends what is due."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.requests = deque(requests_of(plan))
        self.selector = selectors.DefaultSelector()
        self.free: deque[Client] = deque()
        self.report = Report(seconds=plan.seconds)
        self.statuses: Counter[str] = Counter()
        for _client in range(plan.clients):
            self._admit(Client(plan.port))

    def _admit(self, client: Client) -> None:
        self.selector.register(client.socket, selectors.EVENT_READ, client)
        self.free.append(client)

    def run(self) -> Report:
        cpu, begin = process_time(), perf_counter()
        self.first, self.last = (
            begin + self.plan.warm_up,
            begin + self.plan.warm_up + self.plan.seconds,
        )
        due = due_times(self.plan, begin)
        upcoming, now = next(due), begin
        while now < self.last or len(self.free) < self.plan.clients:
            while self.free and upcoming <= now < self.last:
                self.free.popleft().send(
                    self.requests.popleft(), upcoming if self.plan.rate else now
                )
                upcoming = next(due)
            wait = upcoming - now if self.free and now < self.last else 1.0
            for ready, _mask in self.selector.select(max(0.0, min(wait, 1.0))):
                self._hear(ready.data)
            now = perf_counter()
        self.report.cpu_seconds = process_time() - cpu
        self.report.statuses = dict(self.statuses)
        for client in self.free:
            client.socket.close()
        self.selector.close()
        return self.report

    def _hear(self, client: Client) -> None:
        heard = client.receive()
        if heard is None:
            return
        now = perf_counter()
        status, _blank, closes = heard.partition(" ")
        self.statuses[status] += 1
        self.report.answers += 1
        if self.first <= now < self.last:
            self.report.orders += 1
            self.report.waits.append(now - client.begun)
        if closes:
            self.selector.unregister(client.socket)
            client.socket.close()
            self._admit(Client(self.plan.port))
        else:
            self.free.append(client)


def main() -> int:
    given: dict[str, Any] = json.load(sys.stdin)
    json.dump(asdict(Load(Plan(**given)).run()), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())

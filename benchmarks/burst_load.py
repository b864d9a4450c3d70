"""Everybody at the same second: a socket each, one order each, sent again under its key until the answer is clear. No
Django in here.

`python -m benchmarks.burst_load` reads a Burst as JSON on standard input and writes an Outcome on standard output.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any

# What a client is told to wait is spread, as telephones' clocks are.
_SPREAD = 0.5
_PATIENCE = 120.0


@dataclass
class Burst:
    """One household for each token; all send `body`."""

    port: int
    path: str
    tokens: list[str]
    body: str
    name: str
    seed: int = 1


@dataclass
class Outcome:
    """`answers`: `201` or `409 sold_out` → how many households heard it in the end; `waits` until then, in seconds.
    `repeats` were asked for by Retry-After or a line that broke.
    """

    answers: dict[str, int] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    repeats: dict[str, int] = field(default_factory=dict)


class Crowd:
    def __init__(self, plan: Burst) -> None:
        self.plan = plan
        self.answers: Counter[str] = Counter()
        self.repeats: Counter[str] = Counter()
        self.waits: list[float] = []
        self.choose = random.Random(plan.seed)

    async def run(self) -> Outcome:
        start = asyncio.Event()
        households = [
            asyncio.create_task(self._household(token, f"{self.plan.name}-{number:06d}", start))
            for number, token in enumerate(self.plan.tokens)
        ]
        await asyncio.sleep(0)
        start.set()
        await asyncio.gather(*households)
        return Outcome(dict(self.answers), self.waits, dict(self.repeats))

    async def _household(self, token: str, key: str, start: asyncio.Event) -> None:
        request = _request(self.plan, token, key)
        await start.wait()
        began = perf_counter()
        while perf_counter() - began < _PATIENCE:
            try:
                status, code, pause = await self._ask(request)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                status, code, pause = "broken line", "", 0.2
            if pause is None:
                self.answers[f"{status} {code}".strip()] += 1
                self.waits.append(perf_counter() - began)
                return
            self.repeats[f"{status} {code}".strip()] += 1
            await asyncio.sleep(pause + self.choose.random() * _SPREAD)
        self.answers["no answer"] += 1

    async def _ask(self, request: bytes) -> tuple[str, str, float | None]:
        """Status, code, and how long to wait before the same again (None: this is the answer)."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.plan.port)
        try:
            writer.write(request)
            raw = await reader.read(-1)
        finally:
            writer.close()
        head, _blank, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        status = lines[0].split(" ")[1]
        code = json.loads(body).get("code", "")
        pause = headers.get("retry-after")
        return status, code, None if pause is None else float(pause)


def _request(plan: Burst, token: str, key: str) -> bytes:
    body = plan.body.encode()
    head = (
        f"POST {plan.path} HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\nConnection: close\r\n"
        f"Accept: application/json\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def main() -> int:
    given: dict[str, Any] = json.load(sys.stdin)
    plan = Burst(**given)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (min(max(soft, 2 * len(plan.tokens) + 64), hard), hard)
    )
    json.dump(asdict(asyncio.run(Crowd(plan).run())), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Residents with phones: they order over HTTP, ask again under the same key until they know, and write it all down."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from orders.models import OrderWindow
from tests.faults.book import Book, is_final
from tests.faults.town import LIMIT, Good, Seat, Town

# Seconds a phone waits for an answer, and how long it goes on asking.
_ANSWER, _PATIENCE = 8.0, 90.0
_SLOWEST_RETRY = 0.4


@dataclass
class Timing:
    """Seconds from the first sending to the answer that counted, with the moment (monotonic) it came."""

    took: list[tuple[float, float]] = field(default_factory=list)

    def between(self, start: float, end: float) -> list[float]:
        return sorted(took for moment, took in self.took if start <= moment < end)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """0 without any."""
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


class Phone:
    """One resident's connection. `unsure` counts commands that never got a final answer."""

    def __init__(self, address: str, seat: Seat, book: Book) -> None:
        self._host, self._port = urlsplit(address).hostname or "", urlsplit(address).port
        self._seat, self._book = seat, book
        self._line: http.client.HTTPConnection | None = None
        self.timing = Timing()
        self.unsure = 0

    def command(
        self, method: str, path: str, body: dict[str, Any], *, key: str
    ) -> tuple[int, Any] | None:
        """Send until there is a final answer; None if there never was."""
        self._book.ask(
            key, principal=f"user:{self._seat.user_id}", method=method, path=path, body=body
        )
        began = time.monotonic()
        while time.monotonic() - began < _PATIENCE:
            answer = self._once(method, path, body, key)
            self._book.hear(key, answer)
            if answer is not None and is_final(*answer):
                now = time.monotonic()
                self.timing.took.append((now, now - began))
                return answer[0], json.loads(answer[1])
            time.sleep(random.uniform(0.05, _SLOWEST_RETRY))
        self.unsure += 1
        return None

    def _once(
        self, method: str, path: str, body: dict[str, Any], key: str
    ) -> tuple[int, bytes] | None:
        headers = {
            "Authorization": f"Bearer {self._seat.token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        try:
            if self._line is None:
                self._line = http.client.HTTPConnection(self._host, self._port, timeout=_ANSWER)
            self._line.request(method, f"/api/v1{path}", json.dumps(body), headers)
            answer = self._line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return None

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


@dataclass
class _Own:
    """An order of this household that stands, as it was told."""

    id: str
    window: OrderWindow


class Resident(threading.Thread):
    """Orders, changes, cancels, asks twice, until every window has refused it for being closed, or `over` is set."""

    def __init__(
        self,
        town: Town,
        seat: Seat,
        *,
        address: str,
        book: Book,
        rng: random.Random,
        pause: float,
        over: threading.Event,
    ) -> None:
        super().__init__(daemon=True)
        self.phone = Phone(address, seat, book)
        self._town, self._seat, self._rng = town, seat, rng
        self._pause, self._over = pause, over
        self._open = list(town.windows)
        self._own: list[_Own] = []
        self._turn = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while self._open and not self._over.is_set():
                self._do_something()
                self._over.wait(self._rng.expovariate(1 / self._pause))
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.phone.hang_up()

    def _do_something(self) -> None:
        self._turn += 1
        choices: list[Callable[[], None]] = [self._order] * 6
        if self._own:
            choices += [self._change, self._change, self._cancel]
        self._rng.choice(choices)()

    def _key(self, what: str) -> str:
        return f"{what}-{self._seat.user_id}-{self._turn:05d}"

    def _basket(self, window: OrderWindow) -> dict[str, Any]:
        goods: list[Good] = self._rng.sample(self._town.menus[window.pk], self._rng.randint(1, 4))
        wishes = [(good, self._rng.randint(1, LIMIT)) for good in goods]
        return {
            "lines": [
                {
                    "offer": str(good.id),
                    "quantity": pieces,
                    "tolerance": self._rng.choice((0, 0, 1)),
                }
                for good, pieces in wishes
            ],
            "expected_total_fen": sum(good.price_fen * pieces for good, pieces in wishes),
        }

    def _order(self) -> None:
        window = self._rng.choice(self._open)
        path, body, key = (
            f"/windows/{window.public_id}/orders",
            self._basket(window),
            self._key("o"),
        )
        answer = self.phone.command("POST", path, body, key=key)
        if answer and answer[0] == 201:
            self._own.append(_Own(str(answer[1]["id"]), window))
            if self._rng.random() < 0.1:
                self.phone.command("POST", path, body, key=key)
        self._note(window, answer)

    def _change(self) -> None:
        own = self._rng.choice(self._own)
        answer = self.phone.command(
            "PUT", f"/orders/{own.id}", self._basket(own.window), key=self._key("c")
        )
        self._note(own.window, answer)

    def _cancel(self) -> None:
        own = self._rng.choice(self._own)
        answer = self.phone.command("POST", f"/orders/{own.id}/cancel", {}, key=self._key("x"))
        if answer and answer[0] == 200:
            self._own.remove(own)
        self._note(own.window, answer)

    def _note(self, window: OrderWindow, answer: tuple[int, Any] | None) -> None:
        if answer is not None and answer[1].get("code") == "window_not_open":
            self._open = [other for other in self._open if other.pk != window.pk]
            self._own = [own for own in self._own if own.window.pk != window.pk]


class Crowd:
    """Every resident of a town at once."""

    def __init__(
        self, town: Town, *, address: str, book: Book, rng: random.Random, pause: float
    ) -> None:
        self.over = threading.Event()
        self.residents = [
            Resident(
                town,
                seat,
                address=address,
                book=book,
                rng=random.Random(rng.random()),
                pause=pause,
                over=self.over,
            )
            for seat in town.seats
        ]

    def begin(self) -> None:
        for resident in self.residents:
            resident.start()

    def end(self, *, at_once: bool = False, seconds: float = 120.0) -> list[str]:
        """Wait for all of them (`at_once`: after what they are at); sentences about those who never got an answer."""
        if at_once:
            self.over.set()
        deadline = time.monotonic() + seconds
        for resident in self.residents:
            resident.join(max(0.0, deadline - time.monotonic()))
        found = [f"a resident's phone broke: {r.error!r}" for r in self.residents if r.error]
        found += [f"a resident still waits: {r.name}" for r in self.residents if r.is_alive()]
        unsure = sum(resident.phone.unsure for resident in self.residents)
        if unsure:
            found.append(f"{unsure} commands got no final answer in {_PATIENCE:.0f} s")
        return found

    def took(self, start: float = 0.0, end: float = float("inf")) -> list[float]:
        """Sorted seconds of all answers that came between two moments (monotonic)."""
        return sorted(
            took
            for resident in self.residents
            for took in resident.phone.timing.between(start, end)
        )

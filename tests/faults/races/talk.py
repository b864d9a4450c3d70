"""What a client asked and every answer he heard, and how he keeps asking until he knows."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.faults.phone import PATIENCE
from tests.faults.races.plan import Act, Line

# Nothing is decided yet: the same request again.
_NOT_YET = {"busy", "idempotency_key_in_flight", "unavailable"}


@dataclass(frozen=True)
class Answer:
    """`sent` and `heard`: seconds of this machine's clock, which is the database's too. `status` 0: the line broke, or
    nobody listened.
    """

    sent: float
    heard: float
    status: int = 0
    body: bytes = b""
    replayed: bool = False

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """Of a refusal."""
        if self.status < 400:
            return ""
        try:
            return str(json.loads(self.body)["code"])
        except (ValueError, KeyError, TypeError):
            return "?"

    @property
    def is_definite(self) -> bool:
        return self.status != 0 and self.status < 500 and self.code not in _NOT_YET


@dataclass(frozen=True)
class Request:
    """One command. `target`: the order it is about (public id), or the window it is placed in."""

    kind: str
    target: str
    key: str
    body: Mapping[str, Any]


class Wire(Protocol):
    """How a client reaches Jidan."""

    def ask(self, request: Request, *, copies: int = 1, deaf: int = 0) -> list[Answer]:
        """Send `copies` at once; of the first `deaf` of them nothing is heard."""

    def close(self) -> None: ...


@dataclass
class Command:
    """A request with all its answers. `home`: position of the household; `person`: user's id."""

    request: Request
    home: int
    person: int
    lines: tuple[Line, ...]
    answers: list[Answer] = field(default_factory=list)

    @property
    def success(self) -> Answer | None:
        return next((answer for answer in self.answers if answer.is_success), None)

    @property
    def is_unsure(self) -> bool:
        """A request may have been carried out that was answered with nothing, or with an error of the server."""
        return any(answer.status == 0 or answer.status >= 500 for answer in self.answers)


@dataclass(frozen=True)
class Seat:
    """Where a client sits: his account and home, and the menu: (public id, price in fen) of each offer."""

    window: str
    user: int
    home: int
    menu: tuple[tuple[str, int], ...]
    token: str = ""
    community: int = 0
    household: int = 0
    window_id: int = 0


class Doors:
    """The orders of each home that its people know of. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: dict[int, list[str]] = {}

    def note(self, home: int, order: str) -> None:
        with self._lock:
            known = self._orders.setdefault(home, [])
            if order not in known:
                known.append(order)

    def one(self, home: int, rng: random.Random) -> str | None:
        with self._lock:
            known = self._orders.get(home)
            return rng.choice(known) if known else None


def play(
    seat: Seat, acts: Sequence[Act], wire: Wire, doors: Doors, *, start: float, name: str
) -> list[Command]:
    """All acts of one client, each at its time or, if he is late, at once."""
    rng, said = random.Random(name), []
    try:
        for number, act in enumerate(acts):
            _sleep_until(start + act.at)
            command = _command(seat, act, doors, rng, key=f"{name}-{number:02d}-key")
            said.append(command)
            command.answers += wire.ask(command.request, copies=act.copies, deaf=act.deaf)
            _insist(command, wire, rng)
            if command.success and command.request.kind == "place":
                doors.note(seat.home, json.loads(command.success.body)["id"])
            if act.again:
                command.answers += wire.ask(command.request)
                _insist(command, wire, rng)
    finally:
        wire.close()
    return said


def _command(seat: Seat, act: Act, doors: Doors, rng: random.Random, *, key: str) -> Command:
    order = doors.one(seat.home, rng) if act.kind != "place" else None
    kind = act.kind if order else "place"
    body: dict[str, Any] = {}
    lines = act.lines if kind != "cancel" else ()
    if kind != "cancel":
        body = {
            "lines": [
                {"offer": seat.menu[offer][0], "quantity": quantity, "tolerance": tolerance}
                for offer, quantity, tolerance in lines
            ],
            "expected_total_fen": sum(
                seat.menu[offer][1] * quantity for offer, quantity, _t in lines
            ),
        }
    request = Request(kind=kind, target=order or seat.window, key=key, body=body)
    return Command(request=request, home=seat.home, person=seat.user, lines=lines)


def _insist(command: Command, wire: Wire, rng: random.Random) -> None:
    """The same again until the last answer is definite, or patience ends (then the oracle says so)."""
    deadline = time.monotonic() + PATIENCE
    while not _knows(command) and time.monotonic() < deadline:
        time.sleep(rng.uniform(0.02, 0.12))
        command.answers += wire.ask(command.request)


def _knows(command: Command) -> bool:
    return command.success is not None or command.answers[-1].is_definite


def _sleep_until(moment: float) -> None:
    wait = moment - time.time()
    if wait > 0:
        time.sleep(wait)

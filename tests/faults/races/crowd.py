"""The clients of a race, in processes of their own: a thread and a connection for each."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tests.faults.races import verbs
from tests.faults.races.http import HttpWire
from tests.faults.races.plan import CLIENTS, Act
from tests.faults.races.talk import Command, Doors, Seat, Wire, play
from tests.faults.races.verbs import VerbWire

# They and their connections last for many races.
_threads = ThreadPoolExecutor(CLIENTS)


@dataclass(frozen=True)
class Part:
    """Some clients of one race: all people of some homes. `address`: of web, or empty for the verbs. `name` begins
    every key.
    """

    name: str
    seats: Sequence[Seat]
    acts: Sequence[Sequence[Act]]
    numbers: Sequence[int]
    start: float
    address: str = ""
    dawdle: float = 0.0


def connect(count: int) -> None:
    """So many threads have their connections; the first race would wait for them."""
    together = threading.Barrier(count, timeout=30)

    def begin() -> None:
        connection.ensure_connection()
        together.wait()

    for each in [_threads.submit(begin) for _thread in range(count)]:
        each.result()


def work(part: Part) -> list[Command]:
    """What they said and heard."""
    doors = Doors()
    kept = list(verbs.wrappers)
    if part.dawdle:
        verbs.wrappers.append(dawdling(part.dawdle, random.Random(part.name)))
    try:
        clients = [
            _threads.submit(_client, part, doors, position) for position in range(len(part.seats))
        ]
        return [command for client in clients for command in client.result()]
    finally:
        verbs.wrappers[:] = kept


def _client(part: Part, doors: Doors, position: int) -> list[Command]:
    seat, name = part.seats[position], f"{part.name}-{part.numbers[position]:02d}"
    wire: Wire = HttpWire(seat, part.address) if part.address else VerbWire(seat)
    return play(seat, part.acts[position], wire, doors, start=part.start, name=name)


def dawdling(seconds: float, rng: random.Random) -> verbs.Wrapper:
    """After the look at the window, and before what follows from it."""
    lock = threading.Lock()

    def wrapper(execute: Callable[..., Any], sql: Any, *more: Any) -> Any:
        result = execute(sql, *more)
        if str(sql).lstrip().startswith("SELECT") and "orders_orderwindow" in str(sql):
            with lock:
                pause = rng.uniform(0.3, 1.0) * seconds
            time.sleep(pause)
        return result

    return wrapper

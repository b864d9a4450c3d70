"""What everybody of a round has in common: the town, the book, how to reach the program, what was heard."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from config.kernel.errors import Busy
from tests.faults.book import Book
from tests.faults.roads.lines import Line, Mouth
from tests.faults.roads.world import Good, Town

Result = TypeVar("Result")
# Seconds for whoever waits for somebody else.
PATIENCE = 240.0


@dataclass(frozen=True)
class Asked:
    """A device that asked to join. `household`: whose slip it had; `status` and `token` as it heard last."""

    id: str
    household: int
    status: str
    token: str


@dataclass(frozen=True)
class Ended:
    """From `at` on nothing with this token may be answered but with 401. `mouth`: whose it was."""

    how: str
    at: float
    mouth: Mouth


@dataclass(frozen=True)
class Call:
    """What a household wanted by telephone or by the list: number of the goods → pieces. `channels`: how it may have
    come in.
    """

    household: int
    basket: Mapping[int, int]
    channels: tuple[str, ...]


@dataclass
class Heard:
    """Lists that many threads add to."""

    asked: list[Asked] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    # Of the survey: household → answers with when they were sent and heard.
    answers: list[tuple[int, dict[str, int], float, float]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    joining: int = 0


@dataclass
class Scene:
    """`address`: of web, empty for this process; `patiently`: a look at the database that may be away; `seconds`: in
    which everybody begins.
    """

    town: Town
    seed: str
    address: str
    patiently: Callable[[Callable[[], Result]], Result]
    seconds: float
    book: Book = field(default_factory=Book)
    heard: Heard = field(default_factory=Heard)

    def rng(self, name: str) -> random.Random:
        return random.Random(f"{self.seed} {name}")

    def mouth(self, line: Line, name: str, principal: str = "") -> Mouth:
        return Mouth(line, self.book, self.rng(f"mouth {name}"), principal=principal)

    def key(self, name: str) -> str:
        return f"{self.seed}-{name}-key"

    def dawdle(self, rng: random.Random, share: float = 1.0, *, after: float = 0.0) -> None:
        """Somewhere between two parts of the time in which everybody begins."""
        time.sleep(rng.uniform(after, max(after, share)) * self.seconds)

    def insist(self, work: Callable[[], Result]) -> Result:
        """A verb at hand, again where somebody held the lock too long. Raises Busy if that never ends."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.patiently(work)
            except Busy:
                if time.monotonic() > deadline:
                    raise

    def until(self, what: Callable[[], Result]) -> Result:
        """What it says once that is true. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := self.patiently(what):
                return found
            time.sleep(0.1)
        raise TimeoutError("nobody did what somebody waited for")


def basket_body(*wanted: tuple[Good, int]) -> dict[str, object]:
    """As an order's body."""
    return {
        "lines": [{"offer": good.id, "quantity": pieces} for good, pieces in wanted],
        "expected_total_fen": sum(good.price_fen * pieces for good, pieces in wanted),
    }

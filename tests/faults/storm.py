"""Rounds under fire: web, workers, beat, broker, database and the lines between them are broken by a seed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from config.kernel import clock
from config.kernel.checkpoints import STANDS
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from orders.models import OrderWindow, SupplierOrder
from orders.states import SupplierOrderStatus, WindowStatus
from tests.faults import town as towns
from tests.faults.book import Book
from tests.faults.organiser import Organiser
from tests.faults.programs import Program
from tests.faults.proxy import Proxy
from tests.faults.residents import Crowd
from tests.faults.stage import Stage
from volunteers.models import PickList

POINTS_OF_WORKERS = (
    *(
        f"{moment} {stage}"
        for stage in (
            "orders.close",
            "orders.consolidate",
            "orders.files",
            "volunteers.pick_lists",
            "volunteers.sheets",
        )
        for moment in ("claimed", "worked")
    ),
    "committing orders.close",
    "committing orders.consolidate",
    "committing volunteers.pick_lists",
    "rendered orders.files",
    "rendered volunteers.sheets",
    *(
        f"{moment} {topic}"
        for topic in ("window.closed", "supplier_order.released")
        for moment in ("delivering", "delivered")
    ),
)
POINTS_OF_WEB = ("answering", "answered")
# Seconds. A quiet machine needs a lease of a dead worker and some more.
_PATIENCE = 240
# Seconds a dead program stays dead; `up` waits as long the first time.
_PAUSE = 0.5


class Mender:
    """What `up` does: what is dead is started again."""

    def __init__(self, start: Mapping[str, Callable[[], Program]]) -> None:
        self._start = start
        self._at: dict[str, float] = {}
        self.running = {kind: begin() for kind, begin in start.items()}

    def look(self) -> None:
        for kind, program in self.running.items():
            if program.is_alive():
                continue
            due = self._at.setdefault(kind, time.monotonic() + _PAUSE)
            if time.monotonic() >= due:
                del self._at[kind]
                self.running[kind] = self._start[kind]()


class Armoury:
    """Arms points, `at_once` at a time, and kills whoever stands at one."""

    def __init__(
        self, folder: Path, points: Sequence[str], *, at_once: int, kills: Counter[str]
    ) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder, self._at_once, self._kills = folder, at_once, kills
        self.waiting = list(points)
        self.armed: dict[str, float] = {}

    @property
    def left(self) -> list[str]:
        return [*self.armed, *self.waiting]

    def look(self) -> None:
        while self.waiting and len(self.armed) < self._at_once:
            self._arm(self.waiting.pop())
        for path in self._folder.iterdir():
            point, stands, pid = path.name.partition(STANDS)
            if stands:
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
                self._kills["web_kills" if point in POINTS_OF_WEB else "worker_kills"] += 1
                path.unlink()
                self.armed.pop(point, None)
        for point, since in list(self.armed.items()):
            if time.monotonic() - since > 10 and self.waiting:
                self._disarm(point)

    def put_away(self) -> None:
        """Kill nobody any more, but who stands there already."""
        self.waiting.clear()
        for point in list(self.armed):
            self._disarm(point)
        self.waiting.clear()
        self.look()

    def _arm(self, point: str) -> None:
        self.armed[point] = time.monotonic()
        (self._folder / point).touch()

    def _disarm(self, point: str) -> None:
        """Nobody came by; others first. If somebody does just now, he is killed all the same."""
        with suppress(FileNotFoundError):
            (self._folder / point).unlink()
            del self.armed[point]
            self.waiting.insert(0, point)


def all_is_done() -> bool:
    """Every window is closed and released, with all its papers (or cancelled, as nobody had ordered); nobody waits."""
    released = SupplierOrder.objects.filter(status=SupplierOrderStatus.RELEASED)
    listed = PickList.objects.values("supplier_order").distinct()
    closed = OrderWindow.objects.filter(status=WindowStatus.CLOSED)
    unfinished = OrderWindow.objects.exclude(
        status__in=(WindowStatus.CLOSED, WindowStatus.CANCELLED)
    )
    return (
        not unfinished.exists()
        and closed.count() == released.count() == listed.count()
        and not Job.objects.filter(done_at=None).exists()
        and not OutboxMessage.objects.filter(delivered_at=None).exists()
        and not PickList.objects.filter(filed_at=None).exists()
    )


@dataclass
class Storm:
    """`troubles`: kind → how often. `rounds` windows close one after the other within `seconds`."""

    stage: Stage
    rng: random.Random
    seconds: float
    rounds: int
    troubles: Mapping[str, int]
    pause: float = 1.0
    book: Book = field(default_factory=Book)
    violations: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    settled_after: float = 0.0

    def play(self) -> None:
        stage = self.stage
        stage.fresh_database()
        self.proxy = Proxy(stage.environment["DATABASE_URL"])
        self.proxy.begin()
        try:
            self._begin_programs()
            now = clock.database_now()
            self.opens_at = now - timedelta(minutes=1)
            self.cutoffs = [now + timedelta(hours=1)] * self.rounds
            self.town = towns.build(self.opens_at, self.cutoffs)
            self._begin_round()
            self._rage()
            self._settle()
        finally:
            stage.end_programs()
            self.proxy.end()
        self.done["ambiguous_commits"] += self.proxy.lost

    def _begin_programs(self) -> None:
        stage, points = self.stage, self.stage.folder / "points"
        env = {
            "DATABASE_URL": self.proxy.url(stage.environment["DATABASE_URL"]),
            "CHECKPOINT": f"*@{points}",
        }
        places = [*self.rng.sample(POINTS_OF_WORKERS, len(POINTS_OF_WORKERS)), *POINTS_OF_WEB]
        self.armoury = Armoury(points, places, at_once=3, kills=self.done)
        self.mender = Mender(
            {
                "web": lambda: stage.start_web(threads=6, environment=env),
                "worker": lambda: stage.start_worker(environment=env),
                "closer": lambda: stage.start_closer(environment=env),
                "beat": lambda: stage.start_beat(environment=env),
            }
        )
        stage.wait_until_ready()

    def _begin_round(self) -> None:
        self.organiser = Organiser(self.stage, self.town.organiser)
        self.crowd = Crowd(
            self.town, address=self.stage.address, book=self.book, rng=self.rng, pause=self.pause
        )
        self.crowd.begin()

    def _rage(self) -> None:
        """Everything breaks in an order of the seed, and one window after the other comes to its cutoff meanwhile.

        Pauses are counted, not moments: however long a server takes to come back, orders have their time.
        """
        acts = [name for name, times in self.troubles.items() for _time in range(times)]
        self.rng.shuffle(acts)
        first, pause = len(acts) // 3, self.seconds / (len(acts) + 1)
        ends = {
            first + number * (len(acts) - first) // self.rounds for number in range(self.rounds)
        }
        self._wait(4.0)
        for number, name in enumerate(acts):
            if number in ends:
                self._end_a_window(sorted(ends).index(number))
            self._wait(self.rng.uniform(0.2, 2 * pause))
            self._note(name)
            getattr(self, f"_{name}")()
        self._wait(pause)

    def _end_a_window(self, number: int) -> None:
        """Its cutoff is two seconds from now."""
        window = OrderWindow.objects.filter(pk=self.town.windows[number].pk)

        def move() -> datetime:
            cutoff = clock.database_now() + timedelta(seconds=2)
            window.update(closes_at=cutoff)
            return cutoff

        self.cutoffs[number] = self.stage.patiently(move)
        self._note(f"cutoff of {number + 1}")

    def _note(self, name: str) -> None:
        """For whoever reads the logs afterwards."""
        with (self.stage.folder / "storm.log").open("a") as log:
            log.write(f"{clock.now():%H:%M:%S.%f} {name}\n")

    def _watch(self, seconds: float = 0.05) -> None:
        until = time.monotonic() + seconds
        self.mender.look()
        self.armoury.look()
        self.organiser.look()
        time.sleep(max(0.0, until - time.monotonic()))

    def _settle(self) -> None:
        """Nobody touches it any more."""
        began = time.monotonic()
        self.armoury.put_away()
        while time.monotonic() - began < _PATIENCE and not self.stage.patiently(all_is_done):
            self._watch()
        self.settled_after = time.monotonic() - began
        self.violations += self.crowd.end()
        if not all_is_done():
            self.violations.append(f"a round did not end by itself within {_PATIENCE} s")

    # Troubles. Each is done at once; what was taken away comes back within seconds.

    def _kill_worker(self) -> None:
        victim = self.mender.running[self.rng.choice(("worker", "closer"))]
        self.stage.kill(victim, only_leader=self.rng.random() < 0.5)

    def _kill_worker_child(self) -> None:
        self.stage.kill_child(self.mender.running["worker"], self.rng)

    def _kill_beat(self) -> None:
        self.stage.kill(self.mender.running["beat"])

    def _kill_web(self) -> None:
        self.stage.kill(self.mender.running["web"], only_leader=self.rng.random() < 0.5)

    def _kill_web_child(self) -> None:
        self.stage.kill_child(self.mender.running["web"], self.rng)

    def _kill_broker(self) -> None:
        self.stage.kill_broker()
        self._wait(self.rng.uniform(0.2, 4.0))
        self.stage.start_broker()

    def _restart_broker(self) -> None:
        self.stage.restart_broker()

    def _freeze_broker(self) -> None:
        with self.stage.frozen_broker():
            self._wait(self.rng.uniform(1.0, 6.0))

    def _flush_broker(self) -> None:
        self.stage.flush_broker()

    def _restart_database(self) -> None:
        self.stage.restart_database()

    def _kill_database(self) -> None:
        self.stage.restart_database(by=signal.SIGKILL)

    def _cut_connections(self) -> None:
        self.done["connection_cuts"] += self.proxy.cut_all()

    def _lose_commit(self) -> None:
        self.proxy.lose_next_commit()

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._watch()

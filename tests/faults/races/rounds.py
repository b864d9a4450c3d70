"""One race from its opening to what is left of it: clients, closers, a fault, and somebody who opens again."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from config.kernel import jobs
from config.kernel.errors import DomainError
from config.kernel.jobs import Job
from orders.models import OrderWindow
from orders.states import WindowStatus
from orders.windows.drafting import set_offer
from orders.windows.reopening import reopen_window
from tests import factories as make
from tests.faults import children
from tests.faults.races import closers, crowd, facts, oracle, world
from tests.faults.races.crowd import Part
from tests.faults.races.oracle import Breach, Case, Moments
from tests.faults.races.plan import CLIENTS, RacePlan
from tests.faults.races.talk import Command, Seat
from tests.faults.races.world import Town
from tests.faults.stage import Stage

# Seconds between the first look at a plan and its start: time to hand it out.
_LEAD = 0.12
# For everybody to come to an end, however long the database was away.
_PATIENCE = 60.0


@dataclass
class Hands:
    """Processes for the clients and for the closers; threads of this one for the rest."""

    clients: ProcessPoolExecutor
    closers: ProcessPoolExecutor
    threads: ThreadPoolExecutor
    parts: int = 2

    @classmethod
    def begin(
        cls, *, parts: int = 2, closing: int = 4, prepare: Callable[[], None] | None = None
    ) -> Hands:
        """`prepare` is called in each of the clients' processes."""
        clients = children.pool(parts, prepare=prepare)
        wait([clients.submit(crowd.connect, CLIENTS // parts) for _part in range(parts)])
        return cls(clients, children.pool(closing), ThreadPoolExecutor(8), parts=parts)

    def end(self) -> None:
        for pool in (self.clients, self.closers, self.threads):
            pool.shutdown()


@dataclass
class Race:
    """A race that was run. `stood`: where the victim stood when it was killed."""

    plan: RacePlan
    window: OrderWindow
    start: float
    first: float
    seats: list[Seat]
    commands: list[Command] = field(default_factory=list)
    reopened: tuple[float, float] | None = None
    second: float = 0.0
    stood: str = ""

    def case(self) -> Case:
        """As the database has it now."""
        return Case(
            plan=self.plan,
            homes={seat.home: (seat.community, seat.household) for seat in self.seats},
            commands=self.commands,
            facts=facts.read(self.window.pk, prefix=f"{self.plan.seed}-"),
            moments=Moments(self.first, self.reopened, self.second),
        )

    def judge(self) -> list[Breach]:
        return oracle.judge(self.case())

    def is_over(self) -> bool:
        """Closed for the last time, and consolidated."""
        window = OrderWindow.objects.get(pk=self.window.pk)
        if window.status == WindowStatus.CANCELLED:
            return True
        cutoffs = 1 if self.reopened is None else 2
        newest = window.supplier_orders.filter(revision=window.demand_revision)
        return window.demand_revision == cutoffs and newest.exists()


def play(plan: RacePlan, town: Town, hands: Hands, stage: Stage | None = None) -> Race:
    """`stage`: for races over HTTP or with a restart."""
    window = world.open_window(town, plan)
    chairs, start = world.seats(town, plan, window), time.time() + _LEAD
    race = Race(plan, window, start=start, first=start + plan.cutoff, seats=chairs)
    if plan.cutoff != math.inf:
        world.set_cutoff(window, race.first)
    clients = [hands.clients.submit(crowd.work, part) for part in _parts(race, hands, stage)]
    others = [
        hands.threads.submit(_alone, _restock, race, at, offer, more)
        for at, offer, more in plan.restocks
    ]
    if not plan.is_calm:
        others.append(hands.threads.submit(_alone, _end, race, town, hands))
    if plan.fault.kind == "restart":
        assert stage is not None
        others.append(hands.threads.submit(_alone, _restart, race, stage))
    everybody: list[Future[Any]] = [*clients, *others]
    done, late = wait(everybody, timeout=_PATIENCE)
    assert not late, f"{len(late)} of {len(done) + len(late)} never ended: {plan.seed}"
    for other in others:
        other.result()
    race.commands = [command for client in clients for command in client.result()]
    if plan.is_calm:
        race.first = time.time()
        world.set_cutoff(window, race.first)
    if plan.fault.kind == "restart":
        # This thread's own has ended too.
        connection.close()
    return race


def _parts(race: Race, hands: Hands, stage: Stage | None) -> list[Part]:
    """Homes are not divided: their people share what they know."""
    plan = race.plan
    parts = []
    for share in range(hands.parts):
        numbers = [n for n, seat in enumerate(race.seats) if seat.home % hands.parts == share]
        parts.append(
            Part(
                name=plan.seed,
                seats=[race.seats[number] for number in numbers],
                acts=[plan.clients[number].acts for number in numbers],
                numbers=numbers,
                start=race.start,
                address=stage.address if stage is not None and plan.way == "http" else "",
                dawdle=plan.dawdle,
            )
        )
    return parts


def _alone(work: Callable[..., None], *arguments: object) -> None:
    """In a thread with a connection of its own."""
    try:
        work(*arguments)
    finally:
        connection.close()


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))


def _restock(race: Race, at: float, position: int, more: int) -> None:
    """Pieces more, if the window is still open and the database there."""
    _sleep_until(race.start + at)
    with suppress(DomainError, OperationalError, InterfaceError), transaction.atomic():
        offer = make.offers_of(race.window)[position]
        set_offer(offer=offer, actor=make.SETUP, cap=(offer.cap or 0) + more)


def _restart(race: Race, stage: Stage) -> None:
    _sleep_until(race.start + race.plan.fault.at)
    stage.restart_database()


def _end(race: Race, town: Town, hands: Hands) -> None:
    """The cutoff with its closers, and where the plan says so the reopening and the second cutoff."""
    plan = race.plan
    if plan.after_orders:
        race.first = _cutoff_after(race, plan.after_orders)
    after = race.first
    closing: list[Future[None]] = []
    if plan.fault.kind == "kill":
        after = _kill(race, race.first)
    if not plan.fault.waits:
        closing = _close(race, hands, after, cutoffs=1)
    if plan.reopen is not None:
        _reopen(race, town)
        if race.reopened is not None:
            closing += _close(race, hands, race.second, cutoffs=2)
    wait(closing, timeout=_PATIENCE)


def _cutoff_after(race: Race, orders: int) -> float:
    """Once there are so many orders, or after a while, in a moment: everybody must have heard of it before it comes."""
    deadline = time.time() + _PATIENCE / 3
    while race.window.orders.count() < orders and time.time() < deadline:
        time.sleep(0.005)
    while True:
        moment = time.time() + 0.1
        world.set_cutoff(race.window, moment)
        if time.time() < moment:
            return moment


def _close(race: Race, hands: Hands, at: float, *, cutoffs: int) -> list[Future[None]]:
    return [
        hands.closers.submit(closers.close, race.window.pk, way, at, cutoffs)
        for way in race.plan.closers
    ]


def _kill(race: Race, at: float) -> float:
    """kill -9 of a closer where it stands; the time when it was dead."""
    fault, context = race.plan.fault, children.context()
    ours, told = context.Pipe(duplex=False)
    victim = context.Process(
        target=closers.stand,
        args=(told, children.database(), race.window.pk),
        kwargs={"stage": fault.stage, "statement": fault.statement, "at": at},
    )
    victim.start()
    told.close()
    try:
        with suppress(EOFError):
            if ours.poll(_PATIENCE):
                race.stood = ours.recv()
        time.sleep(fault.at)
    finally:
        victim.kill()
        victim.join()
        ours.close()
    return time.time()


def _reopen(race: Race, town: Town) -> None:
    """As soon as the window is closed and a little later; its second cutoff is where the plan says, if that can be."""
    deadline = race.first + race.plan.second
    while (
        time.time() < deadline
        and not OrderWindow.objects.filter(pk=race.window.pk, status=WindowStatus.CLOSED).exists()
    ):
        time.sleep(0.005)
    _sleep_until(min(time.time() + (race.plan.reopen or 0.0), deadline))
    # A close is known by the second of its cutoff.
    second = max(race.first + race.plan.second, time.time() + 0.2)
    moment = datetime.fromtimestamp(second, UTC)
    began = time.time()
    with suppress(DomainError), transaction.atomic(durable=True):
        reopen_window(
            window=race.window, closes_at=moment, actor=world.actor(town), reason="one more hour"
        )
        race.second = second
    if race.second:
        race.reopened = (began, time.time())


def sweep_until_over(races: list[Race], *, seconds: float = _PATIENCE) -> list[Race]:
    """What beat and a worker do, until all are over; those that never were. Leases of the dead must run out first."""
    deadline = time.monotonic() + seconds
    left = list(races)
    while left and time.monotonic() < deadline:
        for job_id in [*jobs.sweep(closers.STAGES), *_free()]:
            jobs.run(job_id)
        left = [race for race in left if not race.is_over()]
        if left:
            time.sleep(0.1)
    return left


def _free() -> list[int]:
    """Bells that rang for somebody who is dead ring again after four seconds; here, at once."""
    waiting = Job.objects.filter(stage__in=closers.STAGES, done_at=None, parked_at=None)
    return list(waiting.values_list("pk", flat=True))

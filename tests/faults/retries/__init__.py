"""Repeats: ten thousand of them over HTTP, of a thousand commands, with replies lost before and after the commit."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from config.embedded.ports import LOOPBACK, free_port
from config.kernel.idempotency import IdempotencyKey
from tests.faults import children, invariants
from tests.faults.programs import Program
from tests.faults.retries import oracle, plan, talk, world
from tests.faults.retries.plan import Chain
from tests.faults.retries.talk import Chair, Record
from tests.faults.retries.world import Place
from tests.faults.stage import Stage
from tests.faults.tally import Tally

PROCESSES, THREADS = 2, 24
# Seconds between two kills of one of gunicorn's workers.
KILL_EVERY = 6.0


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally(rounds=1)
    residents, standing, released, again = (12, 6, 4, 6) if small else (440, 44, 70, 9)
    stage.fresh_database()
    place = world.found(released=released)
    name = f"t{rng.randrange(10**6):06d}"
    with children.pool(PROCESSES) as pool:
        records: list[Record] = []
        for point in ("answered", "answering"):
            chains = plan.residents(f"{name}-{point}", rng, standing, again=again)
            records += _killed_at(point, stage, pool, chains, place)
        chains = plan.residents(f"{name}-free", rng, residents, again=again)
        chairs = _seated(place.chairs, len(chains), rng)
        chains += plan.suppliers(f"{name}-supply", rng, released, again=again)
        chairs += place.supplier_chairs
        records += _killed_at_random(stage, pool, chains, chairs, rng)
    tally.figures.update(oracle.count(records))
    tally.violations += oracle.judge(records, world.stored())
    tally.violations += world.wrong_effects(place, records)
    tally.violations += invariants.broken([place.window.pk, place.other.pk], settled=False)
    _controls(stage, rng, tally)
    return tally


def _seated(chairs: Sequence[Chair], count: int, rng: random.Random) -> list[Chair]:
    return [rng.choice(chairs) for _chain in range(count)]


def _play(
    pool: ProcessPoolExecutor,
    chains: Sequence[Chain],
    chairs: Sequence[Chair],
    address: str,
    meanwhile: Callable[[], None],
) -> list[Record]:
    parts = [
        pool.submit(talk.work, chains[share::PROCESSES], chairs[share::PROCESSES], address, THREADS)
        for share in range(PROCESSES)
    ]
    meanwhile()
    return [record for part in parts for record in part.result()]


def _killed_at(
    point: str, stage: Stage, pool: ProcessPoolExecutor, chains: list[Chain], place: Place
) -> list[Record]:
    """Web stands still right before (answering) or after (answered) each first command's commit, and is killed."""
    standing = stage.start_web(workers=2, threads=THREADS + 4, checkpoint=point)
    before = IdempotencyKey.objects.count()

    def kill() -> None:
        stage.wait_until(standing.stands_at_checkpoint)
        _settle(lambda: IdempotencyKey.objects.count() - before)
        stage.kill(standing)
        stage.start_web(workers=2, threads=8)

    records = _play(pool, chains, place.chairs[: len(chains)], stage.address, kill)
    stage.end_programs()
    return records


def _settle(figure: Callable[[], int]) -> None:
    """Until it has stood still for a moment."""
    pause, seen, calm = threading.Event(), -1, 0
    while calm < 6:
        now = figure()
        calm, seen = (calm + 1, seen) if now == seen else (0, now)
        pause.wait(0.1)


def _killed_at_random(
    stage: Stage,
    pool: ProcessPoolExecutor,
    chains: Sequence[Chain],
    chairs: Sequence[Chair],
    rng: random.Random,
) -> list[Record]:
    """One of gunicorn's workers is killed now and then; the other goes on, and a new one comes."""
    web, over = stage.start_web(workers=2, threads=8), threading.Event()

    def kill() -> None:
        while not over.wait(KILL_EVERY * rng.uniform(0.5, 1.5)):
            stage.kill_child(web, rng)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        return _play(pool, chains, chairs, stage.address, lambda: None)
    finally:
        over.set()
        killer.join()


# Controls.

# What is taken away → a word of the sentence that must come.
UNGUARDED = {"key": "carried out twice", "hash": "instead of 422", "bytes": "in other bytes"}


def _controls(stage: Stage, rng: random.Random, tally: Tally) -> None:
    for guard, harm in UNGUARDED.items():
        stage.fresh_database()
        place = world.found(released=0)
        address = _start_unguarded(stage, guard)
        chains = plan.residents(f"u{rng.randrange(10**6):06d}", rng, 8, again=8)
        with children.pool(PROCESSES) as pool:
            records = _play(pool, chains, place.chairs[: len(chains)], address, lambda: None)
        sentences = list(oracle.judge(records, world.stored()))
        tally.control(f"without the {guard} of repeats", failed=any(harm in s for s in sentences))


def _start_unguarded(stage: Stage, guard: str) -> str:
    port = free_port(0)
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"]
    command += ["tests.faults.unguarded:application", "--bind", f"{LOOPBACK}:{port}"]
    _web: Program = stage.start_command("web", command, environment={"UNGUARDED": guard})
    return f"http://{LOOPBACK}:{port}"

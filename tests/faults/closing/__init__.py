"""The cutoff of two hundred windows in one second: flipped in time, and everything once, whoever rings how often."""

from __future__ import annotations

import random
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.kernel.audit import SYSTEM, AuditEntry
from config.kernel.heartbeats import Heartbeat
from orders.models import OrderFile
from tests.faults import invariants
from tests.faults.closing import watch, world
from tests.faults.closing.bells import Echo, ring_once
from tests.faults.closing.watch import Watch
from tests.faults.stage import Stage
from tests.faults.tally import Tally

# Seconds: after the cutoff at p99; after the workers' return; to be given up.
IN_TIME, CAUGHT_UP, PATIENCE = 2.0, 15.0, 240.0


@dataclass(frozen=True)
class Storm:
    """`workers`: pairs of a worker and a closer, as `manage.py up` has one. `deliveries`: how often each bell rings, at
    most. `spread`: seconds over which the cutoffs lie.
    """

    name: str
    windows: int
    beats: int
    workers: int
    deliveries: int = 1
    spread: float = 0.0


STORMS = (
    Storm("one beat, one worker", 200, beats=1, workers=1),
    Storm("three beats, two workers, up to 5 bells", 200, beats=3, workers=2, deliveries=5),
    Storm("two beats, one worker, up to 3 bells", 60, beats=2, workers=1, deliveries=3, spread=1.0),
    Storm("no beat, a hand rings", 60, beats=0, workers=2, deliveries=5),
)
SMALL = (Storm("two beats, one worker, up to 3 bells", 12, beats=2, workers=1, deliveries=3),)


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally()
    for number, storm in enumerate(SMALL if small else STORMS):
        _storm(storm, f"storm_{number + 1}", stage, rng, tally)
    _outage(12 if small else 200, stage, tally)
    _control_of_damage(stage, tally)
    _control_of_silence(stage, tally)
    return tally


def _start(stage: Stage, storm: Storm) -> None:
    """They listen when this returns: a worker and a closer wait for the broker's next word, each on one connection."""
    for _pair in range(storm.workers):
        stage.start_worker()
        stage.start_closer()
    for _beat in range(storm.beats):
        stage.start_beat()
    stage.wait_until(lambda: _listeners(stage) >= 2 * storm.workers)
    if storm.beats:
        stage.wait_until(Heartbeat.objects.filter(name="orders.close_due").exists)


def _listeners(stage: Stage) -> int:
    return int(stage.valkey().info("clients")["blocked_clients"])


def _storm(storm: Storm, name: str, stage: Stage, rng: random.Random, tally: Tally) -> None:
    stage.fresh_database()
    ids = world.windows(storm.windows)
    _start(stage, storm)
    cutoff = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2 + rng.random())
    cutoffs = {pk: cutoff + timedelta(seconds=storm.spread * rng.random()) for pk in ids}
    world.set_cutoffs(cutoffs)
    is_echoing = storm.deliveries > 1
    echo = Echo(stage.broker_url, most=storm.deliveries, rng=rng) if is_echoing else nullcontext()
    seen = Watch(ids)
    with echo:
        if not storm.beats:
            _ring_by_hand(stage, cutoff)
        seen.until_flipped(cutoff.timestamp() + PATIENCE)
        last = watch.filed(ids, cutoff.timestamp() + PATIENCE)
    _settle(stage)
    waits = seen.waits(cutoffs)
    tally.rounds += 1
    tally.figures |= {
        f"{name}_flip_p50_seconds": round(watch.share(waits, 50), 3),
        f"{name}_flip_p99_seconds": round(watch.share(waits, 99), 3),
        f"{name}_flip_max_seconds": round(waits[-1], 3),
        f"{name}_files_seconds": round((last or 0) - cutoff.timestamp(), 2),
    }
    if isinstance(echo, Echo):
        tally.figures[f"{name}_extra_bells"] = echo.copies
    if late := _late(waits, len(ids)):
        tally.violations.append(f"{storm.name}: {late}")
    tally.violations += [f"{storm.name}: {sentence}" for sentence in _wrong(ids, last)]


def _ring_by_hand(stage: Stage, cutoff: datetime) -> None:
    time.sleep(max(0.0, cutoff.timestamp() - time.time()))
    ring_once(stage.broker_url, "orders.close_due", "close")


def _settle(stage: Stage) -> None:
    """Until the messages of the last sweep are delivered."""
    ring_once(stage.broker_url, "kernel.sweep", "default")
    stage.wait_until(lambda: not invariants.broken([], rendered=0), seconds=30)


def _late(waits: list[float], count: int) -> str | None:
    """A sentence if not all flipped in time, or if one flipped before its time."""
    if len(waits) < count:
        return f"only {len(waits)} of {count} windows flipped"
    if watch.share(waits, 99) > IN_TIME:
        return f"flipped {watch.share(waits, 99):.2f} s after the cutoff at p99"
    if waits[0] < 0:
        return f"flipped {-waits[0]:.6f} s before the cutoff"
    return None


def _wrong(ids: list[int], last: float | None) -> list[str]:
    missing = [] if last is not None else ["not all files were made"]
    return [*missing, *watch.not_once(ids), *invariants.broken(ids, rendered=5)]


# An hour without workers.


def _outage(count: int, stage: Stage, tally: Tally) -> None:
    """Their cutoff was an hour ago, and only beat was there to ring."""
    stage.fresh_database()
    ids = world.windows(count)
    world.set_opening_and_cutoff_an_hour_back(ids)
    beat = stage.start_beat()
    stage.wait_until(lambda: stage.valkey().llen("close") > 0)
    began = time.time()
    stage.start_worker()
    stage.start_closer()
    seen = Watch(ids)
    seen.until_flipped(began + PATIENCE)
    flipped = max(seen.flips.values(), default=0.0) - began
    last = watch.filed(ids, began + PATIENCE)
    _settle(stage)
    tally.rounds += 1
    tally.figures |= {
        "outage_all_flipped_seconds": round(flipped, 2),
        "outage_all_files_seconds": round((last or 0) - began, 2),
    }
    if len(seen.flips) < count or flipped > CAUGHT_UP:
        tally.violations.append(f"outage: {len(seen.flips)} caught up in {flipped:.1f} s")
    if not beat.is_alive():
        tally.violations.append("outage: beat ended while no worker was there")
    tally.violations += [f"outage: {sentence}" for sentence in _wrong(ids, last)]


# Controls.


def _control_of_damage(stage: Stage, tally: Tally) -> None:
    """A second close, and a file that is gone, are found in what the outage left."""
    ids = world.all_ids()
    assert not list(watch.not_once(ids)), "damage on top of damage proves nothing"
    entry = AuditEntry.objects.create(
        at=datetime.now(UTC),
        actor_kind=SYSTEM.kind,
        actor_id=SYSTEM.id,
        action="window.closed",
        subject_kind="window",
        subject_id=ids[0],
    )
    tally.control("a window closed twice", failed=bool(list(watch.not_once(ids))))
    entry.delete()
    OrderFile.objects.filter(supplier_order__window=ids[-1], format="pdf").delete()
    tally.control("a file that is gone", failed=bool(list(watch.not_once(ids))))


def _control_of_silence(stage: Stage, tally: Tally) -> None:
    """Without a beat nobody rings, and that is seen."""
    stage.fresh_database()
    ids = world.windows(3)
    stage.start_worker()
    cutoff = datetime.now(UTC) + timedelta(seconds=0.5)
    world.set_cutoffs(dict.fromkeys(ids, cutoff))
    seen = Watch(ids)
    seen.until_flipped(cutoff.timestamp() + IN_TIME + 0.5)
    waits = seen.waits(dict.fromkeys(ids, cutoff))
    tally.control("nobody rings", failed=_late(waits, len(ids)) is not None)

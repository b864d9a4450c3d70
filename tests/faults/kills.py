"""Whole rounds in which everything is killed, restarted, frozen or cut; then the same orders undisturbed."""

from __future__ import annotations

import random

from tests.faults.invariants import broken
from tests.faults.replay import replay, standing, stored_files
from tests.faults.stage import Stage
from tests.faults.storm import Storm
from tests.faults.tally import Tally

_TROUBLES = {
    "kill_worker": 6,
    "kill_worker_child": 6,
    "kill_beat": 3,
    "kill_web": 3,
    "kill_web_child": 3,
    "kill_broker": 2,
    "restart_broker": 1,
    "freeze_broker": 1,
    "flush_broker": 2,
    "restart_database": 5,
    "kill_database": 2,
    "cut_connections": 4,
    "lose_commit": 8,
}
_FEW = dict.fromkeys(_TROUBLES, 1)


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    storm = Storm(
        stage,
        rng,
        seconds=20 if small else 65,
        rounds=1 if small else 5,
        troubles=_FEW if small else _TROUBLES,
    )
    storm.play()
    tally = Tally(rounds=storm.rounds, faults=storm.done, violations=storm.violations)
    tally.violations += broken(book=storm.book)
    tally.violations += [f"nobody came by “{point}”" for point in storm.armoury.left]
    disturbed, wanted = stored_files(), standing(storm.book, storm.town)
    undisturbed = replay(stage, wanted, opens_at=storm.opens_at, cutoffs=storm.cutoffs)
    tally.violations += [
        f"other bytes than in an undisturbed round: {' '.join(what)}"
        for what in sorted({*disturbed, *undisturbed})
        if disturbed.get(what) != undisturbed.get(what)
    ]
    tally.figures |= {
        "commands answered": storm.book.count(),
        "commands with a lost reply": storm.book.count(lost=True),
        "orders that stand": len(wanted),
        "files with the same bytes": len(undisturbed),
        "seconds from the last trouble to the end": round(storm.settled_after, 1),
    }
    # Another order, another byte: one household fewer must show.
    fewer = replay(stage, wanted[1:], opens_at=storm.opens_at, cutoffs=storm.cutoffs)
    tally.control("one order fewer gives other bytes", failed=fewer != undisturbed)
    return tally

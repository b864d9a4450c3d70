"""Whole rounds in which everything is killed, restarted, frozen or cut; then the same orders undisturbed."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.faults.invariants import broken
from tests.faults.points import kill_at
from tests.faults.replay import Files, Wanted, replay, standing, stored_files
from tests.faults.stage import Stage
from tests.faults.storm import POINTS_OF_WORKERS, Storm
from tests.faults.tally import Tally

_TROUBLES = {
    "kill_worker": 5,
    "kill_worker_child": 6,
    "kill_beat": 3,
    "kill_web": 3,
    "kill_web_child": 3,
    "kill_broker": 2,
    "restart_broker": 1,
    "freeze_broker": 1,
    "flush_broker": 2,
    "restart_database": 4,
    "kill_database": 2,
    "cut_connections": 4,
    "lose_commit": 8,
}
_FEW = dict.fromkeys(_TROUBLES, 1)


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    storm = Storm(
        stage,
        rng,
        seconds=20 if small else 60,
        rounds=1 if small else 5,
        troubles=_FEW if small else _TROUBLES,
    )
    storm.play()
    if storm.book.count() < (20 if small else 200):
        storm.violations.append(f"only {storm.book.count()} commands: this proves too little")
    tally = Tally(rounds=storm.rounds, faults=storm.done, violations=storm.violations)
    tally.violations += broken(book=storm.book)
    _compare(stage, storm, tally)
    points = rng.sample(POINTS_OF_WORKERS, 5 if small else len(POINTS_OF_WORKERS))
    rounds = 3 if small else 10
    tally.violations += kill_at(stage, rng, points, rounds=rounds, kills=tally.faults)
    tally.violations += broken()
    tally.rounds += rounds
    return tally


def _compare(stage: Stage, storm: Storm, tally: Tally) -> None:
    """The same bytes as an undisturbed round of the orders that residents were told they have."""
    disturbed, wanted = stored_files(), standing(storm.book, storm.town)
    undisturbed = replay(stage, wanted, opens_at=storm.opens_at, cutoffs=storm.cutoffs)
    tally.violations += [
        f"other bytes than in an undisturbed round: {' '.join(what)}"
        for what in different(disturbed, undisturbed)
    ]
    tally.figures |= {
        "commands answered": storm.book.count(),
        "commands with a lost reply": storm.book.count(lost=True),
        "orders that stand": len(wanted),
        "files with the same bytes": len(undisturbed),
        "seconds from the last trouble to the end": round(storm.settled_after, 1),
    }
    tally.control(
        "an order that one resident has one piece more of gives other bytes",
        failed=_more_shows(stage, storm, wanted, undisturbed),
    )


def _more_shows(stage: Stage, storm: Storm, wanted: list[Wanted], files: Files) -> bool:
    """Only the first round is played again. One piece more is of what has neither a cap nor a limit."""
    first = storm.town.windows[0].pk
    own = [each for each in wanted if each.window == first]
    changed = next(each for each in own if each.lines[-1][0] > 1)
    position, pieces, tolerance = changed.lines[-1]
    lines = (*changed.lines[:-1], (position, pieces + 1, tolerance))
    more = [replace(each, lines=lines) if each is changed else each for each in own]
    again = replay(stage, more, opens_at=storm.opens_at, cutoffs=storm.cutoffs[:1])
    return bool(again) and any(files.get(what) != hashed for what, hashed in again.items())


def different(one: Files, other: Files) -> list[tuple[str, ...]]:
    return [what for what in sorted({*one, *other}) if one.get(what) != other.get(what)]

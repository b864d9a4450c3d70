"""Races: fifty clients at once, some hundred times, and an oracle for each; controls without one of the locks.

A race is made by a seed (`plan`), played by clients over HTTP or through the verbs (`crowd`, `talk`), closed by real
processes of which some are killed (`closers`), and judged from the outside (`oracle`).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from tests.faults import invariants
from tests.faults.races import controls, plan, rounds, world
from tests.faults.races.rounds import Hands, Race
from tests.faults.races.world import Town
from tests.faults.stage import Stage
from tests.faults.tally import Tally

# (way, fault) → races.
FULL = {
    ("http", "none"): 74,
    ("http", "kill"): 12,
    ("http", "restart"): 14,
    ("verbs", "none"): 82,
    ("verbs", "kill"): 12,
    ("verbs", "restart"): 6,
}
SMALL = {
    ("http", "none"): 1,
    ("http", "kill"): 1,
    ("verbs", "none"): 1,
    ("verbs", "kill"): 1,
    ("verbs", "restart"): 1,
}


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally(clients=plan.CLIENTS)
    stage.fresh_database()
    stage.start_web(workers=2, threads=25)
    town = world.found()
    hands = Hands.begin()
    try:
        _races(_plans(rng, SMALL if small else FULL), town, hands, stage, tally)
    finally:
        hands.end()
    controls.run(stage, rng, tally, small=small)
    return tally


def _plans(rng: random.Random, counts: dict[tuple[str, str], int]) -> list[plan.RacePlan]:
    kinds = [kind for kind, count in counts.items() for _race in range(count)]
    rng.shuffle(kinds)
    name = f"r{rng.randrange(10**6):06d}"
    return [
        plan.make(f"{name}-{number:03d}", way=way, fault=fault)
        for number, (way, fault) in enumerate(kinds)
    ]


def _races(
    plans: Sequence[plan.RacePlan], town: Town, hands: Hands, stage: Stage, tally: Tally
) -> None:
    windows, waiting, pace = [], [], 1.0
    for each in plans:
        race = rounds.play(plan.paced(each, pace), town, hands, stage)
        pace = _next_pace(pace, race)
        windows.append(race.window.pk)
        count(tally, race)
        tally.figures["pace_at_the_end"] = round(pace, 2)
        if tally.races % 20 == 0:
            sys.stderr.write(
                f"races: {tally.races} of {len(plans)}, wrong {len(tally.violations)}\n"
            )
        if race.is_over():
            note(tally, [race])
        else:
            waiting.append(race)
    never = rounds.sweep_until_over(waiting)
    tally.violations += [f"{race.plan.seed}: close: never came to an end" for race in never]
    tally.figures["races_left_to_the_sweep"] = len(waiting)
    note(tally, waiting)
    tally.violations += invariants.broken(windows, settled=False)


def _next_pace(pace: float, race: Race) -> float:
    """So that the cutoff stays in the middle of the storm, however busy the machine is."""
    if race.plan.fault.kind != "none":
        return pace
    last = max(answer.heard for command in race.commands for answer in command.answers)
    lateness = (last - race.start) / (race.plan.end + 0.25)
    return min(4.0, max(0.7, pace * (0.6 + 0.4 * lateness)))


def note(tally: Tally, races: Iterable[Race]) -> None:
    """Judge them."""
    for race in races:
        kind = f"{race.plan.seed} ({race.plan.way}, {race.plan.fault.kind})"
        tally.violations += [f"{kind}: {breach}" for breach in race.judge()]


def count(tally: Tally, race: Race) -> None:
    tally.rounds += 1
    tally.races += 1
    figures: Counter[str] = Counter({f"races_{race.plan.way}": 1})
    figures["races_reopened"] += race.reopened is not None
    if race.stood and race.stood != "missed":
        tally.faults["closer_kills"] += 1
        where = "after_commit" if race.stood == "committed" else "in_transaction"
        figures[f"closers_killed_{where}"] += 1
    for command in race.commands:
        figures["commands"] += 1
        figures["commands_accepted"] += command.success is not None
        figures["requests"] += len(command.answers)
        for answer in command.answers:
            figures["answers_lost" if answer.status == 0 else f"answers_{answer.code or 'ok'}"] += 1
            figures["answers_replayed"] += answer.replayed
    for name, number in figures.items():
        if number:
            tally.figures[name] = tally.figures.get(name, 0) + number

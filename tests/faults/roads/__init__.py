"""The roads into a round: line, slip, telephone, chat list, late order, survey, request, message; all at once.

Each round is a compound of its own (`world`). People come over HTTP, to the API and to the console, and hang up, press
twice and ask again (`residents`, `desk`); processes are killed at points of the seed and at random, the database
restarts (`rounds`); what they were told and what the tables say is compared (`oracle`). `controls` take a guard away.
"""

from __future__ import annotations

import random
import sys

from tests.communities.groups.houses import Houses, Robot, standing_in
from tests.faults import invariants
from tests.faults.roads import controls, oracle, rounds, world
from tests.faults.roads.rounds import POINTS, Crew
from tests.faults.roads.scene import Scene
from tests.faults.stage import Stage
from tests.faults.tally import Tally

# Of so many rounds; in the first of three nothing breaks.
ROUNDS, SMALL = 18, 2
# Seconds in which everybody begins.
_SECONDS = 4.0
_RATES = (
    *("JOIN_PER_ADDRESS", "JOIN_PER_ACCOUNT", "JOIN_PER_EVERYBODY"),
    *("LOG_IN_PER_ACCOUNT", "LOG_IN_PER_ADDRESS"),
)
UNHURRIED = dict.fromkeys(_RATES, "9999999/minute")


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally()
    stage.fresh_database()
    with standing_in() as houses:
        crew = Crew(stage, {**UNHURRIED, "GROUP_ROBOTS_AT": houses.address}, tally.faults)
        scenes = _rounds(stage, crew, houses, rng, tally, count=SMALL if small else ROUNDS)
        stage.end_programs()
        kills = sum(n for kind, n in (tally.faults + stage.faults).items() if "worker" in kind)
        kills += stage.faults["database_restarts"]
        found, twice = oracle.judge_robots(scenes, houses, kills=kills)
    tally.violations += found
    tally.figures["robot texts said twice"] = twice
    tally.violations += invariants.broken([scene.town.window.pk for scene in scenes], rendered=2)
    # The round in which most were served: there is most to damage.
    controls.damaged(stage, max(scenes, key=oracle.served), tally)
    controls.unguarded(stage, rng, tally, UNHURRIED, few=2 if small else 0)
    return tally


def _rounds(
    stage: Stage, crew: Crew, houses: Houses, rng: random.Random, tally: Tally, *, count: int
) -> list[Scene]:
    name, scenes = f"w{rng.randrange(10**6):06d}", []
    for number in range(count):
        town = stage.patiently(lambda: world.found(world.Crew()))
        houses.robots |= {there: Robot() for there in town.robots}
        scene = Scene(town, f"{name}-{number:02d}", stage.address, stage.patiently, _SECONDS)
        breaks = number % 3 > 0
        crew.arm(rng.sample(POINTS, 4) if breaks else ())
        if number % 4 == 3:
            houses.trouble.append((500, b"internal error"))
        found = rounds.play(scene, stage, crew, troubles=rng.randint(1, 3) if breaks else 0)
        crew.put_away()
        found += oracle.judge(scene)
        tally.violations += [f"{scene.seed}: {sentence}" for sentence in found]
        scenes.append(scene)
        _count(tally, scene)
        sys.stderr.write(f"roads: {number + 1} of {count}, wrong {len(tally.violations)}\n")
    return scenes


def _count(tally: Tally, scene: Scene) -> None:
    tally.rounds += 1
    figures = {
        "commands accepted": scene.book.count(),
        "commands with a lost reply": scene.book.count(lost=True),
        "devices that asked to join": len(scene.heard.asked),
        "tokens ended in use": len(scene.heard.ended),
        "households by telephone, list or late": len(scene.heard.calls),
        **oracle.count(scene),
    }
    for label, number in figures.items():
        tally.figures[label] = tally.figures.get(label, 0) + number

"""The checks once more where they must fail: on a damaged round, and on rounds that are played without a guard."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, replace

from django.db import connection, transaction

from tests.communities.groups.houses import Houses, Robot, standing_in
from tests.faults.damages import LOOSEN
from tests.faults.invariants import broken
from tests.faults.programs import Program
from tests.faults.roads import oracle, rounds, world
from tests.faults.roads.damages import BY_HEARSAY, BY_SQL, Falsify
from tests.faults.roads.scene import Scene
from tests.faults.stage import Stage
from tests.faults.tally import Tally

_WORKER = "tests.faults.roads.unguarded_worker"
_SECONDS = 1.5


def damaged(stage: Stage, scene: Scene, tally: Tally) -> None:
    """`scene`: a round that is over. No program may run."""
    with stage.scratch_copy():
        with connection.cursor() as cursor:
            cursor.execute(LOOSEN)
        for sentence, damage in BY_SQL.items():
            tally.control(f"notices: {sentence}", failed=is_noticed(scene, sentence, damage))
    for sentence, falsify in BY_HEARSAY.items():
        tally.control(f"notices: {sentence}", failed=is_overheard(scene, sentence, falsify))
    tally.control("notices: a robot did not say", failed=_misses_robots(scene, times=0))
    tally.control("notices: robots said it twice", failed=_misses_robots(scene, times=2))


def is_noticed(scene: Scene, sentence: str, damage: str) -> bool:
    """Constraints are gone where this runs; the damage is undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(damage, {"community": scene.town.community.pk})
        found = [*oracle.judge_line(scene), *oracle.judge(scene)]
        transaction.set_rollback(True)
    return _says(found, sentence)


def is_overheard(scene: Scene, sentence: str, falsify: Falsify) -> bool:
    """The tables are sound, what people say they heard is not."""
    return _says(oracle.judge(falsify(scene)), sentence)


def _says(found: list[str], sentence: str) -> bool:
    return any(one.startswith(sentence) for one in found)


def _misses_robots(scene: Scene, *, times: int) -> bool:
    """Where each text was heard so often."""
    houses = Houses(robots={there: Robot() for there in scene.town.robots})
    for there, robot_id in scene.town.robots.items():
        texts = oracle.sent_to(robot_id)
        houses.robots[there].heard = [(scene.town.window.opens_at, text) for text in texts * times]
    found, _twice = oracle.judge_robots([scene], houses, kills=0)
    return bool(found)


# Rounds without a guard.


@dataclass(frozen=True)
class Control:
    """`guard`: as unguarded.py knows it; `harm`: beginnings of sentences of which one must come; `loosen`: what of the
    database's own defence goes too.
    """

    guard: str
    harm: tuple[str, ...]
    loosen: str = ""


CONTROLS = (
    Control("key", ("more was made than", "a household has another order")),
    Control(
        "rows", ("a step was noted more than once", "a door has not as many", "somebody was let in")
    ),
    Control("token", ("a token lived on",)),
    Control(
        "pieces",
        ("more was sold than there is",),
        "ALTER TABLE orders_offer DROP CONSTRAINT {taken}",
    ),
    Control("wish", ("an order out of the line belongs to no wish",)),
    Control("result", ("a row of the list led to nothing", "an import was confirmed")),
    Control(
        "event",
        ("a person was told twice",),
        "ALTER TABLE communities_inboxmessage DROP CONSTRAINT inbox_once_per_event",
    ),
)


class UnguardedCrew:
    """Web, worker and beat of which two lack the guard; nothing breaks."""

    def __init__(self, stage: Stage, env: dict[str, str]) -> None:
        web = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"]
        web += ["tests.faults.unguarded:application", "--bind", f"fd://{stage.handle}"]
        self.web: Program = stage.start_command(
            "web", web, environment={**env, "WEB_THREADS": "12"}, pass_fds=[stage.handle]
        )
        # No closer beside it, which would do its work with every guard in its place.
        options = ["--include", _WORKER, "--queues", "close,jobs,default"]
        stage.start_worker(options=options, environment=env)
        stage.start_beat(environment=env)
        stage.wait_until_ready()

    def look(self) -> None:
        """Nobody dies."""

    def trouble(self, rng: random.Random) -> None:
        """None."""


def unguarded(
    stage: Stage, rng: random.Random, tally: Tally, environment: dict[str, str], *, few: int = 0
) -> None:
    """Each in a database of its own. `few`: only so many of them."""
    for control in CONTROLS[: few or None]:
        stage.fresh_database()
        if control.loosen:
            with connection.cursor() as cursor:
                cursor.execute(control.loosen.format(taken=_constraint_on_taken()))
        with standing_in() as houses:
            env = {**environment, "UNGUARDED": control.guard, "GROUP_ROBOTS_AT": houses.address}
            found = _played(stage, UnguardedCrew(stage, env), houses, rng)
        stage.end_programs()
        harm = any(_says(found, sentence) for sentence in control.harm)
        tally.control(f"without the guard: {control.guard}", failed=harm)


def _played(stage: Stage, crew: UnguardedCrew, houses: Houses, rng: random.Random) -> list[str]:
    town = world.found(replace(world.Crew(), listed=3, calling=3))
    houses.robots |= {there: Robot() for there in town.robots}
    name = f"c{rng.randrange(10**6):06d}"
    scene = Scene(town, name, stage.address, stage.patiently, _SECONDS)
    found = rounds.play(scene, None, crew, troubles=0)
    return [*found, *oracle.judge(scene), *broken([town.window.pk], settled=False, rendered=0)]


def _constraint_on_taken() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'orders_offer'::regclass "
            "AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%%taken%%cap%%'"
        )
        ((name,),) = cursor.fetchall()
    return str(name)

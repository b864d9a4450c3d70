"""The same races with one guard taken away, in child processes of the test: the oracle must see the harm.

Some are played with every guard in its place too, where nothing may be wrong: not the dawdling does the harm.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from config.kernel import idempotency
from config.kernel.locks import Namespace
from orders.placing import statements
from tests.faults.races import rounds, verbs, world
from tests.faults.races.plan import CLIENTS, Act, ClientPlan, Line, OfferPlan, RacePlan
from tests.faults.races.rounds import Hands
from tests.faults.races.world import Town
from tests.faults.stage import Stage
from tests.faults.tally import Tally

# Of so many runs without the guard, so many must go wrong.
RUNS, MUST = 20, 0.95
HELD = 4
# Seconds.
_DAWDLE = 0.04


@dataclass(frozen=True)
class Control:
    """`without`: takes the guard away in a child. `harm`: the kind of breach that must show. `made`: a race that is
    built to show it.
    """

    name: str
    without: Callable[[], None]
    harm: str
    made: Callable[[random.Random], RacePlan]


def run(stage: Stage, rng: random.Random, tally: Tally, *, small: bool) -> None:
    """Each control in a database of its own."""
    runs, held = (2, 1) if small else (RUNS, HELD)
    for control in CONTROLS:
        stage.fresh_database()
        town = world.found()
        name = f"c{rng.randrange(10**6):06d}-{control.name}"
        plans = [control.made(random.Random(f"{name}-{number}")) for number in range(runs)]
        kept = _kinds(f"{name}-kept", plans[:held], town, None)
        for kinds in kept:
            tally.violations += [f"{control.name}, every guard in its place: {k}" for k in kinds]
        if control.name == "pieces":
            _drop_last_defence()
        wrong = [control.harm in k for k in _kinds(f"{name}-off", plans, town, control.without)]
        tally.control(f"without the {control.name} guard", failed=sum(wrong) >= MUST * runs)
        tally.figures[f"control_{control.name}_runs"] = runs
        tally.figures[f"control_{control.name}_broken"] = sum(wrong)


def _kinds(
    name: str, plans: Sequence[RacePlan], town: Town, without: Callable[[], None] | None
) -> list[set[str]]:
    """The kinds of breaches of each race."""
    hands = Hands.begin(closing=1, prepare=without)
    try:
        return [
            _breaches(replace(each, seed=f"{name}-{number:02d}"), town, hands)
            for number, each in enumerate(plans)
        ]
    finally:
        hands.end()


def _breaches(made: RacePlan, town: Town, hands: Hands) -> set[str]:
    race = rounds.play(made, town, hands)
    rounds.sweep_until_over([race])
    return {breach.kind for breach in race.judge()}


# Races that are built to show it.


def _across_the_cutoff(rng: random.Random) -> RacePlan:
    acts = [[_act(0.0, (0, 1, 0)) for _order in range(4)] for _client in range(CLIENTS)]
    made = _race(acts, homes=24, offers=(OfferPlan(390),))
    # Longer than closing and consolidating take: who looked before the cutoff writes after both.
    return replace(made, after_orders=rng.randint(5, 20), closers=("verb",), dawdle=10 * _DAWDLE)


def _last_pieces(rng: random.Random) -> RacePlan:
    acts = [[_act(0.0, (0, rng.randint(1, 2), 0))] for _client in range(CLIENTS)]
    return _race(acts, homes=24, offers=(OfferPlan(390, cap=rng.randint(3, 6)),))


def _one_household(rng: random.Random) -> RacePlan:
    acts = [[_act(0.0, (0, rng.randint(1, 2), 0))] for _client in range(CLIENTS)]
    return _race(acts, homes=12, offers=(OfferPlan(390, limit=2),))


def _same_key(rng: random.Random) -> RacePlan:
    acts = [[_act(0.0, (0, 1, 0), copies=rng.randint(1, 3))] for _client in range(CLIENTS)]
    return _race(acts, homes=24, offers=(OfferPlan(390),))


def _act(at: float, line: Line, *, copies: int = 1) -> Act:
    return Act(at=at, kind="place", lines=(line,), copies=copies, again=copies > 1)


def _race(acts: Sequence[Sequence[Act]], *, homes: int, offers: tuple[OfferPlan, ...]) -> RacePlan:
    return RacePlan(
        seed="",
        way="verbs",
        communities=1,
        homes=homes,
        offers=offers,
        clients=tuple(
            ClientPlan(home=number % homes, person=number // homes, acts=tuple(own))
            for number, own in enumerate(acts)
        ),
        cutoff=math.inf,
        closers=(),
        dawdle=_DAWDLE,
    )


# What takes a guard away.


def _rewrite(change: Callable[[str, Any], str]) -> None:
    def wrapper(execute: Callable[..., Any], sql: Any, params: Any, *more: Any) -> Any:
        return execute(change(str(sql), params), params, *more)

    verbs.wrappers.append(wrapper)


def without_window_lock() -> None:
    _rewrite(lambda sql, _p: sql.replace("pg_advisory_xact_lock_shared(%s)", "%s::bigint"))


def without_household_lock() -> None:
    def change(sql: str, params: Any) -> str:
        wanted = "pg_advisory_xact_lock(%s)"
        if wanted in sql and params[-1] >> 48 == Namespace.HOUSEHOLD:
            return sql.replace(wanted, "%s::bigint")
        return sql

    _rewrite(change)


def without_pieces_guard() -> None:
    """Neither the look at what is evidently sold out, nor the rows' locks, nor the condition of the UPDATE,
    nor the CHECK behind it (_drop_last_defence).
    """
    look = statements.read_standing

    def look_at_no_caps(**asked: Any) -> statements.Standing:
        standing = look(**asked)
        return replace(standing, offers=[row._replace(left=None) for row in standing.offers])

    statements.read_standing = look_at_no_caps
    lock, condition = r"FOR NO KEY UPDATE( OF \w+)?", r"AND o\.taken \+ d\.quantity <= o\.cap"
    _rewrite(lambda sql, _p: re.sub(f"{lock}|{condition}", "", sql))


def without_key() -> None:
    def begin(**_given: object) -> None:
        return None

    def store(**_given: object) -> None:
        return None

    idempotency.begin, idempotency.store = begin, store


def _drop_last_defence() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'orders_offer'::regclass "
            "AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%%taken%%cap%%'"
        )
        ((name,),) = cursor.fetchall()
        cursor.execute(f'ALTER TABLE orders_offer DROP CONSTRAINT "{name}"')


CONTROLS = (
    Control("window", without_window_lock, "consolidation", _across_the_cutoff),
    Control("pieces", without_pieces_guard, "oversold", _last_pieces),
    Control("household", without_household_lock, "limit", _one_household),
    Control("key", without_key, "doubled", _same_key),
)

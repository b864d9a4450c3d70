"""A race of each kind, and what the oracle makes of one that was tampered with. `make faults` plays two hundred."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.races import controls, oracle, plan, rounds, world
from tests.faults.races.controls import Control
from tests.faults.races.oracle import Case
from tests.faults.races.plan import RacePlan
from tests.faults.races.rounds import Hands
from tests.faults.races.world import Town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]

HOMES = 10


@pytest.fixture
def town() -> Town:
    return world.found(communities=1, homes=HOMES)


@pytest.fixture
def hands() -> Iterator[Hands]:
    made = Hands.begin(closing=2)
    yield made
    made.end()


def race_of(seed: str, fault: str) -> RacePlan:
    """With few homes, and a second closer: nobody waits for the lease of the dead."""
    made = in_few_homes(plan.make(seed, way="verbs", fault=fault))
    return replace(
        made,
        cutoff=math.inf,
        after_orders=10,
        reopen=None,
        closers=("verb", "job"),
        fault=replace(made.fault, waits=False),
    )


def in_few_homes(made: RacePlan) -> RacePlan:
    clients = tuple(
        replace(client, home=number % HOMES, person=number // HOMES)
        for number, client in enumerate(made.clients)
    )
    return replace(made, clients=clients, homes=HOMES, communities=1)


def test_fifty_clients_at_a_cutoff_with_a_killed_closer_break_nothing(
    town: Town, hands: Hands
) -> None:
    for seed, fault in (("slice-1", "none"), ("slice-2", "kill")):
        race = rounds.play(race_of(seed, fault), town, hands)

        assert rounds.sweep_until_over([race]) == []
        assert [str(breach) for breach in race.judge()] == []
        assert sum(command.success is not None for command in race.commands) > 0
        assert bool(race.stood) == (fault == "kill")


def test_judge_of_a_race_that_was_tampered_with_names_what_is_wrong(
    town: Town, hands: Hands
) -> None:
    made = replace(race_of("slice-3", "none"), after_orders=0, closers=())
    race = rounds.play(made, town, hands)
    assert rounds.sweep_until_over([race]) == []
    true = race.case()
    assert oracle.judge(true) == []

    found = {
        kind: {breach.kind for breach in oracle.judge(tamper(true))}
        for kind, tamper in TAMPERED.items()
    }

    assert {kind: kind in kinds for kind, kinds in found.items()} == dict.fromkeys(TAMPERED, True)


def in_facts(case: Case, **changes: Any) -> Case:
    return replace(case, facts=replace(case.facts, **changes))


def with_first_order(case: Case, **changes: Any) -> Case:
    first, *rest = case.facts.orders
    return in_facts(case, orders=[replace(first, **changes), *rest])


def with_answer(case: Case, **answer: Any) -> Case:
    """One more, to a command that succeeded."""
    (at, told) = next((n, c) for n, c in enumerate(case.commands) if c.success)
    assert told.success is not None
    more = replace(told, answers=[*told.answers, replace(told.success, **answer)])
    return replace(case, commands=[*case.commands[:at], more, *case.commands[at + 1 :]])


def with_offers(case: Case, **changes: Any) -> Case:
    offers = tuple(replace(offer, **changes) for offer in case.plan.offers)
    return replace(case, plan=replace(case.plan, offers=offers))


# What is wrong → how to make it so.
TAMPERED: dict[str, Callable[[Case], Case]] = {
    "lost": lambda case: in_facts(case, orders=case.facts.orders[1:]),
    "doubled": lambda case: with_answer(case, body=b'{"total_fen": 0}', replayed=False),
    "oversold": lambda case: in_facts(
        case, offers={n: (0, t) for n, (_c, t) in case.facts.offers.items()}
    ),
    "limit": lambda case: with_offers(case, limit=0),
    "total": lambda case: with_first_order(case, total_fen=1),
    "number": lambda case: with_first_order(case, number=999),
    "close": lambda case: in_facts(case, closes=[*case.facts.closes, *case.facts.closes]),
    "consolidation": lambda case: in_facts(case, consolidated={}),
    "late": lambda case: replace(
        case, moments=replace(case.moments, first=case.moments.first - 60)
    ),
    "refused": lambda case: with_answer(
        case, status=409, body=b'{"code": "window_not_open"}', heard=case.moments.first - 30
    ),
    "answer": lambda case: with_answer(case, status=500, body=b""),
}


# Without the guard of the pieces the database's own CHECK still stands; `make faults` takes it away too.
@pytest.mark.parametrize(
    "control",
    [control for control in controls.CONTROLS if control.name != "pieces"],
    ids=lambda control: str(control.name),
)
def test_control_race_without_a_guard_does_the_harm(town: Town, control: Control) -> None:
    hands = Hands.begin(closing=1, prepare=control.without)
    try:
        made = in_few_homes(control.made(random.Random(control.name)))
        few = replace(made, seed=f"slice-{control.name}", clients=made.clients[: 2 * HOMES])
        race = rounds.play(few, town, hands)
        rounds.sweep_until_over([race])
    finally:
        hands.end()

    assert control.harm in {breach.kind for breach in race.judge()}

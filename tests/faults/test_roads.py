"""A small round of all the roads at once, in this process, and what the oracle makes of damage. `make faults` plays
large ones over HTTP, with processes that are killed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from config.kernel import jobs, outbox
from tests.communities.groups.houses import Houses, Robot, standing_in
from tests.faults.damages import LOOSEN
from tests.faults.invariants import broken
from tests.faults.roads import controls, oracle, rounds, world
from tests.faults.roads.damages import BY_HEARSAY, BY_SQL
from tests.faults.roads.scene import Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

# What is damaged here; the rest of it in `make faults`.
DAMAGED = (
    "waiting is not what its line waits for",
    "a door has not as many members",
    "a person was told twice",
    "more was made than was accepted",
    "a household has another order than it said",
)
OVERHEARD = ("a token lived on", "a wish to join that no device asked for")


class OwnHands:
    """The background work, done where the round is watched, a few times a second."""

    def __init__(self) -> None:
        self._next = 0.0

    def look(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.25
        for job_id in jobs.sweep():
            jobs.run(job_id)
        outbox.deliver_due()

    def trouble(self, rng: random.Random) -> None:
        """None: `make faults` has it."""


@pytest.fixture
def houses(settings: Settings) -> Iterator[Houses]:
    settings.JOIN_RATES = dict.fromkeys(settings.JOIN_RATES, "9999/minute")
    with standing_in() as houses:
        settings.GROUP_ROBOTS_AT = houses.address
        yield houses


def test_people_on_all_roads_at_once_lose_and_double_nothing(houses: Houses) -> None:
    town = world.found(world.FEW)
    houses.robots |= {there: Robot() for there in town.robots}
    scene = Scene(town, "slice", "", lambda work: work(), 0.2)

    found = rounds.play(scene, None, OwnHands(), troubles=0)

    assert found + oracle.judge(scene) == []
    assert broken([town.window.pk], rendered=0) == []
    assert oracle.judge_robots([scene], houses, kills=0) == ([], 0)
    assert scene.book.count() >= 10
    assert (len(scene.heard.asked), len(scene.heard.ended), len(scene.heard.calls)) == (2, 1, 5)
    assert oracle.served(scene) >= 1
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOOSEN)
        noticed = {one: controls.is_noticed(scene, one, BY_SQL[one]) for one in DAMAGED}
        noticed |= {one: controls.is_overheard(scene, one, BY_HEARSAY[one]) for one in OVERHEARD}
        transaction.set_rollback(True)  # the next test wants its constraints back
    assert noticed == dict.fromkeys((*DAMAGED, *OVERHEARD), True)

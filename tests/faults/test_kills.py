"""A slice of `make faults`: workers killed at points of a seed, a commit without an answer, damage that is noticed."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.db import connection, transaction

from config.embedded.up import WORKER, WORKER_OPTIONS
from config.kernel import clock, jobs, outbox
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from orders.models import OrderFile, OrderWindow
from tests import factories as make
from tests.concurrency.processes import environment, running
from tests.faults import counting
from tests.faults.damages import DAMAGES, LOOSEN
from tests.faults.invariants import broken
from tests.faults.proxy import Proxy
from tests.faults.storm import POINTS_OF_WORKERS, Armoury

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]

SEED, EVENTS = 20220421, 150
PATIENCE = 60
# What a round comes by until its files are there, and what a message does.
POINTS = [
    *(point for point in POINTS_OF_WORKERS if " orders." in point),
    f"delivering {counting.TOPIC}",
    f"delivered {counting.TOPIC}",
    f"worked {counting.STAGE}",
]


@pytest.fixture
def broker() -> str:
    """A database of the broker that nobody else in the run uses or clears."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{12 + int(worker) % 4}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def counted() -> Iterator[None]:
    """Tables of effects, for as long as the test."""
    counting.register()
    with connection.cursor() as cursor:
        cursor.execute(counting.TABLES)
    yield
    counting.forget()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE faults_effect, faults_plain, faults_subject")


def closing_window() -> OrderWindow:
    """Its cutoff is two seconds from now."""
    community = make.make_community()
    window = make.make_window(community, minutes=2 / 60, offers=[{"cap": 9}])
    make.order(window, make.household(community), 2, 1)
    make.order(window, make.household(community, "102"), 3)
    return window


def emit_events() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(EVENTS):
            outbox.emit(event_key=f"event:{number}", topic=counting.TOPIC, payload={})
        cursor.execute("INSERT INTO faults_subject SELECT generate_series(1, 10)")


def effects() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT event FROM faults_effect")
        return [event for (event,) in cursor.fetchall()]


def is_over() -> bool:
    return (
        OrderFile.objects.exists()
        and not Job.objects.filter(done_at=None).exists()
        and not OutboxMessage.objects.filter(delivered_at=None).exists()
        and len(effects()) >= EVENTS + 10
    )


def ring(broker: str) -> None:
    """What beat does."""
    with current_app.connection_for_write(broker) as line:
        for task, queue in (("orders.close_due", "close"), ("kernel.sweep", "default")):
            current_app.send_task(task, connection=line, queue=queue)


@pytest.mark.usefixtures("counted")
def test_workers_killed_at_points_of_a_seed_lose_and_double_nothing(
    broker: str, tmp_path: Path
) -> None:
    points, kills = random.Random(SEED).sample(POINTS, 4), Counter[str]()
    window = closing_window()
    emit_events()
    armoury = Armoury(tmp_path / "points", points, at_once=4, kills=kills)
    env = environment(REDIS_URL=broker, CHECKPOINT=f"*@{tmp_path / 'points'}")
    command = ["-W", "ignore:You're running the worker", "-m", *WORKER, *WORKER_OPTIONS]
    command += ["--include", "tests.faults.counting_worker"]

    deadline, rung = time.monotonic() + PATIENCE, 0.0
    with (tmp_path / "log").open("w") as log, running(command, env, stdout=log, stderr=log):
        while not (is_over() and not armoury.left) and time.monotonic() < deadline:
            armoury.look()
            if time.monotonic() - rung > 0.5:
                rung = time.monotonic()
                ring(broker)
                # So that nobody has to wait for the leases of the dead.
                dead = Job.objects.filter(claimed_until__lt=clock.now() + timedelta(seconds=10))
                dead.update(claimed_until=clock.now() - timedelta(seconds=1), rung_at=None)
            time.sleep(0.05)

    assert (armoury.left, kills) == ([], {"worker_kills": 4})
    assert sorted(effects()) == sorted(
        [*(f"event:{n}" for n in range(EVENTS)), *(f"job:{n}" for n in range(1, 11))]
    )
    assert broken([window.pk], rendered=1) == []


def test_close_whose_commit_was_not_answered_is_done_once() -> None:
    window = closing_window()
    make.pass_cutoff(window)
    (job_id,) = jobs.sweep(["orders.close"])
    proxy, port = Proxy(os.environ["DATABASE_URL"]), connection.settings_dict["PORT"]
    proxy.begin()
    try:
        connection.close()
        connection.settings_dict["PORT"] = str(proxy.port)
        proxy.lose_next_commit()
        first = jobs.run(job_id)
        waiting = Job.objects.get()
        second = jobs.run(job_id)
        third = jobs.run(job_id)
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
        proxy.end()

    window.refresh_from_db()
    assert proxy.lost == 1
    assert (first, second, third) == ((), ("orders.consolidate",), ())
    assert (waiting.done_at, waiting.failures, waiting.claimed_until) == (None, 0, None)
    assert (window.status, window.demand_revision) == ("closed", 1)
    assert AuditEntry.objects.filter(action="window.closed").count() == 1


def test_damage_of_many_kinds_is_noticed() -> None:
    """The rest of them, on a round with answers and sheets: `make faults`."""
    window = closing_window()
    assert broken([window.pk], settled=False) == []
    kinds = ("taken is not", "more was sold", "an order has no lines", "a total is not", "numbers")
    said = {}
    for sentence, damage in DAMAGES.items():
        if sentence.startswith(kinds):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(LOOSEN)
                    cursor.execute(damage)
                found = broken([window.pk], settled=False, rendered=0)
                transaction.set_rollback(True)
            said[sentence] = any(each.startswith(sentence) for each in found)

    assert list(said.values()) == [True] * 5
    assert broken([window.pk], settled=False) == []

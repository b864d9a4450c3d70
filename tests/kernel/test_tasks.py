"""Celery's side: every name that beat and the routes use exists, and a broker that is away costs only time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from celery.beat import ScheduleEntry
from celery.schedules import schedule
from django.conf import settings
from django.db import transaction
from redis import Redis

from communities.models import InboxMessage
from communities.notices import tell
from config.doorbell import Doorbell
from config.kernel import jobs, outbox, tasks
from tests import factories as make
from tests.concurrency.processes import ROOT, environment

_RING = """
import django
django.setup()
from config.kernel.tasks import ring
ring([1, 2, 3])
print("went on")
"""


def test_beat_and_routes_name_tasks_that_exist() -> None:
    current_app.loader.import_default_modules()
    current_app.autodiscover_tasks(force=True)
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled | set(settings.CELERY_TASK_ROUTES) <= set(current_app.tasks)


def test_no_message_expires_by_the_clock_of_a_machine() -> None:
    entries: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE

    assert [name for name, entry in entries.items() if "options" in entry] == []


def test_work_that_somebody_waits_for_is_looked_for_every_second() -> None:
    rung = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert rung["kernel.sweep_watched"] == 1.0
    assert set(jobs.watched()) == {"intake.read", "intake.apply", "volunteers.pick_lists"}


@pytest.fixture
def bells() -> Iterator[Redis]:
    """The broker of this worker of the tests, where nobody listens."""
    with Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.delete("jobs", "default", "close")
        yield valkey
        valkey.delete("jobs", "default", "close")


def entry(task: str, seconds: float) -> ScheduleEntry:
    return ScheduleEntry(name=task, task=task, schedule=schedule(seconds), app=current_app)


def test_beat_rings_no_third_time_while_nobody_has_heard_the_first_two(bells: Redis) -> None:
    doorbell = Doorbell(current_app, lazy=True)
    often, seldom = entry("orders.close_due", 1.0), entry("kernel.tidy", 3600.0)

    sent = [doorbell.apply_async(often) is not None for _beat in range(4)]
    for _hour in range(3):
        doorbell.apply_async(seldom)

    assert sent == [True, True, False, False]
    assert (bells.llen("close"), bells.llen("default")) == (2, 3)
    bells.lpop("close")
    assert doorbell.apply_async(often) is not None


def test_bell_of_every_second_leaves_a_place_for_the_sweep_of_everything(bells: Redis) -> None:
    """Where workers are slow, the frequent one would take every place that comes free."""
    doorbell = Doorbell(current_app, lazy=True)
    watched, rest = entry("kernel.sweep_watched", 1.0), entry("kernel.sweep", 5.0)

    first = [doorbell.apply_async(watched) is not None for _beat in range(3)]

    assert first == [True, False, False]
    assert doorbell.apply_async(rest) is not None
    bells.lpop("default")
    assert doorbell.apply_async(watched) is None
    assert doorbell.apply_async(rest) is not None


def test_ring_leaves_a_crowded_queue_alone(bells: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "CROWDED", 3)

    tasks.ring([1, 2, 3, 4, 5])
    assert bells.llen("jobs") == 5
    tasks.ring([6])
    assert bells.llen("jobs") == 5
    bells.lpop("jobs", 2)
    tasks.ring([6])
    assert bells.llen("jobs") == 4


@pytest.mark.django_db(transaction=True)
def test_batch_that_was_not_all_rings_for_the_next(
    bells: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 2)
    reader = make.make_user()
    outbox.consumer("tests.batch")(
        lambda message: tell(user_ids=[reader.pk], event_key=message.event_key, kind="", data={})
    )
    try:
        with transaction.atomic():
            for number in range(5):
                outbox.emit(event_key=f"batch:{number}", topic="tests.batch", payload={})
        left = []
        for _turn in range(3):
            bells.delete("default")
            tasks.deliver()
            left.append((5 - InboxMessage.objects.count(), bells.llen("default")))
    finally:
        del outbox._consumers["tests.batch"]

    assert left == [(3, 1), (1, 1), (0, 0)]


def test_ring_without_a_broker_goes_on_with_a_warning() -> None:
    nowhere = environment(
        REDIS_URL="redis://127.0.0.1:1/0", DJANGO_SETTINGS_MODULE="config.settings"
    )

    result = subprocess.run(
        [sys.executable, "-c", _RING],
        cwd=ROOT,
        env=nowhere,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert result.stdout == "went on\n"
    assert result.stderr.count("the broker is away, jobs wait for the next sweep") == 1

"""Celery's side: every name that beat and the routes use exists, and a broker that is away costs only time."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from celery import current_app
from django.conf import settings

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


def test_beat_messages_expire_before_the_next_one_of_their_kind() -> None:
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE

    assert {entry["schedule"] - entry["options"]["expires"] for entry in schedule.values()} == {0}


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
    assert result.stderr.count("the broker is away, job 1 waits for the next sweep") == 1

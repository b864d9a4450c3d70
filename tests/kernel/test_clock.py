"""The clock: aware UTC, moved by CLOCK_OFFSET_SECONDS, the database's reading included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from config.kernel import clock


def test_now_is_aware_utc_and_moved_by_the_offset(settings: Settings) -> None:
    settings.CLOCK_OFFSET_SECONDS = -3600

    moment = clock.now()

    assert moment.tzinfo is UTC
    assert abs(moment + timedelta(hours=1) - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.django_db
def test_database_now_is_moved_by_the_offset_too(settings: Settings) -> None:
    plain = clock.database_now()
    settings.CLOCK_OFFSET_SECONDS = 90

    moved = clock.database_now()

    assert timedelta(seconds=90) <= moved - plain < timedelta(seconds=95)


@pytest.mark.django_db
def test_database_now_goes_on_inside_a_transaction() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        begun = cursor.fetchone()[0]

    assert begun < clock.database_now() < clock.database_now()

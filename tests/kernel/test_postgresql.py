"""A kept connection serves the next request without a question, unless it has ended meanwhile."""

from __future__ import annotations

import select
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.postgresql import base

from config.kernel.postgresql.base import DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)
ASK_WHO = "SELECT pg_backend_pid()"


@pytest.fixture
def kept() -> Iterator[Any]:
    """A connection that has served a request and is kept for another."""
    own: Any = connections.create_connection("default")
    own.health_check_enabled = True
    who(own)
    own.close_if_unusable_or_obsolete()
    try:
        yield own
    finally:
        own.close()


def who(own: Any) -> int:
    with own.cursor() as cursor:
        cursor.execute(ASK_WHO)
        return int(cursor.fetchone()[0])


def elsewhere(sql: str, *values: int) -> object:
    """What another connection is told."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def pid_of(own: Any) -> int:
    return int(own.connection.info.backend_pid)


def last_statement(own: Any) -> object:
    return elsewhere("SELECT query FROM pg_stat_activity WHERE pid = %s", pid_of(own))


def test_silent_connection_is_kept_without_a_statement(kept: Any) -> None:
    assert type(kept) is DatabaseWrapper

    kept.close_if_health_check_failed()

    assert last_statement(kept) == ASK_WHO
    kept.health_check_done = False
    base.DatabaseWrapper.close_if_health_check_failed(kept)
    assert last_statement(kept) == "SELECT 1"


def test_connection_that_ended_is_replaced(kept: Any) -> None:
    ended = pid_of(kept)
    assert elsewhere("SELECT pg_terminate_backend(%s, 10000)", ended) is True

    assert who(kept) != ended


def test_control_connection_that_ended_fails_without_the_check(kept: Any) -> None:
    kept.health_check_enabled = False
    elsewhere("SELECT pg_terminate_backend(%s, 10000)", pid_of(kept))

    with pytest.raises(OperationalError):
        who(kept)


def test_connection_that_hears_something_is_asked_and_kept(kept: Any) -> None:
    with kept.cursor() as cursor:
        cursor.execute("LISTEN something")
    kept.close_if_unusable_or_obsolete()
    before = pid_of(kept)
    elsewhere("SELECT pg_notify('something', '')::text")
    assert select.select([kept.connection], [], [], 10)[0]

    kept.close_if_health_check_failed()

    assert (last_statement(kept), pid_of(kept)) == ("SELECT 1", before)

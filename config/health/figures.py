"""What is measured: the database with all that only it knows, and the broker."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db import connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.kernel import backlog, clock, heartbeats
from config.kernel.backlog import Backlog
from orders.windows.overdue import Overdue, find_overdue

# Seconds. The broker is in the same house, or it is away.
BROKER_TIMEOUT = 0.5


class Figures(NamedTuple):
    """`sweep_ages`: seconds since each sweep ended; `writable` is false on a standby."""

    writable: bool
    sweep_ages: dict[str, float]
    jobs: Backlog
    messages: Backlog
    windows: Overdue


def from_database() -> Figures:
    """Measured on a connection of its own, opened and closed: it tells too whether there is room for one more.

    Raises what Django raises when the database is away, is full of connections or was never migrated.
    """
    try:
        return measure()
    finally:
        connection.close()


def measure() -> Figures:
    """Nine statements, on small indexes."""
    moment = clock.database_now()
    return Figures(
        writable=_is_writable(),
        sweep_ages=heartbeats.ages(),
        jobs=backlog.of_jobs(moment),
        messages=backlog.of_messages(moment),
        windows=find_overdue(moment),
    )


def _is_writable() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only') = 'off'")
        return bool(cursor.fetchone()[0])


def from_broker() -> bool:
    """True, or what redis-py raises."""
    with Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_TIMEOUT,
        socket_connect_timeout=BROKER_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    ) as client:
        return bool(client.ping())

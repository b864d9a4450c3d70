"""The one clock. `CLOCK_OFFSET_SECONDS` moves it for the demo and for tests, the database's reading included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models.expressions import RawSQL

# What the cutoff is judged by; takes one parameter, the offset in seconds.
SQL_NOW = "(clock_timestamp() + make_interval(secs => %s))"


def offset() -> int:
    """Seconds to be bound to SQL_NOW."""
    return int(settings.CLOCK_OFFSET_SECONDS)


def database_clock() -> RawSQL:
    """PostgreSQL's time as an expression: what machines tell each other must not hang on one machine's clock."""
    sql = f"SELECT {SQL_NOW}"
    return RawSQL(sql, [offset()], output_field=models.DateTimeField())  # noqa: S611 -- likewise


def now() -> datetime:
    """This machine's time, aware UTC. For what need not be exact across machines; taken at the edge."""
    return datetime.now(UTC) + timedelta(seconds=offset())


def database_now() -> datetime:
    """PostgreSQL's time (clock, not transaction start), aware UTC. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SQL_NOW}", [offset()])
        moment: datetime = cursor.fetchone()[0]
    return moment

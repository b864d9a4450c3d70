"""When each sweep last came to its end: the proof that beat rings, the broker carries and a worker listens."""

from __future__ import annotations

from django.db import connection, models


class Heartbeat(models.Model):
    """One row for each sweep. `at` is PostgreSQL's clock, so that a worker with a wrong one shows no false age."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "heartbeat"

    def __str__(self) -> str:
        return self.name


def beat(name: str) -> None:
    """Note that this sweep has done its work just now. One statement, its own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_heartbeat (name, at) VALUES (%s, clock_timestamp()) "
            "ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name],
        )


def ages() -> dict[str, float]:
    """Seconds since each sweep that ever ran. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, extract(epoch FROM clock_timestamp() - at) FROM kernel_heartbeat"
        )
        return {str(name): float(age) for name, age in cursor.fetchall()}

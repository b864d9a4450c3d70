"""What is still to be done, and what was given up: figures of jobs and messages for whoever runs the machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet

from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage


class Backlog(NamedTuple):
    """`open`: neither finished nor given up, and `oldest_seconds` since the first of them was made (0 without any),
    however often it was tried; `parked`: given up, until a person starts it over.
    """

    open: int
    oldest_seconds: float
    parked: int


def of_jobs(moment: datetime) -> Backlog:
    """At `moment` of PostgreSQL's clock. Two statements, on the indexes of what is open and of what is parked."""
    return _backlog(Job.objects.filter(done_at=None), Job.objects.all(), moment)


def of_messages(moment: datetime) -> Backlog:
    """Two statements, likewise."""
    undelivered = OutboxMessage.objects.filter(delivered_at=None)
    return _backlog(undelivered, OutboxMessage.objects.all(), moment)


def _backlog(unfinished: QuerySet[Any], every: QuerySet[Any], moment: datetime) -> Backlog:
    found = unfinished.filter(parked_at=None).aggregate(count=Count("pk"), first=Min("created_at"))
    age = (moment - found["first"]).total_seconds() if found["first"] else 0.0
    parked = every.filter(parked_at__isnull=False).count()
    return Backlog(found["count"], max(0.0, age), parked)

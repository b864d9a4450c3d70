"""How processes wait for a broker that is away: worker and beat for ever, a second at a time; who rings, not at all."""

from __future__ import annotations

from typing import Any, Self

from celery.app.amqp import AMQP
from kombu import Connection

# Kombu waits 2, 4, 6 … 30 s between tries: after a minute without a broker nobody would listen for half of another.
_EVERY_SECOND = {"interval_start": 1, "interval_step": 0, "interval_max": 1}


class PatientConnection(Connection):
    """Worker and beat call this one; whoever sends goes by `max_retries` of CELERY_BROKER_TRANSPORT_OPTIONS."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Self:
        return super().ensure_connection(*args, **{**_EVERY_SECOND, **kwargs})


class PatientAMQP(AMQP):
    Connection = PatientConnection

"""Messages written beside the change that causes them, delivered later, once per event. Times are PostgreSQL's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel import clock
from config.kernel.checkpoints import reach
from config.kernel.locks import require_atomic
from config.kernel.masking import mask

logger = logging.getLogger(__name__)

MAX_FAILURES = 10
Consumer = Callable[["OutboxMessage"], None]
_consumers: dict[str, Consumer] = {}


class OutboxMessage(models.Model):
    """Something to be told. The payload holds ids; texts and personal values are looked up on delivery."""

    event_key = models.CharField(_("event"), max_length=120, unique=True)
    topic = models.CharField(_("topic"), max_length=60)
    payload = models.JSONField(_("payload"), default=dict)
    created_at = models.DateTimeField(_("created"))
    available_at = models.DateTimeField(_("not before"))
    failures = models.IntegerField(_("failures"), default=0)
    last_error = models.TextField(_("last error"), default="", blank=True)
    parked_at = models.DateTimeField(_("parked"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    class Meta:
        verbose_name = _("message to send")
        verbose_name_plural = _("messages to send")
        indexes = [
            # deliver_due
            models.Index(
                fields=["available_at"],
                name="outbox_due",
                condition=Q(delivered_at=None, parked_at=None),
            ),
            # backlog: what was given up.
            models.Index(
                fields=["parked_at"], name="outbox_parked", condition=Q(parked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.event_key


def consumer(topic: str) -> Callable[[Consumer], Consumer]:
    """Register the function that delivers a topic. It runs in the transaction that marks the message delivered, so
    what it writes to the database happens exactly once; what it sends elsewhere happens at least once.
    """

    def register(function: Consumer) -> Consumer:
        if topic in _consumers:
            raise ValueError(f"topic {topic} has two consumers")
        _consumers[topic] = function
        return function

    return register


def emit(*, event_key: str, topic: str, payload: dict[str, Any]) -> None:
    """Write a message into the caller's transaction. The same event_key a second time changes nothing."""
    emit_each({event_key: payload}, topic=topic)


def emit_each(payloads: Mapping[str, dict[str, Any]], *, topic: str) -> None:
    """Many at once, by event key, as emit. One statement."""
    require_atomic()
    if topic not in _consumers:
        raise ValueError(f"topic {topic} has no consumer")
    moment = clock.database_clock()
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                event_key=event_key,
                topic=topic,
                payload=payload,
                created_at=moment,
                available_at=moment,
            )
            for event_key, payload in payloads.items()
        ],
        ignore_conflicts=True,
    )


def deliver_due(limit: int = 200) -> int:
    """Deliver up to `limit` due messages, each in its own transaction; returns how many were delivered.

    SKIP LOCKED lets several workers share the work; a failing message backs off and is parked after ten failures.
    """
    delivered = 0
    for _turn in range(limit):
        with transaction.atomic(durable=True):
            # In the order of the index: with 20,000 waiting, each is found as fast as the last.
            message = (
                OutboxMessage.objects.filter(
                    delivered_at=None, parked_at=None, available_at__lte=clock.database_clock()
                )
                .order_by("available_at")
                .select_for_update(skip_locked=True)
                .first()
            )
            if message is None:
                break
            delivered += _deliver(message)
        reach(f"delivered {message.topic}")
    return delivered


def _deliver(message: OutboxMessage) -> int:
    """Caller holds the message's row lock."""
    moment = clock.database_clock()
    try:
        with transaction.atomic():
            _consumers[message.topic](message)
    except Exception as error:
        logger.exception("message %s was not delivered", message)
        _put_off(message, error)
        return 0
    OutboxMessage.objects.filter(pk=message.pk).update(delivered_at=moment, last_error="")
    reach(f"delivering {message.topic}")
    return 1


def _put_off(message: OutboxMessage, error: Exception) -> None:
    """Raises OperationalError or InterfaceError if the connection was cut: then nothing counts, and nothing is lost."""
    failures = message.failures + 1
    moment = clock.database_clock()
    OutboxMessage.objects.filter(pk=message.pk).update(
        failures=failures,
        last_error=mask(f"{type(error).__name__}: {error}")[:2000],
        available_at=moment + timedelta(seconds=min(3600, 5 * 2**failures)),
        parked_at=moment if failures >= MAX_FAILURES else None,
    )

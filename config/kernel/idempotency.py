"""After a lost reply a repeat never buys twice: the first answer is stored in the transaction of its effect."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from config.kernel import clock
from config.kernel.errors import DomainError
from config.kernel.forgetting import Rule
from config.kernel.locks import Namespace, key_of_text, require_atomic, try_take

RETENTION = timedelta(days=7)
# By hand: every command waits for these two.
_FIND = """
    SELECT request_hash, status, body FROM kernel_idempotencykey WHERE principal = %s AND key = %s
"""
_KEEP = """
    INSERT INTO kernel_idempotencykey (principal, key, request_hash, status, body, created_at)
    VALUES (%s, %s, %s, %s, %s, %s)
"""


class KeyMissing(DomainError):
    code = "idempotency_key_missing"
    status = 400
    detail = _("This request needs an Idempotency-Key header of 8 to 255 visible characters.")


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    detail = _("This Idempotency-Key was used for another request.")


class InFlight(DomainError):
    code = "idempotency_key_in_flight"
    status = 409
    detail = _("The first request with this Idempotency-Key is still being worked on.")

    @property
    def retry_after(self) -> int | None:
        return 1


class IdempotencyKey(models.Model):
    """The answer to a key, byte for byte. Only 2xx answers are stored; anything else was rolled back with its work."""

    principal = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "key"], name="idempotency_once_per_principal"
            ),
            models.CheckConstraint(
                condition=models.Q(status__range=(200, 299)), name="idempotency_only_success"
            ),
        ]
        # forget_old
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"


@dataclass(frozen=True)
class Stored:
    """A first answer."""

    status: int
    body: bytes


def request_hash(method: str, path: str, data: Any) -> str:
    """SHA-256 over method, path and the parsed body in canonical form: the order of JSON members does not count."""
    canonical = json.dumps(
        data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(f"{method} {path}\n{canonical}".encode()).hexdigest()


def begin(*, principal: str, key: str, digest: str) -> Stored | None:
    """Claim the key for this transaction; the first answer if there is one. Two statements.

    Raises KeyMissing, KeyReused (same key, other request) or InFlight (another transaction works on the key).
    """
    require_atomic()
    if not (8 <= len(key) <= 255 and key.isascii() and key.isprintable() and " " not in key):
        raise KeyMissing
    is_ours = try_take(key_of_text(Namespace.IDEMPOTENCY, f"{principal} {key}"))
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [principal, key])
        row = cursor.fetchone()
    if row is None:
        # What holds the key may be another repeat: only without a first answer is there something to wait for.
        if not is_ours:
            raise InFlight
        return None
    request_hash, status, body = row
    if request_hash != digest:
        raise KeyReused
    return Stored(status=status, body=bytes(body))


def store(*, principal: str, key: str, digest: str, answer: Stored) -> None:
    """Keep the first answer, in the transaction of its effect."""
    require_atomic()
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [principal, key, digest, answer.status, answer.body, clock.now()])


def forget_old(now: datetime) -> int:
    """Delete answers older than seven days; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - RETENTION).delete()[0]


RULE = Rule(
    "answers", "answers of the API, kept for a repeat", "7 days after they were given", forget_old
)

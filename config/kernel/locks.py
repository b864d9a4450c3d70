"""Locks in one order (docs/locking.md): advisory keys from one registry, at the level of the transaction only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

from django.db import DatabaseError, connection, transaction

from config.kernel.errors import Busy

TIMEOUT_MS = 3000
_ID_BITS = 48
# lock_not_available, deadlock_detected, serialization_failure
_BUSY_CODES = {"55P03", "40P01", "40001"}


class Namespace(IntEnum):
    """What an advisory key locks. Numbers are never reused; their order is the order of taking."""

    IDEMPOTENCY = 1
    VOLUNTEER = 2
    WINDOW = 3
    HOUSEHOLD = 4
    SEED = 7


def key(namespace: Namespace, number: int) -> int:
    """The bigint that PostgreSQL locks on: namespace << 48 | id."""
    if not 0 <= number < 1 << _ID_BITS:
        raise ValueError(f"{number} does not fit into {_ID_BITS} bits")
    return int(namespace) << _ID_BITS | number


def key_of_text(namespace: Namespace, text: str) -> int:
    """A key for a text: its SHA-256, cut to 48 bits. A collision costs a wait or a 409, never a wrong result."""
    return key(namespace, int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big"))


def require_atomic() -> None:
    """Verbs call this first: the edge must have opened the transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a verb was called outside a transaction")


def take(*, shared: Sequence[int] = (), exclusive: Sequence[int] = ()) -> None:
    """Wait for advisory keys until the end of the transaction: first the shared, then the exclusive ones, in the
    order given. One statement; it also sets lock_timeout for the rest of the transaction. Raises Busy after 3 s.
    """
    require_atomic()
    calls = ["pg_advisory_xact_lock_shared(%s)"] * len(shared) + [
        "pg_advisory_xact_lock(%s)"
    ] * len(exclusive)
    with busy_when_locked(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(["set_config('lock_timeout', %s, true)", *calls]),
            [f"{TIMEOUT_MS}ms", *shared, *exclusive],
        )


def try_take(lock: int) -> bool:
    """Take an advisory key if it is free now, until the end of the transaction. Sets lock_timeout too."""
    require_atomic()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), pg_try_advisory_xact_lock(%s)",
            [f"{TIMEOUT_MS}ms", lock],
        )
        return bool(cursor.fetchone()[1])


def is_busy(error: BaseException) -> bool:
    """True if PostgreSQL gave up waiting for a lock, or chose this transaction to break a deadlock."""
    return getattr(error.__cause__, "pgcode", None) in _BUSY_CODES


@contextmanager
def busy_when_locked() -> Iterator[None]:
    """Turn a lock time-out or a deadlock of the statements inside into Busy. The transaction is lost all the same.

    Also a decorator, for verbs that wait for rows.
    """
    try:
        yield
    except DatabaseError as error:
        if is_busy(error):
            raise Busy() from error
        raise

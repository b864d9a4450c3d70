"""Advisory locks: one registry, one order, gone with the transaction, Busy after three seconds."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from config.kernel import locks
from config.kernel.errors import Busy
from config.kernel.locks import Namespace
from tests.connections import at_once, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

HERE, THERE = locks.key(Namespace.WINDOW, 1), locks.key(Namespace.HOUSEHOLD, 1)


def held() -> list[tuple[int, str]]:
    """This transaction's advisory keys, with their modes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint, mode FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid = pg_backend_pid() ORDER BY 1"
        )
        return list(cursor.fetchall())


def test_namespaces_have_the_numbers_they_were_given() -> None:
    # Two releases of the program lock against each other while one replaces the other: numbers never change.
    assert {space.name: space.value for space in Namespace} == {
        "IDEMPOTENCY": 1,
        "VOLUNTEER": 2,
        "WINDOW": 3,
        "HOUSEHOLD": 4,
        "SEED": 7,
    }


def test_key_is_namespace_and_id_in_one_bigint() -> None:
    assert locks.key(Namespace.WINDOW, 17) == (3 << 48) | 17
    assert locks.key(Namespace.WINDOW, 17) != locks.key(Namespace.HOUSEHOLD, 17)
    assert locks.key(Namespace.SEED, (1 << 48) - 1) < 1 << 63


@pytest.mark.parametrize("number", [-1, 1 << 48])
def test_key_of_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="48 bits"):
        locks.key(Namespace.WINDOW, number)


def test_key_of_text_is_stable_and_keeps_its_namespace() -> None:
    key = locks.key_of_text(Namespace.IDEMPOTENCY, "user:1 abc")

    assert key >> 48 == Namespace.IDEMPOTENCY
    assert key == locks.key_of_text(Namespace.IDEMPOTENCY, "user:1 abc")
    assert key != locks.key_of_text(Namespace.IDEMPOTENCY, "user:1 abd")


def test_take_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        locks.take(exclusive=[HERE])
    with pytest.raises(TransactionManagementError):
        locks.try_take(HERE)


def test_take_holds_the_keys_until_the_end_of_the_transaction(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic():
        with django_assert_num_queries(1):
            locks.take(shared=[HERE], exclusive=[THERE])
        assert held() == [(HERE, "ShareLock"), (THERE, "ExclusiveLock")]

    assert held() == []


def test_take_sets_the_lock_timeout_of_this_transaction_only() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        locks.take()
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_take_of_a_shared_key_lets_others_share_it_and_keeps_an_exclusive_one_out() -> None:
    with elsewhere() as other, transaction.atomic():
        locks.take(shared=[HERE])

        assert other.run(lambda: _try(HERE, shared=True)) is True
        assert other.run(lambda: _try(HERE)) is False
        assert other.run(lambda: _try(THERE)) is True


def _try(key: int, *, shared: bool = False) -> bool:
    with transaction.atomic():
        if not shared:
            return locks.try_take(key)
        locks.take(shared=[key])
        return True


def test_take_of_a_key_that_stays_taken_is_busy_after_three_seconds() -> None:
    def wait_for_it() -> float:
        begun = time.monotonic()
        with pytest.raises(Busy) as busy, transaction.atomic():
            locks.take(exclusive=[HERE])
        assert busy.value.retry_after == 1
        return time.monotonic() - begun

    with elsewhere() as other, transaction.atomic():
        locks.take(exclusive=[HERE])

        assert 2.9 < other.run(wait_for_it) < 6


def test_try_take_does_not_wait() -> None:
    with elsewhere() as other:
        with transaction.atomic():
            assert locks.try_take(HERE) is True
            assert other.run(lambda: _try(HERE)) is False
        assert other.run(lambda: _try(HERE)) is True


def test_busy_when_locked_turns_a_deadlock_into_busy_for_one_of_two() -> None:
    both_hold_one = threading.Barrier(2, timeout=10)

    def take_both(first: int, second: int) -> str:
        try:
            with transaction.atomic():
                locks.take(exclusive=[first])
                both_hold_one.wait()
                locks.take(exclusive=[second])
        except Busy:
            return "busy"
        return "done"

    outcomes = at_once([lambda: take_both(HERE, THERE), lambda: take_both(THERE, HERE)])

    assert sorted(map(str, outcomes)) == ["busy", "done"]


def test_busy_when_locked_leaves_other_errors_alone() -> None:
    @locks.busy_when_locked()
    def divide() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    with pytest.raises(DatabaseError) as error:
        divide()

    assert not isinstance(error.value, OperationalError)
    assert not locks.is_busy(error.value)

"""Idempotency keys: the first answer again, or a clear no."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from config.kernel import clock, idempotency
from config.kernel.idempotency import (
    IdempotencyKey,
    InFlight,
    KeyMissing,
    KeyReused,
    Stored,
    request_hash,
)
from tests.connections import elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "4f1c2a90-key"
DIGEST = request_hash("POST", "/orders", {"a": 1})
ANSWER = Stored(status=201, body=b'{"number":1}')


def begin(principal: str = "user:1", key: str = KEY, digest: str = DIGEST) -> Stored | None:
    return idempotency.begin(principal=principal, key=key, digest=digest)


def store_answer(**fields: str) -> None:
    with transaction.atomic():
        assert begin(**fields) is None
        idempotency.store(
            principal=fields.get("principal", "user:1"), key=KEY, digest=DIGEST, answer=ANSWER
        )


def test_begin_of_a_new_key_has_no_answer_in_two_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # the lock; the row
    with transaction.atomic(), django_assert_num_queries(2):
        assert begin() is None


def test_begin_of_the_same_request_is_the_first_answer_byte_for_byte() -> None:
    store_answer()

    with transaction.atomic():
        assert begin() == ANSWER


def test_begin_of_another_request_under_the_key_is_refused() -> None:
    store_answer()

    with pytest.raises(KeyReused), transaction.atomic():
        begin(digest=request_hash("POST", "/orders", {"a": 2}))


def test_begin_of_another_principal_is_another_key() -> None:
    store_answer()

    with transaction.atomic():
        assert begin(principal="user:2") is None
    store_answer(principal="user:2")
    assert IdempotencyKey.objects.count() == 2


def test_begin_while_another_transaction_works_on_the_key_is_in_flight() -> None:
    with elsewhere() as other:
        with transaction.atomic():
            begin()
            first = other.run(_refusal)
        after = other.run(_refusal)

    assert first == ("idempotency_key_in_flight", 1)
    assert after is None


def test_begin_while_another_repeat_reads_the_answer_does_not_wait_for_it() -> None:
    store_answer()

    with elsewhere() as other, transaction.atomic():
        assert begin() == ANSWER
        assert other.run(_answer) == ANSWER
        assert other.run(lambda: _refusal(digest="0" * 64)) == ("idempotency_key_reused", None)


def _answer() -> Stored | None:
    with transaction.atomic():
        return begin()


def _refusal(**fields: str) -> tuple[str, int | None] | None:
    try:
        with transaction.atomic():
            begin(**fields)
    except (InFlight, KeyReused) as error:
        return error.code, error.retry_after
    return None


def test_store_in_a_transaction_that_fails_is_forgotten() -> None:
    with transaction.atomic():
        begin()
        idempotency.store(principal="user:1", key=KEY, digest=DIGEST, answer=ANSWER)
        transaction.set_rollback(True)

    with transaction.atomic():
        assert begin() is None


@pytest.mark.parametrize(
    "key",
    ["", "1234567", "x" * 256, "with space", "zeile\nzwei", "键键键键键键键键", "tab\tinside"],
)
def test_begin_without_a_proper_key_is_refused(key: str) -> None:
    with pytest.raises(KeyMissing), transaction.atomic():
        begin(key=key)

    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["12345678", "x" * 255, "~!@#$%^&*()"])
def test_begin_with_a_proper_key_is_accepted(key: str) -> None:
    with transaction.atomic():
        assert begin(key=key) is None


def test_begin_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        begin()


def test_request_hash_does_not_depend_on_the_order_of_members() -> None:
    assert request_hash("POST", "/a", {"x": 1, "y": [1, 2]}) == request_hash(
        "POST", "/a", {"y": [1, 2], "x": 1}
    )


def test_request_hash_differs_by_method_path_and_body() -> None:
    hashes = {
        request_hash("POST", "/a", {"x": 1}),
        request_hash("PUT", "/a", {"x": 1}),
        request_hash("POST", "/b", {"x": 1}),
        request_hash("POST", "/a", {"x": 2}),
        request_hash("POST", "/a", {"x": "1"}),
        request_hash("POST", "/a", {"x": [1, 2]}),
        request_hash("POST", "/a", {"x": [2, 1]}),
        request_hash("POST", "/a", None),
    }

    assert len(hashes) == 8


def test_forget_old_deletes_what_is_older_than_seven_days() -> None:
    store_answer()
    store_answer(principal="user:2")
    old = clock.now() - timedelta(days=7, seconds=1)
    IdempotencyKey.objects.filter(principal="user:1").update(created_at=old)

    assert idempotency.forget_old(clock.now()) == 1
    assert list(IdempotencyKey.objects.values_list("principal", flat=True)) == ["user:2"]


def test_begin_leaves_no_lock_behind() -> None:
    with transaction.atomic():
        begin()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone() == (0,)

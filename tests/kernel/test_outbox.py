"""The outbox: once per event, with the change or not at all, and one bad message stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import Settings

from communities.models import InboxMessage, User
from communities.notices import tell
from config.kernel import clock, outbox
from config.kernel.outbox import MAX_FAILURES, OutboxMessage
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "tests.toy"


@pytest.fixture
def reader() -> User:
    return make.make_user("reader")


@pytest.fixture(autouse=True)
def consumer(reader: User) -> Iterator[list[str]]:
    """Delivers into the reader's inbox; a payload with `trouble` fails after it has written."""
    seen: list[str] = []

    def deliver(message: OutboxMessage) -> None:
        seen.append(message.event_key)
        tell(user_ids=[reader.pk], event_key=message.event_key, kind=TOPIC, data={})
        if message.payload.get("cut"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        if message.payload.get("trouble"):
            raise RuntimeError("no answer")
        if message.payload.get("twice"):
            InboxMessage.objects.create(
                user=reader, event_key=message.event_key, kind=TOPIC, created_at=clock.now()
            )

    outbox.consumer(TOPIC)(deliver)
    yield seen
    del outbox._consumers[TOPIC]


def emit(key: str, **payload: object) -> None:
    with transaction.atomic():
        outbox.emit(event_key=key, topic=TOPIC, payload=payload)


def inbox() -> list[str]:
    return list(InboxMessage.objects.order_by("pk").values_list("event_key", flat=True))


def test_emit_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        outbox.emit(event_key="a", topic=TOPIC, payload={})

    assert not OutboxMessage.objects.exists()


def test_emit_of_an_unknown_topic_is_refused() -> None:
    with pytest.raises(ValueError, match="no consumer"), transaction.atomic():
        outbox.emit(event_key="a", topic="tests.unknown", payload={})

    assert not OutboxMessage.objects.exists()


def test_emit_in_a_transaction_that_fails_leaves_no_message() -> None:
    with transaction.atomic():
        outbox.emit(event_key="a", topic=TOPIC, payload={})
        transaction.set_rollback(True)

    assert outbox.deliver_due() == 0
    assert inbox() == []


def test_emit_of_the_same_event_again_changes_nothing() -> None:
    emit("a", number=1)
    emit("a", number=2)

    assert list(OutboxMessage.objects.values_list("event_key", "payload")) == [("a", {"number": 1})]


def test_deliver_due_reaches_the_inbox_exactly_once(consumer: list[str]) -> None:
    emit("a")
    emit("b")

    assert outbox.deliver_due() == 2
    assert outbox.deliver_due() == 0

    assert consumer == ["a", "b"]
    assert inbox() == ["a", "b"]
    assert not OutboxMessage.objects.filter(delivered_at=None).exists()


def test_deliver_due_after_a_delivery_that_was_not_noted_changes_no_inbox() -> None:
    emit("a")
    outbox.deliver_due()
    OutboxMessage.objects.update(delivered_at=None)

    assert outbox.deliver_due() == 1
    assert inbox() == ["a"]


def test_deliver_due_goes_on_after_a_message_that_fails() -> None:
    emit("a", trouble=True)
    emit("b")
    begun = clock.now()

    assert outbox.deliver_due() == 1

    # What the failing consumer wrote is gone.
    assert inbox() == ["b"]
    failed = OutboxMessage.objects.get(event_key="a")
    assert (failed.failures, failed.last_error) == (1, "RuntimeError: no answer")
    assert (failed.parked_at, failed.delivered_at) == (None, None)
    assert round((failed.available_at - begun).total_seconds()) == 10
    assert outbox.deliver_due() == 0


def test_deliver_due_survives_a_consumer_that_breaks_a_constraint() -> None:
    emit("a", twice=True)
    emit("b")

    assert outbox.deliver_due() == 1

    assert inbox() == ["b"]
    assert OutboxMessage.objects.get(event_key="a").last_error.startswith(IntegrityError.__name__)


def test_message_that_fails_ten_times_is_parked(settings: Settings, consumer: list[str]) -> None:
    emit("a", trouble=True)
    for _turn in range(MAX_FAILURES + 2):
        outbox.deliver_due()
        settings.CLOCK_OFFSET_SECONDS += 3601

    message = OutboxMessage.objects.get()
    assert (message.failures, len(consumer)) == (10, 10)
    assert message.parked_at is not None
    assert inbox() == []


def test_deliver_due_stops_at_its_limit() -> None:
    for number in range(3):
        emit(f"{number}")

    assert outbox.deliver_due(limit=2) == 2
    assert inbox() == ["0", "1"]


def test_consumer_of_a_topic_that_has_one_is_refused() -> None:
    with pytest.raises(ValueError, match="two consumers"):
        outbox.consumer(TOPIC)(print)


@pytest.mark.parametrize("hours", [-2, 2])
def test_message_of_a_machine_whose_clock_is_wrong_arrives_at_once(
    consumer: list[str], hours: int
) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
        emit("a")
        emit("b", trouble=True)
        assert outbox.deliver_due() == 1
    emit("c")

    assert outbox.deliver_due() == 1
    assert consumer == ["a", "b", "c"]
    waits = OutboxMessage.objects.get(event_key="b").available_at - clock.now()
    assert timedelta(seconds=0) < waits < timedelta(seconds=11)


def test_message_whose_delivery_is_cut_off_counts_no_failure(consumer: list[str]) -> None:
    emit("a", cut=True)

    with pytest.raises((OperationalError, InterfaceError)):
        outbox.deliver_due()
    connection.close()

    row = OutboxMessage.objects.get()
    assert (row.failures, row.delivered_at, inbox()) == (0, None, [])

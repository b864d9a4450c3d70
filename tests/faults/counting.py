"""What workers do for the family `events`: effects that can be counted. Loaded with `--include`, and by nobody else.

An event is a message of the outbox or a job; either way the effect is a row in a table without any constraint, so that
nothing but our own machinery keeps it from being lost or doubled. `plain_count` does without that machinery.
"""

from __future__ import annotations

from collections.abc import Iterable

from celery import shared_task
from django.db import connection, transaction

from config.kernel import jobs, outbox
from config.kernel.jobs import Job, Stage, Subject
from config.kernel.outbox import OutboxMessage

TOPIC, STAGE, QUEUE = "faults.event", "faults.count", "plain"
TABLES = """
    CREATE TABLE faults_effect (event text NOT NULL);
    CREATE TABLE faults_plain (number int NOT NULL);
    CREATE TABLE faults_subject (id bigint PRIMARY KEY, is_done boolean NOT NULL DEFAULT false);
    CREATE INDEX faults_open ON faults_subject (id) WHERE NOT is_done;
"""


def note(message: OutboxMessage) -> None:
    """The consumer: in the transaction that marks the message delivered."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO faults_effect VALUES (%s)", [message.event_key])


def _open() -> Iterable[Subject]:
    """At most as many as one sweep rings for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM faults_subject WHERE NOT is_done ORDER BY id LIMIT 500")
        return [Subject("faults", pk) for (pk,) in cursor.fetchall()]


def _count(job: Job) -> None:
    """A stage as all of ours: change of state and effect in one transaction, by compare-and-swap."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE faults_subject SET is_done = true WHERE id = %s AND NOT is_done",
            [job.subject_id],
        )
        if cursor.rowcount:
            cursor.execute("INSERT INTO faults_effect VALUES (%s)", [f"job:{job.subject_id}"])


@shared_task(name="faults.plain_count", acks_late=True)
def plain_count(*, number: int) -> None:
    """As Celery's pages show it: acknowledged late, repeated if its worker is lost."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO faults_plain VALUES (%s)", [number])


def register() -> None:
    outbox.consumer(TOPIC)(note)
    jobs.register(Stage(STAGE, _count, _open))


def forget() -> None:
    """For a process that goes on with other databases, which have no such tables."""
    del outbox._consumers[TOPIC], jobs._stages[STAGE]

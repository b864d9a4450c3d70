"""Every doorbell several times: copies of the messages that beat and workers send."""

from __future__ import annotations

import random
import threading
from contextlib import suppress

from celery import current_app
from django.db import connection
from kombu import Connection

from config.kernel.jobs import Job


class Echo:
    """While it runs, each job's bell and each sweep rings up to `most` times."""

    def __init__(self, broker: str, *, most: int, rng: random.Random) -> None:
        self._broker = broker
        self._most = most
        self._rng = rng
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.copies = 0

    def __enter__(self) -> Echo:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        seen, turn = 0, 0
        try:
            with current_app.connection_for_write(self._broker) as broker:
                while not self._over.wait(0.1):
                    for job in Job.objects.filter(pk__gt=seen).order_by("pk"):
                        seen = job.pk
                        self._ring(broker, "kernel.run_job", "jobs", job_id=job.pk)
                    turn += 1
                    if turn % 10 == 0:
                        self._ring(broker, "orders.close_due", "close")
                    if turn % 50 == 0:
                        self._ring(broker, "kernel.sweep", "default")
        finally:
            connection.close()

    def _ring(self, broker: Connection, task: str, queue: str, **given: int) -> None:
        for _copy in range(self._rng.randint(0, self._most - 1)):
            with suppress(OSError):
                current_app.send_task(task, kwargs=given, connection=broker, queue=queue)
                self.copies += 1


def ring_once(broker: str, task: str, queue: str) -> None:
    """What a beat does."""
    with current_app.connection_for_write(broker) as link:
        current_app.send_task(task, connection=link, queue=queue)

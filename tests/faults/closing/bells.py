"""Every doorbell several times: the broker is listened to, and each message that goes in goes in again."""

from __future__ import annotations

import json
import random
import threading
import uuid

import redis
from celery import current_app

QUEUES = ("close", "jobs", "default")


class Echo:
    """While it runs, each bell rings once to `most` times."""

    def __init__(self, broker: str, *, most: int, rng: random.Random) -> None:
        self._ears = redis.Redis.from_url(broker)
        self._hand = redis.Redis.from_url(broker)
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
        # A word that wakes the one who listens.
        self._hand.ping()
        self._thread.join()
        self._ears.close()
        self._hand.close()

    def _work(self) -> None:
        own: set[str] = set()
        with self._ears.monitor() as monitor:  # type: ignore[no-untyped-call]
            while not self._over.is_set():
                word, _space, rest = monitor.next_command()["command"].partition(" ")
                queue, _space, message = rest.partition(" ")
                if word == "LPUSH" and queue in QUEUES:
                    self._echo(queue, json.loads(message), own)

    def _echo(self, queue: str, message: dict[str, dict[str, str]], own: set[str]) -> None:
        """The same task with the same id; only the broker's own tag differs."""
        if message["properties"]["delivery_tag"] in own:
            return
        for _copy in range(self._rng.randint(0, self._most - 1)):
            message["properties"]["delivery_tag"] = tag = str(uuid.uuid4())
            own.add(tag)
            self._hand.lpush(queue, json.dumps(message))
            self.copies += 1


def ring_once(broker: str, task: str, queue: str) -> None:
    """What a beat does."""
    with current_app.connection_for_write(broker) as link:
        current_app.send_task(task, connection=link, queue=queue)

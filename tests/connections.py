"""Other database connections beside a test's own: threads, each with its own connection, closed at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

Result = TypeVar("Result")
# Seconds. Nothing in these tests waits longer than a lock does.
PATIENCE = 30


class Elsewhere:
    """One other thread with its own connection, kept for several calls."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def start(self, work: Callable[[], Result]) -> Future[Result]:
        return self._pool.submit(work)

    def run(self, work: Callable[[], Result]) -> Result:
        """Its result, or its exception."""
        return self.start(work).result(timeout=PATIENCE)


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            yield Elsewhere(pool)
        finally:
            pool.submit(_close).result(timeout=PATIENCE)


def _close() -> None:
    """The connection of the thread that calls it."""
    connection.close()


def at_once(works: Sequence[Callable[[], Result]], *, threads: int = 0) -> list[Result | Exception]:
    """Run all of them, each in a thread and connection of its own; results or exceptions in the same order.

    They start when as many are connected as run at a time: `threads`, or all of them.
    """
    threads = threads or len(works)
    connected = threading.Barrier(threads, timeout=PATIENCE)

    def work_and_close(number: int, work: Callable[[], Result]) -> Result:
        connection.ensure_connection()
        if number < threads:
            connected.wait()
        try:
            return work()
        finally:
            _close()

    with ThreadPoolExecutor(max_workers=threads) as pool:
        futures = [pool.submit(work_and_close, *pair) for pair in enumerate(works)]
        done, unfinished = wait(futures, timeout=PATIENCE)
        assert not unfinished, f"{len(unfinished)} of {len(done) + len(unfinished)} never ended"
    return [_outcome(future) for future in futures]


def _outcome(future: Future[Any]) -> Any:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, Exception):
        return error
    raise error

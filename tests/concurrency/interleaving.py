"""Make threads meet at a chosen point of the code, and take a lock away, in the test only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

PATIENCE = 30


def after(
    patch: pytest.MonkeyPatch, module: ModuleType, name: str, then: Callable[[], object]
) -> None:
    """Call `then` each time the function has returned, in the thread that called it."""
    original = getattr(module, name)

    @wraps(original)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        then()
        return result

    patch.setattr(module, name, wrapper)


def meet_after(
    patch: pytest.MonkeyPatch, module: ModuleType, name: str, parties: int
) -> threading.Barrier:
    """Nobody goes on after this function before so many threads have come out of it."""
    barrier = threading.Barrier(parties, timeout=PATIENCE)
    after(patch, module, name, barrier.wait)
    return barrier


def without(patch: pytest.MonkeyPatch, module: ModuleType, name: str, instead: Any = None) -> None:
    """The function does nothing (and returns `instead`)."""
    patch.setattr(module, name, lambda *_args, **_kwargs: instead)


class Gate:
    """One thread stops here until another lets it go on."""

    def __init__(self) -> None:
        self._reached, self._open = threading.Event(), threading.Event()

    def stop(self) -> None:
        self._reached.set()
        assert self._open.wait(PATIENCE), "nobody opened the gate"

    def wait_until_reached(self) -> None:
        assert self._reached.wait(PATIENCE), "nobody came to the gate"

    def open(self) -> None:
        self._open.set()


def wait_until_somebody_waits_for_a_lock() -> None:
    """Ask the database until one of its sessions does. Works inside a transaction too."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")

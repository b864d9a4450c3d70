"""Looks that nobody waits for longer than he wants: a frozen server must not freeze who asks about it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class Probe(Generic[T]):
    """Runs `look` in a thread of its own, one at a time; an answer younger than `fresh` seconds is given again.

    So many who ask at once cost one look, and a look that hangs costs one thread, not one for each question.
    """

    def __init__(self, look: Callable[[], T], *, fresh: float = 1.0) -> None:
        self._look = look
        self._fresh = fresh
        self._lock = threading.Lock()
        self._answer: Future[T] | None = None
        self._began = 0.0

    def begin(self) -> Future[T]:
        """The answer of the look under way, of a fresh one, or of a new one."""
        with self._lock:
            answer = self._answer
            if answer is None or (answer.done() and monotonic() - self._began > self._fresh):
                answer = self._answer = Future()
                self._began = monotonic()
                threading.Thread(target=self._run, args=[answer], name="probe", daemon=True).start()
            return answer

    def forget(self) -> None:
        """Look anew at the next question."""
        with self._lock:
            self._answer = None

    def _run(self, answer: Future[T]) -> None:
        try:
            answer.set_result(self._look())
        except BaseException as error:
            answer.set_exception(error)

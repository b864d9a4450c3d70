"""Those who close a window at its cutoff, in processes of their own: as workers do, by the verb, or to be killed."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from config.kernel import jobs
from config.kernel.errors import DomainError
from config.kernel.jobs import Job
from orders.consolidation.consolidating import consolidate
from orders.models import OrderWindow
from orders.states import WindowStatus
from orders.windows.closing import close_window
from tests.faults import children

STAGES = ("orders.close", "orders.consolidate")
# Seconds for which a closer keeps trying; what is left over waits for the sweep.
PATIENCE = 0.7


def close(window_id: int, way: str, at: float, cutoffs: int) -> None:
    """From `at` on, until the window has been closed for the `cutoffs`-th time and consolidated, or for a moment.

    `job`: as workers do, every doorbell heard. `verb`: the verbs themselves.
    """
    _sleep_until(at)
    step = _work_jobs if way == "job" else _call_verbs
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not _survives(lambda: _is_done(window_id, cutoffs)):
        _survives(lambda: step(window_id))
        time.sleep(0.005)


def _survives(work: Callable[[], Any]) -> Any:
    """None if somebody else was faster or the database is away."""
    try:
        return work()
    except DomainError:
        return None
    except (OperationalError, InterfaceError):
        connection.close()
        return None


def _is_done(window_id: int, cutoffs: int) -> bool:
    window = OrderWindow.objects.get(pk=window_id)
    newest = window.supplier_orders.filter(revision=window.demand_revision)
    if window.status == WindowStatus.CANCELLED:
        return True
    return window.status == WindowStatus.CLOSED and (
        # A later cutoff is somebody else's.
        window.demand_revision > cutoffs or (window.demand_revision == cutoffs and newest.exists())
    )


def _work_jobs(window_id: int) -> None:
    """Sweep, and hear every bell of this window, also those that others hear."""
    jobs.sweep(STAGES)
    waiting = Job.objects.filter(
        stage__in=STAGES, subject_kind="window", subject_id=window_id, done_at=None
    )
    for job_id in waiting.order_by("pk").values_list("pk", flat=True):
        jobs.run(job_id)


def _call_verbs(window_id: int) -> None:
    window = OrderWindow.objects.get(pk=window_id)
    with transaction.atomic(durable=True):
        if window.status == WindowStatus.OPEN:
            close_window(window_id=window_id)
        else:
            consolidate(window_id=window_id, revision=window.demand_revision)


def stand(
    told: Connection,
    where: dict[str, Any],
    window_id: int,
    *,
    stage: str,
    statement: int,
    at: float,
) -> None:
    """Close or consolidate as a worker does, and stand still after that statement of the stage's transaction, or right
    after its commit; to be killed there. Says where on `told`, or `missed`.
    """
    logging.disable(logging.CRITICAL)
    children.look_at(where)
    seen = 0

    def count(execute: Callable[..., Any], *statement_and_more: Any) -> Any:
        nonlocal seen
        result = execute(*statement_and_more)
        if connection.in_atomic_block:
            seen += 1
            if seen == statement:
                _stand_still(told, f"statement {seen}")
        return result

    def after_commit(point: str) -> None:
        if point == f"worked {stage}":
            _stand_still(told, "committed")

    jobs.reach = after_commit  # type: ignore[attr-defined]  # where it is called
    _sleep_until(at)
    for name in STAGES[: STAGES.index(stage)]:
        _run(name, window_id)
    with connection.execute_wrapper(count):
        _run(stage, window_id)
    told.send("missed")


def _run(stage: str, window_id: int) -> None:
    jobs.sweep([stage])
    waiting = Job.objects.filter(stage=stage, subject_id=window_id, done_at=None)
    for job_id in waiting.values_list("pk", flat=True):
        jobs.run(job_id)


def _stand_still(told: Connection, where: str) -> None:
    told.send(where)
    while True:
        signal.pause()


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))

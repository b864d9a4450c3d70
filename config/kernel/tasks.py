"""Celery's side of the kernel: ring, run, ring again. Every task may run twice or not at all."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery import shared_task
from kombu.exceptions import OperationalError

from config.kernel import heartbeats, idempotency, jobs, outbox
from config.kernel.bells import unheard

logger = logging.getLogger(__name__)

# Messages delivered before others have their turn.
BATCH = 200
# Bells in the queue of jobs above which no more are rung: those that wait are rung again every four seconds.
CROWDED = 1000


@shared_task(name="kernel.run_job")
def run_job(*, job_id: int) -> None:
    """Run one job, then ring for the stages that follow it."""
    following = jobs.run(job_id)
    if following:
        ring(jobs.sweep(following))


@shared_task(name="kernel.sweep")
def sweep() -> None:
    """Find all work by state; deliver messages that are due."""
    ring(jobs.sweep())
    _deliver_batch()
    heartbeats.beat("kernel.sweep")


@shared_task(name="kernel.deliver")
def deliver() -> None:
    """Deliver the next batch of messages."""
    _deliver_batch()


def _deliver_batch() -> None:
    """If that were not all, ring for the next batch: other work has its turn in between."""
    if outbox.deliver_due(BATCH) == BATCH:
        _ring_for_delivery()


@shared_task(name="kernel.tidy")
def tidy() -> None:
    """Forget what has served its time."""
    forgotten = idempotency.forget_old()
    logger.info("%s stored answers forgotten", forgotten)


def ring(job_ids: Sequence[int]) -> None:
    """Tell the workers. A broker that is away costs only time, as does a long queue: the next sweep rings again."""
    if not job_ids:
        return
    try:
        if unheard("jobs") > CROWDED:
            return
        for job_id in job_ids:
            run_job.apply_async(kwargs={"job_id": job_id}, retry=False)
    except OperationalError as error:
        logger.warning("the broker is away, jobs wait for the next sweep: %s", error)


def _ring_for_delivery() -> None:
    try:
        if not unheard("default"):
            deliver.apply_async(retry=False)
    except OperationalError as error:
        logger.warning("the broker is away, messages wait for the next sweep: %s", error)


def sweep_and_ring(names: Sequence[str]) -> None:
    """Find the work of some stages only, and ring for it."""
    ring(jobs.sweep(names))

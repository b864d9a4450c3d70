"""Celery's side of the kernel: ring, run, ring again. Every task may run twice or not at all."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from celery import shared_task
from kombu.exceptions import OperationalError

from config.kernel import heartbeats, idempotency, jobs, outbox

logger = logging.getLogger(__name__)


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
    outbox.deliver_due()
    heartbeats.beat("kernel.sweep")


@shared_task(name="kernel.tidy")
def tidy() -> None:
    """Forget what has served its time."""
    forgotten = idempotency.forget_old()
    logger.info("%s stored answers forgotten", forgotten)


def ring(job_ids: Iterable[int]) -> None:
    """Tell the workers. A broker that is away costs only time: the next sweep rings again."""
    for job_id in job_ids:
        try:
            run_job.apply_async(kwargs={"job_id": job_id}, expires=60, retry=False)
        except OperationalError as error:
            logger.warning("the broker is away, job %s waits for the next sweep: %s", job_id, error)
            return


def sweep_and_ring(names: Sequence[str]) -> None:
    """Find the work of some stages only, and ring for it."""
    ring(jobs.sweep(names))

"""Celery's side of the kernel: ring, run, ring again. Every task may run twice or not at all."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from celery import shared_task
from django.db import connection
from kombu.exceptions import OperationalError

from config.kernel import clock, forgetting, heartbeats, jobs, outbox
from config.kernel.bells import unheard

logger = logging.getLogger(__name__)

# Messages delivered before others have their turn: a cutoff waits a quarter of a second for them.
BATCH = 50
# So many bells for more of them may wait: with those that are at work, all processes share a flood.
ENOUGH = 2
# Bells in the queue of jobs above which no more are rung: those that wait are rung again every four seconds.
CROWDED = 1000
# Jobs that one task does at a time.
HANDS = 4


@shared_task(name="kernel.run_job")
def run_job(*, job_id: int) -> None:
    """Run one job, then ring for the stages that follow it."""
    following = jobs.run(job_id)
    if following:
        sweep_and_ring(following)


@shared_task(name="kernel.sweep")
def sweep() -> None:
    """Find all work by state; deliver messages that are due."""
    sweep_and_ring()
    _deliver_batch()
    heartbeats.beat("kernel.sweep")


@shared_task(name="kernel.sweep_watched")
def sweep_watched() -> None:
    """Find the work that somebody waits for before a screen."""
    sweep_and_ring(jobs.watched())


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
    """Forget what has served its time, by the rules of every app."""
    forgotten = forgetting.run(now=clock.now())
    logger.info("forgotten: %s", forgotten)


def ring(job_ids: Sequence[int], *, queue: str = "jobs") -> None:
    """Tell the workers. A broker that is away costs only time, as does a long queue: the next sweep rings again."""
    if not job_ids:
        return
    try:
        if unheard(queue) > CROWDED:
            return
        for job_id in job_ids:
            run_job.apply_async(kwargs={"job_id": job_id}, queue=queue, retry=False)
    except OperationalError as error:
        logger.warning("the broker is away, jobs wait for the next sweep: %s", error)


def _ring_for_delivery() -> None:
    try:
        if unheard("default") < ENOUGH:
            deliver.apply_async(retry=False)
    except OperationalError as error:
        logger.warning("the broker is away, messages wait for the next sweep: %s", error)


def sweep_and_ring(names: Sequence[str] | None = None) -> None:
    """Find the work of some stages, or of all, and ring for it."""
    for queue, ids in jobs.bells(names).items():
        ring(ids, queue=queue)


def sweep_and_run(names: Sequence[str]) -> None:
    """Find the work of some stages and do it here and now, then ring for what follows: for short work that shall not
    stand in a queue, two hundred at once. What a killed worker leaves undone the next sweep finds.
    """
    following = _run_all(jobs.sweep(names))
    if following:
        sweep_and_ring(sorted(following))


def _run_all(job_ids: Sequence[int]) -> set[str]:
    """The stages that follow. A few at a time, so that one that waits for a lock does not hold up the others."""
    rest = iter(job_ids)
    if len(job_ids) < 2:
        return _run_rest(rest)
    hands = min(HANDS, len(job_ids))
    with ThreadPoolExecutor(hands) as pool:
        done = [pool.submit(_run_rest_and_close, rest) for _hand in range(hands)]
    return set().union(*(hand.result() for hand in done))


def _run_rest(job_ids: Iterator[int]) -> set[str]:
    return {name for job_id in job_ids for name in jobs.run(job_id)}


def _run_rest_and_close(job_ids: Iterator[int]) -> set[str]:
    """In a thread, with a connection of its own."""
    try:
        return _run_rest(job_ids)
    finally:
        connection.close()

"""The stages of a round that run by themselves, in their order. Each is found by state and safe to run twice."""

from __future__ import annotations

from django.db import transaction

from config.kernel import jobs
from config.kernel.checkpoints import reach
from config.kernel.jobs import Job, Stage
from orders.consolidation import consolidating
from orders.files import rendering
from orders.notices import due
from orders.supply import releasing
from orders.waiting import serving
from orders.windows import closing, repeating


def register() -> None:
    """Called once when the app is ready."""
    stages = (
        Stage(
            "orders.draft",
            _draft,
            repeating.due_dates,
            then=("orders.open",),
            queue="default",
        ),
        Stage("orders.open", _open, repeating.due_openings, queue="default"),
        Stage(
            "orders.close",
            _close,
            closing.due_windows,
            then=("orders.consolidate",),
            queue="default",
        ),
        Stage(
            "orders.consolidate",
            _consolidate,
            consolidating.waiting,
            then=("orders.files",),
            queue="default",
        ),
        Stage("orders.serve_waiting", _serve_waiting, serving.servable, queue="default"),
        Stage("orders.files", _render, rendering.unfiled, then=("orders.release_cancellation",)),
        Stage(
            "orders.release_cancellation",
            _release_cancellation,
            releasing.cancelled_and_filed,
            queue="default",
        ),
        Stage("orders.tell_opening", _tell_opening, due.opened, queue="default"),
        Stage("orders.tell_last_hour", _tell_last_hour, due.in_last_hour, queue="default"),
        Stage("orders.tell_minimum", _tell_minimum, due.at_minimum, queue="default"),
    )
    for stage in stages:
        jobs.register(stage)


def _draft(job: Job) -> None:
    with transaction.atomic(durable=True):
        repeating.draft_due(template_id=job.subject_id, revision=job.revision)
        reach("committing orders.draft")


def _open(job: Job) -> None:
    with transaction.atomic(durable=True):
        repeating.open_due(window_id=job.subject_id)
        reach("committing orders.open")


def _close(job: Job) -> None:
    with transaction.atomic(durable=True):
        closing.close_window(window_id=job.subject_id, revision=job.revision)
        reach("committing orders.close")


def _serve_waiting(job: Job) -> None:
    serving.serve_offer(offer_id=job.subject_id, revision=job.revision)


def _consolidate(job: Job) -> None:
    with transaction.atomic(durable=True):
        consolidating.consolidate(window_id=job.subject_id, revision=job.revision)
        reach("committing orders.consolidate")


def _render(job: Job) -> None:
    rendering.render_files(job.subject_id, report=job.report)


def _release_cancellation(job: Job) -> None:
    with transaction.atomic(durable=True):
        releasing.release_cancellation(supplier_order_id=job.subject_id)


def _tell_opening(job: Job) -> None:
    with transaction.atomic(durable=True):
        due.tell_opening(window_id=job.subject_id)


def _tell_last_hour(job: Job) -> None:
    with transaction.atomic(durable=True):
        due.tell_last_hour(window_id=job.subject_id, revision=job.revision)


def _tell_minimum(job: Job) -> None:
    with transaction.atomic(durable=True):
        due.tell_minimum(window_id=job.subject_id)

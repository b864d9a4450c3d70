"""What follows a release by itself: pick lists, their sheets, and the end of lists that do not count any more."""

from __future__ import annotations

from django.db import transaction

from config.kernel import jobs
from config.kernel.checkpoints import reach
from config.kernel.jobs import Job, Stage
from volunteers.picklists import building, rendering


def register() -> None:
    """Called once when the app is ready."""
    jobs.register(
        Stage(
            "volunteers.pick_lists",
            _build,
            building.unlisted,
            then=("volunteers.sheets",),
            is_watched=True,
        )
    )
    jobs.register(Stage("volunteers.supersede", _supersede, building.outdated))
    jobs.register(Stage("volunteers.sheets", _render, rendering.unfiled))


def _build(job: Job) -> None:
    with transaction.atomic(durable=True):
        building.build_pick_lists(supplier_order_id=job.subject_id)
        reach("committing volunteers.pick_lists")


def _supersede(job: Job) -> None:
    with transaction.atomic(durable=True):
        building.supersede(pick_list_id=job.subject_id)


def _render(job: Job) -> None:
    rendering.render_pick_list(job.subject_id)

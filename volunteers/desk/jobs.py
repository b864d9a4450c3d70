"""Background work as the desk names it, also before a sweep has made its row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.kernel.jobs import Job
from orders.states import WindowStatus
from volunteers.desk.board import Facts, next_step

_NAMES: dict[str, Promise] = {
    "orders.draft": _("Preparing the next round"),
    "orders.open": _("Opening the group buy"),
    "orders.close": _("Closing the orders"),
    "orders.consolidate": _("Adding up the orders"),
    "orders.files": _("Making the supplier's files"),
    "orders.release_cancellation": _("Telling the supplier of the cancellation"),
    "orders.tell_opening": _("Telling residents of the opening"),
    "orders.tell_last_hour": _("Reminding of the cutoff"),
    "orders.tell_minimum": _("Telling that the minimum is reached"),
    "orders.serve_waiting": _("Serving the waiting list"),
    "communities.robots": _("Speaking to a group"),
    "volunteers.pick_lists": _("Making the pick lists"),
    "volunteers.sheets": _("Making the sheets of the pick lists"),
    "volunteers.supersede": _("Replacing old pick lists"),
}
# Done in a moment, and nobody waits for it.
_IN_PASSING = (
    "volunteers.supersede",
    "orders.tell_opening",
    "orders.tell_last_hour",
    "orders.tell_minimum",
    "orders.serve_waiting",
)


@dataclass(frozen=True)
class Work:
    """A kind of work in progress; `total` 0 means that nobody knows how long it takes."""

    name: str | Promise
    done: int = 0
    total: int = 0


def stage_name(job: Job) -> str:
    return str(_NAMES.get(job.stage, job.stage))


def running(facts: Facts) -> list[Work]:
    """One bar per kind of work. Sheets count by the lists that have theirs."""
    kinds: dict[str, list[Job]] = {}
    for job in facts.running:
        kinds.setdefault(job.stage, []).append(job)
    for silent in _IN_PASSING:
        kinds.pop(silent, None)
    works = [_work(stage, jobs, facts) for stage, jobs in kinds.items()]
    if not works and next_step(facts).waits:
        return [Work(_waiting_for(facts))]
    return works


def _work(stage: str, jobs: list[Job], facts: Facts) -> Work:
    name = _NAMES.get(stage, stage)
    if stage == "volunteers.sheets":
        lists = facts.current_lists
        return Work(name, sum(1 for row in lists if row.filed_at), len(lists))
    done = sum(job.progress_done for job in jobs)
    return Work(name, done, sum(job.progress_total for job in jobs))


def _waiting_for(facts: Facts) -> Promise:
    if facts.window.status == WindowStatus.OPEN:
        return _NAMES["orders.close"]
    if facts.demand is None:
        return _NAMES["orders.consolidate"]
    return _NAMES["orders.files" if facts.demand.filed_at is None else "volunteers.pick_lists"]

"""Background work as rows: found by state, claimed by compare-and-swap, parked after three failures.

Celery only rings the bell. A crash, a double delivery, no beat for a day or three beats change nothing in the
result: `sweep` finds subjects by their state, inserts one Job per (stage, subject, revision), and `run` lets exactly
one worker at a time have it. A stage's function must be safe to run twice. Times are PostgreSQL's: a worker whose own
clock is wrong neither hides a job from the others nor takes one that is being done.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import NamedTuple

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    models,
    transaction,
)
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from config.kernel import clock
from config.kernel.checkpoints import reach
from config.kernel.masking import mask
from config.kernel.states import StaleStatus

logger = logging.getLogger(__name__)

MAX_FAILURES = 3
# A worker that is killed raises nothing. A job that was begun this often without an end kills its worker.
MAX_ATTEMPTS = 10
RING_AGAIN = timedelta(seconds=4)
# Whoever has been silent for so long is taken for dead; who works says so three times as often.
LEASE = timedelta(seconds=12)
_NOW = clock.SQL_NOW.replace("%s", "%(offset)s")


class Subject(NamedTuple):
    """What a job works on: the kind and id of a row, and a number that grows when the work must be done anew."""

    kind: str
    id: int
    revision: int = 1


class Job(models.Model):
    """One piece of background work; its columns are the whole truth about it."""

    stage = models.CharField(_("stage"), max_length=60)
    subject_kind = models.CharField(_("subject"), max_length=40)
    subject_id = models.BigIntegerField(_("id of the subject"))
    revision = models.IntegerField(_("revision"), default=1)
    created_at = models.DateTimeField(_("created"))
    run_after = models.DateTimeField(_("not before"))
    rung_at = models.DateTimeField(_("rung"), null=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True)
    attempts = models.IntegerField(_("attempts"), default=0)
    failures = models.IntegerField(_("failures"), default=0)
    last_error = models.TextField(_("last error"), default="", blank=True)
    progress_done = models.IntegerField(_("done"), default=0)
    progress_total = models.IntegerField(_("of"), default=0)
    parked_at = models.DateTimeField(_("parked"), null=True)
    done_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "subject_kind", "subject_id", "revision"],
                name="job_once_per_subject",
            ),
            models.CheckConstraint(
                condition=~Q(done_at__isnull=False, parked_at__isnull=False),
                name="job_done_or_parked",
            ),
        ]
        indexes = [
            # _ring: what can run now.
            models.Index(
                fields=["run_after"], name="job_runnable", condition=Q(done_at=None, parked_at=None)
            ),
            # The desk: what is parked.
            models.Index(
                fields=["parked_at"], name="job_parked", condition=Q(parked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.subject_kind}:{self.subject_id} r{self.revision}"

    def report(self, done: int, total: int) -> None:
        """Show progress at once (its own statement; call it outside the work's transaction)."""
        Job.objects.filter(pk=self.pk).update(progress_done=done, progress_total=total)


@dataclass(frozen=True)
class Stage:
    """A kind of work. `find` lists subjects that need it, judged by state alone; `run` does it, twice safely. Its bell
    rings in `queue`: `jobs` for what may take long, `default` for what must not stand behind that. `is_watched`:
    somebody sits before a screen and waits for it; it is looked for every second instead of every five.
    """

    name: str
    run: Callable[[Job], None]
    find: Callable[[], Iterable[Subject]]
    then: tuple[str, ...] = ()
    queue: str = "jobs"
    is_watched: bool = False


_stages: dict[str, Stage] = {}
# Connection exceptions; shut down, crashed, not yet up.
_CONNECTION_CODES = ("08", "57P")
# Whoever comes second waits for the row and then finds it claimed.
_CLAIM = f"""
    UPDATE kernel_job SET claimed_until = {_NOW} + %(lease)s, attempts = attempts + 1
    WHERE id = %(id)s AND attempts < %(most)s AND done_at IS NULL AND parked_at IS NULL
        AND (claimed_until IS NULL OR claimed_until < {_NOW}) AND run_after <= {_NOW}
    RETURNING *
"""  # noqa: S608 -- constants of ours


def register(stage: Stage) -> None:
    """Make a stage known; called once when its app is ready. `then` names stages to sweep right after a success."""
    if stage.name in _stages:
        raise ValueError(f"stage {stage.name} is registered twice")
    _stages[stage.name] = stage


def stage_names() -> list[str]:
    return list(_stages)


def watched() -> list[str]:
    """The stages that somebody waits for before a screen."""
    return [stage.name for stage in _stages.values() if stage.is_watched]


def sweep(names: Sequence[str] | None = None) -> list[int]:
    """Insert the jobs that the states of their subjects ask for; return the ids of jobs whose bell should ring.

    A job rung less than four seconds ago is left out, so that many sweeps do not flood the broker.
    """
    return [job_id for ids in bells(names).values() for job_id in ids]


def bells(names: Sequence[str] | None = None) -> dict[str, list[int]]:
    """What sweep does; the ids by the queue where their bell rings."""
    for stage in [_stages[name] for name in (names if names is not None else _stages)]:
        _insert(stage, list(stage.find()))
    return _ring(names)


def _insert(stage: Stage, subjects: Sequence[Subject]) -> None:
    if not subjects:
        return
    moment = clock.database_now()
    Job.objects.bulk_create(
        [
            Job(
                stage=stage.name,
                subject_kind=subject.kind,
                subject_id=subject.id,
                revision=subject.revision,
                created_at=moment,
                run_after=moment,
            )
            for subject in subjects
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _ring(names: Sequence[str] | None) -> dict[str, list[int]]:
    """Each job to one of those who sweep at the same moment: several would begin all of them, and wait for each other
    at every row.
    """
    moment = clock.database_clock()
    runnable = _free().filter(Q(rung_at=None) | Q(rung_at__lt=moment - RING_AGAIN))
    if names is not None:
        runnable = runnable.filter(stage__in=names)
    fresh = runnable.order_by("id").select_for_update(skip_locked=True)
    found = list(fresh.values_list("id", "stage")[:1000])
    if found:
        Job.objects.filter(id__in=[job_id for job_id, _stage in found]).update(rung_at=moment)
    queues: dict[str, list[int]] = {}
    for job_id, stage in found:
        queues.setdefault(_stages[stage].queue, []).append(job_id)
    return queues


def _free() -> models.QuerySet[Job]:
    moment = clock.database_clock()
    return Job.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=moment),
        done_at=None,
        parked_at=None,
        run_after__lte=moment,
    )


def run(job_id: int) -> tuple[str, ...]:
    """Do one job if it is free; returns the names of the stages to sweep next (none if it was not ours to do).

    The claim is an UPDATE with the old state in its WHERE, so two workers that hear the same bell never both win.
    Errors of the stage are recorded here and never raised: the row, not the broker, decides about the next try.
    Raises OperationalError or InterfaceError while the database is away; the claim then runs out by itself.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("a job brings its own transaction")
    job = _claim(job_id)
    if job is None:
        return ()
    stage = _stages[job.stage]
    reach(f"claimed {stage.name}")
    began = monotonic()
    try:
        with _held(job):
            stage.run(job)
    except StaleStatus:
        logger.info("job %s: somebody else was faster", job)
    except Exception as error:
        if _lost_connection(error):
            _give_back(job, error)
        else:
            logger.exception("job %s failed", job)
            _fail(job, error)
        return ()
    reach(f"worked {stage.name}")
    # Parked by somebody who began after our lease had run out: the work is done all the same.
    Job.objects.filter(pk=job.pk).update(
        done_at=clock.database_clock(), parked_at=None, claimed_until=None, last_error=""
    )
    logger.info("job %s done in %d ms", job, (monotonic() - began) * 1000)
    return stage.then


def _claim(job_id: int) -> Job | None:
    """The job, if it is free and now ours. One statement, and another if it is not."""
    claim = {"id": job_id, "most": MAX_ATTEMPTS, "lease": LEASE, "offset": clock.offset()}
    for job in Job.objects.raw(_CLAIM, claim):
        return job
    worn_out = _free().filter(pk=job_id, attempts__gte=MAX_ATTEMPTS)
    worn_out.update(parked_at=clock.database_clock(), last_error="begun ten times without an end")
    return None


@contextmanager
def _held(job: Job) -> Iterator[None]:
    """Keep the claim while the work goes on, however long it takes. It ends with the process, however that ends."""
    over = threading.Event()
    thread = threading.Thread(target=_renew, args=[job, over], daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew(job: Job, over: threading.Event) -> None:
    """In a thread with a connection of its own, which most jobs are too short to open."""
    while not over.wait(LEASE.total_seconds() / 3):
        try:
            mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, done_at=None)
            mine.update(claimed_until=clock.database_clock() + LEASE)
        except DatabaseError as error:
            logger.warning("job %s: its claim was not renewed: %s", job, error)
        finally:
            connection.close()


def _lost_connection(error: Exception) -> bool:
    """Whether the database went away under the work, which is not the work's fault.

    Told by the error alone: after a COMMIT that was not answered Django has opened another connection by now.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(_CONNECTION_CODES)


def _give_back(job: Job, error: Exception) -> None:
    """Free a job whose connection was cut, without counting a failure; the cut may have come after the commit, and
    then the next try finds nothing to do.
    """
    logger.warning("job %s lost its connection and waits for the next sweep: %s", job, error)
    connection.close()
    Job.objects.filter(pk=job.pk, done_at=None, attempts=job.attempts).update(
        claimed_until=None, last_error=mask(f"{type(error).__name__}: {error}")[:2000]
    )


def _fail(job: Job, error: Exception) -> None:
    """`attempts` tells claims apart: whoever failed after his lease ran out does not end another's claim."""
    failures = job.failures + 1
    moment = clock.database_clock()
    Job.objects.filter(pk=job.pk, done_at=None, attempts=job.attempts).update(
        failures=failures,
        last_error=mask(f"{type(error).__name__}: {error}")[:2000],
        claimed_until=None,
        run_after=moment + timedelta(seconds=5 * 2**failures),
        parked_at=moment if failures >= MAX_FAILURES else None,
    )


def retry(job: Job) -> None:
    """Give a parked job another three tries. Raises StaleStatus if it is not parked (any more)."""
    changed = Job.objects.filter(pk=job.pk, parked_at__isnull=False).update(
        parked_at=None,
        failures=0,
        attempts=0,
        run_after=clock.database_clock(),
        rung_at=None,
        claimed_until=None,
    )
    if not changed:
        raise StaleStatus()


def latest(stage: str, subject: Subject) -> Job | None:
    """The job of this stage, subject and revision, or None if no sweep has found it yet."""
    return Job.objects.filter(
        stage=stage, subject_kind=subject.kind, subject_id=subject.id, revision=subject.revision
    ).first()

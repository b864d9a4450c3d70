"""The import's background work: reading uploaded files, applying confirmed ones."""

from __future__ import annotations

from collections.abc import Iterable

from config.kernel import jobs
from config.kernel.intake.confirming import apply_slice
from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload
from config.kernel.jobs import Job, Stage, Subject

READ = "intake.read"
APPLY = "intake.apply"


def register() -> None:
    """Called once, when the kernel is ready."""
    jobs.register(Stage(READ, _read, _to_be_read, is_watched=True))
    jobs.register(Stage(APPLY, _apply, _to_be_applied, then=(APPLY,), is_watched=True))


def subject_of(upload: Import) -> Subject:
    """What the jobs of this import are known by in its present round."""
    return Subject("import", upload.pk, upload.round)


def _to_be_read() -> Iterable[Subject]:
    return _subjects(status=Import.Status.UPLOADED)


def _to_be_applied() -> Iterable[Subject]:
    return _subjects(status=Import.Status.CONFIRMED, applied_at=None)


def _subjects(**state: object) -> Iterable[Subject]:
    waiting = Import.objects.filter(**state).order_by("pk").values_list("pk", "round")
    return [Subject("import", pk, number) for pk, number in waiting]


def _read(job: Job) -> None:
    read_upload(import_id=job.subject_id)


def _apply(job: Job) -> None:
    apply_slice(import_id=job.subject_id)

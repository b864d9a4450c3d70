"""From an uploaded file to judged rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from config.kernel import audit
from config.kernel.audit import SYSTEM, Actor
from config.kernel.errors import DomainError
from config.kernel.intake.judging import judge_rows
from config.kernel.intake.kinds import Kind, kind_named
from config.kernel.intake.models import Import, ImportFile, ImportRow
from config.kernel.intake.parsing.limits import MAX_BYTES
from config.kernel.intake.reader import IntakeError, Table, read_table
from config.kernel.locks import require_atomic
from config.kernel.states import advance

_BATCH = 2_000
# What PostgreSQL says about a full disk, a quota and a limit alike; only the first has a code of its own.
_CANNOT_EXTEND = "could not extend file"
_NAME_NOISE = re.compile(r"[\x00-\x1f\x7f/\\]+")


class FileTooBig(DomainError):
    """The upload is above the limit; nothing was stored."""

    code = "file_too_big"
    status = 413
    detail = _("The file is larger than %(limit)s MB. Please split it.")


class NoRoom(DomainError):
    """The database's disk is full; nothing was stored."""

    code = "no_room"
    status = 507
    detail = _(
        "The server has no room for the file at the moment. Nothing was stored. Please tell whoever runs it, "
        "and upload the file again later."
    )


class FileEmpty(DomainError):
    """The upload has no bytes; nothing was stored."""

    code = "empty_file"
    status = 400
    detail = _("The file is empty.")


def check_size(size: int) -> None:
    """Raises FileTooBig or FileEmpty. For the edge, before it reads the bytes."""
    if size > MAX_BYTES:
        raise FileTooBig(limit=MAX_BYTES // (1024 * 1024))
    if size == 0:
        raise FileEmpty()


def store_upload(
    *,
    kind: str,
    subject: tuple[str, int],
    filename: str,
    content: bytes,
    actor: Actor,
    at: datetime,
) -> Import:
    """Keep a file for reading. Raises FileTooBig, FileEmpty, NoRoom.

    The same bytes for the same subject give the same import, with everything a person did to it; a
    failed one is read anew. They give a new import only if another file of the kind was confirmed
    for the subject after it: then they are a step back, not a repetition.
    """
    require_atomic()
    check_size(len(content))
    same = Import.objects.filter(
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        sha256=hashlib.sha256(content).hexdigest(),
    )
    known = same.order_by("-attempt").first()
    if known is not None and not _was_superseded(known):
        return _again(known, actor)
    attempt = known.attempt + 1 if known else 1
    try:
        with transaction.atomic(), _no_room_when_full():
            upload = Import.objects.create(
                kind=kind,
                subject_kind=subject[0],
                subject_id=subject[1],
                filename=_NAME_NOISE.sub(" ", filename).strip()[-120:] or "?",
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                attempt=attempt,
                created_at=at,
                created_by_kind=actor.kind,
                created_by_id=actor.id,
            )
            ImportFile.objects.create(upload=upload, content=content)
    except IntegrityError:  # the same file at the same moment: the other upload is ours
        return same.get(attempt=attempt)
    _record(upload, "import.uploaded", actor)
    return upload


@contextmanager
def _no_room_when_full() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if _CANNOT_EXTEND in str(error):
            raise NoRoom() from error
        raise


def _was_superseded(upload: Import) -> bool:
    """True if another file of its kind was confirmed for its subject after it was."""
    if upload.confirmed_at is None:
        return False
    return Import.objects.filter(
        kind=upload.kind,
        subject_kind=upload.subject_kind,
        subject_id=upload.subject_id,
        confirmed_at__gt=upload.confirmed_at,
    ).exists()


def _again(upload: Import, actor: Actor) -> Import:
    if upload.status == Import.Status.FAILED:
        advance(
            upload,
            to=Import.Status.UPLOADED,
            error_code="",
            error_params={},
            round=upload.round + 1,
        )
        _record(upload, "import.uploaded_again", actor)
    return upload


def read_upload(*, import_id: int) -> Import:
    """Read, judge and store the rows of an uploaded file; the import is READ or FAILED afterwards.

    Call it outside a transaction: the file is parsed in another process, which may take seconds.
    One that meets the soft time limit of its task is FAILED too.
    Running it again changes nothing. Raises StaleStatus if another worker was faster.
    """
    upload = Import.objects.get(pk=import_id)
    if upload.status != Import.Status.UPLOADED:
        return upload
    kind = kind_named(upload.kind)
    content = bytes(ImportFile.objects.get(upload=upload).content)
    try:
        _store_rows(upload, kind, _read(kind, upload.subject_id, content))
    except IntakeError as error:
        return _fail(upload, error)
    except SoftTimeLimitExceeded:
        # What took three minutes takes them again: a file that is tried anew would stop one worker after another.
        return _fail(Import.objects.get(pk=import_id), IntakeError("too_slow"))
    return upload


def _store_rows(upload: Import, kind: Kind, table: Table) -> None:
    with transaction.atomic(durable=True):
        _store_table(upload, table)
        rows = [_new_row(upload, line.number, line.cells, line.flags) for line in table.rows]
        judge_rows(upload, kind, rows)
        ImportRow.objects.bulk_create(rows, batch_size=_BATCH)
        _record(upload, "import.read", SYSTEM)


def _read(kind: Kind, subject_id: int, content: bytes) -> Table:
    if kind.read is not None:
        return kind.read(subject_id, content)
    return read_table(content, aliases=kind.aliases, required=kind.required)


def _fail(upload: Import, error: IntakeError) -> Import:
    with transaction.atomic(durable=True):
        advance(upload, to=Import.Status.FAILED, error_code=error.code, error_params=error.params)
        _record(upload, "import.failed", SYSTEM)
    return upload


def _store_table(upload: Import, table: Table) -> None:
    advance(
        upload,
        to=Import.Status.READ,
        header=list(table.header),
        columns=table.columns,
        notes=[{"code": note.code, "params": note.params} for note in table.warnings],
    )


def _new_row(
    upload: Import, number: int, cells: tuple[str, ...], flags: tuple[tuple[int, str], ...]
) -> ImportRow:
    return ImportRow(upload=upload, number=number, cells=list(cells), flags=list(map(list, flags)))


def _record(upload: Import, action: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("import", upload.pk),
        data={"kind": upload.kind, upload.subject_kind: upload.subject_id, "sha256": upload.sha256},
    )

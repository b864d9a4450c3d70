"""Confirm once, then row by row: each in a transaction of its own, resumable after a crash."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from config.kernel import audit, clock
from config.kernel.audit import SYSTEM, Actor
from config.kernel.checkpoints import reach
from config.kernel.errors import DomainError
from config.kernel.intake.erasing import blank
from config.kernel.intake.kinds import REFUSED, Kind, LeftRow, StoredRow, kind_named
from config.kernel.intake.models import Import, ImportRow
from config.kernel.intake.rows import lock_open, refresh_rows
from config.kernel.locks import require_atomic
from config.kernel.states import advance

SLICE_SECONDS = 60.0
_Verdict, _Decision, _Result = ImportRow.Verdict, ImportRow.Decision, ImportRow.Result

TAKEN = Q(verdict=_Verdict.OK) & ~Q(decision=_Decision.LEAVE) | Q(
    verdict=_Verdict.DOUBTFUL, decision=_Decision.TAKE
)


class NothingToConfirm(DomainError):
    """No row would be taken."""

    code = "import_nothing_to_confirm"
    detail = _(
        "No row of this file can be taken yet. Please mend rows or say yes to doubtful ones."
    )


def confirm(*, upload: Import, actor: Actor, at: datetime) -> Import:
    """Close the preview: rows that are taken wait to be applied, all others are left out.

    A second confirmation changes nothing. Raises StillReading, NotOpen (the file could
    not be read) or NothingToConfirm. What follows is `apply_slice`, by a job or directly.
    """
    require_atomic()
    if Import.objects.filter(pk=upload.pk, status=Import.Status.CONFIRMED).exists():
        return Import.objects.get(pk=upload.pk)
    locked = lock_open(upload)
    taken = locked.rows.filter(TAKEN).count()
    if not taken:
        raise NothingToConfirm()
    _tell_of_left(locked, actor, at)
    _tell_of_stored(locked, kind_named(locked.kind), locked.rows.exclude(TAKEN).order_by("number"))
    left = locked.rows.exclude(TAKEN).update(result=_Result.LEFT)
    advance(
        locked,
        to=Import.Status.CONFIRMED,
        confirmed_at=at,
        confirmed_by_kind=actor.kind,
        confirmed_by_id=actor.id,
    )
    audit.record(
        actor=actor,
        action="import.confirmed",
        subject=("import", locked.pk),
        data={"sha256": locked.sha256, "taken": taken, "left": left},
    )
    return locked


def confirm_as_seen(*, upload: Import, actor: Actor, at: datetime) -> bool:
    """`confirm`, if no other import of the subject was confirmed since the person looked. Else the rows are judged
    anew, and False says that he must look again. Two imports of a subject that are confirmed at the same instant come
    one after the other: the second waits until the rows of the first are stored.

    Raises StillStoring and what `confirm` raises.
    """
    require_atomic()
    if refresh_rows(upload=upload):
        return False
    confirm(upload=upload, actor=actor, at=at)
    return True


def _tell_of_stored(upload: Import, kind: Kind, rows: Iterable[ImportRow]) -> None:
    if kind.stored is not None:
        told = [StoredRow(upload.pk, row.number, row.values, row.result_id) for row in rows]
        kind.stored(upload.subject_id, told)


def _tell_of_left(upload: Import, actor: Actor, at: datetime) -> None:
    kind = kind_named(upload.kind)
    if kind.left is None:
        return
    names = [column.name for column in kind.columns]
    rows = upload.rows.exclude(TAKEN).exclude(decision=_Decision.LEAVE).order_by("number")
    left = [
        LeftRow(
            row.pk,
            {name: row.text_of(name, upload.columns) for name in names},
            frozenset(reason["code"] for reason in row.reasons),
        )
        for row in rows
    ]
    kind.left(upload.subject_id, left, actor, at)


def apply_slice(*, import_id: int, seconds: float = SLICE_SECONDS) -> bool:
    """Apply rows of a confirmed import for about a minute; True when none is left.

    Call it outside a transaction. After a crash, or beside another worker, it goes on where rows
    have no result yet: a row's result is written in the transaction of its effect.
    """
    upload = Import.objects.get(pk=import_id)
    if upload.status != Import.Status.CONFIRMED or upload.applied_at is not None:
        return upload.applied_at is not None
    kind = kind_named(upload.kind)
    deadline = time.monotonic() + seconds
    for row_id in _open_rows(upload).values_list("pk", flat=True):
        if time.monotonic() > deadline:
            break
        _apply_row(upload, kind, row_id)
    return _finish(upload)


def _open_rows(upload: Import) -> QuerySet[ImportRow]:
    return upload.rows.filter(result=_Result.NONE).order_by("number")


def _apply_row(upload: Import, kind: Kind, row_id: int) -> None:
    with transaction.atomic(durable=True):
        _commit_without_waiting()
        row = (
            ImportRow.objects.select_for_update(skip_locked=True)
            .filter(pk=row_id, result=_Result.NONE)
            .first()
        )
        if row is None:  # another worker has it, or had it
            return
        try:
            with transaction.atomic():
                outcome = kind.apply(upload.subject_id, row.values, upload.confirmed_by)
                row.result_id = outcome.id
                _tell_of_stored(upload, kind, [row])
        except (DomainError, DatabaseError) as error:
            row.reasons = [*row.reasons, _reason_of(kind, error)]
            row.result, row.result_id = _Result.FAILED, None
        else:
            row.result, row.result_kind, row.result_id = outcome
        fields = ["reasons"]
        if kind.is_personal and row.result_id is not None:
            fields = blank(row)
        row.save(update_fields=[*fields, "result", "result_kind", "result_id"])
        reach("committing intake.apply")


def _reason_of(kind: Kind, error: DomainError | DatabaseError) -> dict[str, object]:
    if isinstance(error, DomainError) and error.code in kind.reasons:
        return {"code": error.code, "column": "", "params": {}, "level": REFUSED}
    name = error.code if isinstance(error, DomainError) else type(error).__name__
    return {"code": "failed", "column": "", "params": {"error": name}, "level": REFUSED}


def _commit_without_waiting() -> None:
    """Rows need not reach the disk one by one: a crash takes a row's effect and its result together,
    and both are made again. The commit in `_finish` waits, and with it every row before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _finish(upload: Import) -> bool:
    with transaction.atomic(durable=True):
        waiting = Import.objects.filter(pk=upload.pk, applied_at=None)
        if _open_rows(upload).exists():
            # A new round is a new job: the one that runs now counts as done.
            waiting.update(round=F("round") + 1)
            return False
        if waiting.update(applied_at=clock.now()):
            audit.record(actor=SYSTEM, action="import.applied", subject=("import", upload.pk))
        return True

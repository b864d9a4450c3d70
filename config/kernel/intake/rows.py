"""What a person does to the rows of an import before confirming it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid, NotFound
from config.kernel.intake.judging import judge_rows
from config.kernel.intake.kinds import Kind, kind_named
from config.kernel.intake.models import Import, ImportRow
from config.kernel.intake.parsing.limits import MAX_CELL_CHARACTERS
from config.kernel.intake.parsing.text import clean
from config.kernel.locks import busy_when_locked, require_atomic

_BATCH = 2_000


class NotOpen(DomainError):
    """The import is not (or no longer) waiting for a person."""

    code = "import_not_open"
    detail = _("This import has been confirmed already, or its file could not be read.")


class StillReading(NotOpen):
    """The import is not waiting for a person yet."""

    code = "import_being_read"
    detail = _("The file is still being read. Please wait for the preview.")


class StillStoring(DomainError):
    """Rows of another import of the same subject wait to be applied."""

    code = "import_other_being_stored"
    detail = _("Another list is being stored at this moment. Please try again in a minute.")


def lock_open(upload: Import) -> Import:
    """The import, locked and READ: mending and confirming wait for each other. Raises NotOpen, StillReading."""
    require_atomic()
    with busy_when_locked():
        locked = Import.objects.select_for_update().get(pk=upload.pk)
    if locked.status == Import.Status.UPLOADED:
        raise StillReading()
    if locked.status != Import.Status.READ:
        raise NotOpen()
    return locked


def mend_row(*, upload: Import, number: int, texts: Mapping[str, str], actor: Actor) -> ImportRow:
    """Replace texts of a row, by field name, and judge the file anew (other rows may depend on it).

    A text equal to the file's takes an earlier mending back. Raises NotOpen, NotFound, Invalid.
    """
    locked = lock_open(upload)
    row = locked.rows.filter(number=number).first()
    if row is None:
        raise NotFound()
    mended = dict(row.mended)
    known = {column.name for column in kind_named(locked.kind).columns}
    for name, text in texts.items():
        if name not in known or len(text) > MAX_CELL_CHARACTERS:
            raise Invalid(fields={name: _("Please check the input.")})
        mended[name] = clean(text)
        if mended[name] == _in_file(row, name, locked):
            del mended[name]
    ImportRow.objects.filter(pk=row.pk).update(mended=mended, decision="")
    _judge_anew(locked)
    _record(locked, "import.row_mended", actor, {"row": number, "fields": sorted(mended)})
    return locked.rows.get(number=number)


def decide_row(*, upload: Import, number: int, decision: str, actor: Actor) -> ImportRow:
    """A person's yes or no to a row (`take`, `leave`, or empty to take it back).

    Raises NotOpen, NotFound; Invalid for a yes to a refused row, which must be mended first.
    """
    locked = lock_open(upload)
    row = locked.rows.filter(number=number).first()
    if row is None:
        raise NotFound()
    if decision not in ImportRow.Decision.values:
        raise Invalid()
    if decision == ImportRow.Decision.TAKE and row.verdict == ImportRow.Verdict.REFUSED:
        raise Invalid(_("This row is refused. Please mend it first."))
    ImportRow.objects.filter(pk=row.pk).update(decision=decision)
    _judge_anew(locked)
    _record(locked, "import.row_decided", actor, {"row": number, "decision": decision})
    return locked.rows.get(number=number)


def taken_together(kind: Kind) -> Q:
    """Doubtful rows, not decided, that one yes may take: none with a doubt that needs a look of its own."""
    rows = Q(verdict=ImportRow.Verdict.DOUBTFUL, decision="")
    for code in sorted(kind.alone):
        rows &= ~Q(reasons__contains=[{"code": code}])
    return rows


def asks_what(kind: Kind) -> Q:
    """Refused rows that only ask what is meant."""
    rows = Q(pk__in=[])
    for code in sorted(kind.questions):
        rows |= Q(reasons__contains=[{"code": code}])
    return rows & Q(verdict=ImportRow.Verdict.REFUSED)


def take_doubtful(*, upload: Import, actor: Actor) -> int:
    """One yes to all doubtful rows that are not decided and need no look of their own; returns how many. Raises
    NotOpen.
    """
    locked = lock_open(upload)
    rows = locked.rows.filter(taken_together(kind_named(locked.kind)))
    count = rows.update(decision=ImportRow.Decision.TAKE)
    _record(locked, "import.doubtful_taken", actor, {"rows": count})
    return count


def refresh_rows(*, upload: Import) -> bool:
    """Judge the rows anew if another import of the subject was confirmed since this one came: what it stored would be
    stored twice. True if a person must look again. Raises StillStoring.

    Locks all open imports of the subject: none of them is confirmed before the caller's transaction ends.
    """
    require_atomic()
    if upload.status != Import.Status.READ:
        return False
    _lock_together(upload)
    locked = lock_open(upload)
    others = _of_subject(locked).filter(confirmed_at__gt=locked.created_at)
    if others.filter(applied_at=None).exists():
        raise StillStoring()
    return others.exists() and bool(_judge_anew(locked))


def _of_subject(upload: Import) -> QuerySet[Import]:
    return Import.objects.filter(
        kind=upload.kind, subject_kind=upload.subject_kind, subject_id=upload.subject_id
    )


def _lock_together(upload: Import) -> None:
    """Whoever confirms one of two lists holds both: the other sees in its next statement what was confirmed."""
    rows = _of_subject(upload).filter(status=Import.Status.READ).order_by("pk")
    with busy_when_locked():
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _in_file(row: ImportRow, name: str, upload: Import) -> str:
    column = upload.columns.get(name)
    return "" if column is None else str(row.cells[column])


def _judge_anew(upload: Import) -> list[ImportRow]:
    """Caller holds the import's row lock. Only rows that are judged otherwise are written, and returned.

    A yes was said to what the row was then: it falls with a new judgement. A no stays.
    """
    rows = list(upload.rows.order_by("number"))
    changed = judge_rows(upload, kind_named(upload.kind), rows)
    for row in changed:
        if row.decision == ImportRow.Decision.TAKE:
            row.decision = ImportRow.Decision.NONE
    ImportRow.objects.bulk_update(
        changed, ["verdict", "values", "reasons", "decision"], batch_size=_BATCH
    )
    return changed


def _record(upload: Import, action: str, actor: Actor, data: dict[str, object]) -> None:
    audit.record(actor=actor, action=action, subject=("import", upload.pk), data=data)

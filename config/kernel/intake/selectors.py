"""Reads for previews and results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from config.kernel.intake.confirming import TAKEN
from config.kernel.intake.kinds import Kind, kind_named
from config.kernel.intake.messages import CELL_REASONS, FILE_ERRORS, NOTES, sentence
from config.kernel.intake.models import Import, ImportRow
from config.kernel.intake.rows import asks_what, taken_together


@dataclass(frozen=True)
class Counts:
    """Numbers of rows: by verdict, taken if confirmed now, and by result. Of the doubtful, `together` may be taken by
    one yes; of the refused, `questions` only ask what is meant, and `asked` of these are not decided.
    """

    total: int
    ok: int
    doubtful: int
    undecided: int
    together: int
    refused: int
    questions: int
    asked: int
    taken: int
    created: int
    updated: int
    unchanged: int
    left: int
    failed: int

    @property
    def unusable(self) -> int:
        """Refused, and no mere question."""
        return self.refused - self.questions

    @property
    def done(self) -> int:
        """Rows of a confirmed import that need nothing more."""
        return self.created + self.updated + self.unchanged + self.left + self.failed


def counts_of(upload: Import) -> Counts:
    """One statement."""
    doubtful = Q(verdict=ImportRow.Verdict.DOUBTFUL)
    kind = kind_named(upload.kind)
    numbers: dict[str, int] = upload.rows.aggregate(
        total=Count("pk"),
        ok=Count("pk", filter=Q(verdict=ImportRow.Verdict.OK)),
        doubtful=Count("pk", filter=doubtful),
        undecided=Count("pk", filter=doubtful & Q(decision="")),
        together=Count("pk", filter=taken_together(kind)),
        refused=Count("pk", filter=Q(verdict=ImportRow.Verdict.REFUSED)),
        questions=Count("pk", filter=asks_what(kind)),
        asked=Count("pk", filter=asks_what(kind) & Q(decision="")),
        taken=Count("pk", filter=TAKEN),
        **{
            result: Count("pk", filter=Q(result=result))
            for result in ("created", "updated", "unchanged", "left", "failed")
        },
    )
    return Counts(**numbers)


def imports_of(kind: str, subject: tuple[str, int]) -> QuerySet[Import]:
    """Newest first."""
    return Import.objects.filter(
        kind=kind, subject_kind=subject[0], subject_id=subject[1]
    ).order_by("-pk")


def unfinished_rows(upload: Import) -> QuerySet[ImportRow]:
    """Rows that led to nothing: refused, doubtful without a yes, left out, not stored."""
    if upload.status == Import.Status.CONFIRMED:
        return upload.rows.filter(result__in=["left", "failed"]).order_by("number")
    return upload.rows.exclude(TAKEN).order_by("number")


def error_sentence(upload: Import) -> str:
    """Why the file could not be read, in the active language; empty if it could."""
    if not upload.error_code:
        return ""
    return sentence(FILE_ERRORS, upload.error_code, upload.error_params)


def note_sentences(upload: Import) -> list[str]:
    """Remarks on the whole file, in the active language."""
    known = {**NOTES, **kind_named(upload.kind).notes}
    return [sentence(known, note["code"], note["params"]) for note in upload.notes]


def reason_sentences(kind: Kind, reasons: Iterable[dict[str, Any]]) -> list[str]:
    """Why a row is as it is, in the active language."""
    known = {**CELL_REASONS, **kind.reasons}
    return [sentence(known, reason["code"], reason["params"]) for reason in reasons]

"""What a personal file said is forgotten: stored rows at once, the rest when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.kernel.forgetting import Rule
from config.kernel.intake.kinds import personal_kinds
from config.kernel.intake.models import Import, ImportFile, ImportRow
from config.kernel.locks import require_atomic

# Long enough to mend the rows that were left out, and to confirm after a weekend.
KEPT = timedelta(days=7)
BLANK: dict[str, object] = {"cells": [], "mended": {}, "values": {}, "reasons": []}


def blank(row: ImportRow) -> list[str]:
    """Empty a stored row in memory: what it said is stored where it belongs. The fields to be saved."""
    for name, empty in BLANK.items():
        setattr(row, name, type(empty)())
    return list(BLANK)


def forget_personal(now: datetime) -> int:
    """Erase what personal files still hold after KEPT: of confirmed ones the bytes and the texts of all rows, others
    as a whole. Returns how many files. Safe to run twice.
    """
    require_atomic()
    before = now - KEPT
    old = Import.objects.filter(kind__in=personal_kinds())
    done = old.filter(applied_at__lt=before, file__isnull=False)
    ids = list(done.values_list("pk", flat=True))
    ImportRow.objects.filter(upload__in=ids).update(**BLANK)
    ImportFile.objects.filter(upload__in=ids).delete()
    never = old.filter(confirmed_at=None, created_at__lt=before)
    count = never.count()
    never.delete()
    return len(ids) + count


RULE = Rule(
    "files",
    "rosters and lists of orders that were uploaded: their bytes and what their rows said",
    "7 days after they were applied, or uploaded and never confirmed; stored rows at once",
    forget_personal,
)

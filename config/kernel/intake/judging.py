"""Verdicts on the rows of an import: what the reader flagged, and what the kind says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config.kernel.intake.kinds import (
    SEVERITY,
    Judgement,
    Kind,
    Reason,
    SourceRow,
    kind_named,
)
from config.kernel.intake.models import Import, ImportRow
from config.kernel.intake.parsing import table

_REFUSING = {table.FORMULA, table.TOO_LONG, table.ERROR_VALUE}
_DOUBTING = {table.DATE}


def judge_rows(upload: Import, kind: Kind, rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Write verdict, values and reasons into `rows`, which must be all rows of the file in its order.

    Returns the rows that are judged otherwise than before; saving them is the caller's part.
    """
    sources = [_source(upload, kind, row) for row in rows]
    changed: list[ImportRow] = []
    judgements = kind.judge(upload.subject_id, sources)
    for row, judgement in zip(rows, judgements, strict=True):
        _add_flags(upload, row, judgement)
        reasons = [_reason_to_json(upload, reason) for reason in _gravest_first(judgement)]
        if (row.verdict, row.values, row.reasons) == (judgement.verdict, judgement.values, reasons):
            continue
        row.verdict, row.values, row.reasons = judgement.verdict, judgement.values, reasons
        changed.append(row)
    return changed


def _source(upload: Import, kind: Kind, row: ImportRow) -> SourceRow:
    present = {*upload.columns, *row.mended}
    texts = {
        column.name: row.text_of(column.name, upload.columns)
        for column in kind.columns
        if column.name in present
    }
    return SourceRow(
        row.number,
        texts,
        is_left=row.decision == ImportRow.Decision.LEAVE,
        is_taken=row.decision == ImportRow.Decision.TAKE,
        mended=frozenset(row.mended),
    )


def _add_flags(upload: Import, row: ImportRow, judgement: Judgement) -> None:
    """The reader's remarks on cells that count: mapped to a field, and not mended since."""
    fields = {column: name for name, column in upload.columns.items()}
    for column, code in row.flags:
        if column == table.WHOLE_ROW:
            judgement.doubt(code)
            continue
        name = fields.get(column)
        if name is None or name in row.mended:
            continue
        params = {"value": str(row.cells[column])}
        if code in _REFUSING:
            # What the kind made of such a text says nothing more.
            judgement.reasons = [reason for reason in judgement.reasons if reason.column != name]
            judgement.refuse(code, name, **params)
        elif code in _DOUBTING:
            judgement.doubt(code, name, **params)
        else:
            judgement.note(code, name, **params)


def _gravest_first(judgement: Judgement) -> list[Reason]:
    return sorted(judgement.reasons, key=lambda reason: -SEVERITY.index(reason.level))


def _reason_to_json(upload: Import, reason: Reason) -> dict[str, Any]:
    """A reason about a column names it by its heading in this file, so that a person finds it."""
    params = dict(reason.params)
    if (place := upload.columns.get(reason.column)) is not None:
        params.setdefault("column", str(upload.header[place]))
    elif reason.column:
        params.setdefault("column", kind_named(upload.kind).aliases[reason.column][0])
    return {
        "code": reason.code,
        "column": reason.column,
        "params": params,
        "level": reason.level,
    }

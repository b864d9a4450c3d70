"""The files of a revision or a pick list beside its row, without their bytes."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import JSONField, Q, Value
from django.db.models.functions import JSONObject

Row = TypeVar("Row", bound=Any)

# For people first: to print, to work on, to copy into a chat; for machines last.
_FORMATS = ("pdf", "xlsx", "txt", "csv", "json")
_COLUMNS = {
    "id": "public_id",
    "kind": "kind",
    "format": "format",
    "name": "name",
    "size": "size",
}


def papers() -> JSONBAgg:
    """The annotation `papers`: `[{id, kind, format, name, size}, …]`."""
    paths: dict[str, str] = {name: f"files__{column}" for name, column in _COLUMNS.items()}
    return JSONBAgg(
        JSONObject(**paths),
        filter=Q(files__isnull=False),
        order_by=("files__kind", "files__format"),
        default=Value([], JSONField()),
    )


def sort_papers(rows: list[Row]) -> list[Row]:
    """The papers of each row in the order of buttons: whole before difference and slips, then by format."""
    for row in rows:
        row.papers.sort(key=_preference)
    return rows


def _preference(paper: dict[str, str]) -> tuple[bool, int]:
    form = paper["format"]
    place = _FORMATS.index(form) if form in _FORMATS else len(_FORMATS)
    return paper["kind"] in ("difference", "slips"), place

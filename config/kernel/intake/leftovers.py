"""The file of refused rows: the rows as they were, each with its reason, ready to be mended."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import xlsxwriter
from django.utils.translation import gettext as _

from config.kernel.intake.kinds import kind_named
from config.kernel.intake.models import Import
from config.kernel.intake.selectors import reason_sentences, unfinished_rows

Table = Sequence[Sequence[str]]
# Cells that a spreadsheet would run; the full-width forms are turned round by some of them.
_RUNS = tuple("=+-@\t\r\n＝＋－＠")


def refused_rows_file(*, upload: Import, suffix: Literal["xlsx", "csv"]) -> tuple[str, bytes]:
    """(file name, bytes). The columns of the file as uploaded, then the row number and the reasons.

    Mended texts stand in their places. The same state gives the same bytes.
    """
    stem = upload.filename.rpartition(".")[0] or upload.filename
    table = _table(upload)
    content = _as_xlsx(table) if suffix == "xlsx" else _as_csv(table)
    what = _("rows left out")
    return f"{stem} {what}.{suffix}", content


def _table(upload: Import) -> Table:
    kind = kind_named(upload.kind)
    rows = [[*upload.header, _("row in the file"), _("reason")]]
    for row in unfinished_rows(upload):
        cells = list(map(str, row.cells))
        for name, text in row.mended.items():
            if (column := upload.columns.get(name)) is not None:
                cells[column] = text
        reasons = " ".join(reason_sentences(kind, row.reasons)) or _("Left out by a person.")
        rows.append([*cells, str(row.number), reasons])
    return rows


def _as_csv(table: Table) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([_harmless(cell) for cell in row] for row in table)
    return stream.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RUNS) else text


def _as_xlsx(table: Table) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": True}) as book:
        book.set_properties({"created": datetime(2022, 4, 1, tzinfo=UTC)})
        sheet = book.add_worksheet()
        heading = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table[0]) - 2, 14)
        sheet.set_column(len(table[0]) - 1, len(table[0]) - 1, 60)
        for number, row in enumerate(table):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, None if number else heading)
    return stream.getvalue()

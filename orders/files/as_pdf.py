"""A document on A4 paper, in columns that a reader finds again by their place."""

from __future__ import annotations

from typing import TypedDict

from orders.files.document import Cell, Column, Document, Goods, Row, RowKind, Table
from orders.files.geometry import Span, column_spans
from orders.files.glyphs import ems
from orders.files.labels import labels_for
from orders.files.paper import set_paper, template
from orders.files.text import for_paper
from orders.files.wording import grouped, money, signed, signed_money

_NAME_LIMIT = 60
_SHORT_LIMIT = 30
_FACT_LIMIT = 90
_HALF_PAGE = 230.0
# Room for very large words at the right of the title; longer ones get a block of their own.
_BESIDE_TITLE = 270.0
# Left of the page number.
FOOTER_ROOM = 430.0


class Line(TypedDict):
    """One line for a template and its size in points."""

    text: str
    size: float


def write_pdf(document: Document) -> bytes:
    """The PDF's bytes, the same for the same document."""
    return set_paper(template("document.typ"), _data(document), moment=document.moment)


def footer(document: Document) -> str:
    """What stands below every page and tells its reader which paper this is."""
    labels = labels_for(document.language)
    code = f"{labels.checksum} {grouped(document.code)}"
    words = for_paper(document.revision_words)
    return f"{labels.number} {document.number} · {words} · {code}"


def _data(document: Document) -> dict[str, object]:
    labels = labels_for(document.language)
    shout = for_paper(document.shout)
    shout_size = fitted(shout, 64, 500)["size"]
    return {
        "language": document.language,
        "title": document.title,
        "number": document.number,
        "revision": document.revision_words,
        "shout": shout,
        "shout_size": shout_size,
        "shout_alone": document.alarm or ems(shout) * shout_size > _BESIDE_TITLE,
        "shout_note": document.shout_note,
        "alarm": document.alarm,
        "headline": document.headline,
        "facts": [
            {"label": fact.label, "value": for_paper(fact.value, limit=_FACT_LIMIT)}
            for fact in document.facts
        ],
        "tables": [_table(table) for table in document.tables],
        "footer": fitted(footer(document), 8, FOOTER_ROOM),
        "page": labels.page,
        "remark": document.remark,
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "marker": fitted(table.marker, 11.5, table.columns[0].points - 6),
        "title": fitted(for_paper(table.title, limit=30), 17, _HALF_PAGE),
        "facts": [for_paper(f.value, limit=_FACT_LIMIT) for f in table.facts if f.key == "address"],
        "headline": fitted("  ".join(table.headline), 12, _HALF_PAGE),
        "new_page": table.new_page,
        "columns": [_column(column) for column in table.columns],
        "rows": [_row(row, table.columns) for row in table.rows],
    }


def _column(column: Column) -> dict[str, object]:
    return {
        "label": column.label,
        "kind": column.kind,
        "width": column.points,
        "strong": column.strong,
        "small": column.small,
        "left": column.kind in {"text", "goods", "blank", "tick"} or column.key == "position",
    }


def _row(row: Row, columns: tuple[Column, ...]) -> dict[str, object]:
    cells = [
        _cell(row.cells.get(column.key), column, row.kind, span)
        for column, span in zip(columns, column_spans(columns), strict=True)
    ]
    return {"kind": row.kind, "cells": cells}


def _cell(cell: Cell, column: Column, kind: RowKind, span: Span) -> object:
    if isinstance(cell, Goods):
        return {
            "name": for_paper(cell.name, limit=_NAME_LIMIT),
            "spec": for_paper(cell.spec, limit=_NAME_LIMIT),
            "note": cell.note,
        }
    width = span.right - span.left - 8
    if isinstance(cell, int):
        largest = 11.5 if column.strong or kind != "line" else 10.0
        return fitted(_FIGURES.get(column.kind, str)(cell), largest, width)
    text = for_paper(cell or "", limit=_SHORT_LIMIT)
    if kind == "band":
        return text
    largest = 8.5 if column.small else 10.0
    if kind in {"group", "total"}:
        largest = 20.0 if kind == "group" and column.kind == "goods" else 11.5
    return fitted(text, largest, width)


def fitted(text: str, largest: float, width: float) -> Line:
    """One line for a template, at the size at which it stays inside `width` points.

    A reader tells columns by their place, so no figure may reach into the next one.
    """
    # The hairline of bold type adds a little to each glyph.
    line = text.replace("\u200b", "")
    room = ems(line) + 0.04 * len(line)
    return {"text": line, "size": min(largest, width / room if room else largest)}


_FIGURES = {"yuan": money, "signed": signed, "signed_yuan": signed_money}

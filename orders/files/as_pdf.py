"""A document on A4 paper, in columns that a reader finds again by their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orders.files.document import Cell, Column, Document, Goods, Row, RowKind, Table
from orders.files.geometry import MARGIN, Span, column_spans
from orders.files.glyphs import ems
from orders.files.labels import labels_for
from orders.files.lines import Figure, Place, cells, fitted, goods_parts
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
# From line to line, and between a column's edge and its text.
_PITCH = 17.33
_INSET = 4.0
_TICK, _LARGE_TICK = 9.0, 13.0


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
    spans = column_spans(table.columns)
    last = table.columns[-1].kind
    # A last column to write in is crossed by the rules, a bar stands beside them.
    edge = spans[-1].left - MARGIN
    return {
        "marker": fitted(table.marker, 11.5, table.columns[0].points - 6),
        "title": fitted(for_paper(table.title, limit=30), 17, _HALF_PAGE),
        "title_at": table.columns[0].points,
        "facts": [for_paper(f.value, limit=_FACT_LIMIT) for f in table.facts if f.key == "address"],
        "headline": fitted("  ".join(table.headline), 12, _HALF_PAGE),
        "new_page": table.new_page,
        "labels": [
            {"text": column.label, "left": _is_left(column), "x": _edge(column, span)}
            for column, span in zip(table.columns, spans, strict=True)
        ],
        "columns": [place.data() for place, *_ in _places(table.columns)],
        "shape": {
            "width": edge if last == "bar" else spans[-1].right - MARGIN,
            "pitch": _PITCH,
            "blank": edge if last == "blank" else None,
        },
        "blocks": list(_blocks(table)),
    }


def _is_left(column: Column) -> bool:
    return column.kind in {"text", "goods", "blank", "tick"} or column.key == "position"


def _edge(column: Column, span: Span) -> float:
    """Where text begins or ends, from the left margin."""
    edge = span.left + _INSET if _is_left(column) else span.right - _INSET
    return round(edge - MARGIN, 3)


def _places(columns: Sequence[Column]) -> list[tuple[Place, Column, Span]]:
    """Of the columns in which something is printed."""
    return [
        (_place(column, span), column, span)
        for column, span in zip(columns, column_spans(columns), strict=True)
        if column.kind not in {"blank", "bar"}
    ]


def _place(column: Column, span: Span) -> Place:
    if column.kind == "tick":
        middle = (span.left + span.right) / 2 - MARGIN
        return Place("tick", round(middle - _TICK / 2, 3), _TICK)
    if column.kind == "goods":
        return Place("goods", _edge(column, span), 10, width=_room(span), small=8.5)
    size = _largest(column, "line")
    return Place("words", _edge(column, span), size, _is_left(column), column.strong)


def _blocks(table: Table) -> Iterator[dict[str, object]]:
    """Rows as the template draws them; a group with all of its lines is one."""
    columns = _places(table.columns)
    places = [place for place, *_ in columns]
    heading: list[object] = []
    lines: list[list[Figure]] = []
    for row in table.rows:
        if row.kind == "band":
            yield {
                "band": for_paper(_text(row.cells.get(table.columns[1].key)), limit=_SHORT_LIMIT)
            }
            continue
        figures = [_figure(row, column, span) for _, column, span in columns]
        if row.kind == "line" and heading:
            lines.append(figures)
            continue
        if heading:
            yield {"heading": heading, "parts": list(goods_parts(lines, places))}
            heading, lines = [], []
        if row.kind == "group":
            heading = cells(figures, places, loud=True, tick=_LARGE_TICK)
        elif row.kind == "total":
            yield {"total": cells(figures, places, loud=True)}
        else:
            yield from goods_parts([figures], places)
    if heading:
        yield {"heading": heading, "parts": list(goods_parts(lines, places))}


def _figure(row: Row, column: Column, span: Span) -> Figure:
    if column.kind == "tick":
        return None
    cell = row.cells.get(column.key)
    if isinstance(cell, Goods):
        return {
            "name": for_paper(cell.name, limit=_NAME_LIMIT),
            "spec": for_paper(cell.spec, limit=_NAME_LIMIT),
            "note": cell.note,
        }
    largest = _largest(column, row.kind)
    if isinstance(cell, int):
        return fitted(_FIGURES.get(column.kind, str)(cell), largest, _room(span))
    return fitted(for_paper(_text(cell), limit=_SHORT_LIMIT), largest, _room(span))


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ""


def _room(span: Span) -> float:
    return span.right - span.left - 2 * _INSET


def _largest(column: Column, kind: RowKind) -> float:
    if kind != "line":
        return 20.0 if kind == "group" and column.kind == "goods" else 11.5
    if column.strong:
        return 11.5
    return 8.5 if column.small else 10.0


_FIGURES = {"yuan": money, "signed": signed, "signed_yuan": signed_money}

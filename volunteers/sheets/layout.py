"""What stands where on a pick list: first the products of the building, then room by room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from orders.files.document import Cell, Column, Document, Fact, Goods, Row, Table
from orders.files.labels import labels_for
from orders.files.order_layout import filled
from orders.files.text import plain
from orders.files.wording import day, grouped, money
from volunteers.sheets.content import BagSheet, PickSheet
from volunteers.sheets.figures import pick_figures
from volunteers.sheets.fitting import NAME_LIMIT, SPEC_LIMIT, columns_of
from volunteers.sheets.labels import PickLabels, pick_labels

Medium = Literal["paper", "sheet"]
# Points of lines on a page beneath the headings, and the width that names have there.
_BLOCK_ROOM = 600.0
_GOODS_WIDTH = 265.0


def pick_document(sheet: PickSheet, language: str, medium: Medium) -> Document:
    """The list as facts and two tables; the building is its very large word."""
    labels = pick_labels(language)
    code = pick_figures(sheet).checksum
    return Document(
        language=labels.language,
        title=labels.title,
        number=sheet.order_number,
        revision_words=revision_words(sheet, labels),
        moment=sheet.closes_at,
        code=code,
        tables=(_products(sheet, labels, medium), _households(sheet, labels, medium)),
        facts=tuple(_facts(sheet, labels, code)),
        headline=_headline(sheet, labels),
        shout=_shout(sheet, labels),
        remark=labels_for(language).same_checksum,
    )


def revision_words(sheet: PickSheet, labels: PickLabels) -> str:
    """`第1版（2号楼 第1批）`: what every page and slip says it belongs to."""
    paper = labels_for(labels.language)
    place = f"{_building(sheet)} {labels.wave.format(n=sheet.wave)}".strip()
    return paper.aside.format(main=paper.revision.format(n=sheet.revision), aside=place)


def paper_columns(labels: PickLabels) -> tuple[Column, ...]:
    """The columns of the rooms on paper; position, goods, unit and quantity serve both tables."""
    return (
        *_first_columns(labels),
        Column("amount", labels.amount, "yuan", 68),
        Column("packed", labels.packed, "tick", 34),
        Column("bar", "", "bar", 4),
    )


def _first_columns(labels: PickLabels) -> tuple[Column, ...]:
    return (
        Column("position", labels.position, "integer", 44),
        Column("goods", labels.goods, "goods"),
        Column("unit", labels.unit, "text", 46),
        Column("quantity", labels.quantity, "integer", 54, strong=True),
    )


def _building(sheet: PickSheet) -> str:
    # The dot parts the facts of a footer.
    return plain(sheet.building_label, limit=20).replace("·", " ")


def _shout(sheet: PickSheet, labels: PickLabels) -> str:
    words = _building(sheet) or labels.title
    if sheet.revision == 1:
        return words
    return f"{words} {labels_for(labels.language).revision.format(n=sheet.revision)}"


def _headline(sheet: PickSheet, labels: PickLabels) -> tuple[str, ...]:
    paper = labels_for(labels.language)
    return (
        paper.kinds.format(n=len(sheet.lines)),
        labels.pieces.format(n=sheet.pieces),
        labels.bags.format(n=len(sheet.bags)),
        f"{labels.collect} {paper.yuan.format(amount=money(sheet.total_fen))}",
    )


def _facts(sheet: PickSheet, labels: PickLabels, code: str) -> Iterator[Fact]:
    facts = {
        "number": sheet.order_number,
        "revision_label": revision_words(sheet, labels),
        "window": sheet.window_title,
        "supplier": sheet.supplier_name,
        "building": sheet.building_label,
        "deliver": day(sheet.deliver_on, labels_for(labels.language)),
        "community": sheet.community_name,
        "checksum": grouped(code),
    }
    return filled(facts, labels)


def _products(sheet: PickSheet, labels: PickLabels, medium: Medium) -> Table:
    note, taken = (
        Column("note", labels.note, "blank", 72),
        Column("taken", labels.taken, "tick", 34),
    )
    rows = [
        Row(
            "line",
            _goods(line.name, line.spec, line.unit)
            | {"position": line.position, "quantity": line.quantity},
        )
        for line in sheet.lines
    ]
    total: dict[str, Cell] = {"position": labels.totals, "quantity": sheet.pieces}
    columns = _first_columns(labels) if medium == "paper" else _sheet_columns(labels)
    return Table(
        columns=(*columns, taken, note),
        rows=(*rows, Row("total", total)),
        marker="■1/2",
        title=labels.products,
    )


def _households(sheet: PickSheet, labels: PickLabels, medium: Medium) -> Table:
    total: dict[str, Cell] = {
        "position": labels.totals,
        "quantity": sheet.pieces,
        "amount": sheet.total_fen,
    }
    rows = [row for bag in sheet.bags for row in _bag(bag, labels, medium)]
    columns = paper_columns(labels)
    if medium == "sheet":
        columns = (*_sheet_columns(labels), *columns[4:6])
    return Table(
        columns=columns,
        rows=(*rows, Row("total", total)),
        marker="■2/2",
        title=labels.households,
        new_page=True,
    )


def _sheet_columns(labels: PickLabels) -> tuple[Column, ...]:
    return (
        Column("position", labels.position, "integer"),
        Column("name", labels.name, "text"),
        Column("spec", labels.spec, "text"),
        Column("unit", labels.unit, "text"),
        Column("quantity", labels.quantity, "integer", strong=True),
    )


def _bag(bag: BagSheet, labels: PickLabels, medium: Medium) -> Iterator[Row]:
    """A heading and its lines; on paper the heading comes again before what needs another page."""
    blocks = [bag.lines]
    if medium == "paper":
        blocks = columns_of(bag.lines, room=_BLOCK_ROOM, width=_GOODS_WIDTH, size=10, pitch=19)
    for index, lines in enumerate(blocks):
        yield _heading(bag, labels, continued=index > 0)
        for line in lines:
            cells = _goods(line.name, line.spec, line.unit)
            figures = {"quantity": line.quantity, "amount": line.amount_fen}
            yield Row("line", cells | {"position": line.position} | figures)


def _heading(bag: BagSheet, labels: PickLabels, *, continued: bool) -> Row:
    mark = labels.continued if continued else labels.door if bag.door else ""
    cells: dict[str, Cell] = {
        "position": f"{bag.sequence}/{bag.of}",
        "goods": bag.room,
        "name": bag.room,
        "spec": mark,
        # On paper the mark stands where lines have their unit.
        "unit": mark,
    }
    if not continued:
        cells |= {"quantity": bag.pieces, "amount": bag.amount_due_fen}
    return Row("group", cells)


def _goods(name: str, spec: str, unit: str) -> dict[str, Cell]:
    # Cut as the estimate of the lines' height has them.
    short = Goods(plain(name, limit=NAME_LIMIT), plain(spec, limit=SPEC_LIMIT))
    return {"goods": short, "name": name, "spec": spec, "unit": unit}

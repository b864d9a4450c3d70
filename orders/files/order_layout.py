"""What stands where on a supplier's order, for paper and for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from orders.files.content import OrderSheet, SheetLine, SheetSection
from orders.files.document import Cell, Column, Document, Fact, Goods, Row, Table
from orders.files.figures import figures
from orders.files.labels import Labels, labels_for
from orders.files.text import plain
from orders.files.wording import day, grouped, moment, money

Medium = Literal["paper", "sheet", "csv"]


def order_document(sheet: OrderSheet, language: str, medium: Medium) -> Document:
    """The order as facts and tables: totals first, then a table for each printed section."""
    labels = labels_for(language)
    columns = _columns(sheet, labels, medium)
    code = figures(sheet).checksum
    shout, note = order_shout(sheet, labels)
    return Document(
        language=labels.language,
        title=labels.order_title,
        number=sheet.number,
        revision_words=labels.revision.format(n=sheet.revision),
        moment=sheet.closes_at,
        code=code,
        tables=tuple(_tables(sheet, columns, labels, medium)),
        facts=tuple(_facts(sheet, labels, medium, code)),
        headline=headline(sheet.kinds, sheet.pieces, sheet.households, sheet.total_fen, labels),
        shout=shout,
        shout_note=note,
        alarm=sheet.cancels_all,
        remark=labels.same_checksum,
    )


def order_shout(sheet: OrderSheet, labels: Labels) -> tuple[str, str]:
    """The very large words and the sentence under them; both empty for a plain first revision."""
    replaces = labels.replaces if sheet.revision > 1 else ""
    if sheet.cancels_all:
        return labels.cancelled, f"{labels.cancelled_note} {replaces}".strip()
    return (labels.revision.format(n=sheet.revision), replaces) if replaces else ("", "")


def headline(
    kinds: int, pieces: int, households: int, total_fen: int, labels: Labels
) -> tuple[str, ...]:
    """The four sums that a person looks for first."""
    return (
        labels.kinds.format(n=kinds),
        labels.pieces.format(n=pieces),
        labels.households.format(n=households),
        labels.yuan.format(amount=money(total_fen)),
    )


def _facts(sheet: OrderSheet, labels: Labels, medium: Medium, code: str) -> Iterator[Fact]:
    only = sheet.only_section
    facts = {
        "number": sheet.number,
        "revision_label": labels.revision.format(n=sheet.revision),
        "window": sheet.window_title,
        "window_id": sheet.window_id if medium == "csv" else "",
        "supplier": f"{sheet.supplier_name} {sheet.supplier_phone}",
        "deliver": day(sheet.deliver_on, labels),
        "opens": moment(sheet.opens_at, labels),
        "closes": moment(sheet.closes_at, labels),
        "community": only.community_name if only else "",
        "address": only.address if only else "",
        "contact": f"{sheet.contact_name} {sheet.contact_phone}",
        "checksum": grouped(code),
    }
    return filled(facts, labels)


def filled(facts: Mapping[str, str], labels: object) -> Iterator[Fact]:
    """The facts that have something to say, labelled by the field of their own name."""
    for key, value in facts.items():
        if plain(value):
            yield Fact(key, getattr(labels, key), plain(value))


def _tables(
    sheet: OrderSheet, columns: tuple[Column, ...], labels: Labels, medium: Medium
) -> Iterator[Table]:
    sections = sheet.printed_sections
    yield Table(
        columns=columns,
        rows=tuple(_rows(sheet.lines, medium, labels, sheet.households)),
        marker="■" if sections else "",
        title=labels.all_communities if sections else "",
    )
    for ordinal, section in enumerate(sections, start=1):
        yield Table(
            columns=columns,
            rows=tuple(_rows(section.lines, medium, labels, section.households)),
            marker=f"■{ordinal}/{len(sections)}",
            title=section.community_name,
            facts=tuple(_section_facts(section, labels)),
            headline=_section_headline(section, labels),
            new_page=True,
        )


def _section_headline(section: SheetSection, labels: Labels) -> tuple[str, ...]:
    kinds = sum(1 for line in section.lines if line.ordered)
    return headline(kinds, section.pieces, section.households, section.total_fen, labels)


def _section_facts(section: SheetSection, labels: Labels) -> Iterator[Fact]:
    facts = {"community": section.community_name, "address": section.address}
    return filled(facts, labels)


def paper_columns(labels: Labels) -> tuple[Column, ...]:
    """The columns on paper; their widths are how the reader finds a figure."""
    return (
        Column("position", labels.position, "integer", 32),
        Column("barcode", labels.barcode, "text", 74, small=True),
        Column("goods", labels.goods, "goods"),
        Column("unit", labels.unit, "text", 26),
        Column("price", labels.price, "yuan", 46),
        Column("cases", labels.cases, "text", 44, small=True),
        Column("ordered", labels.ordered, "integer", 44, strong=True),
        Column("amount", labels.amount, "yuan", 68),
        Column("sent", labels.sent, "blank", 40),
    )


def _columns(sheet: OrderSheet, labels: Labels, medium: Medium) -> tuple[Column, ...]:
    rounded = any(line.ordered and line.wanted != line.ordered for line in sheet.lines)
    if medium == "paper":
        return paper_columns(labels)
    columns = [
        Column("position", labels.position, "integer"),
        Column("barcode", labels.barcode, "text"),
        Column("name", labels.name, "text"),
        Column("spec", labels.spec, "text"),
        Column("unit", labels.unit, "text"),
        Column("category", labels.category, "text"),
        Column("case_size", labels.case_size, "integer"),
        Column("price", labels.price, "yuan"),
    ]
    if rounded or medium == "csv":
        columns.append(Column("wanted", labels.wanted, "integer"))
    columns.append(Column("ordered", labels.ordered, "integer", strong=True))
    columns.append(Column("amount", labels.amount, "yuan"))
    if medium == "sheet":
        columns.append(Column("sent", labels.sent, "blank"))
    return tuple(columns)


def _rows(
    lines: Sequence[SheetLine], medium: Medium, labels: Labels, households: int
) -> Iterator[Row]:
    bands = medium == "paper" and _is_grouped(line.category for line in lines)
    category = ""
    for line in lines:
        if bands and line.category != category:
            category = line.category
            yield Row("band", {"barcode": category})
        yield Row("line", _cells(line, labels))
    kinds = labels.kinds.format(n=sum(1 for line in lines if line.ordered))
    counts = f"{kinds} {labels.households.format(n=households)}"
    yield Row(
        "total",
        {
            "position": labels.totals,
            "goods": counts,
            "name": counts,
            "wanted": sum(line.wanted for line in lines),
            "ordered": sum(line.ordered for line in lines),
            "amount": sum(line.amount_fen for line in lines),
        },
    )


def _is_grouped(categories: Iterable[str]) -> bool:
    """Whether each category is one unbroken run, so that naming it once above its lines is true."""
    runs = [name for name, before in _with_previous(categories) if name != before]
    return 1 < len(runs) == len(set(runs)) and all(runs)


def _with_previous(values: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    before: str | None = None
    for value in values:
        yield value, before
        before = value


def _cells(line: SheetLine, labels: Labels) -> dict[str, Cell]:
    rounded = line.ordered and line.wanted != line.ordered
    note = labels.wanted_note.format(n=line.wanted) if rounded else ""
    return {
        "position": line.position,
        "barcode": line.barcode,
        "goods": Goods(line.name, line.spec, note),
        "name": line.name,
        "spec": line.spec,
        "unit": line.unit,
        "category": line.category,
        "case_size": line.case_size,
        "cases": _cases(line, labels),
        "price": line.price_fen,
        "wanted": line.wanted,
        "ordered": line.ordered,
        "amount": line.amount_fen,
        "sent": None,
    }


def _cases(line: SheetLine, labels: Labels) -> str:
    """`2箱+5` for 45 pieces in cases of 20; empty where counting cases helps nobody."""
    if not line.case_size or line.case_size < 2 or line.ordered < line.case_size:
        return ""
    cases, rest = divmod(line.ordered, line.case_size)
    text = labels.cases_and_rest.format(cases=cases, rest=rest)
    return text if rest else text.split("+")[0].strip()

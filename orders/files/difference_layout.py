"""What stands where on a difference between two revisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orders.files.differences import DifferenceLine, OrderDifference
from orders.files.document import Cell, Column, Document, Fact, Goods, Row, Table
from orders.files.figures import difference_figures
from orders.files.labels import Labels, labels_for
from orders.files.order_layout import Medium, filled
from orders.files.wording import day, grouped, moment, money


def difference_document(change: OrderDifference, language: str, medium: Medium) -> Document:
    """The changes as facts and tables: the totals first, then each community that changed."""
    labels = labels_for(language)
    columns = _columns(labels, medium)
    code = difference_figures(change).checksum
    shout, note = difference_shout(change, labels)
    return Document(
        language=labels.language,
        title=labels.difference_title,
        number=change.number,
        revision_words=revision_words(change, labels),
        moment=change.closes_at,
        code=code,
        tables=tuple(_tables(change, columns, labels)),
        facts=tuple(_facts(change, labels, code)),
        headline=difference_headline(change, labels),
        shout=shout,
        shout_note=note,
        alarm=change.cancels_all,
        remark=labels.same_checksum,
    )


def difference_shout(change: OrderDifference, labels: Labels) -> tuple[str, str]:
    """`第2版 · 增减单（对第1版）` in very large type; below 全部取消 when nothing is left."""
    revision = labels.revision.format(n=change.revision)
    against = labels.against.format(n=change.old_revision)
    words = labels.aside.format(main=f"{revision} · {labels.difference_title}", aside=against)
    if change.cancels_all:
        return labels.cancelled, f"{words} {labels.cancelled_note}"
    return words, ""


def difference_headline(change: OrderDifference, labels: Labels) -> tuple[str, ...]:
    """Pieces and amount before and after."""
    pieces = labels.pieces.format(n=f"{change.old_pieces} → {change.new_pieces}")
    amounts = f"{money(change.old_total_fen)} → {money(change.new_total_fen)}"
    return (
        labels.kinds.format(n=len(change.lines)),
        pieces,
        labels.yuan.format(amount=amounts),
    )


def revision_words(change: OrderDifference, labels: Labels) -> str:
    """`第2版（对第1版）`."""
    revision = labels.revision.format(n=change.revision)
    against = labels.against.format(n=change.old_revision)
    return labels.aside.format(main=revision, aside=against)


def _facts(change: OrderDifference, labels: Labels, code: str) -> Iterator[Fact]:
    facts = {
        "number": change.number,
        "revision_label": revision_words(change, labels),
        "window": change.window_title,
        "supplier": change.supplier_name,
        "closes": moment(change.closes_at, labels),
        "deliver": day(change.deliver_on, labels),
        "contact": f"{change.contact_name} {change.contact_phone}",
        "checksum": grouped(code),
    }
    return filled(facts, labels)


def _tables(
    change: OrderDifference, columns: tuple[Column, ...], labels: Labels
) -> Iterator[Table]:
    sections = change.sections
    yield Table(
        columns=columns,
        rows=tuple(_rows(change.lines, labels)),
        marker="■" if sections else "",
        title=labels.all_communities if sections else "",
    )
    for ordinal, section in enumerate(sections, start=1):
        yield Table(
            columns=columns,
            rows=tuple(_rows(section.lines, labels)),
            marker=f"■{ordinal}/{len(sections)}",
            title=section.community_name,
            facts=tuple(filled({"community": section.community_name}, labels)),
        )


def paper_columns(labels: Labels) -> tuple[Column, ...]:
    """The columns on paper; their widths are how the reader finds a figure."""
    return _columns(labels, "paper")


def _columns(labels: Labels, medium: Medium) -> tuple[Column, ...]:
    goods = (
        (Column("goods", labels.goods, "goods"),)
        if medium == "paper"
        else (Column("name", labels.name, "text"), Column("spec", labels.spec, "text"))
    )
    return (
        Column("position", labels.position, "integer", 32),
        Column("change", labels.change, "text", 44),
        Column("barcode", labels.barcode, "text", 74, small=True),
        *goods,
        Column("unit", labels.unit, "text", 28),
        Column("old_ordered", labels.old_ordered, "integer", 44),
        Column("new_ordered", labels.new_ordered, "integer", 44, strong=True),
        Column("delta", labels.delta, "signed", 44, strong=True),
        Column("delta_amount", labels.delta_amount, "signed_yuan", 74),
    )


def _rows(lines: Sequence[DifferenceLine], labels: Labels) -> Iterator[Row]:
    for line in lines:
        yield Row("line", _cells(line, labels))
    kinds = labels.kinds.format(n=len(lines))
    yield Row(
        "total",
        {
            "position": labels.totals,
            "goods": kinds,
            "name": kinds,
            "old_ordered": sum(line.old_ordered for line in lines),
            "new_ordered": sum(line.new_ordered for line in lines),
            "delta": sum(line.delta for line in lines),
            "delta_amount": sum(line.delta_fen for line in lines),
        },
    )


def _cells(line: DifferenceLine, labels: Labels) -> dict[str, Cell]:
    return {
        "position": line.position,
        "change": getattr(labels, line.change),
        "barcode": line.barcode,
        "goods": Goods(line.name, line.spec),
        "name": line.name,
        "spec": line.spec,
        "unit": line.unit,
        "old_ordered": line.old_ordered,
        "new_ordered": line.new_ordered,
        "delta": line.delta,
        "delta_amount": line.delta_fen,
    }

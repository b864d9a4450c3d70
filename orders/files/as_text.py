"""The order and its changes as text to paste into a chat: short lines, nothing to unfold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orders.files.content import OrderSheet, SheetLine
from orders.files.difference_layout import difference_headline, difference_shout, revision_words
from orders.files.differences import DifferenceLine, OrderDifference
from orders.files.figures import difference_figures, figures
from orders.files.labels import Labels, labels_for
from orders.files.order_layout import headline, order_shout
from orders.files.text import for_chat
from orders.files.wording import day, grouped, moment, signed, signed_money

RULE = "————————"


def write_order_text(sheet: OrderSheet, language: str = "zh-hans") -> bytes:
    """UTF-8 without BOM, line feeds. `1. 青菜 500g/袋 ×12 46.80元`, a line for each product."""
    labels = labels_for(language)
    lines = [*_order_head(sheet, labels), RULE, *_order_lines(sheet.lines, labels)]
    sections = sheet.printed_sections
    for ordinal, section in enumerate(sections, start=1):
        name = for_chat(section.community_name)
        sums = headline(
            sum(1 for line in section.lines if line.ordered),
            section.pieces,
            section.households,
            section.total_fen,
            labels,
        )
        lines += [RULE, f"■{ordinal}/{len(sections)} {name}", " ".join(sums)]
        lines += _order_lines(section.lines, labels)
    lines += [RULE, _fact(labels.checksum, grouped(figures(sheet).checksum), labels)]
    return _encode(lines)


def write_difference_text(change: OrderDifference, language: str = "zh-hans") -> bytes:
    """`1. 青菜 500g/袋 12→15 (+3) +11.70元`, a line for each product that changed."""
    labels = labels_for(language)
    shout, note = difference_shout(change, labels)
    lines = [
        f"【{shout}】",
        *filter(None, (note,)),
        _fact(labels.number, f"{change.number} {revision_words(change, labels)}", labels),
        _fact(labels.window, for_chat(change.window_title), labels),
        _fact(labels.totals, " ".join(difference_headline(change, labels)), labels),
        RULE,
        *_difference_lines(change.lines, labels),
    ]
    for ordinal, section in enumerate(change.sections, start=1):
        name = for_chat(section.community_name)
        lines += [RULE, f"■{ordinal}/{len(change.sections)} {name}"]
        lines += _difference_lines(section.lines, labels)
    code = difference_figures(change).checksum
    lines += [RULE, _fact(labels.checksum, grouped(code), labels)]
    return _encode(lines)


def _order_head(sheet: OrderSheet, labels: Labels) -> Iterator[str]:
    shout, note = order_shout(sheet, labels)
    yield f"【{labels.order_title} {shout}】" if shout else f"【{labels.order_title}】"
    if note:
        yield note
    revision = labels.revision.format(n=sheet.revision)
    yield _fact(labels.number, f"{sheet.number} {revision}", labels)
    yield _fact(labels.window, for_chat(sheet.window_title), labels)
    yield _fact(labels.supplier, for_chat(sheet.supplier_name), labels)
    yield _fact(labels.closes, moment(sheet.closes_at, labels), labels)
    yield _fact(labels.deliver, day(sheet.deliver_on, labels), labels)
    only = sheet.only_section
    if only:
        yield _fact(labels.community, for_chat(f"{only.community_name} {only.address}"), labels)
    if sheet.contact_name or sheet.contact_phone:
        contact = for_chat(f"{sheet.contact_name} {sheet.contact_phone}")
        yield _fact(labels.contact, contact, labels)
    sums = headline(sheet.kinds, sheet.pieces, sheet.households, sheet.total_fen, labels)
    yield _fact(labels.totals, " ".join(sums), labels)


def _order_lines(lines: Sequence[SheetLine], labels: Labels) -> Iterator[str]:
    if not lines:
        yield labels.nothing
    for line in lines:
        amount = labels.yuan.format(amount=f"{line.amount_fen // 100}.{line.amount_fen % 100:02d}")
        yield f"{line.position}. {_goods(line)} ×{line.ordered} {amount}"


def _difference_lines(lines: Sequence[DifferenceLine], labels: Labels) -> Iterator[str]:
    if not lines:
        yield labels.nothing
    for line in lines:
        quantities = f"{line.old_ordered}→{line.new_ordered} ({signed(line.delta)})"
        amount = labels.yuan.format(amount=signed_money(line.delta_fen))
        yield f"{line.position}. {_goods(line)} {quantities} {amount}"


def _goods(line: SheetLine | DifferenceLine) -> str:
    return for_chat(f"{line.name} {line.spec}")


def _fact(label: str, value: str, labels: Labels) -> str:
    return f"{label}{labels.separator}{value}"


def _encode(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()

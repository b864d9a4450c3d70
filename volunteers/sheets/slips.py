"""One slip for each household, several on a page, each whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from orders.files.as_pdf import FOOTER_ROOM
from orders.files.labels import labels_for
from orders.files.lines import Figure, Place, fitted, goods_parts
from orders.files.paper import set_paper
from orders.files.text import for_paper
from orders.files.wording import day, grouped, money
from volunteers.sheets.content import BagLine, BagSheet, PickSheet
from volunteers.sheets.figures import pick_figures
from volunteers.sheets.fitting import NAME_LIMIT, SPEC_LIMIT, columns_of
from volunteers.sheets.labels import PickLabels, pick_labels
from volunteers.sheets.layout import revision_words

_TEMPLATE = Path(__file__).parent / "templates" / "slips.typ"
# Points of lines that fit in a column of A4 beneath a heading and above the sums.
COLUMN_ROOM = 590.0
# Widths in points, shared with the reader (`slip_spans`).
FRAME = 263.638
INSET = 10.0
POSITION, QUANTITY, AMOUNT = 40.0, 36.0, 54.0
ROOM = 128.0
GOODS = FRAME - 2 * INSET - POSITION - QUANTITY - AMOUNT
_TICK, _PITCH = 8.0, 14.4
_PLACES = (
    Place("tick", 0, _TICK),
    Place("words", _TICK + 5, 9.5),
    Place("goods", POSITION, 9.5, width=GOODS - 3, small=8),
    Place("words", POSITION + GOODS + QUANTITY, 12, left=False, strong=True),
    Place("words", POSITION + GOODS + QUANTITY + AMOUNT, 9.5, left=False),
)


def write_slips_pdf(sheet: PickSheet, language: str = "zh-hans") -> bytes:
    """A4 with cutting lines, two slips wide. A slip too long for a column takes a page of its own."""
    labels = pick_labels(language)
    paper = labels_for(language)
    code = f"{paper.checksum} {grouped(pick_figures(sheet).checksum)}"
    words = for_paper(revision_words(sheet, labels))
    revision = paper.revision.format(n=sheet.revision)
    footer = f"{paper.number} {sheet.order_number} · {words} · {code}"
    data = {
        "language": labels.language,
        "title": labels.slips_title,
        "footer": fitted(footer, 8, FOOTER_ROOM),
        "trace": f"{sheet.order_number} {revision} {code}",
        "page": paper.page,
        "runs": [
            {"wide": wide, "slips": [slip for _, slip in slips]}
            for wide, slips in groupby(_slips(sheet, labels), key=lambda pair: pair[0])
        ],
        "frame": FRAME,
        "inset": INSET,
        "position": POSITION,
        "columns": [place.data() for place in _PLACES],
        "shape": {"width": FRAME - 2 * INSET, "pitch": _PITCH, "blank": None},
    }
    return set_paper(_TEMPLATE, data, moment=sheet.closes_at)


def slip_columns(bag: BagSheet) -> list[tuple[BagLine, ...]]:
    """The lines of a bag in columns of a page; one column is a narrow slip."""
    return columns_of(bag.lines, room=COLUMN_ROOM, width=GOODS - 3, size=9.5, pitch=15.5)


def _slips(sheet: PickSheet, labels: PickLabels) -> Iterator[tuple[bool, dict[str, object]]]:
    """Whether it is wide, and the slip: one for each bag, or its parts of two columns each."""
    for bag in sheet.bags:
        columns = slip_columns(bag)
        parts = [columns[start : start + 2] for start in range(0, len(columns), 2)]
        for part, lines in enumerate(parts, start=1):
            words = labels.part.format(part=part, parts=len(parts)) if len(parts) > 1 else ""
            yield (
                len(columns) > 1,
                {
                    **_head(sheet, bag, labels),
                    "part": words,
                    "columns": [
                        list(goods_parts([_line(line) for line in column], _PLACES))
                        for column in lines
                    ],
                    # Only the last part asks for money.
                    "sums": _sums(bag, labels) if part == len(parts) else None,
                },
            )


def _head(sheet: PickSheet, bag: BagSheet, labels: PickLabels) -> dict[str, object]:
    paper = labels_for(labels.language)
    delivered = day(sheet.deliver_on, paper)
    return {
        "count": fitted(f"{bag.sequence}/{bag.of}", 15, POSITION - 6),
        "place": fitted(
            for_paper(f"{sheet.community_name} {bag.building_label}", limit=30), 13, 140
        ),
        "room": fitted(for_paper(bag.room, limit=20), 36, ROOM),
        "door": fitted(labels.door, 18, 60) if bag.door else None,
        "revision": paper.revision.format(n=sheet.revision) if sheet.revision > 1 else "",
        "window": for_paper(f"{sheet.window_title} {paper.deliver} {delivered}", limit=60),
    }


def _line(line: BagLine) -> list[Figure]:
    return [
        None,
        fitted(str(line.position), 9.5, POSITION - 20),
        {
            "name": for_paper(line.name, limit=NAME_LIMIT),
            "spec": for_paper(line.spec, limit=SPEC_LIMIT),
            "note": "",
        },
        fitted(str(line.quantity), 12, QUANTITY - 6),
        fitted(money(line.amount_fen), 9.5, AMOUNT - 4),
    ]


def _sums(bag: BagSheet, labels: PickLabels) -> dict[str, object]:
    goods = sum(line.amount_fen for line in bag.lines)
    return {
        "totals": fitted(labels.totals, 10, POSITION - 6),
        "pieces": fitted(str(bag.pieces), 12, QUANTITY - 6),
        "goods": fitted(money(goods), 9.5, AMOUNT - 4),
        "due_label": fitted(labels.due, 15, POSITION - 6),
        "due": fitted(
            labels_for(labels.language).yuan.format(amount=money(bag.amount_due_fen)), 22, 150
        ),
    }

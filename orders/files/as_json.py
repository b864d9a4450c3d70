"""The order for a machine: exact integers in fen beside yuan strings, one stable key order."""

from __future__ import annotations

import json
from collections.abc import Sequence

from config.kernel.money import yuan
from orders.files.content import OrderSheet, SheetLine, SheetSection
from orders.files.differences import DifferenceLine, OrderDifference
from orders.files.figures import difference_figures, figures
from orders.files.text import plain

SCHEMA = "jidan.order/1"


def write_order_json(
    sheet: OrderSheet, language: str = "zh-hans", *, difference: OrderDifference | None = None
) -> bytes:
    """UTF-8 JSON; keys stay English in every language. `difference` is null for a first revision."""
    del language
    content = {
        "schema": SCHEMA,
        "number": sheet.number,
        "revision": sheet.revision,
        "cancels_all": sheet.cancels_all,
        "window": {
            "id": plain(sheet.window_id),
            "title": plain(sheet.window_title),
            "opens_at": sheet.opens_at.isoformat(),
            "closes_at": sheet.closes_at.isoformat(),
        },
        "supplier": _person(sheet.supplier_name, sheet.supplier_phone),
        "contact": _person(sheet.contact_name, sheet.contact_phone),
        "deliver_on": sheet.deliver_on.isoformat() if sheet.deliver_on else None,
        "totals": _sums(sheet),
        "lines": [_line(line) for line in sheet.lines],
        "sections": [
            {
                "community": plain(section.community_name),
                "address": plain(section.address),
                "totals": _sums(section),
                "lines": [_line(line) for line in section.lines],
            }
            for section in sheet.sections
        ],
        "difference": _difference(difference) if difference else None,
        "checksum": figures(sheet).checksum,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _person(name: str, phone: str) -> dict[str, str]:
    return {"name": plain(name), "phone": plain(phone)}


def _sums(table: OrderSheet | SheetSection) -> dict[str, object]:
    return {
        "households": table.households,
        "pieces": table.pieces,
        "total_fen": table.total_fen,
        "total_yuan": yuan(table.total_fen),
    }


def _line(line: SheetLine) -> dict[str, object]:
    return {
        "position": line.position,
        "barcode": plain(line.barcode),
        "name": plain(line.name),
        "spec": plain(line.spec),
        "unit": plain(line.unit),
        "category": plain(line.category),
        "case_size": line.case_size,
        "price_fen": line.price_fen,
        "price_yuan": yuan(line.price_fen),
        "wanted": line.wanted,
        "ordered": line.ordered,
        "amount_fen": line.amount_fen,
        "amount_yuan": yuan(line.amount_fen),
    }


def _difference(change: OrderDifference) -> dict[str, object]:
    return {
        "old_revision": change.old_revision,
        "pieces": [change.old_pieces, change.new_pieces],
        "total_fen": [change.old_total_fen, change.new_total_fen],
        "lines": _changes(change.lines),
        "sections": [
            {"community": plain(part.community_name), "lines": _changes(part.lines)}
            for part in change.sections
        ],
        "checksum": difference_figures(change).checksum,
    }


def _changes(lines: Sequence[DifferenceLine]) -> list[dict[str, object]]:
    return [
        {
            "change": line.change,
            "position": line.position,
            "barcode": plain(line.barcode),
            "name": plain(line.name),
            "spec": plain(line.spec),
            "unit": plain(line.unit),
            "old_ordered": line.old_ordered,
            "new_ordered": line.new_ordered,
            "delta": line.delta,
            "old_amount_fen": line.old_amount_fen,
            "new_amount_fen": line.new_amount_fen,
            "delta_fen": line.delta_fen,
        }
        for line in lines
    ]

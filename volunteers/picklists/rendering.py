"""From a pick list to the bytes of its sheets. Rendered outside any transaction, stored in one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db import transaction

from config.kernel import clock
from config.kernel.checkpoints import reach
from config.kernel.jobs import Subject
from config.kernel.states import StaleStatus
from orders.files.writing import CONTENT_TYPES
from volunteers import models
from volunteers.models import PickList, PickListFile
from volunteers.sheets import writing
from volunteers.sheets.content import BagLine, BagSheet, PickLine, PickSheet
from volunteers.states import PickListStatus


def unfiled() -> list[Subject]:
    """Pick lists without sheets."""
    rows = PickList.objects.filter(filed_at=None, status=PickListStatus.READY)
    return [Subject("pick_list", pk) for pk in rows.values_list("pk", flat=True)]


def render_pick_list(pick_list_id: int) -> None:
    """Write the sheets of one building.

    Opens its own transaction. Raises StaleStatus if somebody else stored them first or the list was superseded; then
    nothing is stored.
    """
    pick_list = PickList.objects.select_related(
        "building", "community", "supplier_order", "window__supplier", "window__community"
    ).get(pk=pick_list_id)
    sheet = pick_sheet(pick_list)
    files = [
        PickListFile(
            pick_list=pick_list,
            kind=kind,
            format=form,
            name=writing.pick_file_name(sheet, kind, form),
            media_type=CONTENT_TYPES[form],
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for (kind, form), write in writing.PICK_WRITERS.items()
        for content in [write(sheet, "zh-hans")]
    ]
    reach("rendered volunteers.sheets")
    with transaction.atomic(durable=True):
        claimed = PickList.objects.filter(
            pk=pick_list.pk, filed_at=None, status=PickListStatus.READY
        )
        if not claimed.update(filed_at=clock.now()):
            raise StaleStatus()
        PickListFile.objects.bulk_create(files)


def pick_sheet(pick_list: PickList) -> PickSheet:
    """The stored list as plain values. Two statements, if its window and building are loaded."""
    window = pick_list.window
    lines = _lines(pick_list)
    bags = [
        _bag(pick_list, bag, lines.get(bag.position, ()))
        for bag in pick_list.bags.order_by("position")
    ]
    return PickSheet(
        window_title=window.title,
        supplier_name=window.supplier.name,
        community_name=pick_list.community.name,
        building_label=pick_list.building.label,
        wave=pick_list.wave,
        revision=pick_list.revision,
        closes_at=window.closes_at.astimezone(ZoneInfo(window.community.zone)),
        deliver_on=window.deliver_on,
        order_number=pick_list.supplier_order.number,
        lines=_products(line for bag in bags for line in bag.lines),
        bags=tuple(bags),
        pieces=pick_list.pieces,
        total_fen=pick_list.total_fen,
    )


def _lines(pick_list: PickList) -> dict[int, tuple[BagLine, ...]]:
    """By the position of the bag, in menu order. As plain rows: a large building has tens of thousands."""
    rows = (
        models.BagLine.objects.filter(bag__pick_list=pick_list)
        .order_by("bag__position", "offer__short_number")
        .values_list(
            "bag__position",
            "offer__short_number",
            "offer__name",
            "offer__spec",
            "offer__unit",
            "quantity",
            "amount_fen",
        )
    )
    return {
        position: tuple(BagLine(*row[1:]) for row in own)
        for position, own in groupby(rows, key=itemgetter(0))
    }


def _bag(pick_list: PickList, bag: models.Bag, lines: tuple[BagLine, ...]) -> BagSheet:
    return BagSheet(
        sequence=bag.position,
        of=pick_list.bag_count,
        building_label=pick_list.building.label,
        room=bag.room,
        lines=lines,
        pieces=bag.pieces,
        amount_due_fen=bag.amount_due_fen,
        door=bag.to_the_door,
    )


def _products(lines: Iterable[BagLine]) -> tuple[PickLine, ...]:
    """What the building gets of each product, in menu order."""
    sums: dict[int, PickLine] = {}
    for line in lines:
        before = sums[line.position].quantity if line.position in sums else 0
        sums[line.position] = PickLine(
            line.position, line.name, line.spec, line.unit, before + line.quantity
        )
    return tuple(sums[position] for position in sorted(sums))

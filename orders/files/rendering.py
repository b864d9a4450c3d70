"""From the snapshot of a revision to the bytes of its files. Rendered outside any transaction, stored in one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction

from config.kernel import clock
from config.kernel.checkpoints import reach
from config.kernel.jobs import Subject
from config.kernel.states import StaleStatus
from orders.files import writing
from orders.files.as_json import write_order_json
from orders.files.content import OrderSheet, SheetLine, SheetSection
from orders.files.differences import difference
from orders.models import OrderFile, SupplierOrder, SupplierOrderLine, SupplierOrderSection
from orders.states import UNRELEASED

Report = Callable[[int, int], None]
# Papers go to a shop and to neighbours: Chinese, whoever pressed the button.
_LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class Rendered:
    """One file, not stored yet."""

    kind: str
    format: str
    name: str
    content: bytes


def unfiled() -> list[Subject]:
    """Unreleased revisions without files."""
    rows = SupplierOrder.objects.filter(filed_at=None, status__in=UNRELEASED)
    return [Subject("supplier_order", pk) for pk in rows.values_list("pk", flat=True)]


def render_files(supplier_order_id: int, *, report: Report | None = None) -> None:
    """Write every file of a revision, and what it changes against the last one released before it.

    Opens its own transaction. Raises StaleStatus if somebody else stored them first or the revision was superseded;
    then nothing is stored.
    """
    order = SupplierOrder.objects.get(pk=supplier_order_id)
    sheet = order_sheet(order)
    earlier = (
        SupplierOrder.objects.filter(
            window=order.window_id, revision__lt=order.revision, released_at__isnull=False
        )
        .order_by("-revision")
        .first()
    )
    total = len(writing.ORDER_WRITERS) + (len(writing.DIFFERENCE_WRITERS) if earlier else 0)
    files = []
    for done, file in enumerate(_write(sheet, order_sheet(earlier) if earlier else None), start=1):
        files.append(file)
        if report is not None:
            report(done, total)
    reach("rendered orders.files")
    with transaction.atomic(durable=True):
        _store(order, files)


def order_sheet(order: SupplierOrder) -> OrderSheet:
    """The revision's snapshot as plain values. Four statements."""
    window = order.window
    zone = ZoneInfo(window.community.zone)
    sections = [
        SheetSection(
            community_name=section.community_name,
            address=section.community_address,
            households=section.households,
            lines=tuple(_line(line) for line in lines),
            pieces=section.pieces,
            total_fen=section.total_fen,
        )
        for section, lines in _sections(order)
    ]
    organiser = window.created_by
    return OrderSheet(
        number=order.number,
        revision=order.revision,
        cancels_all=order.cancels_all,
        window_title=window.title,
        window_id=str(window.number),
        supplier_name=window.supplier.name,
        supplier_phone=window.supplier.phone,
        opens_at=window.opens_at.astimezone(zone),
        closes_at=window.closes_at.astimezone(zone),
        deliver_on=window.deliver_on,
        contact_name=organiser.get_full_name() if organiser else "",
        contact_phone="",
        lines=_totals(line for section in sections for line in section.lines),
        sections=tuple(sections),
        pieces=order.pieces,
        households=order.households,
        total_fen=order.total_fen,
    )


def _sections(
    order: SupplierOrder,
) -> Iterator[tuple[SupplierOrderSection, Iterable[SupplierOrderLine]]]:
    lines = (
        SupplierOrderLine.objects.filter(supplier_order=order)
        .select_related("section")
        .order_by("section__community_name", "section_id", "position")
    )
    return groupby(lines, key=lambda line: line.section)


def _line(line: SupplierOrderLine) -> SheetLine:
    return SheetLine(
        position=line.position,
        barcode=line.barcode,
        name=line.name,
        spec=line.spec,
        unit=line.unit,
        category=line.category,
        case_size=line.case_size,
        price_fen=line.price_fen,
        wanted=line.wanted,
        ordered=line.ordered,
        amount_fen=line.amount_fen,
    )


def _totals(lines: Iterable[SheetLine]) -> tuple[SheetLine, ...]:
    """The same product of several sections added up, in menu order."""
    sums: dict[int, SheetLine] = {}
    for line in lines:
        seen = sums.get(line.position)
        sums[line.position] = line if seen is None else _add(seen, line)
    return tuple(sums[position] for position in sorted(sums))


def _add(one: SheetLine, other: SheetLine) -> SheetLine:
    return replace(
        one,
        wanted=one.wanted + other.wanted,
        ordered=one.ordered + other.ordered,
        amount_fen=one.amount_fen + other.amount_fen,
    )


def _write(sheet: OrderSheet, earlier: OrderSheet | None) -> Iterator[Rendered]:
    change = difference(earlier, sheet) if earlier else None
    for form, write in writing.ORDER_WRITERS.items():
        name = writing.order_file_name(sheet, form)
        content = write(sheet, _LANGUAGE)
        if form == "json" and change is not None:  # a machine finds the difference in the same file
            content = write_order_json(sheet, _LANGUAGE, difference=change)
        yield Rendered(OrderFile.Kind.ORDER, form, name, content)
    if change is None:
        return
    for form, write_change in writing.DIFFERENCE_WRITERS.items():
        name = writing.difference_file_name(change, form)
        yield Rendered(OrderFile.Kind.DIFFERENCE, form, name, write_change(change, _LANGUAGE))


def _store(order: SupplierOrder, files: Iterable[Rendered]) -> None:
    """The revision's status and filed_at are the compare-and-swap: whoever comes second stores nothing."""
    claimed = SupplierOrder.objects.filter(pk=order.pk, filed_at=None, status__in=UNRELEASED)
    if not claimed.update(filed_at=clock.now()):
        raise StaleStatus()
    OrderFile.objects.bulk_create(
        OrderFile(
            supplier_order=order,
            kind=file.kind,
            format=file.format,
            name=file.name,
            media_type=writing.CONTENT_TYPES[file.format],
            content=file.content,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
        )
        for file in files
    )

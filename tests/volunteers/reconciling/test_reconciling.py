"""What is equal is found equal; one figure or one byte changed anywhere is found, and said where."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F, Model, QuerySet

from config.kernel.audit import Actor
from orders.files import writing
from orders.files.content import OrderSheet
from orders.files.differences import difference
from orders.files.rendering import order_sheet
from orders.models import (
    Allocation,
    Offer,
    Order,
    OrderFile,
    OrderLine,
    SupplierOrder,
    SupplierOrderLine,
)
from orders.supply.dropping import drop_order
from tests.jobs import run_all
from tests.volunteers.reconciling.rounds import Round, release
from volunteers.models import Bag, BagLine, PickList, PickListFile
from volunteers.picklists.rendering import pick_sheet
from volunteers.reconciling.comparison import Result
from volunteers.reconciling.reconciling import reconcile
from volunteers.sheets.content import PickSheet
from volunteers.sheets.writing import PICK_WRITERS


def test_reconcile_whole_round_is_equal(played: Round) -> None:
    result = reconcile(played.window)

    assert result.mismatches == []
    assert result.notes == []
    assert result.comparisons > 500
    assert result.is_equal


def test_reconcile_any_figure_changed_in_any_table_is_found(played: Round) -> None:
    """One row of one table at a time; afterwards everything is as before."""
    newest = SupplierOrder.objects.get(window=played.window, status="released")
    line = SupplierOrderLine.objects.filter(supplier_order=newest)[:1]
    dearer = {"ordered": F("ordered") + 4, "amount_fen": (F("ordered") + 4) * F("price_fen")}
    fuller = {"quantity": F("quantity") + 1, "amount_fen": (F("quantity") + 1) * F("price_fen")}
    lists = PickList.objects.filter(supplier_order=newest)
    changes: list[tuple[QuerySet[Any], dict[str, Any]]] = [
        (OrderLine.objects.filter(tolerance=0)[:1], {"quantity": F("quantity") + 1}),
        (OrderLine.objects.all()[:1], {"tolerance": 1}),
        (OrderLine.objects.all()[:1], {"price_fen": F("price_fen") + 1}),
        (Order.objects.all()[:1], {"total_fen": F("total_fen") + 1}),
        (Offer.objects.filter(cap=9), {"taken": F("taken") - 1}),
        (Offer.objects.filter(household_limit=3), {"household_limit": 2}),
        (Allocation.objects.filter(cause="release")[:1], {"quantity": F("quantity") + 1}),
        (Allocation.objects.filter(cause="release")[:1], {"quantity": F("quantity") - 1}),
        (line, dearer),
        (line, {"wanted": F("wanted") + 1}),
        (line, {"tolerance": F("tolerance") + 1}),
        (line, {"position": 77}),
        *(
            (rows, {name: F(name) + 1})
            for rows, names in (
                (newest.sections.all()[:1], ("households", "pieces", "total_fen")),
                (
                    SupplierOrder.objects.filter(pk=newest.pk),
                    ("households", "order_lines", "pieces", "total_fen"),
                ),
                (lists[:1], ("bag_count", "pieces", "total_fen")),
                (Bag.objects.filter(pick_list=lists[0])[:1], ("pieces", "amount_due_fen")),
            )
            for name in names
        ),
        (Bag.objects.filter(pick_list=lists[0])[:1], {"room": "999"}),
        (BagLine.objects.filter(bag__pick_list=lists[0])[:1], fuller),
        (lists[:1], {"revision": 7}),
        (OrderFile.objects.all()[:1], {"size": F("size") + 1}),
        (PickListFile.objects.all()[:1], {"sha256": "0" * 64}),
    ]

    for rows, values in changes:
        with changed(rows, values) as row:
            result = reconcile(played.window)
            assert result.mismatches, f"{row!r} with {values} was not found"

    assert reconcile(played.window).mismatches == []


def test_reconcile_any_byte_of_any_file_changed_is_found(played: Round) -> None:
    before = all_files()
    for file in before:
        content = bytes(file.content)
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        rows_of(file).update(content=flipped)

    hashes = [place for place in places(reconcile(played.window)) if "SHA-256" in place]

    assert len(hashes) == len(all_files())
    for file in all_files():
        assert any(file.name in place for place in hashes), file.name
    for file in before:
        rows_of(file).update(content=file.content)
    assert reconcile(played.window).is_equal


def test_reconcile_any_file_missing_is_found(played: Round) -> None:
    """Of each revision and each list one file at a time."""
    files = all_files()
    assert len(files) == 5 + 5 + 4 + 2 * 3 * 3
    owners: dict[object, list[OrderFile | PickListFile]] = {}
    for file in files:
        owners.setdefault(
            file.supplier_order if isinstance(file, OrderFile) else file.pick_list, []
        ).append(file)

    for turn in range(max(map(len, owners.values()))):
        gone = [own[turn] for own in owners.values() if turn < len(own)]
        for file in gone:
            rows_of(file).delete()
        found = reconcile(played.window).mismatches
        for file in gone:
            manager: Any = type(file)._default_manager
            manager.bulk_create([file])
        names = {f"{file.kind} {file.format}" for file in gone}
        assert len(found) == len(gone)
        assert {name for one in found for name in set(one.expected) - set(one.found)} == names  # type: ignore[call-overload]

    assert reconcile(played.window).is_equal


def test_reconcile_order_file_of_other_figures_with_right_hash_is_found(played: Round) -> None:
    newest = SupplierOrder.objects.get(window=played.window, revision=2)
    earlier = SupplierOrder.objects.get(window=played.window, revision=1)
    forged = one_piece_more(order_sheet(newest))
    contents = {
        ("order", form): write(forged, "zh-hans") for form, write in writing.ORDER_WRITERS.items()
    }
    change = difference(order_sheet(earlier), forged)
    contents |= {
        ("difference", form): write(change, "zh-hans")
        for form, write in writing.DIFFERENCE_WRITERS.items()
    }

    for (kind, form), content in contents.items():
        rows = OrderFile.objects.filter(supplier_order=newest, kind=kind, format=form)
        with changed(rows, honest(content)) as row:
            found = places(reconcile(played.window))
        assert any(row.name in place and "商品1" in place for place in found) or (
            kind == "difference" and any(row.name in place for place in found)
        ), (kind, form)


def test_reconcile_sheet_of_other_figures_with_right_hash_is_found(played: Round) -> None:
    pick_list = PickList.objects.filter(window=played.window, status="ready").order_by("pk")[0]
    forged = one_more_in_a_bag(pick_sheet(pick_list))

    for (kind, form), write in PICK_WRITERS.items():
        rows = PickListFile.objects.filter(pick_list=pick_list, kind=kind, format=form)
        with changed(rows, honest(write(forged, "zh-hans"))) as row:
            found = places(reconcile(played.window))
        assert any(row.name in place and "101" in place for place in found), (kind, form)


def test_reconcile_unreleased_next_revision_is_equal_with_a_note(played: Round) -> None:
    dropped = Order.objects.filter(window=played.window, status="placed").order_by("pk")[1]
    with transaction.atomic():
        drop_order(order=dropped, actor=Actor("user", played.organiser.pk), reason="住院")
    run_all()

    result = reconcile(played.window)

    assert result.mismatches == []
    assert len(result.notes) == 1
    release(played)
    run_all()
    assert reconcile(played.window).notes == []


def test_reconcile_list_or_revision_or_allocation_missing_is_found(played: Round) -> None:
    released = SupplierOrder.objects.get(window=played.window, status="released")
    allocation = Allocation.objects.filter(cause="release")[0]
    allocation.delete()
    assert reconcile(played.window).mismatches
    Allocation.objects.bulk_create([allocation])
    assert reconcile(played.window).is_equal

    with changed(SupplierOrder.objects.filter(pk=released.pk), {"revision": 9}):
        assert reconcile(played.window).mismatches
    PickList.objects.filter(supplier_order=released)[0].delete()
    assert reconcile(played.window).mismatches


def places(result: Result) -> list[str]:
    return [mismatch.what for mismatch in result.mismatches]


def all_files() -> list[OrderFile | PickListFile]:
    return [*OrderFile.objects.order_by("pk"), *PickListFile.objects.order_by("pk")]


def rows_of(file: Model) -> QuerySet[Any]:
    return type(file)._default_manager.filter(pk=file.pk)


def honest(content: bytes) -> dict[str, object]:
    return {
        "content": content,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@contextmanager
def changed(rows: QuerySet[Any], values: dict[str, Any]) -> Iterator[Any]:
    """One row with other values, for as long as the block runs."""
    row = rows.get()
    before = {name: getattr(row, name) for name in values}
    assert rows_of(row).update(**values) == 1
    try:
        yield row
    finally:
        rows_of(row).update(**before)


def one_piece_more(sheet: OrderSheet) -> OrderSheet:
    """Four pieces more of the first product of the first community, and all sums with them."""
    section = sheet.sections[0]
    line = section.lines[0]
    amount = 4 * line.price_fen
    lines = tuple(
        replace(row, ordered=row.ordered + 4, amount_fen=row.amount_fen + amount)
        if row.position == line.position
        else row
        for row in sheet.lines
    )
    own = replace(line, ordered=line.ordered + 4, amount_fen=line.amount_fen + amount)
    bigger = replace(
        section,
        lines=(own, *section.lines[1:]),
        pieces=section.pieces + 4,
        total_fen=section.total_fen + amount,
    )
    return replace(
        sheet,
        lines=lines,
        sections=(bigger, *sheet.sections[1:]),
        pieces=sheet.pieces + 4,
        total_fen=sheet.total_fen + amount,
    )


def one_more_in_a_bag(sheet: PickSheet) -> PickSheet:
    bag = sheet.bags[0]
    line = bag.lines[0]
    price = line.amount_fen // line.quantity
    fuller = replace(line, quantity=line.quantity + 1, amount_fen=line.amount_fen + price)
    bags = (
        replace(
            bag,
            lines=(fuller, *bag.lines[1:]),
            pieces=bag.pieces + 1,
            amount_due_fen=bag.amount_due_fen + price,
        ),
        *sheet.bags[1:],
    )
    lines = tuple(
        replace(row, quantity=row.quantity + 1) if row.position == line.position else row
        for row in sheet.lines
    )
    return replace(
        sheet,
        bags=bags,
        lines=lines,
        pieces=sheet.pieces + 1,
        total_fen=sheet.total_fen + price,
    )

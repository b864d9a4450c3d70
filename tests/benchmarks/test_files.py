"""The benchmark of files at a small size: every file is there, and each says the same sums."""

from __future__ import annotations

import pytest

from benchmarks import crowd, files
from benchmarks.crowd import Size
from orders.files.reading import read_back
from orders.models import OrderFile, OrderWindow, SupplierOrder
from volunteers.models import PickList, PickListFile
from volunteers.sheets.reading import read_picks

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Size(communities=1, buildings=2, homes=6, products=12, usual=4)


@pytest.fixture
def window() -> OrderWindow:
    made, _lines = crowd.closed_round(SMALL)
    files.file_round(made)
    return made


def test_measure_files_of_a_small_round_writes_each_with_the_same_sums(
    window: OrderWindow,
) -> None:
    made = {one.name: one.content for one in files.each_file(window)}

    order = SupplierOrder.objects.get(window=window, revision=2)
    lists = PickList.objects.filter(window=window)
    assert set(made) == {
        *(f"order {form}" for form in ("xlsx", "csv", "json", "pdf", "txt")),
        *(f"difference {form}" for form in ("xlsx", "csv", "pdf", "txt")),
        *(
            f"{kind} {form} {number}号楼"
            for number in (1, 2)
            for kind, form in (("picks", "xlsx"), ("picks", "pdf"), ("slips", "pdf"))
        ),
    }
    for form in ("xlsx", "csv", "json", "pdf", "txt"):
        figures = read_back(form, made[f"order {form}"])
        assert (figures.pieces, figures.total_fen) == (order.pieces, order.total_fen)
    for one in lists:
        for kind, form in (("picks", "xlsx"), ("picks", "pdf"), ("slips", "pdf")):
            picks = read_picks(kind, form, made[f"{kind} {form} {one.building.label}"])
            assert (picks.pieces, picks.total_fen) == (one.pieces, one.total_fen)


def test_file_round_stores_what_each_file_writes_again(window: OrderWindow) -> None:
    stored = {
        bytes(file.content)
        for rows in (
            OrderFile.objects.filter(supplier_order__revision=2).exclude(format="json"),
            PickListFile.objects.all(),
        )
        for file in rows
    }

    made = {one.content for one in files.each_file(window) if one.name != "order json"}

    assert stored == made

"""Writing the files of a large order, beside the bare writer library with the same cells."""

from __future__ import annotations

import io
from time import perf_counter

import xlsxwriter

from benchmarks import world
from benchmarks.consolidation import consolidate_now
from orders.files import writing
from orders.files.rendering import order_sheet
from orders.models import SupplierOrder


def measure() -> dict[str, float]:
    """Seconds for each format of a 500-product order, and xlsx as a multiple of bare XlsxWriter."""
    window = world.window(world.community(60), products=500)
    world.fill(window, per_household=1)
    consolidate_now(window)
    sheet = order_sheet(SupplierOrder.objects.get(window=window))
    results: dict[str, float] = {}
    for form, write in writing.ORDER_WRITERS.items():
        begun = perf_counter()
        write(sheet, "zh-hans")
        results[f"file_{form}_500_products_seconds"] = perf_counter() - begun
    bare = _bare(
        [(line.position, line.name, line.ordered, line.amount_fen) for line in sheet.lines] * 2
    )
    results["xlsx_vs_bare_writer"] = results["file_xlsx_500_products_seconds"] / bare
    return results


def _bare(rows: list[tuple[int, str, int, int]]) -> float:
    begun = perf_counter()
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return perf_counter() - begun

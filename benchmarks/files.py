"""Every file of a round of 1,650 households and 50 products: 22 buildings, and the same people in one building."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from django.db import transaction

from benchmarks import crowd, memory
from benchmarks.crowd import Size
from communities.models import User
from config.kernel.audit import Actor
from orders.consolidation.consolidating import consolidate
from orders.files import rendering, writing
from orders.files.content import OrderSheet
from orders.files.differences import OrderDifference, difference
from orders.models import Order, OrderWindow, SupplierOrder
from orders.supply import dropping, releasing
from volunteers.models import PickList
from volunteers.picklists import building
from volunteers.picklists import rendering as sheets
from volunteers.sheets.content import PickSheet
from volunteers.sheets.writing import PICK_WRITERS

_LANGUAGE = "zh-hans"
MANY = Size(communities=1, buildings=22, homes=75, products=50, usual=18)
ONE = Size(communities=1, buildings=1, homes=1650, products=50, usual=18)


@dataclass(frozen=True, slots=True)
class Made:
    """One file: its name, and the seconds for reading its rows and writing it."""

    name: str
    seconds: float
    content: bytes


def measure() -> dict[str, float | str]:
    """Each file written by itself, from the rows to the bytes; then all of them by the verbs that store them.

    `…_total_seconds` is one process after the other; workers share it. `…_peak_mb` is what a process holds at its most
    that renders one list, in megabytes.
    """
    results: dict[str, float | str] = {}
    slowest: list[Made] = []
    for name, size in (("", MANY), ("_one_building", ONE)):
        window, lines = crowd.closed_round(size)
        results[f"sheets{name}_lines"] = lines
        results[f"sheets{name}_total_seconds"] = file_round(window)
        made = list(each_file(window))
        slowest.append(max(made, key=lambda one: one.seconds))
        results[f"sheets{name}_slowest_file"] = slowest[-1].name
        results[f"sheets{name}_slowest_seconds"] = slowest[-1].seconds
        results[f"sheets{name}_bytes"] = sum(len(one.content) for one in made)
        first = PickList.objects.filter(window=window).earliest("pk").pk
        results[f"sheets{name}_peak_mb"] = memory.megabytes(
            __name__, render_lists_alone.__name__, first
        )[1]
    results["sheets_1650x50_seconds"] = max(one.seconds for one in slowest)
    results["sheets_1650x50_total_seconds"] = results.pop("sheets_total_seconds")
    results["order_files_peak_mb"] = memory.megabytes(
        __name__, render_order_alone.__name__, _current(window).pk
    )[1]
    results["slowest_file"] = max(slowest, key=lambda one: one.seconds).name
    return results


def file_round(window: OrderWindow) -> float:
    """Seconds for storing every file: of the first revision, of its lists, and of a second with its difference."""
    actor = User.objects.latest("pk")
    begun = perf_counter()
    _file_revision(window)
    _release(window, actor)
    with transaction.atomic(durable=True):
        lists = building.build_pick_lists(supplier_order_id=_current(window).pk)
    for one in lists:
        sheets.render_pick_list(one.pk)
    with transaction.atomic(durable=True):
        dropping.drop_order(
            order=Order.objects.filter(window=window, status="placed").latest("pk"),
            actor=Actor("user", actor.pk),
            reason="moved away",
        )
    _file_revision(window)
    return perf_counter() - begun


def _file_revision(window: OrderWindow) -> None:
    window.refresh_from_db()
    with transaction.atomic(durable=True):
        consolidate(window_id=window.pk, revision=window.demand_revision)
    rendering.render_files(_current(window).pk)


def _release(window: OrderWindow, actor: User) -> None:
    for verb in (releasing.check_order, releasing.release_order):
        with transaction.atomic(durable=True):
            verb(supplier_order=_current(window), actor=actor)


def _current(window: OrderWindow) -> SupplierOrder:
    return SupplierOrder.objects.get(window=window, revision=window.demand_revision)


def each_file(window: OrderWindow) -> Iterator[Made]:
    """Every file of a round that file_round has been through, written once more and not stored."""
    second, first = SupplierOrder.objects.filter(window=window).order_by("-revision")[:2]
    for form, write in writing.ORDER_WRITERS.items():
        yield _made(f"order {form}", partial(_order, write, second))
    for form, tell in writing.DIFFERENCE_WRITERS.items():
        yield _made(f"difference {form}", partial(_difference, tell, first, second))
    for one in PickList.objects.filter(window=window).order_by("pk"):
        for (kind, form), draw in PICK_WRITERS.items():
            name = f"{kind} {form} {one.building.label}"
            yield _made(name, partial(_list, draw, one.pk))


def _order(write: Callable[[OrderSheet, str], bytes], order: SupplierOrder) -> bytes:
    return write(rendering.order_sheet(order), _LANGUAGE)


def _difference(
    write: Callable[[OrderDifference, str], bytes], first: SupplierOrder, second: SupplierOrder
) -> bytes:
    change = difference(rendering.order_sheet(first), rendering.order_sheet(second))
    return write(change, _LANGUAGE)


def _list(write: Callable[[PickSheet, str], bytes], pk: int) -> bytes:
    return write(sheets.pick_sheet(PickList.objects.get(pk=pk)), _LANGUAGE)


def _made(name: str, write: Callable[[], bytes]) -> Made:
    begun = perf_counter()
    content = write()
    return Made(name, perf_counter() - begun, content)


def render_lists_alone(pk: int) -> None:
    """For the megabytes of a worker that renders one list."""
    sheet = sheets.pick_sheet(PickList.objects.get(pk=pk))
    for draw in PICK_WRITERS.values():
        draw(sheet, _LANGUAGE)


def render_order_alone(pk: int) -> None:
    """For the megabytes of a worker that renders an order."""
    order = rendering.order_sheet(SupplierOrder.objects.get(pk=pk))
    for write in writing.ORDER_WRITERS.values():
        write(order, _LANGUAGE)

"""One group buy over 100 communities and 30,000 households, by real workers and beat: each station timed as it is seen
from another connection.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import psutil  # type: ignore[import-untyped,unused-ignore]
from django.db import transaction
from django.db.models import Sum

from benchmarks import round_town
from benchmarks.running import megabytes, workers
from communities.models import User
from config.kernel import clock, heartbeats
from config.kernel.jobs import Job
from orders.models import Allocation, OrderFile, OrderLine, OrderWindow, SupplierOrder
from orders.supply import releasing
from volunteers.models import Bag, PickList

_LEAD = timedelta(seconds=3)
_LOOK_EVERY = 0.02
_PATIENCE = 900.0


def measure() -> dict[str, float]:
    """Seconds of each station, the size of the largest file, and what the workers held at most."""
    officer = round_town.build(past=0)
    opened = monotonic()
    window = round_town.open_round(officer)
    results = {"town_open_seconds": monotonic() - opened}
    orders = round_town.order(window, officer)
    round_town.tidy()
    with workers(Path(os.environ["VAR_DIR"])) as programs:
        watch = Watch(programs)
        watch.until(_awake)
        results |= _to_files(window, watch)
        results |= _to_sheets(window, officer, watch)
        results |= {f"town_{name}_megabytes": most for name, most in watch.most.items()}
    _check(window, orders)
    return results


class Watch:
    """Waits for what others do; meanwhile notes what each program holds at most."""

    def __init__(self, programs: dict[str, psutil.Process]) -> None:
        self._programs = programs
        self._look_at = 0.0
        self.most = dict.fromkeys(programs, 0.0)

    def until(self, is_so: Callable[[], bool]) -> float:
        """Seconds until then. RuntimeError for a job that failed, or after a quarter of an hour."""
        began = monotonic()
        while not is_so():
            self._look()
            if monotonic() - began > _PATIENCE:
                raise RuntimeError("it never came")
            sleep(_LOOK_EVERY)
        return monotonic() - began

    def _look(self) -> None:
        if monotonic() < self._look_at:
            return
        self._look_at = monotonic() + 1
        for name, program in self._programs.items():
            self.most[name] = max(self.most[name], megabytes(program))
        if failed := Job.objects.filter(failures__gt=0).first():
            raise RuntimeError(f"{failed}: {failed.last_error}")


def _awake() -> bool:
    """Beat has rung, the broker carried, a worker has looked for windows that are due."""
    return heartbeats.ages().get("orders.close_due", _PATIENCE) < 1


def _to_files(window: OrderWindow, watch: Watch) -> dict[str, float]:
    cutoff = clock.database_now() + _LEAD
    OrderWindow.objects.filter(pk=window.pk).update(closes_at=cutoff)
    own = OrderWindow.objects.filter(pk=window.pk)
    orders = SupplierOrder.objects.filter(window=window)
    watch.until(lambda: own.filter(status="closed").exists())
    closed = (clock.database_now() - cutoff).total_seconds()
    consolidated = watch.until(orders.exists)
    filed = watch.until(lambda: orders.filter(filed_at__isnull=False).exists())
    sizes = OrderFile.objects.filter(supplier_order__window=window).values_list("size", flat=True)
    return {
        "town_close_seconds": closed,
        "town_consolidate_seconds": consolidated,
        "town_files_seconds": filed,
        "town_largest_file_megabytes": max(sizes) / 2**20,
    }


def _to_sheets(window: OrderWindow, officer: User, watch: Watch) -> dict[str, float]:
    _verb(releasing.check_order, window, officer)
    released = _verb(releasing.release_order, window, officer)
    lists = PickList.objects.filter(window=window)
    listed = watch.until(
        lambda: (
            lists.exists()
            and not Job.objects.filter(stage="volunteers.pick_lists", done_at=None).exists()
        )
    )
    return {
        "town_release_seconds": released,
        "town_pick_lists_seconds": listed,
        "town_sheets_seconds": watch.until(lambda: not lists.filter(filed_at=None).exists()),
        "town_pick_lists": lists.count(),
    }


def _verb(verb: Callable[..., None], window: OrderWindow, officer: User) -> float:
    began = monotonic()
    with transaction.atomic(durable=True):
        verb(supplier_order=SupplierOrder.objects.get(window=window), actor=officer)
    return monotonic() - began


def _check(window: OrderWindow, orders: int) -> None:
    """Every order is in the sum, every line is allotted, every household has its bag."""
    lines = OrderLine.objects.filter(window=window)
    pieces = lines.aggregate(n=Sum("quantity"))["n"]
    order = SupplierOrder.objects.get(window=window)
    bags = Bag.objects.filter(pick_list__window=window)
    found = (
        order.households,
        order.order_lines,
        order.pieces,
        Allocation.objects.filter(window=window).count(),
        bags.count(),
        bags.aggregate(n=Sum("pieces"))["n"],
    )
    expected = (
        orders,
        orders * round_town.LINES,
        pieces,
        orders * round_town.LINES,
        orders,
        pieces,
    )
    if found != expected:
        raise RuntimeError(f"{found} is not {expected}")

"""200 windows close in the same second: from the cutoff to the change that everybody sees, and to the last file.

Real workers and beat. A transaction tells no time of its commit: another connection looks every few milliseconds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import psycopg2  # type: ignore[import-untyped,unused-ignore]

from benchmarks import closing_town, round_town
from benchmarks.running import megabytes, workers
from config.kernel import clock
from config.kernel.jobs import Job
from orders.models import OrderWindow, SupplierOrder

WINDOWS = 200
# Cutoffs at so many parts of a second, since beat ticks once a second and nobody knows when.
PHASES = (0.0, 0.33, 0.66)
_LEAD = timedelta(seconds=3)
_LOOK_EVERY = 0.005
_PATIENCE = 300.0
_STATES = """
    SELECT clock_timestamp(), array_agg(id) FROM orders_orderwindow WHERE id = ANY(%s) AND status <> 'open'
"""


def measure() -> dict[str, float]:
    """`close_200_windows_*`: seconds from closes_at, over 600 windows closed in three batches, then over 200 while
    sheets of 1,650 households each are being rendered.
    """
    town = closing_town.build()
    batches = [closing_town.windows(town, WINDOWS) for _phase in (*PHASES, "busy")]
    probe, *_rest = closing_town.windows(town, 1)
    with workers(Path(os.environ["VAR_DIR"])) as programs:
        _flips([probe], clock.database_now())
        quiet: list[float] = []
        filed = 0.0
        for batch, phase in zip(batches, PHASES, strict=False):
            cutoff = _cutoff(phase)
            quiet += _flips(batch, cutoff)
            filed = max(filed, _filed(batch, cutoff))
        results = {
            **_waits("close_200_windows", quiet),
            "close_200_windows_to_last_file_seconds": filed,
            **{f"{name}_megabytes": megabytes(program) for name, program in programs.items()},
        }
        lists = closing_town.long_renders(town)
        busy = _flips(batches[-1], _cutoff(0.5))
        if not Job.objects.filter(subject_kind="pick_list", subject_id__in=lists, done_at=None):
            raise RuntimeError("the long renders were over before the windows had closed")
    return {**results, **_waits("close_200_windows_behind_renders", busy)}


def _cutoff(phase: float) -> datetime:
    return clock.database_now().replace(microsecond=0) + _LEAD + timedelta(seconds=phase)


def _flips(ids: Sequence[int], cutoff: datetime) -> list[float]:
    """Let the windows close at `cutoff`; for each the seconds until another connection saw it closed."""
    OrderWindow.objects.filter(pk__in=ids).update(closes_at=cutoff)
    seen: dict[int, float] = {}
    deadline = monotonic() + _PATIENCE
    eye = psycopg2.connect(os.environ["DATABASE_URL"])
    eye.autocommit = True
    with eye.cursor() as cursor:
        while len(seen) < len(ids):
            cursor.execute(_STATES, [list(ids)])
            for moment, closed in cursor.fetchall():
                for pk in closed or ():
                    seen.setdefault(pk, (moment - cutoff).total_seconds())
            if monotonic() > deadline:
                raise RuntimeError(f"{len(ids) - len(seen)} windows never closed")
            sleep(_LOOK_EVERY)
    eye.close()
    _check(ids, seen)
    return list(seen.values())


def _check(ids: Sequence[int], seen: dict[int, float]) -> None:
    """What the row says of its closing is not later than what was seen of it."""
    for pk, closes_at, closed_at in OrderWindow.objects.filter(pk__in=ids).values_list(
        "pk", "closes_at", "closed_at"
    ):
        if closed_at is None or not 0 <= (closed_at - closes_at).total_seconds() <= seen[pk]:
            raise RuntimeError(f"window {pk} closed at {closed_at}, seen after {seen[pk]} s")


def _filed(ids: Sequence[int], cutoff: datetime) -> float:
    """Seconds from the cutoff until every window has one revision with its files."""
    deadline = monotonic() + _PATIENCE
    rows = SupplierOrder.objects.filter(window__in=ids)
    while rows.filter(filed_at__isnull=False).count() < len(ids):
        if monotonic() > deadline:
            raise RuntimeError("not all files were made")
        sleep(0.1)
    if rows.count() != len(ids):
        raise RuntimeError("a window has two revisions")
    round_town.tidy()
    return max(
        (at - cutoff).total_seconds() for at in rows.values_list("filed_at", flat=True) if at
    )


def _waits(name: str, waits: Sequence[float]) -> dict[str, float]:
    ordered = sorted(waits)
    shares = {f"p{share}": ordered[len(ordered) * share // 100] for share in (50, 99)}
    return {f"{name}_{what}_seconds": s for what, s in (shares | {"max": ordered[-1]}).items()}

"""Workers whose clocks are two hours fast or slow: the cutoff is PostgreSQL's, and the round ends as always."""

from __future__ import annotations

import random
import sys
import time
from datetime import datetime, timedelta

from config.embedded.up import CLOSER, CLOSER_OPTIONS, WORKER, WORKER_OPTIONS
from config.kernel import clock
from orders.models import Order, OrderWindow
from orders.states import WindowStatus
from tests.faults import town as towns
from tests.faults.book import Book
from tests.faults.invariants import broken
from tests.faults.kills import different
from tests.faults.organiser import Organiser
from tests.faults.replay import replay, standing, stored_files
from tests.faults.residents import Crowd
from tests.faults.stage import Stage
from tests.faults.storm import all_is_done
from tests.faults.tally import Tally

_HOURS = 2
# Seconds: residents order for so long; the round may take so long after it.
_ORDERING, _PATIENCE = 7.0, 180.0


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally()
    for hours in (rng.choice((-_HOURS, _HOURS)),) if small else (-_HOURS, _HOURS):
        found = _round(stage, rng, tally, shift=hours * 3600)
        tally.violations += [f"clock of the workers {hours:+} h: {sentence}" for sentence in found]
        tally.faults["clock_shifts"] += 1
        tally.rounds += 1
    tally.control(
        "a worker that asks its own clock for the cutoff closes two hours early",
        failed=_closes_early(stage),
    )
    return tally


def _round(stage: Stage, rng: random.Random, tally: Tally, *, shift: int) -> list[str]:
    stage.fresh_database()
    stage.start_web()
    stage.start_beat()
    for words in ((*CLOSER, *CLOSER_OPTIONS), (*WORKER, *WORKER_OPTIONS)):
        command = [sys.executable, "-m", "tests.faults.skewed", str(shift), *words]
        stage.start_command("worker", command)
    stage.wait_until_ready()
    now = clock.database_now()
    opens_at, cutoff = now - timedelta(minutes=1), now + timedelta(seconds=_ORDERING)
    town, book = towns.build(opens_at, [cutoff]), Book()
    crowd = Crowd(town, address=stage.address, book=book, rng=rng, pause=0.5)
    crowd.begin()
    found = _watch_the_cutoff(town.windows[0], cutoff)
    organiser, began = Organiser(stage, town.organiser), time.monotonic()
    while time.monotonic() - began < _PATIENCE and not all_is_done():
        organiser.look()
        time.sleep(0.1)
    took = round(time.monotonic() - began, 1)
    name = "seconds from the cutoff to the last sheet"
    tally.figures[name] = max(tally.figures.get(name, 0.0), took)
    found += crowd.end()
    found += broken(book=book)
    stage.end_programs()
    disturbed, wanted = stored_files(), standing(book, town)
    undisturbed = replay(stage, wanted, opens_at=opens_at, cutoffs=[cutoff])
    found += [f"other bytes: {' '.join(what)}" for what in different(disturbed, undisturbed)]
    return found


def _watch_the_cutoff(window: OrderWindow, cutoff: datetime) -> list[str]:
    """Open to the last second, and orders are taken in it; then closed."""
    found = []
    _sleep_until(cutoff - timedelta(seconds=0.5))
    if OrderWindow.objects.get(pk=window.pk).status != WindowStatus.OPEN:
        found.append("a window was closed before its cutoff")
    _sleep_until(cutoff + timedelta(seconds=0.2))
    last = Order.objects.filter(placed_at__gte=cutoff - timedelta(seconds=2))
    if not last.exists():
        found.append("no order was taken in the last two seconds")
    return found


def _sleep_until(moment: datetime) -> None:
    time.sleep(max(0.0, (moment - clock.database_now()).total_seconds()))


def _closes_early(stage: Stage) -> bool:
    """CLOCK_OFFSET_SECONDS moves what the worker takes for PostgreSQL's clock, too."""
    stage.fresh_database()
    now = clock.database_now()
    cutoff = now + timedelta(hours=1)
    town = towns.build(now - timedelta(minutes=1), [cutoff], communities=1, buildings=1)
    window = OrderWindow.objects.filter(pk=town.windows[0].pk)
    stage.start_beat()
    stage.start_worker(environment={"CLOCK_OFFSET_SECONDS": str(_HOURS * 3600)})
    closed = stage.wait_until(lambda: window.exclude(status=WindowStatus.OPEN).exists(), seconds=30)
    stage.end_programs()
    return closed is not None

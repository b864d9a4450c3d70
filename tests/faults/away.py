"""The broker is away, silent or empty, the database restarts: orders are taken, and both are used again in seconds."""

from __future__ import annotations

import random
import signal
import time
from contextlib import suppress
from datetime import timedelta

from kombu.exceptions import OperationalError

from config.kernel import clock, tasks
from config.kernel.heartbeats import Heartbeat
from tests.faults import town as towns
from tests.faults.book import Book
from tests.faults.invariants import broken
from tests.faults.proxy import Proxy
from tests.faults.residents import Crowd, Phone, percentile
from tests.faults.stage import Stage
from tests.faults.tally import Tally
from tests.faults.town import Seat, Town

# Seconds: what is promised.
_CONSUMING, _FIRST_ORDER = 5.0, 2.0
# How much slower the slowest order in a hundred may be without a broker. Generous, for a machine that does other things
# too; the figure is what counts.
_TIMES, _AND = 2.0, 0.25


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally(rounds=1)
    stage.fresh_database()
    stage.start_web()
    stage.start_worker()
    stage.start_closer()
    stage.start_beat()
    stage.wait_until_ready()
    now = clock.database_now()
    town = towns.build(now - timedelta(minutes=1), [now + timedelta(hours=1)], scarce=False)
    book = Book()
    crowd = Crowd(town, address=stage.address, book=book, rng=rng, pause=0.7)
    crowd.begin()
    _without_broker(stage, crowd, tally, calm=3 if small else 12, frozen=6 if small else 60)
    for outage in (1, 2) if small else (2, 12, 2):
        _broker_comes_back(stage, tally, outage)
    _flushed(stage, tally)
    for _restart in range(1 if small else 4):
        _database_comes_back(stage, town, book, rng, tally)
    tally.violations += crowd.end(at_once=True)
    tally.violations += broken(book=book, settled=False)
    tally.figures["commands answered"] = book.count()
    tally.control(
        "the database hardly answers: the first order comes late",
        failed=_late_without_database(stage, town, book),
    )
    return tally


def _without_broker(
    stage: Stage, crowd: Crowd, tally: Tally, *, calm: float, frozen: float
) -> None:
    """Orders in quiet times, while the broker answers nobody, and in quiet times again."""
    # The first requests of a process load what the others find.
    time.sleep(3.0)
    moments = [time.monotonic()]
    for seconds, is_frozen in ((calm, False), (frozen, True), (calm, False)):
        if is_frozen:
            stage.freeze_broker(seconds)
            tally.figures["seconds until work went on after the freeze"] = _consumes(stage, tally)
        else:
            time.sleep(seconds)
        moments.append(time.monotonic())
    quiet = sorted(crowd.took(moments[0], moments[1]) + crowd.took(moments[2], moments[3]))
    silent = crowd.took(moments[1], moments[1] + frozen)
    figures = {
        "orders a second, undisturbed": len(quiet) / (2 * calm),
        "orders a second, broker frozen": len(silent) / frozen,
        "p50 ms, undisturbed": 1000 * percentile(quiet, 0.5),
        "p50 ms, broker frozen": 1000 * percentile(silent, 0.5),
        "p99 ms, undisturbed": 1000 * percentile(quiet, 0.99),
        "p99 ms, broker frozen": 1000 * percentile(silent, 0.99),
    }
    tally.figures |= {name: round(value, 1) for name, value in figures.items()}
    if not silent:
        tally.violations.append("no order was taken while the broker was frozen")
    if percentile(silent, 0.99) > _TIMES * percentile(quiet, 0.99) + _AND:
        tally.violations.append(f"orders waited for the frozen broker: {tally.figures}")


def _broker_comes_back(stage: Stage, tally: Tally, outage: float) -> None:
    stage.kill_broker()
    time.sleep(outage)
    stage.start_broker()
    name = f"seconds until work went on after {outage:g} s without a broker"
    tally.figures[name] = max(tally.figures.get(name, 0.0), _consumes(stage, tally))


def _flushed(stage: Stage, tally: Tally) -> None:
    stage.flush_broker()
    tally.figures["seconds until work went on after a flush"] = _consumes(stage, tally)


def _consumes(stage: Stage, tally: Tally) -> float:
    """The seconds until a worker has done what we ring for now; we ring as everybody does, once a second."""
    stage.patiently(lambda: Heartbeat.objects.all().delete())
    began = time.monotonic()
    while time.monotonic() - began < 30:
        _ring()
        if stage.wait_until(Heartbeat.objects.exists, seconds=1) is not None:
            break
    took = round(time.monotonic() - began, 2)
    if took > _CONSUMING:
        tally.violations.append(f"work went on only {took} s after the broker was back")
    return took


def _ring() -> None:
    with suppress(OperationalError):
        tasks.sweep.apply_async(retry=False)


def _database_comes_back(
    stage: Stage, town: Town, book: Book, rng: random.Random, tally: Tally
) -> None:
    stage.restart_database(by=rng.choice((signal.SIGQUIT, signal.SIGKILL)))
    took = _first_order(stage.address, town, town.seats[0], book)
    name = "seconds from the database's return to the first order"
    tally.figures[name] = round(max(tally.figures.get(name, 0.0), took), 2)
    if took > _FIRST_ORDER:
        tally.violations.append(f"the first order came {took:.1f} s after the database was back")
    time.sleep(1.0)


def _first_order(address: str, town: Town, seat: Seat, book: Book) -> float:
    window = town.windows[0]
    good = town.menus[window.pk][0]
    body = {
        "lines": [{"offer": str(good.id), "quantity": 1, "tolerance": 0}],
        "expected_total_fen": good.price_fen,
    }
    phone = Phone(address, seat, book)
    began = time.monotonic()
    phone.command("POST", f"/windows/{window.public_id}/orders", body, key=f"first-{began:.6f}")
    phone.hang_up()
    return time.monotonic() - began


def _late_without_database(stage: Stage, town: Town, book: Book) -> bool:
    """What measures the return must see when there is none: every connection is cut for four seconds."""
    stage.end_programs()
    proxy = Proxy(stage.environment["DATABASE_URL"])
    proxy.begin()
    try:
        url = proxy.url(stage.environment["DATABASE_URL"])
        stage.start_web(environment={"DATABASE_URL": url})
        _first_order(stage.address, town, town.seats[0], book)
        proxy.refuse(seconds=4.0)
        return _first_order(stage.address, town, town.seats[0], book) > _FIRST_ORDER
    finally:
        stage.end_programs()
        proxy.end()

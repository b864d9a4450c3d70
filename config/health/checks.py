"""The figures judged: what takes this program out of service, and what a person should look at."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import TypeVar

from config.health import figures
from config.health.figures import Figures
from config.health.probing import Probe

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Seconds that somebody who asks waits at most, for the database and the broker together.
PATIENCE = 0.8

# Where a warning begins. Sweeps run every one and every five seconds; a job has at most 90 s before another worker
# takes it over; a cutoff is closed within 2 s.
SWEEPS = {"kernel.sweep": 30.0, "orders.close_due": 15.0}
OLDEST_JOB_SECONDS = 180.0
OLDEST_MESSAGE_SECONDS = 180.0
OVERDUE_SECONDS = 10.0


class Verdict(StrEnum):
    """FAILING is for what no request can do without: the database, writable and migrated. All else is a WARNING: orders
    are taken without broker, beat and workers, and taking web out of service would only add to the damage.
    """

    OK = "ok"
    WARNING = "warning"
    FAILING = "failing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """`figures` are numbers by name; seconds, or counts."""

    name: str
    verdict: Verdict
    figures: dict[str, float] = field(default_factory=dict)


database = Probe(figures.from_database)
broker = Probe(figures.from_broker)


def run_checks() -> list[Check]:
    """Within PATIENCE, whatever is away or frozen."""
    until = monotonic() + PATIENCE
    asked_database, asked_broker = database.begin(), broker.begin()
    found = _wait(asked_database, until, what="the database")
    reached = Verdict.OK if _wait(asked_broker, until, what="the broker") else Verdict.WARNING
    return [*_of_database(found), Check("broker", reached)]


def _wait(look: Future[T], until: float, *, what: str) -> T | None:
    try:
        return look.result(max(0.0, until - monotonic()))
    except TimeoutError:
        logger.warning("%s does not answer", what)
    except Exception as error:
        logger.warning("%s is away: %s: %s", what, type(error).__name__, error)
    return None


def _of_database(found: Figures | None) -> Iterator[Check]:
    if found is None:
        yield Check("database", Verdict.FAILING)
        yield from (
            Check(name, Verdict.UNKNOWN) for name in ("sweeps", "jobs", "messages", "windows")
        )
        return
    yield Check("database", Verdict.OK if found.writable else Verdict.FAILING)
    yield _sweeps(found.sweep_ages)
    for name, backlog, longest in (
        ("jobs", found.jobs, OLDEST_JOB_SECONDS),
        ("messages", found.messages, OLDEST_MESSAGE_SECONDS),
    ):
        troubled = backlog.parked > 0 or backlog.oldest_seconds > longest
        yield Check(name, _warning_if(troubled), backlog._asdict())
    troubled = found.windows.overdue_seconds > OVERDUE_SECONDS
    yield Check("windows", _warning_if(troubled), found.windows._asdict())


def _sweeps(ages: dict[str, float]) -> Check:
    """A sweep that never ran has no age."""
    late = any(ages.get(name, limit + 1) > limit for name, limit in SWEEPS.items())
    return Check("sweeps", _warning_if(late), {name: ages[name] for name in SWEEPS if name in ages})


def _warning_if(troubled: bool) -> Verdict:
    return Verdict.WARNING if troubled else Verdict.OK

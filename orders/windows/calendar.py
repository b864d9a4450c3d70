"""On which dates a repeating round comes, and at which moments. Pure: wall clock in, moments in UTC out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pattern:
    """What a template says. `weekdays`: Monday 1, Tuesday 2 … Sunday 64, summed up. `exceptions`: date → the date on
    which it comes instead, None for not at all.
    """

    zone: str
    weekdays: int
    valid_from: date
    opens: time
    closes: time
    drafts: time
    closes_after: int = 0
    delivers_after: int = 0
    valid_until: date | None = None
    exceptions: Mapping[date, date | None] = field(default_factory=dict)

    def comes_on(self, on: date) -> bool:
        """By the weekday and the time of validity; exceptions left aside."""
        ended = self.valid_until is not None and on > self.valid_until
        return on >= self.valid_from and not ended and bool(self.weekdays >> on.weekday() & 1)


class Occurrence(NamedTuple):
    """One round. `on` is the date it belongs to, `day` the one it comes on; moments in UTC."""

    on: date
    day: date
    drafted_from: datetime
    opens_at: datetime
    closes_at: datetime
    deliver_on: date

    def is_due(self, moment: datetime) -> bool:
        """To be drafted, and still of use."""
        return self.drafted_from <= moment < self.closes_at


def occurrences(pattern: Pattern, *, first: date, days: int) -> list[Occurrence]:
    """Those that come on `first` or one of the days after it, in order. Two on one day if one was moved there."""
    window = [first + _DAY * step for step in range(days)]
    found = [
        occurrence_on(pattern, on, on)
        for on in window
        if pattern.comes_on(on) and on not in pattern.exceptions
    ]
    found += [
        occurrence_on(pattern, on, day)
        for on, day in pattern.exceptions.items()
        if day is not None and first <= day < first + _DAY * days and pattern.comes_on(on)
    ]
    return sorted(found, key=lambda one: (one.day, one.on))


def due(pattern: Pattern, moment: datetime) -> list[Occurrence]:
    """Those to be drafted at `moment`: from the evening before until the cutoff has passed."""
    today = moment.astimezone(ZoneInfo(pattern.zone)).date()
    back = pattern.closes_after
    near = occurrences(pattern, first=today - _DAY * back, days=back + 2)
    return [one for one in near if one.is_due(moment)]


def occurrence_on(pattern: Pattern, on: date, day: date) -> Occurrence:
    """The round of the date `on` as it comes on `day`."""
    opens_at = _moment(day, pattern.opens, pattern.zone)
    closes_at = _moment(day + _DAY * pattern.closes_after, pattern.closes, pattern.zone)
    if closes_at <= opens_at:
        # The clock was put forward in between: as long as on every other day.
        closes_at = opens_at + _wall_clock_length(pattern)
    return Occurrence(
        on=on,
        day=day,
        drafted_from=_moment(day - _DAY, pattern.drafts, pattern.zone),
        opens_at=opens_at,
        closes_at=closes_at,
        deliver_on=day + _DAY * pattern.delivers_after,
    )


def _moment(day: date, at: time, zone: str) -> datetime:
    """A time that the clock skips is the one that it would have been; of one that comes twice the first."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _wall_clock_length(pattern: Pattern) -> timedelta:
    start = datetime.combine(date.min, pattern.opens)
    end = datetime.combine(date.min, pattern.closes) + _DAY * pattern.closes_after
    return end - start

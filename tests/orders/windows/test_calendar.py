"""On which dates a repeating round comes: weekdays, exceptions, zones and their changes of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.windows.calendar import Pattern, due, occurrences

DAILY = Pattern(
    zone="Asia/Shanghai",
    weekdays=127,
    valid_from=date(2022, 4, 1),
    opens=time(7),
    closes=time(12),
    drafts=time(18),
)
# Listed at night, when the clock of New York jumps.
NIGHTLY = Pattern(
    zone="America/New_York",
    weekdays=127,
    valid_from=date(2022, 1, 1),
    opens=time(2, 30),
    closes=time(3, 15),
    drafts=time(18),
)


def days(pattern: Pattern, first: date, count: int = 7) -> list[str]:
    return [
        f"{one.on:%m-%d}>{one.day:%m-%d}" for one in occurrences(pattern, first=first, days=count)
    ]


def test_occurrence_is_told_in_utc() -> None:
    (one,) = occurrences(DAILY, first=date(2022, 4, 21), days=1)

    assert one.drafted_from == datetime(2022, 4, 20, 10, tzinfo=UTC)
    assert one.opens_at == datetime(2022, 4, 20, 23, tzinfo=UTC)
    assert one.closes_at == datetime(2022, 4, 21, 4, tzinfo=UTC)
    assert one.deliver_on == date(2022, 4, 21)


def test_occurrence_may_close_and_deliver_on_later_days() -> None:
    pattern = replace(DAILY, closes_after=1, closes=time(6), delivers_after=2)
    (one,) = occurrences(pattern, first=date(2022, 4, 21), days=1)

    assert one.closes_at == datetime(2022, 4, 21, 22, tzinfo=UTC)
    assert one.deliver_on == date(2022, 4, 23)


def test_occurrences_keep_to_weekdays_and_validity() -> None:
    # Monday, Thursday: 1 + 8. The 21st is a Thursday.
    pattern = replace(
        DAILY, weekdays=9, valid_from=date(2022, 4, 19), valid_until=date(2022, 4, 25)
    )

    assert days(pattern, date(2022, 4, 11), 28) == ["04-21>04-21", "04-25>04-25"]


def test_occurrences_leave_out_dates_off_and_move_others() -> None:
    exceptions = {
        date(2022, 4, 21): None,
        date(2022, 4, 22): date(2022, 4, 24),
        # Not one of its dates: nothing comes of it.
        date(2022, 3, 1): date(2022, 4, 23),
    }
    pattern = replace(DAILY, exceptions=exceptions)

    assert days(pattern, date(2022, 4, 20), 5) == [
        *("04-20>04-20", "04-23>04-23", "04-22>04-24", "04-24>04-24"),
    ]


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        # 17:59 the evening before, in Shanghai; then 18:00; the last second; the cutoff itself.
        (datetime(2022, 4, 20, 9, 59, 59, tzinfo=UTC), []),
        (datetime(2022, 4, 20, 10, 0, tzinfo=UTC), ["04-21"]),
        (datetime(2022, 4, 21, 3, 59, 59, tzinfo=UTC), ["04-21"]),
        (datetime(2022, 4, 21, 4, 0, tzinfo=UTC), []),
        (datetime(2022, 4, 21, 10, 0, tzinfo=UTC), ["04-22"]),
    ],
)
def test_due_from_the_evening_before_until_the_cutoff(moment: datetime, wanted: list[str]) -> None:
    assert [f"{one.on:%m-%d}" for one in due(DAILY, moment)] == wanted


def test_due_finds_a_round_that_closes_days_later() -> None:
    pattern = replace(DAILY, weekdays=8, closes_after=2, delivers_after=2)

    assert [one.on for one in due(pattern, datetime(2022, 4, 22, 20, tzinfo=UTC))] == [
        date(2022, 4, 21)
    ]


def test_round_in_the_night_of_the_change_is_as_long_as_ever() -> None:
    """02:30 does not exist on 13 March 2022 in New York, and 03:15 comes before what stands for it."""
    spring, after = occurrences(NIGHTLY, first=date(2022, 3, 13), days=2)

    assert spring.opens_at == datetime(2022, 3, 13, 7, 30, tzinfo=UTC)
    assert spring.closes_at - spring.opens_at == timedelta(minutes=45)
    assert after.opens_at == datetime(2022, 3, 14, 6, 30, tzinfo=UTC)


def test_round_in_the_hour_that_comes_twice_comes_once() -> None:
    pattern = replace(NIGHTLY, opens=time(1, 30), closes=time(7))
    (autumn,) = occurrences(pattern, first=date(2022, 11, 6), days=1)

    assert autumn.opens_at == datetime(2022, 11, 6, 5, 30, tzinfo=UTC)
    assert autumn.closes_at == datetime(2022, 11, 6, 12, 0, tzinfo=UTC)


@given(
    opens=st.times(),
    closes=st.times(),
    after=st.integers(0, 3),
    first=st.dates(date(2020, 1, 2), date(2040, 1, 1)),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_every_round_closes_after_it_opens(
    opens: time, closes: time, after: int, first: date, zone: str
) -> None:
    if not after and closes <= opens:
        opens, closes = closes, opens
    if not after and opens == closes:
        return
    pattern = Pattern(
        zone=zone,
        weekdays=127,
        valid_from=date(2020, 1, 1),
        opens=opens.replace(tzinfo=None),
        closes=closes.replace(tzinfo=None),
        drafts=time(18),
        closes_after=after,
    )

    found = occurrences(pattern, first=first, days=400)

    assert len(found) == 400
    assert all(one.closes_at > one.opens_at for one in found)

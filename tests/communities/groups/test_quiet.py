"""Quiet hours by the wall clock of the community."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from communities.groups.quiet import free_at


@pytest.mark.parametrize(
    ("at", "start", "end", "free"),
    [
        ("21:59", "22:00", "07:00", "21 21:59"),
        ("22:00", "22:00", "07:00", "22 07:00"),
        ("23:30", "22:00", "07:00", "22 07:00"),
        ("00:10", "22:00", "07:00", "21 07:00"),
        ("06:59", "22:00", "07:00", "21 07:00"),
        ("07:00", "22:00", "07:00", "21 07:00"),
        ("13:00", "12:30", "14:00", "21 14:00"),
        ("23:00", "00:00", "00:00", "21 23:00"),
    ],
)
def test_free_at_is_now_or_the_end_of_the_quiet_hours(
    at: str, start: str, end: str, free: str
) -> None:
    moment = datetime.fromisoformat(f"2022-04-21T{at}+08:00").astimezone(UTC)

    found = free_at(
        moment, zone="Asia/Shanghai", start=time.fromisoformat(start), end=time.fromisoformat(end)
    )

    day, clock = free.split()
    assert found == datetime.fromisoformat(f"2022-04-{day}T{clock}+08:00")

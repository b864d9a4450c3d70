"""Quiet hours: what may wait is said in the morning. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def free_at(moment: datetime, *, zone: str, start: time, end: time) -> datetime:
    """`moment`, or the end of the quiet hours in which it falls. `start` == `end`: there are none. Aware UTC.

    Over a change of the clocks the hours are those of the wall clock.
    """
    place = ZoneInfo(zone)
    local = moment.astimezone(place)
    if start == end:
        return moment
    now = local.time()
    inside = start <= now < end if start < end else now >= start or now < end
    if not inside:
        return moment
    day = local.date() if now < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=place).astimezone(moment.tzinfo)

"""Titles make themselves: 联华 4月21日 周四 第3团. Pure."""

from __future__ import annotations

from datetime import date

_WEEKDAYS = "一二三四五六日"


def window_title(*, supplier: str, day: date, number: int) -> str:
    """`supplier` is its short name, `day` the delivery or else the cutoff, `number` counts in the community."""
    return f"{supplier} {day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]} 第{number}团"

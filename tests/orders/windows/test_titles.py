"""Titles make themselves."""

from __future__ import annotations

from datetime import date

import pytest

from orders.windows.titles import window_title


@pytest.mark.parametrize(
    ("day", "number", "title"),
    [
        (date(2022, 4, 21), 3, "联华 4月21日 周四 第3团"),
        (date(2022, 4, 24), 12, "联华 4月24日 周日 第12团"),
        (date(2022, 12, 5), 1, "联华 12月5日 周一 第1团"),
        (date(2024, 2, 29), 100, "联华 2月29日 周四 第100团"),
    ],
)
def test_window_title_names_supplier_day_weekday_and_number(
    day: date, number: int, title: str
) -> None:
    assert window_title(supplier="联华", day=day, number=number) == title

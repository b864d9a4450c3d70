"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from django.utils.translation import pgettext

from volunteers.desk.moments import left, spoken

# Thursday 21 April 2022, 20:00 in Shanghai
NOW = datetime(2022, 4, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "word", "rest"),
    [
        (-21, "yesterday", "4月20日 周三 23:00"),
        (-20, "today", "4月21日 周四 00:00"),
        (3, "today", "4月21日 周四 23:00"),
        (4, "tomorrow", "4月22日 周五 00:00"),
        (28, "", "4月23日 周六 00:00"),
        (-45, "", "4月19日 周二 23:00"),
    ],
)
def test_spoken_names_near_days_in_the_zone_given(hours: int, word: str, rest: str) -> None:
    near = f"{pgettext('day', word)} " if word else ""

    assert spoken(NOW + timedelta(hours=hours), zone="Asia/Shanghai", now=NOW) == near + rest


def test_spoken_depends_on_the_zone() -> None:
    with translation.override("en"):
        assert spoken(NOW, zone="Asia/Urumqi", now=NOW) == "today Thu 21 Apr 18:00"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (-1, ""),
        (0, ""),
        (0.5, "1 min"),
        (59, "59 min"),
        (125, "2 h 05 min"),
        (24 * 60, "24 h 00 min"),
        (48 * 60, "2 days"),
    ],
)
def test_left_is_as_exact_as_people_need(minutes: float, text: str) -> None:
    with translation.override("en"):
        assert left(NOW + timedelta(minutes=minutes), now=NOW) == text

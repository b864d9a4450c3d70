"""Times as people say them: 今天 4月21日 周四 20:00, in the community's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from orders.files import wording
from orders.files.labels import Labels, labels_for


def spoken(moment: datetime, *, zone: str, now: datetime) -> str:
    """Weekday, 24-hour clock, and 今天 / 明天 / 昨天 where it is one of them."""
    place = ZoneInfo(zone)
    local, today = moment.astimezone(place), now.astimezone(place).date()
    text = wording.moment(local, _labels())
    near = {
        -1: pgettext("day", "yesterday"),
        0: pgettext("day", "today"),
        1: pgettext("day", "tomorrow"),
    }
    word = near.get((local.date() - today).days)
    return f"{word} {text}" if word else text


def spoken_day(day: date) -> str:
    """4月21日 周四."""
    return wording.day(day, _labels())


def _labels() -> Labels:
    return labels_for("en" if get_language() == "en" else "zh-hans")


def left(until: datetime, *, now: datetime) -> str:
    """`2 h 05 min`, `3 days`; "" if it has passed."""
    span = until - now
    if span <= timedelta(0):
        return ""
    minutes = int(span.total_seconds() // 60)
    if span.days >= 2:
        return ngettext("%(n)d day", "%(n)d days", span.days) % {"n": span.days}
    if minutes >= 60:
        return _("%(hours)d h %(minutes)02d min") % {
            "hours": minutes // 60,
            "minutes": minutes % 60,
        }
    return _("%(minutes)d min") % {"minutes": max(minutes, 1)}

"""The next dates of a repeating group buy, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from orders.models import OrderWindow, WindowTemplate
from orders.windows.calendar import Occurrence, occurrences
from orders.windows.templates import pattern_of

SHOWN = 7
# Once a week, seven times, with a margin.
_FAR = 60


@dataclass(frozen=True)
class Coming:
    """A date by the rule, what was decided about it, and the window if there is one already. `round` is None if it was
    skipped.
    """

    on: date
    round: Occurrence | None
    window: OrderWindow | None

    @property
    def is_moved(self) -> bool:
        return self.round is not None and self.round.day != self.on


def coming(template: WindowTemplate, *, now: datetime) -> list[Coming]:
    """The next seven dates by the rule, skipped and moved ones among them. Two statements."""
    pattern = pattern_of(template)
    today = now.astimezone(ZoneInfo(pattern.zone)).date()
    by_rule = replace(pattern, exceptions={})
    dates = [
        one.on
        for one in islice(
            (
                one
                for one in occurrences(by_rule, first=today - timedelta(days=7), days=_FAR)
                if one.closes_at > now
            ),
            SHOWN,
        )
    ]
    windows = {
        row.template_on: row
        for row in OrderWindow.objects.filter(template=template, template_on__in=dates)
    }
    first = min([*dates, today]) - timedelta(days=31)
    real = {one.on: one for one in occurrences(pattern, first=first, days=_FAR + 100)}
    return [Coming(on, real.get(on), windows.get(on)) for on in dates]

"""How the desk writes money and times."""

from __future__ import annotations

import re
from datetime import date, datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.history import sentence_of, who_acted
from config.kernel import clock
from config.kernel.audit import AuditEntry
from orders.files import wording
from orders.models.template import EVERY_DAY
from volunteers.desk import moments
from volunteers.desk.repeating_forms import WEEKDAYS

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """`1502340` → `¥15,023.40`."""
    return f"¥{wording.money(fen or 0)}"


@register.filter
def whole(number: int) -> str:
    """`1303` → `1,303`."""
    return f"{number:,}"


@register.filter
def when(moment: datetime | None, zone: str) -> str:
    """今天 4月21日 周四 20:00, in the IANA zone given."""
    return moments.spoken(moment, zone=zone, now=clock.now()) if moment else ""


@register.filter
def dialled(number: str) -> str:
    """`+8613812345678` → `138 1234 5678`, as it is said and dialled here; any other as it is."""
    own = re.fullmatch(r"\+86(1\d\d)(\d{4})(\d{4})", number)
    return " ".join(own.groups()) if own else number


@register.filter
def day(value: date) -> str:
    """4月21日 周四."""
    return moments.spoken_day(value)


@register.filter
def weekdays(days: int) -> str:
    """A sum of Monday 1, Tuesday 2 … Sunday 64: 周一、周四; 每天."""
    if days == EVERY_DAY:
        return _("every day")
    names = [str(name) for number, name in enumerate(WEEKDAYS) if days >> number & 1]
    return pgettext("between weekdays", ", ").join(names)


@register.filter
def left(until: datetime | None) -> str:
    """How long it is until then; "" once it has passed."""
    return moments.left(until, now=clock.now()) if until else ""


@register.filter
def actor(entry: AuditEntry) -> str:
    """Who did what an audit entry tells."""
    return who_acted(entry)


@register.filter
def sentence(action: str) -> str:
    """What an audit action is called."""
    return sentence_of(action)

"""Messages as sentences: an app tells how its kinds read, the inbox puts times, amounts and numbers in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from config.kernel.money import yuan

_sentences: dict[str, Promise] = {}
_WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


def name_kinds(sentences: Mapping[str, Promise]) -> None:
    """Kind of message → lazy sentence with named placeholders for its data; once, when the app is ready."""
    _sentences.update(sentences)


def sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """In the reader's language; "" for a kind nobody named or data that does not fill it (an old message)."""
    template = _sentences.get(kind)
    try:
        values = {name: _readable(name, value) for name, value in data.items()}
        return str(template) % values if template is not None else ""
    except (KeyError, TypeError, ValueError):
        return ""


def _readable(name: str, value: Any) -> Any:
    """`closes_at` as a clock shows it, in the zone that it carries; `amount_fen` in yuan."""
    if name.endswith("_at"):
        return _spoken(datetime.fromisoformat(value))
    if name.endswith("_fen"):
        return yuan(value)
    return value


def _spoken(moment: datetime) -> str:
    return _("%(weekday)s %(day)d/%(month)d %(clock)s") % {
        "weekday": _WEEKDAYS[moment.weekday()],
        "day": moment.day,
        "month": moment.month,
        "clock": f"{moment:%H:%M}",
    }

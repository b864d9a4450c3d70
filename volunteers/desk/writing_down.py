"""An order as it is written down on the telephone: what was typed, what it means, what of it is possible."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.console import refusal
from config.kernel.errors import DomainError, Invalid
from config.kernel.idempotency import KeyReused
from orders.models import Offer, Order, OrderLine, OrderWindow, ProxyWish
from orders.placing.errors import OverCategoryLimit, OverLimit, SoldOut
from orders.placing.proxy import Proxy
from orders.placing.shorthand import MAX_TEXT, Wrong, read_shorthand, write_shorthand
from orders.placing.wishes import Wish
from orders.states import WindowStatus
from orders.supply.adding import takes_late_orders
from volunteers.desk.entry import number_of, text_of


class Mode(StrEnum):
    """Orders are taken, or added late, or neither."""

    OPEN = "open"
    LATE = "late"
    SHUT = "shut"


def mode_of(window: OrderWindow, *, now: datetime) -> Mode:
    """A hint for the page: the verbs judge by the database's clock. One statement once the round is closed."""
    if window.status == WindowStatus.OPEN and window.opens_at <= now < window.closes_at:
        return Mode.OPEN
    return Mode.LATE if takes_late_orders(window) else Mode.SHUT


@dataclass(frozen=True)
class Draft:
    """The form as it was filled in, trimmed and cut to what a column takes. `once` is the key of this one call;
    `changes` the number of the order that is changed, and `seen` the version of it that was read out.
    """

    lines: str = ""
    road: str = ProxyWish.Road.PHONE
    asked_by: str = ProxyWish.Asker.HOUSEHOLD
    asker_name: str = ""
    receiver: str = ""
    payer: str = ProxyWish.Payer.HOUSEHOLD
    rang: str = ""
    note: str = ""
    reason: str = ""
    once: str = ""
    changes: str = ""
    seen: str = ""

    @property
    def has_more(self) -> bool:
        """Something beside the lines is not as it usually is."""
        same = {name: getattr(self, name) for name in ("once", "reason", "road", "changes", "seen")}
        return self != Draft(self.lines, **same)

    def as_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


_ONCE = re.compile(r"[0-9a-f]{32}")
_ROOM = {
    "asker_name": 40,
    "receiver": 18,
    "rang": 5,
    "note": 200,
    "reason": 200,
    "once": 64,
    "changes": 9,
    "seen": 9,
}


def draft_of(post: QueryDict) -> Draft:
    """`instead` are the lines that the page proposed."""
    typed = post.get("instead") or post.get("lines", "")
    lines = "\n".join(text_of(line) for line in typed[: MAX_TEXT + 1].splitlines()).strip()
    given = {
        name: text_of(post.get(name, ""))[: _ROOM.get(name, 20)] for name in _NAMES if name in post
    }
    draft = Draft(**{**given, "lines": lines})
    return draft if _ONCE.fullmatch(draft.once) else replace(draft, once=uuid.uuid4().hex)


_NAMES = ("road", "asked_by", "payer", *_ROOM)


def draft_from(order: Order, *, road: str) -> Draft:
    """An order that was written down before, to be changed. Reads its lines with their offers."""
    lines = order.lines.select_related("offer").order_by("offer__short_number")
    return Draft(
        lines=write_shorthand({line.offer.short_number: line.quantity for line in lines}),
        road=road,
        note=order.note,
        once=uuid.uuid4().hex,
        changes=str(order.number),
        seen=str(order.version),
    )


@dataclass(frozen=True)
class Row:
    """A line to be read out; money in fen."""

    offer: Offer
    quantity: int

    @property
    def amount_fen(self) -> int:
        return self.offer.price_fen * self.quantity


@dataclass(frozen=True)
class Reading:
    """What the lines mean today. `problems` are sentences; `possible`, if there is one, is what could be typed
    instead.
    """

    rows: Sequence[Row] = ()
    problems: Sequence[str] = field(default_factory=list)
    possible: str = ""

    @property
    def total_fen(self) -> int:
        return sum(row.amount_fen for row in self.rows)

    @property
    def pieces(self) -> int:
        return sum(row.quantity for row in self.rows)

    @property
    def wishes(self) -> list[Wish]:
        return [Wish(row.offer.public_id, row.quantity) for row in self.rows]

    def wishes_instead_of(self, lines: Iterable[OrderLine]) -> list[Wish]:
        """For an order that is changed: "I would take some more" is not said again, and stays."""
        more = {line.offer_id: line.tolerance for line in lines}
        return [
            Wish(row.offer.public_id, row.quantity, more.get(row.offer.pk, 0)) for row in self.rows
        ]


def read_lines(draft: Draft, menu: Iterable[Offer]) -> Reading:
    """`menu` from homes.menu_of for the household."""
    said = read_shorthand(draft.lines)
    offers = {offer.short_number: offer for offer in menu}
    rows = [Row(offers[n], quantity) for n, quantity in said.wanted.items() if n in offers]
    problems = [_wrong(wrong) for wrong in said.wrong]
    problems += [
        _("There is no number %(number)d today.") % {"number": number}
        for number in said.wanted
        if number not in offers
    ]
    room = {str(row.offer.public_id): _room(row.offer) for row in rows}
    short = {key: most for key, most in room.items() if most is not None}
    problems += _shortages(rows, short)
    if not said.wanted and not said.wrong:
        problems.append(_("Nothing has been written down yet."))
    return Reading(rows, problems, _possible(rows, short))


def refused(reading: Reading, error: DomainError) -> Reading:
    """The same reading with what the verb said, and what is possible now."""
    if isinstance(error, (SoldOut, OverLimit)):
        room = {str(key): int(most) for key, most in error.fields.items()}
        problems = _shortages(reading.rows, room) or [error.sentence]
        return replace(reading, problems=problems, possible=_possible(reading.rows, room))
    if isinstance(error, OverCategoryLimit):
        text = _("%(category)s: at most %(most)d together for this household.")
        names = [{"category": key, "most": most} for key, most in error.fields.items()]
        return replace(reading, problems=[text % one for one in names])
    if isinstance(error, KeyReused):
        said = _("This call was saved already. Begin a new one to order more.")
        return replace(reading, problems=[said])
    return replace(reading, problems=[refusal(error)])


def proxy_of(draft: Draft, *, zone: str, now: datetime) -> Proxy:
    """Who asked and so on, as the verb takes it. Raises Invalid for a time that is none."""
    return Proxy(
        road=draft.road,
        asked_by=draft.asked_by,
        asker_name=draft.asker_name,
        receiver_id=number_of(draft.receiver) if draft.receiver else None,
        payer=draft.payer,
        wished_at=_last_time(draft.rang, zone=zone, now=now) if draft.rang else None,
        note=draft.note,
    )


def _last_time(clock: str, *, zone: str, now: datetime) -> datetime:
    """The last time it was so late there: after midnight 23:50 was yesterday."""
    local = now.astimezone(ZoneInfo(zone))
    try:
        hour, minute = (int(part) for part in clock.split(":"))
        moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError as error:
        raise Invalid(fields={"rang": [_("Please write the time like 9:40.")]}) from error
    return moment if moment <= local else moment - timedelta(days=1)


def _room(offer: Offer) -> int | None:
    """How many the household could have by what the page knew; None: as many as it likes."""
    known = [most for most in (offer.left, offer.may) if most is not None]  # type: ignore[attr-defined]
    return max(0, min(known)) if known else None


def _shortages(rows: Iterable[Row], room: Mapping[str, int]) -> list[str]:
    sentences = []
    for row in rows:
        most = room.get(str(row.offer.public_id))
        if most is None or row.quantity <= most:
            continue
        names = {"product": f"{row.offer.short_number} {row.offer.name}", "most": most}
        text = (
            _("%(product)s: %(most)d can be had.") if most else _("%(product)s: none can be had.")
        )
        sentences.append(text % names)
    return sentences


def _possible(rows: Iterable[Row], room: Mapping[str, int]) -> str:
    """The lines cut down to what there is; "" if nothing is too much, or nothing would remain."""
    rows = list(rows)
    cut = {
        row.offer.short_number: min(row.quantity, room.get(str(row.offer.public_id), row.quantity))
        for row in rows
    }
    if all(cut[row.offer.short_number] == row.quantity for row in rows):
        return ""
    return write_shorthand({number: quantity for number, quantity in cut.items() if quantity})


_SAID = {
    "unclear": gettext_lazy(
        "“%(text)s” can be read in two ways. Write 12*2 for two of number 12, a comma after each product."
    ),
    "strange": gettext_lazy("“%(text)s” was not understood."),
    "zero": gettext_lazy("“%(text)s”: how many?"),
    "many": gettext_lazy("“%(text)s” is more than 9999."),
}


def _wrong(wrong: Wrong) -> str:
    return str(_SAID[wrong.why]) % {"text": wrong.text[:40]}

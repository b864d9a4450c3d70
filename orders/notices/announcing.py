"""What a group reads of a round: one composition for text, picture and robots. No names, phones or rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from communities.groups.guarding import for_group
from communities.models import Building, Community
from config.kernel.money import yuan
from orders.files import wording
from orders.files.as_picture import Notice, Tone
from orders.files.labels import Labels, labels_for
from orders.files.text import for_chat
from orders.models import Offer, OrderWindow
from orders.notices import audience
from orders.notices.due import LAST_HOUR
from orders.notices.on_offer import menu_lines, phone_page
from orders.states import WindowStatus
from orders.windows.progress import Demand, reaches, total_demand

# A group's text names so many buildings; more of them are a list, not a notice.
_BUILDINGS = 12


class Kind(StrEnum):
    """What there is to be said to a group."""

    OPENED = "opened"
    LAST_HOUR = "last_hour"
    MINIMUM_REACHED = "minimum_reached"
    HELD = "held"
    EXTENDED = "extended"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    LEFT_OUT = "left_out"
    ARRIVED = "arrived"
    PICK_UP = "pick_up"


NAMES: dict[Kind, Promise] = {
    Kind.OPENED: pgettext_lazy("notice", "Group buy opened"),
    Kind.LAST_HOUR: pgettext_lazy("notice", "One hour left"),
    Kind.MINIMUM_REACHED: pgettext_lazy("notice", "Minimum reached"),
    Kind.HELD: pgettext_lazy("notice", "Minimum not reached yet"),
    Kind.EXTENDED: pgettext_lazy("notice", "Cutoff extended"),
    Kind.CLOSED: pgettext_lazy("notice", "Cutoff passed"),
    Kind.CANCELLED: pgettext_lazy("notice", "Does not take place"),
    Kind.LEFT_OUT: pgettext_lazy("notice", "Community below its minimum"),
    Kind.ARRIVED: pgettext_lazy("notice", "Goods arrived"),
    Kind.PICK_UP: pgettext_lazy("notice", "Please fetch"),
}
# What needs a place, a time or a building from whoever says it.
AT_A_PLACE = (Kind.ARRIVED, Kind.PICK_UP)


@dataclass(frozen=True)
class Where:
    """Where and until when goods are fetched, as a volunteer typed it; all of it may be missing."""

    buildings: Sequence[Building] = ()
    place: str = ""
    until: str = ""


@dataclass(frozen=True)
class _Said:
    """What the composers look at; `demand` of all communities. `only`: whose buildings are named, None for all."""

    window: OrderWindow
    now: datetime
    labels: Labels
    demand: Demand
    where: Where
    community: Community
    only: Community | None
    page: str

    def moment(self, value: datetime) -> str:
        local = value.astimezone(ZoneInfo(self.window.community.zone))
        return wording.moment(local, self.labels)

    @property
    def cutoff(self) -> tuple[str, str]:
        return _("Cutoff"), self.moment(self.window.closes_at)

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How to order: the address of the telephone page, and whom to call."""
        page, phone = self.page, self.community.service_phone
        ways = [(_("Order here"), page)] if page else []
        return [*ways, *([(_("By telephone"), phone)] if phone else [])]

    @property
    def delivery(self) -> list[tuple[str, str]]:
        day = self.window.deliver_on
        return [(pgettext("notice", "Delivery"), wording.day(day, self.labels))] if day else []

    def measured(self, amount: int) -> str:
        """`50 户`, in the measure of the minimum."""
        measure = self.window.minimum_measure
        if measure == OrderWindow.Measure.FEN:
            return f"¥{yuan(amount)}"
        if measure == OrderWindow.Measure.HOUSEHOLDS:
            return pgettext("notice", "%(n)s households") % {"n": amount}
        return pgettext("notice", "%(n)s pieces") % {"n": amount}

    @property
    def so_far(self) -> tuple[str, str]:
        text = pgettext("notice", "%(households)s households, %(pieces)s pieces")
        shown = {"households": self.demand.households, "pieces": self.demand.pieces}
        return pgettext("notice", "Ordered so far"), text % shown

    @property
    def homes(self) -> tuple[str, str]:
        return pgettext("notice", "Ordered so far"), pgettext("notice", "%(n)s households") % {
            "n": self.demand.households
        }

    @property
    def standing(self) -> list[tuple[str, str]]:
        """How the minimum stands."""
        have = self.demand.by(self.window.minimum_measure)
        return [
            (pgettext("notice", "Ordered so far"), self.measured(have)),
            (_("Minimum"), self.measured(self.window.minimum)),
        ]


def kinds_for(window: OrderWindow, *, now: datetime) -> list[Kind]:
    """What may be said of the window as it is, the most timely first. One statement at most."""
    status = window.status
    if status == WindowStatus.READY:
        return [Kind.OPENED]
    if status == WindowStatus.OPEN:
        return _while_open(window, now)
    if status == WindowStatus.HELD:
        return [Kind.HELD]
    if status == WindowStatus.CANCELLED:
        return [Kind.CANCELLED]
    if status in (WindowStatus.CLOSED, WindowStatus.SETTLED):
        reached = [Kind.MINIMUM_REACHED] if window.minimum else []
        return [Kind.CLOSED, Kind.ARRIVED, Kind.PICK_UP, *reached]
    return []


def _while_open(window: OrderWindow, now: datetime) -> list[Kind]:
    begun = now >= window.opens_at
    ends = window.closes_at - now <= LAST_HOUR
    kinds = [Kind.OPENED, Kind.LAST_HOUR]
    if begun and ends:
        kinds.reverse()
    if not begun:
        kinds.remove(Kind.LAST_HOUR)
    if window.extended_at:
        kinds.insert(0, Kind.EXTENDED)
    if window.minimum and reaches(
        window.minimum, measure=window.minimum_measure, demand=total_demand(window.pk)
    ):
        kinds.append(Kind.MINIMUM_REACHED)
    return kinds


def announce(
    window: OrderWindow,
    kind: Kind,
    *,
    now: datetime,
    where: Where | None = None,
    community: Community | None = None,
    page: str = "",
) -> Notice:
    """The notice, in the language that is active, for the group of `community`, of which alone it names buildings;
    without one for the leading one's, with the buildings of all. `page`: address of the telephone page, without it
    that at PUBLIC_URL. Two or three statements.
    """
    language = "en" if get_language() == "en" else "zh-hans"
    home = community or window.community
    demand = total_demand(window.pk)
    said = _Said(
        *(window, now, labels_for(language), demand, where or Where()),
        *(home, community, page or phone_page()),
    )
    badge, tone, facts, words = _COMPOSERS[kind](said)
    duty = home.service_phone
    return Notice(
        badge=badge,
        title=for_group(window.title, duty=duty),
        facts=[(label, for_group(value, duty=duty)) for label, value in facts],
        words=[for_group(one, duty=duty) for one in words if one],
        menu=[for_group(line) for line in menu_lines(window)] if kind == Kind.OPENED else (),
        tone=tone,
        language=language,
    )


def as_text(notice: Notice) -> str:
    """To be pasted into a chat, or sent by a robot."""
    separator = labels_for(notice.language).separator
    lines = [f"【{notice.badge}】{for_chat(notice.title, limit=80)}"]
    lines += [f"{label}{separator}{for_chat(value, limit=400)}" for label, value in notice.facts]
    lines += notice.menu
    lines += [for_chat(words, limit=400) for words in notice.words]
    return "\n".join(lines)


_Parts = tuple[str, Tone, list[tuple[str, str]], list[str]]


def _by_proxy() -> str:
    return _(
        "Neighbours who cannot order by phone: tell your building leader or a volunteer, they order for you."
    )


def _opened(said: _Said) -> _Parts:
    window = said.window
    count = Offer.objects.filter(window=window, is_active=True).count()
    facts = [
        said.cutoff,
        *said.delivery,
        (_("Products"), pgettext("notice", "%(n)s kinds") % {"n": count}),
    ]
    if said.now < window.opens_at:
        facts.insert(0, (_("Opens"), said.moment(window.opens_at)))
    if window.minimum:
        facts.append((_("Minimum"), said.measured(window.minimum)))
    facts += said.ways
    return pgettext("notice", "Open"), "go", facts, [window.notice, _by_proxy()]


def _last_hour(said: _Said) -> _Parts:
    minutes = max(0, ceil((said.window.closes_at - said.now) / timedelta(minutes=1)))
    left = (pgettext("notice", "Left"), pgettext("notice", "about %(n)s minutes") % {"n": minutes})
    badge = (
        pgettext("notice", "One hour left")
        if 50 <= minutes <= 60
        else pgettext("notice", "Closing soon")
    )
    if minutes > 60:
        left = (
            pgettext("notice", "Left"),
            pgettext("notice", "about %(n)s hours") % {"n": round(minutes / 60)},
        )
    facts = [said.cutoff, left, said.homes, *said.ways]
    return badge, "hurry", facts, [_("Not ordered yet? Now is the time."), _by_proxy()]


def _minimum_reached(said: _Said) -> _Parts:
    open_still = said.window.status == WindowStatus.OPEN
    words = [_("Until the cutoff you may still order and change.")] if open_still else []
    return (
        pgettext("notice", "Takes place"),
        "go",
        [*said.standing, said.cutoff, *said.delivery],
        words,
    )


def _held(said: _Said) -> _Parts:
    window = said.window
    missing = max(0, window.minimum - said.demand.by(window.minimum_measure))
    facts = [*said.standing, (pgettext("notice", "Missing"), said.measured(missing))]
    if window.held_until:
        facts.append((pgettext("notice", "Decided by"), said.moment(window.held_until)))
    return (
        pgettext("notice", "Below the minimum"),
        "hurry",
        facts,
        [_("The organiser decides whether it takes place. Please wait for the next notice.")],
    )


def _extended(said: _Said) -> _Parts:
    facts = [(_("New cutoff"), said.moment(said.window.closes_at)), said.so_far]
    if said.window.minimum:
        facts = [facts[0], *said.standing]
    words = [_("Until the cutoff you may still order and change."), _by_proxy()]
    return pgettext("notice", "Open longer"), "hurry", facts, words


def _closed(said: _Said) -> _Parts:
    words = [
        _("Orders can no longer be placed or changed."),
        _("Forgotten? Tell a volunteer soon: until it goes to the supplier it can be added."),
    ]
    total = (pgettext("notice", "In all"), said.so_far[1])
    return _("Closed"), "calm", [total, said.cutoff, *said.delivery], words


def _cancelled(said: _Said) -> _Parts:
    reason = said.window.reason
    facts = [(_("Reason"), reason)] if reason else []
    return (
        pgettext("notice", "Does not take place"),
        "stop",
        facts,
        [_("Every order is cancelled.")],
    )


def _left_out(_said: _Said) -> _Parts:
    words = [
        _("Our community did not reach its own minimum: every order from here is cancelled."),
        _("Elsewhere the group buy goes on."),
    ]
    return pgettext("notice", "Does not take place"), "stop", [], words


def _fetching(said: _Said) -> list[tuple[str, str]]:
    where = said.where
    facts = []
    if len(where.buildings) == 1:
        facts.append((pgettext("notice", "Building"), where.buildings[0].label))
    elif where.buildings:
        labels = _listed([building.label for building in where.buildings])
        facts.append((pgettext("notice", "Buildings"), labels))
    elif buildings := _buildings(said.window, said.only):
        facts.append((pgettext("notice", "Buildings"), buildings))
    facts.append((pgettext("notice", "Where"), where.place or pgettext("notice", "the stairwell")))
    return [*facts, *([(pgettext("notice", "Until"), where.until)] if where.until else [])]


def _buildings(window: OrderWindow, community: Community | None) -> str:
    """`1号楼 12 户、2号楼 9 户`; "" if there are too many to be read."""
    counted = _orders_at(window, community).annotate(homes=Count("households", distinct=True))
    rows = counted.values_list("label", "homes")[: _BUILDINGS + 1]
    if len(rows) > _BUILDINGS:
        return ""
    households = pgettext("notice", "%(n)s households")
    return _listed([f"{label} {households % {'n': homes}}" for label, homes in rows])


def _listed(names: Sequence[str]) -> str:
    return ("、" if get_language() != "en" else ", ").join(names)


def buildings_of(window: OrderWindow, community: Community | None = None) -> list[Building]:
    """Where orders that count go to, of all communities or of one, in natural order; the first 400. One statement."""
    return list(_orders_at(window, community).select_related("community")[:400])


def _orders_at(window: OrderWindow, community: Community | None) -> QuerySet[Building]:
    rows = Building.objects.filter(households__orders__in=audience.standing(window)).distinct()
    if community is not None:
        rows = rows.filter(community=community)
    return rows.order_by("community_id", "sort_key", "pk")


def _arrived(said: _Said) -> _Parts:
    words = [
        _("Please compare the slip with what is in the bag."),
        _("Cannot come down? Tell your building leader."),
    ]
    return pgettext("notice", "Goods arrived"), "go", _fetching(said), words


def _pick_up(said: _Said) -> _Parts:
    words = [
        _("Not fetched yet? Please come soon, what must stay cold first."),
        _("Cannot come down? Tell your building leader."),
    ]
    return pgettext("notice", "Please fetch"), "hurry", _fetching(said), words


_COMPOSERS: dict[Kind, Callable[[_Said], _Parts]] = {
    Kind.OPENED: _opened,
    Kind.LAST_HOUR: _last_hour,
    Kind.MINIMUM_REACHED: _minimum_reached,
    Kind.HELD: _held,
    Kind.EXTENDED: _extended,
    Kind.CLOSED: _closed,
    Kind.CANCELLED: _cancelled,
    Kind.LEFT_OUT: _left_out,
    Kind.ARRIVED: _arrived,
    Kind.PICK_UP: _pick_up,
}

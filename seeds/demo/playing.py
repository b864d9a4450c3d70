"""The story of one round, step by step. Everybody in it talks to the server over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from config.kernel.money import yuan
from seeds.demo import baskets
from seeds.demo.baskets import Good, Wishes
from seeds.demo.browser import Browser
from seeds.demo.chat import PASTES, ChatList, entries
from seeds.demo.desk import Desk, Sheet
from seeds.demo.failing import DemoFailed
from seeds.demo.phone import Menu, Phone
from seeds.demo.residents import Household
from seeds.demo.roads import door_of, share_out
from seeds.demo.shop import Download, Shop
from seeds.demo.telephone import Telephone
from seeds.demo.timeline import Timeline
from seeds.wanping.credentials import Credentials
from seeds.wanping.plan import BUILDINGS, Home, homes

ORGANISER, VOLUNTEER = "organiser", "volunteer-1"
AT_ONCE = 24
TOO_LATE = 3
_PATIENCE = 60.0

Thing = TypeVar("Thing")
Result = TypeVar("Result")


class NotTheSame(DemoFailed):
    """What the residents ordered is not what the supplier was told."""


@dataclass(frozen=True)
class Plan:
    """Where and when. Times are aware, in the community's zone; `seed` decides on the baskets."""

    address: str
    opens_at: datetime
    closes_at: datetime
    seed: int = baskets.SEED


@dataclass
class Played:
    """What came of it; `seconds_…` since the cutoff."""

    window: str = ""
    # Those who order over REST, and what all the others want, by road: phone, chain, late.
    households: list[Household] = field(default_factory=list)
    others: dict[str, list[Wishes]] = field(default_factory=dict)
    menu: Menu = field(default_factory=dict)
    seconds_of_ordering: float = 0.0
    seconds_close_to_files: float = 0.0
    seconds_close_to_release: float = 0.0
    seconds_close_to_sheets: float = 0.0
    volunteer_actions: int = 0
    revision: dict[str, Any] = field(default_factory=dict)
    order_files: list[Download] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)

    def count(self, what: str) -> int:
        return sum(household.counts.get(what, 0) for household in self.households)

    @property
    def wishes(self) -> list[Wishes]:
        """Of everybody, by whatever road they came."""
        return [
            *(household.wishes for household in self.households),
            *(wish for road in self.others.values() for wish in road),
        ]

    @property
    def by_channel(self) -> dict[str, int]:
        return {
            "rest": len(self.households),
            **{road: len(wishes) for road, wishes in self.others.items()},
        }

    @property
    def total_fen(self) -> int:
        """By the prices that the residents' phones have read."""
        return sum(self.price(wish) for wish in self.wishes)

    def price(self, wish: Wishes) -> int:
        return sum(self.menu[name].price_fen * pieces for name, pieces in wish.basket.items())

    @property
    def numbers(self) -> dict[str, int]:
        """Product → the short number on the menu."""
        return {name: offer.number for name, offer in self.menu.items()}

    @property
    def lines(self) -> int:
        return sum(len(wish.basket) for wish in self.wishes)


def play(plan: Plan, credentials: Credentials, timeline: Timeline) -> Played:
    """Raises DemoFailed, or requests.RequestException where the server does not answer."""
    played = Played()
    desk = Desk(Browser(plan.address))
    _open(desk, plan, credentials, timeline)
    played.window = desk.public_id
    volunteer = Browser(plan.address)
    volunteer.sign_in(VOLUNTEER, credentials.password)
    telephone = _order(desk, volunteer, plan, credentials, played, timeline)
    _close(desk, plan, played, timeline)
    _add_late(desk, telephone, played, timeline)
    _release(desk, plan, played, timeline)
    _supply(plan, credentials, played, timeline)
    played.sheets = desk.sheets(buildings=len(BUILDINGS))
    played.seconds_close_to_sheets = _since(plan, timeline)
    timeline.say(_("Pick lists and slips: %(count)d files.") % {"count": len(played.sheets)})
    return played


def _open(desk: Desk, plan: Plan, credentials: Credentials, timeline: Timeline) -> None:
    desk.browser.sign_in(ORGANISER, credentials.password)
    timeline.say(_("The organiser has signed in at the desk."))
    next_day = plan.closes_at + timedelta(days=1)
    desk.draft(opens_at=plan.opens_at, closes_at=plan.closes_at, deliver_on=f"{next_day:%Y-%m-%d}")
    desk.limit(baskets.CAPPED, cap=str(baskets.CAP))
    desk.limit(baskets.LIMITED, household_limit=str(baskets.LIMIT))
    desk.do("ready")
    desk.do("open")
    timeline.say(
        _("The group buy is open; it closes by itself at %(time)s.")
        % {"time": f"{plan.closes_at:%H:%M:%S}"}
    )


def _order(
    desk: Desk,
    volunteer: Browser,
    plan: Plan,
    credentials: Credentials,
    played: Played,
    timeline: Timeline,
) -> Telephone:
    began = time.monotonic()
    everybody = [home for home in homes() if home.orders]
    phones = {home: _phone_of(home, plan, credentials) for home in everybody}
    played.menu = phones[everybody[0]].read_menu(played.window)
    goods = [Good(offer.name, offer.category, offer.price_fen) for offer in played.menu.values()]
    roads = share_out(baskets.all_wishes(everybody, goods, plan.seed))
    played.others = {"phone": roads.phone, "chain": roads.chain, "late": [roads.late]}
    menus = _all_at_once(lambda wish: phones[wish.home].read_menu(played.window), roads.rest)
    played.households = [
        Household(phones[wish.home], wish, played.window, menu)
        for wish, menu in zip(roads.rest, menus, strict=True)
    ]
    timeline.say(
        _("%(count)d households have read the menu of %(goods)d products.")
        % {"count": len(menus), "goods": len(goods)}
    )
    telephone = Telephone(volunteer, desk.window, played.numbers)
    chat = ChatList(desk.browser, desk.window, played.numbers)
    with ThreadPoolExecutor(2) as pool:
        others = [
            pool.submit(_telephone, telephone, played, timeline),
            pool.submit(_paste, chat, roads.chain, timeline),
        ]
        _all_at_once(Household.order_first, played.households)
        timeline.say(
            _("The first rush is over: %(count)d orders.") % {"count": played.count("placed")}
        )
        for other in others:
            other.result()
    _all_at_once(Household.order_second, played.households)
    _all_at_once(Household.check_own_order, played.households)
    played.seconds_of_ordering = round(time.monotonic() - began, 2)
    _say_ordered(played, timeline)
    telephone.find_silent(roads.late)
    timeline.say(_("One care household has not been heard of; it stands in the list to call."))
    return telephone


def _phone_of(home: Home, plan: Plan, credentials: Credentials) -> Phone:
    return Phone(plan.address, credentials.tokens[f"{home.building}-{home.room}"])


def _telephone(telephone: Telephone, played: Played, timeline: Timeline) -> None:
    for wish in played.others["phone"]:
        telephone.write_down(door_of(wish.home), wish.basket, played.price(wish))
    timeline.say(
        _("A volunteer has written down %(count)d telephone orders.") % {"count": telephone.calls}
    )


def _paste(chat: ChatList, wishes: Sequence[Wishes], timeline: Timeline) -> None:
    for length in PASTES:
        chat.paste(entries(wishes, length))
    timeline.say(
        _(
            "The chat's list was pasted %(times)d times as it grew: %(orders)d orders, %(rows)d rows "
            "asked about."
        )
        % {"times": len(PASTES), "orders": len(wishes), "rows": chat.settled}
    )


def _say_ordered(played: Played, timeline: Timeline) -> None:
    timeline.say(
        _(
            "Everybody has ordered: %(lines)d lines, %(total)s yuan; lost replies repeated "
            "%(lost)d, changed %(changed)d, cancelled and ordered anew %(cancelled)d, refused "
            "%(refused)d."
        )
        % {
            "lines": played.lines,
            "total": yuan(played.total_fen),
            "lost": played.count("lost_replies"),
            "changed": played.count("changes"),
            "cancelled": played.count("cancellations"),
            "refused": played.count("refused"),
        }
    )


def _close(desk: Desk, plan: Plan, played: Played, timeline: Timeline) -> None:
    left = (plan.closes_at - timeline.now()).total_seconds()
    if left < 0:
        raise DemoFailed(_("Ordering took longer than the window was open; use --seconds."))
    timeline.say(_("%(seconds)d s to the cutoff.") % {"seconds": left})
    time.sleep(left)
    timeline.say(_("The cutoff."))
    with ThreadPoolExecutor(TOO_LATE) as pool:
        late = pool.map(Household.try_too_late, played.households[:TOO_LATE])
        desk.wait_for("check", until=_PATIENCE)
        played.seconds_close_to_files = _since(plan, timeline)
        list(late)
    timeline.say(
        _(
            "Closed, added up, all files made: %(seconds)s s after the cutoff. Who came late was refused."
        )
        % {"seconds": played.seconds_close_to_files}
    )


def _add_late(desk: Desk, telephone: Telephone, played: Played, timeline: Timeline) -> None:
    """补单: the household nobody had heard of, after the cutoff and before the release."""
    [wish] = played.others["late"]
    telephone.write_down(
        door_of(wish.home), wish.basket, played.price(wish), reason=_("Reached only now.")
    )
    desk.wait_for("check", revision="2", until=_PATIENCE)
    timeline.say(_("A volunteer has reached it and added its order after the cutoff."))


def _release(desk: Desk, plan: Plan, played: Played, timeline: Timeline) -> None:
    before = desk.browser.posts
    desk.do("check")
    desk.do("release")
    played.volunteer_actions = desk.browser.posts - before
    played.seconds_close_to_release = _since(plan, timeline)
    timeline.say(
        _("The organiser has checked and released it: %(count)d actions.")
        % {"count": played.volunteer_actions}
    )


def _supply(plan: Plan, credentials: Credentials, played: Played, timeline: Timeline) -> None:
    shop = Shop(plan.address, credentials.supplier_key)
    news = [row for row in shop.news() if row["status"] == "released"]
    if len(news) != 1:
        raise NotTheSame(f"{len(news)} ≠ 1")
    played.revision = news[0]
    played.order_files = [shop.fetch(file) for file in played.revision["files"]]
    timeline.say(
        _("The supplier has pulled %(number)s: %(count)d files, every SHA-256 verified.")
        % {"number": played.revision["number"], "count": len(played.order_files)}
    )
    shop.acknowledge(played.revision["number"], played.revision["revision"])
    if shop.news():
        raise NotTheSame("news after the last news")
    timeline.say(_("The supplier has acknowledged it."))


def _since(plan: Plan, timeline: Timeline) -> float:
    return round((timeline.now() - plan.closes_at).total_seconds(), 2)


def _all_at_once(do: Callable[[Thing], Result], things: Sequence[Thing]) -> list[Result]:
    """Twenty-four at a time; the first error is raised after all have ended."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, things))

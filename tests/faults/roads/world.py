"""A small compound for one round, with everybody who comes by some road: made by the verbs, anew for each round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from communities.groups.robots import add_robot
from communities.joining import texts
from communities.joining.codes import renew_codes
from communities.models import Community, Device, Household, User
from communities.roles import Role
from communities.tokens import issue_token
from config.kernel import clock
from config.kernel.audit import Actor
from orders.demand import stocking
from orders.models import OrderWindow, Survey
from orders.waiting.joining import join_waiting
from suppliers.directory import register_supplier, serve_community
from suppliers.keys import issue_key
from suppliers.models import Product, Supplier
from tests import factories as make
from tests.factories.demand import make_request, make_survey

# The first is what everybody wants: there are as many pieces as hold one.
GOODS = (("草莓", 2900), ("青菜", 390), ("鸡蛋", 1250), ("牛奶", 5600), ("大米", 4880))
VERSION = texts.current("ordering").version
_TOPICS = ("window.opened", "window.closed")
_ROBOTS = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
}


@dataclass(frozen=True)
class Crew:
    """How many households come by each road."""

    holding: int = 6
    waiting: int = 8
    buying: int = 3
    joining: int = 3
    leaving: int = 2
    listed: int = 8
    calling: int = 4
    late: int = 3


FEW = Crew(holding=3, waiting=3, buying=1, joining=1, leaving=1, listed=3, calling=1, late=1)


@dataclass(frozen=True)
class Seat:
    """An account that orders for a household. `device`: the id of the device it is signed in on."""

    user: int
    token: str
    device: str
    household: int
    room: str

    @property
    def principal(self) -> str:
        return f"user:{self.user}"


@dataclass(frozen=True)
class Door:
    """A household without an account. `code`: of its slip, where it has one in hand."""

    household: int
    public_id: str
    room: str
    code: str = ""


@dataclass(frozen=True)
class Good:
    """`number`: as people say it on the telephone."""

    id: str
    pk: int
    number: int
    name: str
    price_fen: int


@dataclass(frozen=True)
class Town:
    """`holding` have one piece each of what is scarce, `held` are their orders; the first of `waiting` waits already,
    as `wish`; `leaving` are signed in twice, and `second` is where else. `requests` wait for the supplier's answer,
    `plain` for a volunteer's.
    """

    community: Community
    window: OrderWindow
    goods: tuple[Good, ...]
    organiser: User
    volunteers: tuple[User, ...]
    supplier_key: str
    supplier_principal: str
    holding: tuple[Seat, ...]
    held: tuple[str, ...]
    waiting: tuple[Seat, ...]
    wish: str
    buying: tuple[Seat, ...]
    leaving: tuple[Seat, ...]
    second: tuple[Seat, ...]
    joining: tuple[Door, ...]
    listed: tuple[Door, ...]
    calling: tuple[Door, ...]
    late: tuple[Door, ...]
    survey: Survey
    items: tuple[str, ...]
    requests: tuple[str, ...]
    plain: tuple[str, ...]
    robots: dict[tuple[str, str], int]

    @property
    def scarce(self) -> Good:
        return self.goods[0]

    @property
    def actor(self) -> Actor:
        return Actor("user", self.organiser.pk)


def found(crew: Crew) -> Town:
    """Open for an hour; what is scarce is sold out, to those who hold it."""
    rooms = _rooms()
    roads = {
        name: [next(rooms) for _home in range(count)] for name, count in vars(crew).items() if count
    }
    community = make.make_community(rooms=[room for own in roads.values() for room in own])
    Community.objects.filter(pk=community.pk).update(quiet_from="00:00", quiet_until="00:00")
    community.refresh_from_db()
    robots = _robots(community)
    seats = {
        road: tuple(_seat(community, room) for room in roads[road])
        for road in ("holding", "waiting", "buying", "leaving")
    }
    doors = {road: _doors(community, roads[road]) for road in ("listed", "calling", "late")}
    # Those whom somebody calls later have a child with a phone, who is told.
    for door in doors["late"]:
        _seat(community, door.room)
    supplier = _supplier(community)
    organiser = make.make_staff(community)
    window = make.make_window(
        community, supplier=supplier, organiser=organiser, offers=[{"cap": crew.holding}]
    )
    held = [
        make.order(window, make.household(community, seat.room), 1, 1, actor=_actor(seat))
        for seat in seats["holding"]
    ]
    return Town(
        community=community,
        window=window,
        goods=tuple(
            Good(str(one.public_id), one.pk, one.short_number, one.name, one.price_fen)
            for one in make.offers_of(window)
        ),
        organiser=organiser,
        volunteers=tuple(make.make_staff(community, Role.VOLUNTEER) for _one in range(3)),
        held=tuple(str(order.public_id) for order in held),
        second=tuple(_again(seat) for seat in seats["leaving"]),
        joining=_doors(community, roads["joining"], coded=True),
        robots=robots,
        holding=seats["holding"],
        waiting=seats["waiting"],
        wish=_first_in_line(window, seats["waiting"][0]),
        buying=seats["buying"],
        leaving=seats["leaving"],
        listed=doors["listed"],
        calling=doors["calling"],
        late=doors["late"],
        **_demand(community, supplier, organiser, seats["buying"]),
    )


def _first_in_line(window: OrderWindow, seat: Seat) -> str:
    """For one piece: whatever happens, there will be one."""
    offer = make.offers_of(window)[0]
    with transaction.atomic():
        wish = join_waiting(
            window_id=window.pk,
            community_id=window.community_id,
            household_id=seat.household,
            actor=_actor(seat),
            offer=offer.public_id,
            quantity=1,
            expected_total_fen=offer.price_fen,
        )
    return str(wish.public_id)


def _rooms() -> Iterator[str]:
    for floor in range(1, 30):
        for door in range(1, 5):
            yield f"{floor}{door:02}"


def _actor(seat: Seat) -> Actor:
    return Actor("user", seat.user)


def _seat(community: Community, room: str) -> Seat:
    user = make.make_resident(community, room)
    return _signed_in(user.pk, make.household(community, room))


def _again(seat: Seat) -> Seat:
    return _signed_in(seat.user, Household.objects.get(pk=seat.household))


def _signed_in(user_id: int, home: Household) -> Seat:
    user = User.objects.get(pk=user_id)
    with transaction.atomic():
        token = issue_token(user=user, actor=make.SETUP)
    device = Device.objects.filter(token__user=user).order_by("-pk")[0]
    return Seat(user.pk, token, str(device.public_id), home.pk, home.room)


def _doors(community: Community, rooms: Sequence[str], *, coded: bool = False) -> tuple[Door, ...]:
    homes = [make.household(community, room) for room in rooms]
    codes: dict[Household, str] = {}
    if coded:
        with transaction.atomic():
            codes = dict(renew_codes(households=homes, actor=make.SETUP, at=clock.now()))
    return tuple(
        Door(home.pk, str(home.public_id), home.room, codes.get(home, "")) for home in homes
    )


def _supplier(community: Community) -> Supplier:
    with transaction.atomic():
        supplier = register_supplier(
            name=f"供货商{community.pk}", short_name=f"供{community.pk}", actor=make.SETUP
        )
        serve_community(supplier=supplier, community=community, actor=make.SETUP)
        Product.objects.bulk_create(
            Product(supplier=supplier, name=name, spec="1份", unit="份", price_fen=price)
            for name, price in GOODS
        )
    return supplier


def _robots(community: Community) -> dict[tuple[str, str], int]:
    """(house, token) → id."""
    made = {}
    for kind, address in _ROBOTS.items():
        token = f"token-of-{kind}-{community.pk}"
        with transaction.atomic():
            robot = add_robot(
                community=community,
                name=f"群-{kind}",
                address=address.format(token=token),
                secret="",
                topics=_TOPICS,
                actor=make.SETUP,
            )
        made[kind, token] = robot.pk
    return made


def _demand(
    community: Community, supplier: Supplier, organiser: User, seats: Sequence[Seat]
) -> dict[str, Any]:
    """A survey; a request of each seat that the supplier is asked about, and one that nobody is."""
    survey = make_survey(community, supplier=supplier, organiser=organiser)
    asked, plain = [], []
    for seat in seats:
        home, user = Household.objects.get(pk=seat.household), User.objects.get(pk=seat.user)
        asked.append(make_request(home, by=user))
        plain.append(make_request(home, by=user, what="老花镜"))
        with transaction.atomic():
            stocking.check_stock(
                request=asked[-1], supplier=supplier, question="奶粉", actor=_actor(seat)
            )
    with transaction.atomic():
        _key, text = issue_key(supplier=supplier, label="", actor=make.SETUP, at=clock.now())
    return {
        "survey": survey,
        "items": tuple(_ids(survey)),
        "requests": tuple(str(one.public_id) for one in asked),
        "plain": tuple(str(one.public_id) for one in plain),
        "supplier_key": text,
        "supplier_principal": f"supplier:{supplier.pk}",
    }


def _ids(survey: Survey) -> list[str]:
    ids: list[UUID] = list(survey.items.order_by("position").values_list("public_id", flat=True))
    return [str(one) for one in ids]


def set_cutoff(town: Town, *, seconds: float) -> None:
    """So long from now, by the database's clock."""
    cutoff = clock.database_now() + timedelta(seconds=seconds)
    OrderWindow.objects.filter(pk=town.window.pk).update(closes_at=cutoff)

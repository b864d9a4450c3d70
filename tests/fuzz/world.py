"""What the fuzzer finds on the server: two sides of a round; real ids lead somewhere, foreign ones do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from communities.joining import deciding
from communities.joining.codes import renew_codes
from communities.joining.one_time import ask_for_code, text_of
from communities.joining.requesting import Asked, request_join
from communities.joining.texts import TEXTS, current
from communities.models import Community, Device, Household, JoinRequest, SignInCode, User
from communities.people import add_resident
from communities.tokens import issue_token
from config.kernel import clock
from orders.models import Offer, Order, OrderWindow, SupplierOrder, WaitingWish
from orders.waiting.joining import join_waiting
from suppliers.keys import issue_key
from suppliers.models import Supplier
from suppliers.photos.keeping import set_photo
from tests import factories as make
from tests import pictures
from tests.api.client import prepare, release
from tests.factories.demand import items_of, make_request, make_survey
from tests.fuzz.known import Known, Spare

_ROOMS = tuple(str(number) for number in range(101, 109))
_PRICES_FEN = (390, 1250, 800, 660)
# What is left of the first two products is enough; of the others there is nothing.
_GONE = 7
_OFFERS: list[dict[str, Any]] = [
    {"household_limit": 5000},
    {"cap": 100_000},
    {"cap": _GONE},
    {"cap": _GONE},
]


@dataclass(frozen=True)
class World:
    """Credentials of one resident and one supplier."""

    token: str
    supplier_key: str
    known: Known


def make_world() -> World:
    """One resident and one supplier with credentials; windows that are open, capped, closed, released, foreign."""
    community, stranger = (make.make_community(rooms=_ROOMS) for _number in range(2))
    supplier = make.make_supplier(community, prices_fen=_PRICES_FEN)
    organiser = make.make_staff(community)
    resident = make.make_resident(community)
    opened = make.make_window(community, supplier=supplier, offers=_OFFERS)
    released = _released(community, supplier, organiser)
    foreign = make.make_window(stranger, offers=[{}, {"cap": _GONE}])
    Offer.objects.filter(window__in=[opened, foreign], cap=_GONE).update(taken=_GONE)
    with transaction.atomic():
        set_photo(
            product=supplier.products.order_by("pk")[0], content=pictures.png(), actor=make.SETUP
        )
    orders = _orders(opened, foreign, released)
    own, far = make.household(community), make.household(stranger)
    waiting = [_wait(opened, own), _wait(opened, make.household(community, "102"))]
    survey = make_survey(community, supplier=supplier)
    asked = [make_request(own, by=resident, supplier=one) for one in (None, None, *[supplier] * 6)]
    token = _token(resident)
    claims = {**_wishes_to_join(community), **_wishes_to_join(stranger)}
    menu = make.offers_of(opened)
    return World(
        token=token,
        supplier_key=_key(supplier),
        known=Known(
            ids={
                "windows": [*_ids(opened), *_ids(opened), *_ids(released.window, foreign)],
                "orders": _ids(*orders),
                "waiting": _ids(*waiting, _wait(foreign, far)),
                "households": _ids(own, own, far),
                "surveys": _ids(survey, survey, make_survey(stranger)),
                "requests": _ids(*asked, make_request(far)),
                "devices": [
                    str(one.public_id) for one in Device.objects.filter(token__user=resident)
                ],
                "join": [*claims],
                "joins": [*_ids(*_own_wishes_to_join(community, resident)), *list(claims)[:2]],
            },
            offers={
                str(offer.public_id): str(offer.window.public_id)
                for window in (opened, foreign)
                for offer in make.offers_of(window)
            },
            prices_fen={str(offer.public_id): offer.price_fen for offer in menu[:2]},
            sold_out_fen={str(offer.public_id): offer.price_fen for offer in menu[2:]},
            items=_ids(*items_of(survey)),
            numbers=[released.number, f"{released.number}0"],
            slips=_slips(community),
            claims=claims,
            codes=_codes(community),
            consents={purpose: current(purpose).version for purpose in TEXTS},
            spares=[_spare(community) for _number in range(24)],
        ),
    )


def _released(community: Community, supplier: Supplier, organiser: User) -> SupplierOrder:
    window: OrderWindow = make.make_window(community, supplier=supplier)
    make.order(window, make.household(window.community), 2, 1)
    return release(prepare(window), organiser)


def _orders(opened: OrderWindow, foreign: OrderWindow, released: SupplierOrder) -> list[Order]:
    """The most are for the resident's household, in the window that is open."""
    home = make.household(opened.community)
    return [
        make.order(opened, home, 1, 1),
        make.order(foreign, make.household(foreign.community), 1),
        *(make.order(opened, home, 1) for _number in range(20)),
        *released.window.orders.order_by("pk"),
    ]


def _wait(window: OrderWindow, home: Household) -> WaitingWish:
    """For one piece of what is sold out."""
    gone = next(offer for offer in make.offers_of(window) if offer.cap == _GONE)
    with transaction.atomic():
        return join_waiting(
            window_id=window.pk,
            community_id=home.community_id,
            household_id=home.pk,
            actor=make.SETUP,
            offer=gone.public_id,
            quantity=1,
            expected_total_fen=gone.price_fen,
        )


def _slips(community: Community) -> list[str]:
    """Of the doors where others will ask in vain or be let in, none of whom lives at the resident's."""
    homes = [make.household(community, room) for room in _ROOMS[3:]]
    with transaction.atomic():
        return [*renew_codes(households=homes, actor=make.SETUP, at=clock.now()).values()]


def _wishes_to_join(community: Community) -> dict[str, str]:
    """Three that wait, one let in, one refused: the id of each with its device's claim."""
    home = make.household(community, "103")
    with transaction.atomic():
        code = renew_codes(households=[home], actor=make.SETUP, at=clock.now())[home]
        wishes = [_wish_to_join(code, f"claim-{community.pk}-{number}") for number in range(5)]
        deciding.approve_join(join=wishes[0][0], actor=make.SETUP, at=clock.now())
        deciding.refuse_join(join=wishes[1][0], reason="不认识", actor=make.SETUP, at=clock.now())
    return {str(join.public_id): claim for join, claim in wishes}


def _own_wishes_to_join(community: Community, resident: User) -> list[JoinRequest]:
    """He is signed in, and would order for neighbours too."""
    homes = [make.household(community, room) for room in ("104", "105")]
    asked = Asked(name="李", consent=current("ordering").version)
    with transaction.atomic():
        codes = renew_codes(households=homes, actor=make.SETUP, at=clock.now())
        return [
            request_join(code=codes[home], asked=asked, user=resident, at=clock.now())
            for home in homes
        ]


def _wish_to_join(code: str, name: str) -> tuple[JoinRequest, str]:
    claim = name.ljust(48, "x")
    asked = Asked(name="王阿姨", consent=current("ordering").version)
    return request_join(code=code, asked=asked, claim=claim, at=clock.now()), claim


def _codes(community: Community) -> dict[str, str]:
    """Phones of people on the roster, each with the code that was sent there."""
    phones = [f"1380000{number:04}" for number in range(6)]
    codes = {}
    with transaction.atomic():
        for phone in phones:
            home = make.household(community, "102")
            add_resident(household=home, name="李", phone=phone, actor=make.SETUP)
            codes[phone] = text_of(ask_for_code(number=f"+86{phone}", at=clock.now()))
        SignInCode.objects.update(sent=1)
    return codes


def _spare(community: Community) -> Spare:
    user = make.make_resident(community, "102")
    token = _token(user)
    device = Device.objects.get(token__user=user)
    return Spare(token, str(device.public_id), *_ids(make.household(community, "102")))


def _token(user: User) -> str:
    with transaction.atomic():
        return issue_token(user=user, actor=make.SETUP)


def _key(supplier: Supplier) -> str:
    with transaction.atomic():
        return issue_key(supplier=supplier, label="", actor=make.SETUP, at=clock.now())[1]


def _ids(*rows: object) -> list[str]:
    ids: list[UUID] = [row.public_id for row in rows]  # type: ignore[attr-defined]
    return [str(one) for one in ids]

"""What the fuzzer finds on the server: two sides of a round; real ids lead somewhere, foreign ones do not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from communities.models import Community, User
from communities.tokens import issue_token
from config.kernel import clock
from orders.models import OrderWindow, SupplierOrder
from suppliers.keys import issue_key
from suppliers.models import Supplier
from tests import factories as make
from tests.api.client import prepare, release
from tests.factories.demand import items_of, make_request, make_survey
from tests.fuzz.known import Known


@dataclass(frozen=True)
class World:
    """Credentials of one resident and one supplier."""

    token: str
    supplier_key: str
    known: Known


def make_world() -> World:
    """One resident and one supplier with credentials; windows that are open, capped, closed, released, foreign."""
    community = make.make_community()
    supplier = make.make_supplier(community)
    organiser = make.make_staff(community)
    resident = make.make_resident(community)
    opened = make.make_window(
        community,
        supplier=supplier,
        offers=[{"household_limit": 5000}, {"cap": 100_000}],
    )
    released = _released(community, supplier, organiser)
    stranger = make.make_community()
    foreign = make.make_window(stranger)
    orders = [
        make.order(opened, make.household(community), 1, 1),
        make.order(foreign, make.household(stranger), 1),
        *(make.order(opened, make.household(community), 1) for _number in range(20)),
        *released.window.orders.order_by("pk"),
    ]
    offers = make.offers_of(opened)
    return World(
        token=_token(resident),
        supplier_key=_key(supplier),
        known=Known(
            windows=[*_ids(opened), *_ids(opened), *_ids(released.window, foreign)],
            orders=_ids(*orders),
            prices_fen={str(offer.public_id): offer.price_fen for offer in offers},
            numbers=[released.number, f"{released.number}0"],
            **_wishes(community, supplier, resident),
            spare_tokens=[_token(make.make_resident(community)) for _number in range(20)],
        ),
    )


def _wishes(community: Community, supplier: Supplier, resident: User) -> dict[str, list[str]]:
    """A survey that is open and a foreign one; requests that wait for the resident and for the supplier."""
    survey, foreign = make_survey(community, supplier=supplier), make_survey(make.make_community())
    home = make.household(community)
    asked = [make_request(home, by=resident, supplier=supplier) for _one in range(10)]
    return {
        "surveys": [*_ids(survey), *_ids(survey, foreign)],
        "items": _ids(*items_of(survey)),
        "requests": _ids(*asked, make_request(make.household(foreign.community))),
    }


def _released(community: Community, supplier: Supplier, organiser: User) -> SupplierOrder:
    window: OrderWindow = make.make_window(community, supplier=supplier)
    make.order(window, make.household(window.community), 2, 1)
    return release(prepare(window), organiser)


def _token(user: User) -> str:
    with transaction.atomic():
        return issue_token(user=user, actor=make.SETUP)


def _key(supplier: Supplier) -> str:
    with transaction.atomic():
        return issue_key(supplier=supplier, label="", actor=make.SETUP, at=clock.now())[1]


def _ids(*rows: object) -> list[str]:
    ids: list[UUID] = [row.public_id for row in rows]  # type: ignore[attr-defined]
    return [str(one) for one in ids]

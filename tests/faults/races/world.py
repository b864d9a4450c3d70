"""Homes with people who have accounts and tokens, made once; a window for each round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from communities.models import Community, User
from communities.tokens import issue_token
from config.kernel.audit import Actor
from orders.models import OrderWindow
from tests import factories as make
from tests.faults.races.plan import PEOPLE, RacePlan
from tests.faults.races.talk import Seat

HOMES = 24


@dataclass(frozen=True)
class Person:
    user: int
    token: str


@dataclass(frozen=True)
class Home:
    community: int
    household: int
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Town:
    """One or two communities, each with as many homes as a race needs at most."""

    communities: tuple[Community, ...]
    homes: tuple[tuple[Home, ...], ...]
    organiser: User

    def homes_of(self, plan: RacePlan) -> list[Home]:
        """Spread over the communities of the race."""
        return [
            self.homes[number % plan.communities][number // plan.communities]
            for number in range(plan.homes)
        ]


def found(*, communities: int = 2, homes: int = HOMES, people: int = PEOPLE) -> Town:
    """Households, accounts and tokens, by the verbs."""
    made = tuple(
        make.make_community(rooms=[f"{room}" for room in range(homes)])
        for _community in range(communities)
    )
    return Town(
        communities=made,
        homes=tuple(
            tuple(_home(community, f"{room}", people) for room in range(homes))
            for community in made
        ),
        organiser=make.make_staff(made[0]),
    )


def _home(community: Community, room: str, people: int) -> Home:
    household = make.household(community, room)
    with transaction.atomic():
        accounts = [make.make_resident(community, room) for _person in range(people)]
        tokens = [issue_token(user=account, actor=make.SETUP) for account in accounts]
    return Home(
        community.pk,
        household.pk,
        tuple(Person(one.pk, token) for one, token in zip(accounts, tokens, strict=True)),
    )


def open_window(town: Town, plan: RacePlan) -> OrderWindow:
    """Open for an hour; `set_cutoff` says when it really ends."""
    chosen = town.communities[: plan.communities]
    return make.make_window(
        chosen[0],
        supplier=make.make_supplier(*chosen, prices_fen=[offer.price_fen for offer in plan.offers]),
        organiser=town.organiser,
        offers=[
            {name: value for name, value in rules if value is not None}
            for rules in (
                (("cap", offer.cap), ("household_limit", offer.limit)) for offer in plan.offers
            )
        ],
        others=chosen[1:],
    )


def set_cutoff(window: OrderWindow, moment: float) -> None:
    """`moment`: seconds of this machine's clock."""
    closes_at = datetime.fromtimestamp(moment, UTC)
    OrderWindow.objects.filter(pk=window.pk).update(closes_at=closes_at)


def seats(town: Town, plan: RacePlan, window: OrderWindow) -> list[Seat]:
    """One for each client of the plan."""
    homes = town.homes_of(plan)
    menu = tuple((str(offer.public_id), offer.price_fen) for offer in make.offers_of(window))
    return [
        Seat(
            window=str(window.public_id),
            window_id=window.pk,
            user=homes[client.home].people[client.person].user,
            token=homes[client.home].people[client.person].token,
            home=client.home,
            community=homes[client.home].community,
            household=homes[client.home].household,
            menu=menu,
        )
        for client in plan.clients
    ]


def actor(town: Town) -> Actor:
    return Actor("user", town.organiser.pk)

"""Surveys and single requests of the world, by name.

Surveys `home`, `home_closed` (shop), `joint` (home and far are asked, shared), `far` (baker). Requests by
`<community>/<room>_<state>`; what checks stock was put to `shop` at home, to `baker` at far.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from communities.models import User
from config.kernel.outbox import OutboxMessage
from orders.demand import answering, stocking, surveys
from orders.models import SingleRequest, Survey
from tests import factories as make
from tests.factories.demand import answer, make_request, make_survey

if TYPE_CHECKING:
    from tests.rights.world import World


@dataclass(eq=False)
class Demand:
    """By the names above."""

    surveys: dict[str, Survey] = field(default_factory=dict)
    requests: dict[str, SingleRequest] = field(default_factory=dict)


# Name → leader first.
SURVEYS = {
    "home": ("home",),
    "home_closed": ("home",),
    "joint": ("home", "far"),
    "far": ("far",),
}
REQUESTS = (
    *("home/101_asked", "home/102_checking", "home/101_refused", "home/102_checked"),
    *("far/101_asked", "far/102_checking"),
)


def build_demand(world: World) -> None:
    """By the verbs of the product; nobody's inbox hears of it."""
    for name, asked in SURVEYS.items():
        world.demand.surveys[name] = _survey(world, name, asked)
    for name in REQUESTS:
        world.demand.requests[name] = _request(world, name)
    OutboxMessage.objects.filter(topic__in=("survey.opened", "request.refused")).delete()


def _survey(world: World, name: str, asked: tuple[str, ...]) -> Survey:
    supplier = {"joint": "shared", "far": "baker"}.get(name, "shop")
    survey = make_survey(
        *(world.communities[place] for place in asked),
        supplier=world.suppliers[supplier],
        organiser=world.people["organiser_there" if asked == ("far",) else "organiser_here"],
        title=f"调查-{name}",
    )
    for place in asked:
        answer(survey, make.household(world.communities[place], "101"), 2, by=_buyer(world, place))
    if name == "home_closed":
        with transaction.atomic():
            surveys.close_survey(survey=survey, actor=make.SETUP)
    return survey


def _buyer(world: World, place: str) -> User:
    return world.people["stranger" if place == "far" else "resident"]


def _request(world: World, name: str) -> SingleRequest:
    place, _slash, rest = name.partition("/")
    room, _line, state = rest.partition("_")
    supplier = world.suppliers["shop" if place == "home" else "baker"]
    row = make_request(
        make.household(world.communities[place], room),
        by=_buyer(world, place),
        supplier=supplier if state.startswith("check") else None,
        note=f"备注-{place}-{room}",
        for_whom=f"备注-{place}-{room}",
    )
    with transaction.atomic():
        if state == "checked":
            stocking.tell_stock(request=row, stock="have", on=None, note="", actor=make.SETUP)
        elif state == "refused":
            answering.refuse(request=row, answer="没有", actor=make.SETUP)
    return row

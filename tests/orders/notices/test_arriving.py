"""Goods are there: told by a person, building by building, once for each wave."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction

from communities.groups.robots import add_robot
from communities.models import Building, Community, GroupMessage, InboxMessage, User
from config.kernel import outbox
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import DomainError, Invalid
from config.kernel.states import StaleStatus
from orders.models import Allocation, OrderWindow
from orders.notices.arriving import NothingSent, require_place, tell_arrivals, told_in
from orders.supply.dropping import drop_order
from tests import factories as make

pytestmark = pytest.mark.django_db


@dataclass
class Round:
    window: OrderWindow
    community: Community
    first: Building
    second: Building
    buyer: User
    parent: User

    def tell(self, waves: dict[Building, int], place: str = "楼道口") -> int:
        return tell_arrivals(
            window=self.window,
            community=self.community,
            waves={building.pk: wave for building, wave in waves.items()},
            place=place,
            actor=make.SETUP,
        )

    def written(self) -> tuple[int, int]:
        entries = AuditEntry.objects.filter(action="window.arrival_told").count()
        return entries, outbox.OutboxMessage.objects.filter(topic="delivery.arrived").count()


@pytest.fixture
def round_() -> Round:
    """A child ordered for the parent's household in building 1, somebody by telephone in 2, nobody in 3; one more
    community buys too.
    """
    community, other = make.make_community(), make.make_community()
    parent, buyer = make.make_resident(community), make.make_user()
    second = make.building(community, "2", "201")
    make.building(community, "3", "301")
    make.make_resident(other)
    window = make.make_window(community, others=[other], title="联华")
    make.order(window, make.household(community), 1, actor=Actor("user", buyer.pk))
    make.order(window, make.household(community, "201"), 1)
    make.order(window, make.household(other), 1)
    return Round(window, community, community.buildings.get(number="1"), second, buyer, parent)


def inbox() -> list[tuple[int, str]]:
    """Who was told of goods, and where he fetches them."""
    outbox.deliver_due()
    rows = InboxMessage.objects.filter(kind="delivery.arrived").order_by("pk")
    return [(row.user_id, row.data["place"]) for row in rows]


def test_arrival_is_told_to_orderer_and_receiver_once_and_anew_with_the_next_wave(
    round_: Round,
) -> None:
    make.release(round_.window, make.make_staff(round_.community))
    people = sorted((round_.buyer.pk, round_.parent.pk))

    assert round_.tell({round_.first: 1}) == 1
    with pytest.raises(StaleStatus):
        round_.tell({round_.first: 1}, "小区门口")
    # Beside one that was told the other is: the first of two people at the same page loses nothing.
    assert round_.tell({round_.first: 1, round_.second: 1}) == 1
    assert sorted(inbox()) == [(pk, "楼道口") for pk in people]

    assert round_.tell({round_.first: 2}, " 小区门口 ") == 1
    with pytest.raises(StaleStatus):
        round_.tell({round_.first: 2})

    assert sorted(inbox()[2:]) == [(pk, "小区门口") for pk in people]
    told = told_in(round_.window)
    assert {pk: (one.wave, one.place) for pk, one in told.items()} == {
        round_.first.pk: (2, "小区门口"),
        round_.second.pk: (1, "楼道口"),
    }
    assert round_.written() == (3, 3)


def test_robots_read_of_all_buildings_in_one_text(round_: Round) -> None:
    make.release(round_.window, make.make_staff(round_.community))
    with transaction.atomic():
        add_robot(
            community=round_.community,
            name="群",
            address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-of-the-group",
            secret="",
            topics=["delivery.arrived"],
            actor=make.SETUP,
        )

    round_.tell({round_.second: 1, round_.first: 1}, "小区门口")
    outbox.deliver_due()

    lines = GroupMessage.objects.get().text.split("\n")
    assert lines[:3] == ["【集单】【到货啦】联华", "楼栋：1号楼、2号楼", "取货地点：小区门口"]


def test_arrival_that_cannot_be_told_changes_nothing(round_: Round) -> None:
    def refused(error: type[DomainError], waves: dict[Building, int], place: str = "大门") -> None:
        with pytest.raises(error):
            round_.tell(waves, place)

    refused(NothingSent, {round_.first: 1})
    make.release(round_.window, make.make_staff(round_.community))
    nobody = round_.community.buildings.get(number="3")
    foreign = round_.window.orders.exclude(community=round_.community).get().household.building
    for waves in ({}, {nobody: 1}, {foreign: 1}, {round_.first: 1, foreign: 1}):
        refused(Invalid, waves)
    refused(Invalid, {round_.first: 2})
    drop_order(
        order=round_.window.orders.get(household__building=round_.second),
        actor=make.SETUP,
        reason="moved away",
    )
    refused(Invalid, {round_.second: 1})
    for place in ("", " ", "长" * 41, "找 138 0013 8000", "3号楼502"):
        refused(Invalid, {round_.first: 1}, place)

    assert round_.written() == (0, 0)
    assert require_place("1号楼门口") == "1号楼门口"


def test_arrival_is_not_told_to_who_gets_nothing(round_: Round) -> None:
    make.release(round_.window, make.make_staff(round_.community))
    with_nothing = round_.window.orders.get(household__building=round_.first)
    Allocation.objects.filter(line__order=with_nothing).update(quantity=0)

    with pytest.raises(Invalid):
        round_.tell({round_.first: 1})

    assert inbox() == []

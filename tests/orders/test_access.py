"""Who loads which window, order and supplier order. Somebody else's is not found; foreign rows are always there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from pytest_django import DjangoAssertNumQueries

from communities.models import Community, User
from communities.people import end_membership
from communities.roles import COORDINATORS, Role
from config.kernel import clock
from config.kernel.errors import Forbidden, NotFound
from orders.access import (
    ResidentWindow,
    access_order,
    access_order_as_coordinator,
    access_supplier_order,
    access_window,
    access_window_as_resident,
    orders_of_resident,
    windows_for_resident,
)
from orders.models import Order, OrderWindow
from orders.supply.dropping import drop_order
from tests import factories as make

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """`window` is led by `community`, `other` buys in it too; `foreign` has a window of its own."""

    community: Community
    other: Community
    foreign: Community
    window: OrderWindow
    foreign_window: OrderWindow
    order: Order
    foreign_order: Order


@pytest.fixture
def world() -> World:
    community, other, foreign = (make.make_community() for _place in range(3))
    window = make.make_window(community, others=[other])
    foreign_window = make.make_window(foreign)
    return World(
        community,
        other,
        foreign,
        window,
        foreign_window,
        make.order(window, make.household(other), 1),
        make.order(foreign_window, make.household(foreign), 1),
    )


def test_resident_sees_published_windows_of_his_communities(world: World) -> None:
    make.make_window(world.other, state="ready")
    user = make.make_resident(world.other)

    assert list(windows_for_resident(user)) == [world.window]


def test_resident_of_two_households_sees_a_window_once(world: World) -> None:
    user = make.make_resident(world.other)
    make.grant(user, Role.RESIDENT, world.community, household=make.household(world.community))

    assert list(windows_for_resident(user)) == [world.window]


def test_access_window_as_resident_is_his_own_community_and_household(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.make_resident(world.other, "101")
    user = make.make_resident(world.other, "102")

    with django_assert_num_queries(1):
        seen = access_window_as_resident(user, public_id=world.window.public_id)

    home = make.household(world.other, "102")
    assert seen == ResidentWindow(world.window.pk, world.other.pk, home.pk)


def test_access_window_as_resident_of_two_households_is_the_one_joined_first(world: World) -> None:
    user = make.make_resident(world.other)
    make.grant(user, Role.RESIDENT, world.community, household=make.household(world.community))

    seen = access_window_as_resident(user, public_id=world.window.public_id)

    assert seen.community_id == world.other.pk


@pytest.mark.parametrize(
    "why", ["draft", "foreign", "ended", "moved out", "staff only", "invented"]
)
def test_access_window_as_resident_of_anything_else_is_not_found(why: str, world: World) -> None:
    window = world.window
    user = make.make_user() if why == "staff only" else make.make_resident(world.community)
    if why == "draft":
        window = make.make_window(world.community, state="draft")
    elif why == "foreign":
        window = world.foreign_window
    elif why == "ended":
        end_membership(membership=user.memberships.get(), actor=make.SETUP, at=clock.now())
    elif why == "moved out":
        world.community.households.update(is_active=False)
    elif why == "staff only":
        make.grant(user, Role.ORGANISER, world.community)

    with pytest.raises(NotFound):
        access_window_as_resident(
            user, public_id=uuid.uuid4() if why == "invented" else window.public_id
        )


def test_access_window_is_for_the_leading_community(world: World) -> None:
    organiser = make.make_staff(world.community)

    assert (
        access_window(organiser, public_id=world.window.public_id, roles=COORDINATORS)
        == world.window
    )
    with pytest.raises(NotFound):
        access_window(
            make.make_staff(world.other), public_id=world.window.public_id, roles=COORDINATORS
        )
    with pytest.raises(NotFound):
        access_window(organiser, public_id=world.foreign_window.public_id, roles=COORDINATORS)


def test_access_window_with_a_lower_role_is_forbidden_and_as_a_resident_not_found(
    world: World,
) -> None:
    volunteer = make.make_staff(world.community, Role.VOLUNTEER)

    with pytest.raises(Forbidden):
        access_window(volunteer, public_id=world.window.public_id, roles=COORDINATORS)
    with pytest.raises(NotFound):
        access_window(
            make.make_resident(world.community),
            public_id=world.window.public_id,
            roles=COORDINATORS,
        )


def test_access_order_is_for_everybody_of_the_household_and_nobody_else(world: World) -> None:
    own, wife = make.make_resident(world.other, "101"), make.make_resident(world.other, "101")
    neighbour = make.make_resident(world.other, "102")

    assert access_order(own, public_id=world.order.public_id) == world.order
    assert list(orders_of_resident(wife)) == [world.order]
    for user, order in [(neighbour, world.order), (own, world.foreign_order)]:
        with pytest.raises(NotFound):
            access_order(user, public_id=order.public_id)
    assert list(orders_of_resident(neighbour)) == []


def test_access_order_of_somebody_who_moved_out_is_not_found(world: World) -> None:
    user = make.make_resident(world.other)
    end_membership(membership=user.memberships.get(), actor=make.SETUP, at=clock.now())

    with pytest.raises(NotFound):
        access_order(user, public_id=world.order.public_id)


def test_access_order_as_coordinator_is_by_the_leading_community(world: World) -> None:
    def load(user: User, order: Order) -> Order:
        return access_order_as_coordinator(user, public_id=order.public_id, roles=COORDINATORS)

    organiser = make.make_staff(world.community)

    assert load(organiser, world.order) == world.order
    with pytest.raises(Forbidden):
        load(make.make_staff(world.community, Role.VOLUNTEER), world.order)
    for user, order in [
        (organiser, world.foreign_order),
        (make.make_staff(world.other), world.order),
        (make.make_resident(world.other), world.order),
    ]:
        with pytest.raises(NotFound):
            load(user, order)
    with pytest.raises(NotFound):
        access_order_as_coordinator(organiser, public_id=uuid.uuid4(), roles=COORDINATORS)


def test_access_supplier_order_is_what_the_supplier_was_told_newest_first(world: World) -> None:
    organiser = make.make_staff(world.community)
    make.order(world.window, make.household(world.community), 2)
    first = make.release(world.window, organiser)
    drop_order(order=world.order, actor=make.SETUP, reason="moved away")
    prepared = make.prepare(world.window)
    supplier, foreign = world.window.supplier, world.foreign_window.supplier

    assert access_supplier_order(supplier, number=first.number) == first
    with pytest.raises(NotFound):
        access_supplier_order(supplier, number=first.number, revision=2)
    with pytest.raises(NotFound):
        access_supplier_order(foreign, number=first.number)

    make.release(world.window, organiser)
    assert access_supplier_order(supplier, number=first.number) == prepared
    assert access_supplier_order(supplier, number=first.number, revision=1) == first

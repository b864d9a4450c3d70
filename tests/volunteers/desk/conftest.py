"""Two communities, people on duty in each, and the browser of one of them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.test import Client

from communities.models import Community, User
from communities.roles import Role
from orders.models import OrderWindow
from tests import factories as make
from tests.api.client import prepare, release
from tests.sessions import signed_in

Enter = Callable[[User], Client]


@dataclass(frozen=True)
class World:
    """`home` with four households and people of several roles; `away` with an organiser of its own."""

    home: Community
    away: Community
    organiser: User
    checker: User
    volunteer: User
    property: User
    stranger: User
    resident: User


def make_world() -> World:
    home = make.make_community(rooms=("101", "102", "201", "202"))
    away = make.make_community()
    return World(
        home=home,
        away=away,
        organiser=make.make_staff(home, Role.ORGANISER),
        checker=make.make_staff(home, Role.CHECKER),
        volunteer=make.make_staff(home, Role.VOLUNTEER),
        property=make.make_staff(home, Role.PROPERTY),
        stranger=make.make_staff(away, Role.ORGANISER),
        resident=make.make_resident(home),
    )


@pytest.fixture(scope="module")
def _world(shared_db: None) -> World:
    return make_world()


@pytest.fixture
def world(_world: World, db: None) -> World:
    """The same rows for a module, but objects of its own for each test; a module with transactional tests makes its own
    for each.
    """
    return deepcopy(_world)


@pytest.fixture
def enter() -> Enter:
    """A signed-in browser in Chinese; it follows nothing by itself."""

    return signed_in


@pytest.fixture
def open_window(world: World) -> OrderWindow:
    return make.make_window(world.home, organiser=world.organiser)


def make_prepared(world: World, window: OrderWindow) -> OrderWindow:
    """Two households ordered, the cutoff passed, the consolidated order waits to be checked."""
    make.order(window, make.household(world.home, "101"), 2, 1)
    make.order(window, make.household(world.home, "102"), 1)
    prepare(window)
    return window


@pytest.fixture
def prepared(world: World, open_window: OrderWindow) -> OrderWindow:
    return make_prepared(world, open_window)


@pytest.fixture
def released(world: World, prepared: OrderWindow) -> OrderWindow:
    release(prepared.supplier_orders.get(), world.organiser)
    return prepared

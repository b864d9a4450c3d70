"""Two communities with rows of every kind, and people on duty in one of them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client

from communities import people
from communities.models import Building, Community, Household, Membership, Region, Resident, User
from communities.roles import Role
from config.kernel.audit import AuditEntry
from orders.models import Order, OrderWindow, SupplierOrder
from suppliers.models import Product, Supplier
from tests import factories as make
from tests.api.client import prepare, release
from tests.sessions import signed_in
from volunteers.models import PickList
from volunteers.picklists.building import build_pick_lists

Enter = Callable[[User], Client]


@dataclass(frozen=True)
class Place:
    """A community and one row of every kind that belongs to it."""

    community: Community
    organiser: User
    rows: dict[type[Model], Any]


def make_place() -> Place:
    """A round up to the pick lists, by the verbs."""
    community = make.make_community(rooms=("101",))
    organiser = make.make_staff(community)
    household = make.household(community)
    with transaction.atomic():
        resident = people.add_resident(
            household=household, name="张三", phone="13812345678", actor=make.SETUP
        )
    window = make.make_window(community, organiser=organiser)
    order = make.order(window, household, 1)
    supplier_order = release(prepare(window), organiser)
    with transaction.atomic():
        (pick_list,) = build_pick_lists(supplier_order_id=supplier_order.pk)
    return Place(
        community,
        organiser,
        {
            Region: community.region,
            Community: community,
            Building: community.buildings.get(),
            Household: household,
            Resident: resident,
            User: organiser,
            Membership: organiser.memberships.get(),
            Supplier: window.supplier,
            Product: window.supplier.products.order_by("pk").first(),
            OrderWindow: window,
            Order: order,
            SupplierOrder: supplier_order,
            PickList: pick_list,
            AuditEntry: AuditEntry.objects.filter(
                subject_kind="window", subject_id=window.pk
            ).first(),
        },
    )


@pytest.fixture(scope="module")
def _home(shared_db: None) -> Place:
    return make_place()


@pytest.fixture
def home(_home: Place, db: None) -> Place:
    """The same rows for a module; each test has objects of its own and what it changes is rolled back."""
    return deepcopy(_home)


@pytest.fixture(scope="module")
def _away(_home: Place) -> Place:
    return make_place()


@pytest.fixture
def away(_away: Place, home: Place) -> Place:
    return deepcopy(_away)


@pytest.fixture
def committee(home: Place) -> User:
    return make.make_staff(home.community, Role.COMMITTEE)


@pytest.fixture
def root(db: None) -> User:
    user = make.make_user(is_staff=True)
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    return user


@pytest.fixture
def enter() -> Enter:
    return signed_in

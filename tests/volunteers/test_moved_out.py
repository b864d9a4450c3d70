"""Whoever moved out is called, served, asked for and counted nowhere any more; his household still is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction
from django.test import RequestFactory

from communities.models import Household, Resident, User
from communities.people import add_resident, end_membership
from communities.roster.checking import check
from communities.roster.register import known_buildings
from communities.roster.storing import store_row
from config.kernel import clock
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from orders.models import Order, OrderWindow
from orders.notices.audience import people_of, standing
from orders.placing.proxy import Proxy, check_proxy
from tests import factories as make
from tests.sessions import signed_in
from volunteers.calling.calls import speaker_of
from volunteers.desk.homes import home_card
from volunteers.desk.selectors import silent_care_homes

pytestmark = pytest.mark.django_db


def move_in(home: Household, name: str, *, user: User | None = None, **said: object) -> Resident:
    with transaction.atomic():
        return add_resident(
            household=home,
            name=name,
            user=user,
            phone=str(said.get("phone", "")),
            is_contact=bool(said.get("is_contact")),
            actor=make.SETUP,
        )


@pytest.fixture
def home() -> Household:
    """A care household: the son spoke for it, ordered once and has moved out; his mother is there."""
    home = make.household(make.make_community(), "101")
    Household.objects.filter(pk=home.pk).update(needs_care=True)
    son = make.make_resident(home.community)
    move_in(home, "小王", user=son, phone="13800138000", is_contact=True)
    move_in(home, "王奶奶", phone="13912345678")
    window = make.make_window(home.community)
    make.order(window, home, 1, actor=Actor("user", son.pk))
    make.order(window, home, 1)
    with transaction.atomic():
        end_membership(membership=son.memberships.get(), actor=make.SETUP, at=clock.now())
    return Household.objects.get(pk=home.pk)


def test_whoever_moved_out_is_called_for_no_more(home: Household) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.create(username="root", is_superuser=True)
    window = make.make_window(home.community)

    speaker = speaker_of(home)
    (listed,) = (row for row in silent_care_homes(window, request) if row.pk == home.pk)

    assert speaker is not None
    assert speaker.name == "王奶奶"
    assert listed.contact == "王奶奶"  # type: ignore[attr-defined]
    assert [person.name for person in home_card(window, home).people] == ["王奶奶"]


def test_whoever_moved_out_receives_nothing_and_is_told_nothing(home: Household) -> None:
    window = OrderWindow.objects.get()
    gone = Resident.objects.get(name="小王")
    proxy = Proxy("phone", receiver_id=gone.pk)

    with pytest.raises(Invalid) as refused:
        check_proxy(proxy, window_id=window.pk, household=home)
    mother = Resident.objects.get(name="王奶奶")
    check_proxy(replace(proxy, receiver_id=mother.pk), window_id=window.pk, household=home)

    assert list(refused.value.fields) == ["receiver"]
    assert Order.objects.filter(placed_by=gone.user).count() == 1
    assert people_of(standing(window)) == set()


def test_whoever_moved_out_is_not_on_the_roster(home: Household) -> None:
    known = known_buildings(home.community_id)
    people = [
        person.name
        for building in known
        for one in building.homes.values()
        for person in one.residents
    ]

    assert people == ["王奶奶"]
    assert check(home.community_id).people == 1


def test_whoever_moved_in_under_the_name_of_one_who_left_is_somebody_else(
    home: Household,
) -> None:
    gone = Resident.objects.get(name="小王")
    building = home.building
    row = {
        "place": (building.lane, building.number, building.unit, home.room),
        "household": home.pk,
        "home": {},
        "was": {},
        "name": "小王",
        "phone": "",
        "is_contact": False,
    }

    with transaction.atomic():
        store_row(home.community_id, row, make.SETUP)

    assert list(
        Resident.objects.filter(name="小王").order_by("pk").values_list("left_at", "is_contact")
    ) == [(gone.left_at, True), (None, True)]


def test_who_orders_himself_is_led_to_his_role_which_says_its_door(home: Household) -> None:
    daughter = make.make_resident(home.community)
    resident = move_in(home, "王小美", user=daughter)
    console = signed_in(make.make_staff(home.community))
    role = daughter.memberships.get()

    page = console.get(f"/admin/communities/resident/{resident.pk}/change/").content.decode()
    there = console.get(f"/admin/communities/membership/{role.pk}/change/").content.decode()

    assert f"/admin/communities/membership/{role.pk}/change/" in page
    assert "moved-out/" not in page
    assert f" · {home.community.name} 1号楼 101" in there

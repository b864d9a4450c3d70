"""Rows by rule, beside what is there; and what is odd in a register."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities import people
from communities.models import Building, Community, Household
from communities.roster.checking import check
from communities.roster.making import Made, make_homes, propose
from communities.roster.rules import Plan, houses_of
from config.kernel.audit import AuditEntry
from tests import factories as make

PLAN = Plan(numbers=["1", "2"], floors=2, doors=2)


@pytest.fixture
def home(db: None) -> Community:
    """1号楼 with 101 and 301; a community of the same numbers beside it."""
    make.make_community()
    return make.make_community(rooms=("101", "301"))


def made(community: Community, plan: Plan = PLAN) -> Made:
    with transaction.atomic():
        return make_homes(community=community, houses=houses_of(plan), actor=make.SETUP)


def test_make_homes_adds_what_is_missing_and_keeps_the_rest(home: Community) -> None:
    before = set(Household.objects.values_list("pk", flat=True))

    assert [(one.is_new, one.new_rooms) for one in propose(home.pk, houses_of(PLAN))] == [
        (False, ["102", "201", "202"]),
        (True, ["101", "102", "201", "202"]),
    ]
    assert made(home) == Made(buildings=1, households=7)

    rooms = Household.objects.filter(community=home).order_by("building__sort_key", "sort_key")
    assert list(rooms.values_list("building__label", "room")) == [
        *(("1号楼", room) for room in ("101", "102", "201", "202", "301")),
        *(("2号楼", room) for room in ("101", "102", "201", "202")),
    ]
    assert before <= set(rooms.values_list("pk", flat=True)) | before
    assert Household.objects.count() == len(before) + 7
    second = Building.objects.get(community=home, number="2")
    assert (second.floors, second.doors) == (2, 2)
    assert AuditEntry.objects.filter(action="building.households_added").count() == 2


def test_make_homes_twice_changes_nothing(home: Community) -> None:
    made(home)
    past = AuditEntry.objects.count()

    assert made(home) == Made(0, 0)
    assert AuditEntry.objects.count() == past


def test_make_homes_knows_a_room_by_another_spelling(home: Community) -> None:
    plan = Plan(numbers=["01"], floors=1, doors=1)

    assert [one.new_rooms for one in propose(home.pk, houses_of(plan))] == [[]]


def test_check_finds_gaps_twins_empty_doors_and_care_without_phone(home: Community) -> None:
    made(home)
    Building.objects.filter(community=home, number="1").update(floors=2)
    with transaction.atomic():
        doors = {
            one.room: one for one in Household.objects.filter(building__number="1", community=home)
        }
        people.add_resident(
            household=doors["101"], name="王芳", phone="13900139000", actor=make.SETUP
        )
        people.add_resident(
            household=doors["102"], name="王 芳", phone="13900139000", actor=make.SETUP
        )
        people.add_resident(household=doors["201"], name="李梅", actor=make.SETUP)
    Household.objects.filter(pk=doors["201"].pk).update(needs_care=True)
    Household.objects.filter(pk=doors["202"].pk).delete()

    found = check(home.pk)

    assert (found.buildings, found.households, found.people) == (2, 8, 3)
    assert (found.with_phone, found.care) == (2, 1)
    assert found.gaps == [("1号楼", ["202"])]
    assert [(one.room, other.room) for one, other in found.twins] == [("101", "102")]
    assert [door.room for door in found.beyond] == ["301"]
    assert [(door.building, door.room) for door in found.empty] == [
        ("1号楼", "301"),
        *(("2号楼", room) for room in ("101", "102", "201", "202")),
    ]
    assert [door.room for door in found.care_without_phone] == ["201"]


def test_check_asks_the_same_number_of_questions_of_any_size(home: Community) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            check(home.pk)
        return len(queries)

    # Rules about rooms; buildings; households with their numbers; residents with a phone.
    assert asked() == 4
    made(home)
    assert asked() == 4

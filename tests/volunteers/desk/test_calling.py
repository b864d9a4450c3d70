"""The list of whom to call, calls to be returned, and who of the volunteers is at it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import people
from communities.models import Household
from communities.roles import Role
from config.kernel.audit import AuditEntry
from orders.models import OrderWindow
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, offences, told
from volunteers.models import PhoneCall

CALLS = f"{DESK}calls/"


@pytest.fixture
def silent(world: World) -> list[Household]:
    """201 needs care and has a number, 202 has no smartphone; 101 has one."""
    care, offline = make.household(world.home, "201"), make.household(world.home, "202")
    Household.objects.filter(pk=care.pk).update(needs_care=True)
    Household.objects.filter(pk=offline.pk).update(has_smartphone=False)
    foreign = make.household(world.away)
    Household.objects.filter(pk=foreign.pk).update(needs_care=True)
    with transaction.atomic():
        people.add_resident(
            household=care, name="王奶奶", phone="13800138000", is_contact=True, actor=make.SETUP
        )
    return [care, offline]


def post(browser: Client, window: OrderWindow, home: Household, **fields: Any) -> Any:
    return browser.post(at(window, "care/"), {"household": home.public_id, **fields})


def test_list_names_who_has_not_ordered_and_has_no_other_way(
    world: World, silent: list[Household], open_window: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.volunteer)

    page = browser.get(at(open_window, "care/"))

    assert [home.room for home in page.context["rows"]] == ["201", "202"]
    text = page.content.decode()
    assert "138****8000" in text
    assert "13800138000" not in text
    assert offences(page) == []
    make.order(open_window, silent[0], 1)
    assert [home.room for home in browser.get(at(open_window, "care/")).context["rows"]] == ["202"]


def test_call_that_is_taken_shows_the_number_and_to_others_who_calls(
    world: World, silent: list[Household], open_window: OrderWindow, enter: Enter
) -> None:
    other = make.make_staff(world.home, Role.VOLUNTEER)

    page = post(enter(world.volunteer), open_window, silent[0])

    assert 'href="tel:+8613800138000"' in page.content.decode()
    assert offences(page) == []
    assert AuditEntry.objects.filter(action="resident.phone_shown").count() == 1
    seen = enter(other).get(at(open_window, "care/")).content.decode()
    assert f"{world.volunteer.username} 正在打" in seen
    refused = post(enter(other), open_window, silent[0])
    assert told(refused) == [f"{world.volunteer.username} 正在打这一户的电话。"]
    assert AuditEntry.objects.filter(action="resident.phone_shown").count() == 1


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ("no_answer", "waiting", "没人接"),
        ("wants_nothing", "done", "这次不要"),
        ("will_order", "done", "自己会下单"),
        ("reached", "done", "已沟通"),
    ],
)
def test_outcome_of_a_call_is_kept_and_shown(
    outcome: str,
    status: str,
    words: str,
    world: World,
    silent: list[Household],
    open_window: OrderWindow,
    enter: Enter,
) -> None:
    browser = enter(world.volunteer)
    post(browser, open_window, silent[0])

    post(browser, open_window, silent[0], outcome=outcome)

    call = PhoneCall.objects.get()
    assert (call.status, call.outcome, call.attempts) == (status, outcome, 1)
    page = browser.get(at(open_window, "care/"))
    assert words in page.content.decode()
    # What is settled goes to the end.
    rooms = [home.room for home in page.context["rows"]]
    assert rooms == (["202", "201"] if status == "done" else ["201", "202"])


def test_call_ended_twice_is_no_error(
    world: World, silent: list[Household], open_window: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.volunteer)
    for _tap in range(2):
        answer = post(browser, open_window, silent[0], outcome="wants_nothing")

    assert answer.status_code == 302
    assert PhoneCall.objects.get().attempts == 1


@pytest.mark.parametrize(
    ("fields", "door", "phone", "note"),
    [
        ({"door": "1-201"}, "201", "", ""),
        ({"phone": "139 1234 5678", "name": "小李", "note": "鸡蛋"}, None, "139****5678", "鸡蛋"),
        ({"door": "1号楼201室", "phone": "13912345678"}, "201", "139****5678", ""),
        ({"phone": "13912345678", "due": "23:59"}, None, "139****5678", ""),
    ],
)
def test_call_to_return_is_noted_and_made(
    fields: dict[str, str],
    door: str | None,
    phone: str,
    note: str,
    world: World,
    open_window: OrderWindow,
    enter: Enter,
) -> None:
    browser = enter(world.volunteer)

    noted = browser.post(CALLS, {"community": world.home.pk, **fields})

    assert told(noted) == ["已记下，待回电。"]
    call = PhoneCall.objects.select_related("household").get()
    assert (call.household and call.household.room) == door
    assert (call.phone_masked, call.note, call.created_by) == (phone, note, world.volunteer)
    assert (call.due_at is not None) == ("due" in fields)
    listed = browser.get(CALLS)
    assert [row.pk for row in listed.context["page"]] == [call.pk]
    assert offences(listed) == []
    taken = browser.post(f"{CALLS}{call.public_id}/")
    assert (">139 1234 5678</a>" in taken.content.decode()) == bool(phone)
    # Whoever is called back often wants to order.
    assert (at(open_window, "entry/") in taken.content.decode()) == bool(door)
    browser.post(f"{CALLS}{call.public_id}/", {"outcome": "reached"})
    assert not browser.get(CALLS).context["page"].object_list


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"phone": "12"},
        {"door": "9-999"},
        {"door": "1"},
        {"phone": "13912345678", "due": "25:00"},
        {"phone": "\0", "name": "x" * 41},
    ],
)
def test_call_that_reaches_nobody_is_asked_about_and_nothing_is_lost(
    fields: dict[str, str], world: World, enter: Enter
) -> None:
    browser = enter(world.volunteer)

    page = browser.post(CALLS, {"community": world.home.pk, "note": "鸡蛋", **fields})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert 'value="鸡蛋"' in page.content.decode()
    assert not PhoneCall.objects.exists()


def test_calls_of_others_are_not_there(world: World, enter: Enter) -> None:
    other = make.building(world.home, "2", "301")
    leader = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, world.home, building=other)
    volunteer = enter(world.volunteer)
    for fields in ({"door": "1-201"}, {"phone": "13912345678"}, {"door": "2-301"}):
        volunteer.post(CALLS, {"community": world.home.pk, **fields})
    home, number, own = PhoneCall.objects.order_by("pk")

    assert [row.pk for row in enter(leader).get(CALLS).context["page"]] == [own.pk]
    assert not enter(world.stranger).get(CALLS).context["page"].object_list
    for user, call in ((leader, home), (leader, number), (world.stranger, home)):
        assert enter(user).post(f"{CALLS}{call.public_id}/").status_code == 404
    assert enter(world.property).post(f"{CALLS}{home.public_id}/").status_code == 403
    assert enter(world.property).get(CALLS).status_code == 403
    assert set(PhoneCall.objects.values_list("status", flat=True)) == {"waiting"}
    mine = enter(leader)
    mine.post(CALLS, {"community": world.home.pk, "phone": "13712345678"})
    assert [row.phone_masked for row in mine.get(CALLS).context["page"]] == ["", "137****5678"]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_statements_for_one_call_and_three(
    rows: int, world: World, open_window: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.volunteer)
    for home in Household.objects.filter(community=world.home).order_by("pk")[:rows]:
        Household.objects.filter(pk=home.pk).update(needs_care=True)
        browser.post(CALLS, {"community": world.home.pk, "door": f"1-{home.room}"})
        post(browser, open_window, home, outcome="no_answer")

    browser.get(CALLS)
    with CaptureQueriesContext(connection) as of_care:
        assert len(browser.get(at(open_window, "care/")).context["rows"]) == rows
    with CaptureQueriesContext(connection) as of_calls:
        assert len(browser.get(CALLS).context["page"]) == rows

    # session, user, memberships, window; roles with their communities, the homes = 6
    assert len(of_care) == 6, "\n".join(q["sql"][:150] for q in of_care)
    # session, user; memberships, any community; memberships, communities of the form and its choices;
    # memberships and communities of the scope, twice; count, calls
    assert len(of_calls) <= 14, "\n".join(q["sql"][:150] for q in of_calls)

"""Surveys and single requests on the desk."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.roles import Role
from config.kernel.audit import AuditEntry
from orders.models import OrderWindow, SingleRequest, Survey, SurveyItem
from suppliers.models import Supplier
from tests import factories as make
from tests.factories.demand import answer, make_request, make_survey
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, offences

SURVEYS, REQUESTS = f"{DESK}surveys/", f"{DESK}requests/"


@pytest.fixture
def supplier(world: World) -> Supplier:
    return make.make_supplier(world.home)


@pytest.fixture
def survey(world: World, supplier: Supplier) -> Survey:
    made = make_survey(world.home, supplier=supplier, organiser=world.organiser, words=["豆浆"])
    answer(made, make.household(world.home, "101"), 2, 1, 4)
    answer(made, make.household(world.home, "102"), 3)
    return made


def fields_of(world: World, supplier: Supplier, **changes: Any) -> dict[str, Any]:
    return {
        "once": "b" * 32,
        "communities": [world.home.pk],
        "title": "下周想要什么",
        "open_until": "2031-04-20T18:00",
        "notice": "请周四前填写",
        "words": "无糖豆浆\r\n\r\n 馒头 ",
        "product": [supplier.products.order_by("pk")[0].pk],
        **changes,
    }


def new(supplier: Supplier) -> str:
    return f"{SURVEYS}new/{supplier.public_id}/"


def test_survey_is_asked_once_however_often_the_form_is_sent(
    world: World, enter: Enter, supplier: Supplier
) -> None:
    browser, fields = enter(world.organiser), fields_of(world, supplier)
    assert new(supplier) in browser.get(f"{SURVEYS}new/").content.decode()
    assert offences(browser.get(new(supplier))) == []

    answers = [browser.post(new(supplier), fields) for _click in range(2)]

    survey = Survey.objects.get()
    assert [one["Location"] for one in answers] == [f"{SURVEYS}{survey.public_id}/"] * 2
    assert list(SurveyItem.objects.order_by("position").values_list("name", flat=True)) == [
        *("商品1", "无糖豆浆", "馒头"),
    ]
    assert survey.open_until == datetime(2031, 4, 20, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert list(survey.asked.values_list("community", flat=True)) == [world.home.pk]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"communities": []}, "communities"),
        ({"communities": ["away"]}, "communities"),
        ({"title": ""}, "title"),
        ({"open_until": "morgen"}, "open_until"),
        ({"open_until": "2021-04-20T18:00"}, "open_until"),
        ({"words": "长" * 81}, "words"),
        ({"words": "", "product": []}, "__all__"),
        ({"words": "", "product": ["0", "x", "9" * 30]}, "__all__"),
    ],
)
def test_survey_with_bad_input_says_where_and_loses_nothing(
    world: World, enter: Enter, supplier: Supplier, changes: dict[str, Any], field: str
) -> None:
    if changes.get("communities") == ["away"]:
        changes = {"communities": [world.away.pk]}

    response = enter(world.organiser).post(new(supplier), fields_of(world, supplier, **changes))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "请周四前填写" in response.content.decode()
    assert Survey.objects.count() == 0


def test_survey_shows_its_totals_and_gives_them_to_the_supplier(
    world: World, enter: Enter, survey: Survey
) -> None:
    browser = enter(world.property)

    page = browser.get(f"{SURVEYS}{survey.public_id}/")
    file = browser.get(f"{SURVEYS}{survey.public_id}/file/csv/")

    assert [one.pieces for one in page.context["totals"]] == [5, 1, 4]
    assert offences(page) == []
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert ["1", "商品1", "500g/袋", "袋", "5", "2"] in rows
    entry = AuditEntry.objects.get(action="file.downloaded")
    assert (entry.subject_kind, entry.subject_id) == ("survey", survey.pk)
    assert browser.get(f"{SURVEYS}{survey.public_id}/file/exe/").status_code == 404


def test_survey_becomes_one_draft_however_often_the_form_is_sent(
    world: World, enter: Enter, survey: Survey
) -> None:
    browser, address = enter(world.organiser), f"{SURVEYS}{survey.public_id}/draft/"
    page = browser.get(address)
    times = page.context["times"]
    typed = {name: times[name].value() for name in times.fields}
    typed |= {"at_least": "5", "once": page.context["once"]}
    refused = browser.post(address, typed | {"at_least": "100", "once": "c" * 32})
    assert OrderWindow.objects.count() == 0

    answers = [browser.post(address, typed) for _click in range(2)]

    window = OrderWindow.objects.get()
    assert "没有商品达到这个数量" in refused.content.decode()
    assert [one["Location"] for one in answers] == [at(window)] * 2
    assert [offer.name for offer in make.offers_of(window)] == ["商品1"]


def test_survey_is_closed_by_one_tap(world: World, enter: Enter, survey: Survey) -> None:
    browser = enter(world.organiser)
    for _click in range(2):
        browser.post(f"{SURVEYS}{survey.public_id}/close/")

    survey.refresh_from_db()
    assert survey.status == "closed"


@pytest.mark.parametrize("rest", ["", "draft/", "file/csv/"])
def test_survey_of_another_community_is_not_found(
    world: World, enter: Enter, survey: Survey, rest: str
) -> None:
    assert enter(world.stranger).get(f"{SURVEYS}{survey.public_id}/{rest}").status_code == 404


@pytest.fixture
def asked(world: World) -> SingleRequest:
    return make_request(make.household(world.home), by=world.resident, for_whom="婆婆")


def step(client: Any, asked: SingleRequest, name: str, **fields: Any) -> Any:
    return client.post(f"{REQUESTS}{asked.public_id}/", {"step": name, **fields})


def test_request_is_checked_promised_and_handed_over_from_the_desk(
    world: World, enter: Enter, asked: SingleRequest, supplier: Supplier
) -> None:
    browser = enter(world.volunteer)
    index = browser.get(DESK).content.decode()
    page = browser.get(f"{REQUESTS}{asked.public_id}/")
    seen = []
    for name, fields in (
        ("check", {"supplier": supplier.pk, "question": "高钙奶粉"}),
        ("stock", {"stock": "by_date", "on": "2031-04-22", "note": "周五"}),
        ("promise", {"on": "2031-04-22", "answer": "送上门"}),
        ("done", {}),
        ("done", {}),
    ):
        step(browser, asked, name, **fields)
        asked.refresh_from_db()
        seen.append(asked.status)

    assert f'href="{REQUESTS}">' in index
    assert '<span class="count">1</span>' in index
    assert "婆婆" in page.content.decode()
    assert offences(page) == []
    assert seen == ["checking", "checked", "promised", "done", "done"]
    assert (asked.promised_on, asked.answer) == (date(2031, 4, 22), "送上门")


@pytest.mark.parametrize(
    ("name", "fields", "kept"),
    [
        ("check", {"supplier": "0", "question": "奶粉要两罐"}, "奶粉要两罐"),
        ("promise", {"on": "", "answer": "送上门口"}, "送上门口"),
        ("promise", {"on": "9999-12-31", "answer": "送上门口"}, "送上门口"),
        ("refuse", {"answer": " "}, "办不到"),
    ],
)
def test_request_answered_wrongly_stays_as_it_was_and_loses_nothing(
    world: World, enter: Enter, asked: SingleRequest, name: str, fields: dict[str, str], kept: str
) -> None:
    response = step(enter(world.volunteer), asked, name, **fields)

    asked.refresh_from_db()
    assert (response.status_code, asked.status) == (200, "asked")
    assert kept in response.content.decode()


def test_request_is_written_down_once_for_a_door_that_is_known(world: World, enter: Enter) -> None:
    browser, home = enter(world.volunteer), make.household(world.home, "101")
    given = {"once": "c" * 32, "door": "1-101", "what": "奶粉", "quantity": "2", "note": "奶奶来电"}
    unknown = browser.post(f"{REQUESTS}new/", {**given, "door": "77-999"})
    foreign = browser.post(f"{REQUESTS}new/", {**given, "door": "<b>\x00"})
    assert unknown.context["form"].errors["door"] == ["没有找到这一户。"]
    assert foreign.status_code == 200
    assert not SingleRequest.objects.exists()

    answers = [browser.post(f"{REQUESTS}new/", given) for _tap in range(2)]

    asked = SingleRequest.objects.get()
    assert (asked.household, asked.what, asked.quantity) == (home, "奶粉", 2)
    assert (asked.asked_by, asked.note) == (world.volunteer, "奶奶来电")
    assert [answer["Location"] for answer in answers] == [f"{REQUESTS}{asked.public_id}/"] * 2


def test_requests_are_for_the_hands_of_the_community_and_a_leader_of_the_building(
    world: World, enter: Enter, asked: SingleRequest
) -> None:
    address = f"{REQUESTS}{asked.public_id}/"
    second = make.building(world.home, "2", "301")
    leaders = [make.make_user(is_staff=True) for _one in range(2)]
    for user, building in zip(leaders, (asked.household.building, second), strict=True):
        make.grant(user, Role.BUILDING_LEADER, world.home, building=building)

    people = (world.volunteer, leaders[0], leaders[1], world.property, world.stranger)
    assert [enter(user).get(address).status_code for user in people] == [200, 200, 404, 403, 404]
    listed = [enter(user).get(REQUESTS) for user in people]
    assert [page.status_code for page in listed] == [200, 200, 200, 403, 200]
    shown = ["高钙奶粉" in page.content.decode() for page in listed]
    assert shown == [True, True, False, False, False]


def _statements(browser: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_pages_take_the_same_statements_for_one_and_three(
    world: World, enter: Enter, survey: Survey, asked: SingleRequest
) -> None:
    browser = enter(world.organiser)
    addresses = (
        SURVEYS,
        f"{SURVEYS}{survey.public_id}/",
        REQUESTS,
        f"{REQUESTS}{asked.public_id}/",
    )
    counted = []
    for _turn in range(2):
        counted.append([_statements(browser, address) for address in addresses])
        for room in ("201", "202"):
            make_survey(world.home, supplier=survey.supplier, organiser=world.organiser)
            answer(survey, make.household(world.home, room), 1, 1)
            make_request(make.household(world.home, room))

    # surveys: session, user, staff, memberships, count, rows, roles. One: session, user, memberships, survey,
    # communities, roles; communities, sums, items, replies.
    # requests: session, user, roles, memberships, communities, count, rows. One: session, user, memberships,
    # communities, request, suppliers to ask.
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 11

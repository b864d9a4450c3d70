"""Surveys and single requests over HTTP: residents answer and ask, suppliers see totals and words."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from communities.models import Community, User
from communities.roles import Role
from config.kernel import clock
from orders.models import SingleRequest, Survey, SurveyReply, SurveyWish
from suppliers.models import Supplier
from tests import factories as make
from tests.api.client import Api, signed_in, supplier_client
from tests.factories.demand import answer, items_of, make_request, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Community:
    return make.make_community("宛平南苑")


@pytest.fixture
def supplier(home: Community) -> Supplier:
    return make.make_supplier(home)


@pytest.fixture
def user(home: Community) -> User:
    return make.make_resident(home)


@pytest.fixture
def api(user: User) -> Api:
    return signed_in(user)


@pytest.fixture
def survey(home: Community, supplier: Supplier) -> Survey:
    make_survey(make.make_community())
    return make_survey(home, supplier=supplier, words=["无糖豆浆"], notice="请周四前回答")


def lines(survey: Survey, *quantities: int) -> dict[str, Any]:
    chosen = zip(items_of(survey), quantities, strict=False)
    return {"lines": [{"item": str(one.public_id), "quantity": n} for one, n in chosen if n]}


def test_resident_reads_a_survey_and_answers_it(api: Api, survey: Survey) -> None:
    listed = api.read("surveys").json()["results"]
    before = api.read(f"surveys/{survey.public_id}").json()

    answered = api.send(f"surveys/{survey.public_id}/answer", lines(survey, 2, 0, 1), method="PUT")
    after = api.read(f"surveys/{survey.public_id}").json()

    assert [row["id"] for row in listed] == [str(survey.public_id)]
    assert (before["community"], before["notice"]) == ("宛平南苑", "请周四前回答")
    assert (before["takes_answers"], before["answered_at"]) == (True, None)
    assert [(i["name"], i["price"], i["my_quantity"]) for i in before["items"]] == [
        *(("商品1", "3.90", 0), ("商品2", "12.50", 0), ("无糖豆浆", None, 0)),
    ]
    assert answered.status_code == 200
    assert answered.json()["lines"] == 2
    assert [i["my_quantity"] for i in after["items"]] == [2, 0, 1]
    assert after["answered_at"] == answered.json()["answered_at"]


def test_answer_is_repeated_byte_for_byte_and_replaced_by_the_next(
    api: Api, survey: Survey
) -> None:
    path = f"surveys/{survey.public_id}/answer"
    first, again = (
        api.send(path, lines(survey, 2), key="answer-0001", method="PUT") for _turn in range(2)
    )
    other = api.send(path, lines(survey, 3), key="answer-0001", method="PUT")
    assert api.send(path, {"lines": []}, method="PUT").status_code == 200

    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert (SurveyReply.objects.count(), SurveyWish.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lines": None},
        {"lines": [{"item": "x", "quantity": 1}]},
        {"lines": [{"item": str(uuid4()), "quantity": 0}]},
        {"lines": [{"item": str(uuid4()), "quantity": 10000}]},
        {"lines": [{"item": str(uuid4()), "quantity": "1"}]},
        {"lines": [{"item": str(uuid4()), "quantity": 1, "household": 1}]},
    ],
)
def test_bad_answer_is_refused_and_changes_nothing(
    api: Api, survey: Survey, body: dict[str, Any]
) -> None:
    assert api.send(f"surveys/{survey.public_id}/answer", body, method="PUT").status_code == 400
    assert SurveyReply.objects.count() == 0


def test_item_that_the_survey_does_not_ask_for_is_refused(api: Api, survey: Survey) -> None:
    body = {"lines": [{"item": str(uuid4()), "quantity": 1}]}

    refused = api.send(f"surveys/{survey.public_id}/answer", body, method="PUT")

    assert (refused.status_code, refused.json()["code"]) == (409, "unknown_item")
    assert SurveyReply.objects.count() == 0


def test_item_that_stands_twice_is_refused(api: Api, survey: Survey) -> None:
    (line,) = lines(survey, 1)["lines"]

    refused = api.send(f"surveys/{survey.public_id}/answer", {"lines": [line, line]}, method="PUT")

    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["lines"])
    assert SurveyReply.objects.count() == 0


def test_answer_after_its_time_is_refused(api: Api, survey: Survey, settings: Settings) -> None:
    settings.CLOCK_OFFSET_SECONDS = 25 * 3600

    refused = api.send(f"surveys/{survey.public_id}/answer", lines(survey, 2), method="PUT")

    assert (refused.status_code, refused.json()["code"]) == (409, "survey_closed")
    assert api.read("surveys").json()["results"][0]["takes_answers"] is False
    assert SurveyReply.objects.count() == 0


def test_supplier_sees_totals_and_nobody(
    home: Community, supplier: Supplier, user: User, survey: Survey
) -> None:
    answer(survey, make.household(home, "101"), 2, 1, by=user)
    answer(survey, make.household(home, "102"), 3)

    body = supplier_client(supplier).read("supplier/surveys").json()

    (one,) = body["results"]
    assert (one["communities"], one["replies"], one["is_over"]) == (["宛平南苑"], 2, False)
    assert [(i["name"], i["pieces"], i["households"]) for i in one["items"]] == [
        *(("商品1", 5, 2), ("商品2", 1, 1), ("无糖豆浆", 0, 0)),
    ]
    text = json.dumps(body, ensure_ascii=False)
    # An id may hold any figures.
    text = re.sub('"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"', "", text)
    assert [word for word in ("101", "102", user.username) if word in text] == []


NEED = {"what": "高钙奶粉", "quantity": 2, "for_whom": "婆婆", "note": "门铃坏了"}


def test_request_goes_from_the_resident_to_the_supplier_and_back(
    api: Api, home: Community, supplier: Supplier, user: User
) -> None:
    made = api.send("requests", NEED)
    row = SingleRequest.objects.get()
    make_request(make.household(make.make_community()))
    SingleRequest.objects.filter(pk=row.pk).update(
        supplier=supplier, question="奶粉", checked_at=clock.now(), status="checking"
    )
    shop = supplier_client(supplier)
    asked = shop.read("supplier/requests").json()["results"]

    answered = shop.send(
        f"supplier/requests/{row.public_id}/answer", {"stock": "by_date", "on": "2022-04-25"}
    )
    (shown,) = api.read("requests").json()["results"]

    assert made.status_code == 201
    assert {name: made.json()[name] for name in NEED} == NEED
    assert (made.json()["household"], made.json()["status"]) == ("1号楼 101", "asked")
    assert [(one["question"], one["quantity"], one["waits"]) for one in asked] == [
        ("奶粉", 2, True)
    ]
    assert [word for word in ("婆婆", "门铃", "101", "高钙") if word in json.dumps(asked)] == []
    assert answered.json()["waits"] is False
    assert (answered.json()["stock"], answered.json()["on"]) == ("by_date", "2022-04-25")
    assert (shown["status"], shown["can_withdraw"]) == ("checked", True)


def test_withdrawn_request_waits_no_more(api: Api, user: User, home: Community) -> None:
    row = make_request(make.household(home), by=user)
    path = f"requests/{row.public_id}/withdraw"

    done, again = api.send(path, {}), api.send(path, {})

    assert (done.status_code, done.json()["status"]) == (200, "withdrawn")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"what": ""},
        {"what": "长" * 121},
        {"what": "奶粉", "quantity": 0},
        {"what": "奶粉", "quantity": 1.5},
        {"what": "奶\u0000粉"},
        {"what": "奶粉", "status": "promised"},
        {"what": "奶粉", "household": "101"},
    ],
)
def test_bad_request_is_refused_and_changes_nothing(api: Api, body: dict[str, Any]) -> None:
    assert api.send("requests", body).status_code == 400
    assert SingleRequest.objects.count() == 0


def test_request_is_for_the_household_named_if_it_is_ones_own(
    api: Api, user: User, home: Community
) -> None:
    second = make.household(home, "102")
    foreign = make.household(make.make_community())
    body = {"what": "奶粉", "household": str(second.public_id)}
    assert api.send("requests", body).status_code == 404
    make.grant(user, Role.RESIDENT, home, household=second)

    made = api.send("requests", body)
    strange = api.send("requests", {**body, "household": str(foreign.public_id)})

    assert (made.json()["household"], strange.status_code) == ("1号楼 102", 404)
    assert SingleRequest.objects.get().household == second


def test_stock_is_told_once(supplier: Supplier, home: Community) -> None:
    row = make_request(make.household(home), supplier=supplier)
    shop, path = supplier_client(supplier), f"supplier/requests/{row.public_id}/answer"
    for body in ({"stock": "maybe"}, {"stock": "by_date"}, {"stock": "have", "on": "2022-04-25"}):
        assert shop.send(path, body).status_code == 400

    first, second = shop.send(path, {"stock": "have"}), shop.send(path, {"stock": "not"})

    assert (first.status_code, second.status_code) == (200, 409)
    row.refresh_from_db()
    assert row.stock == "have"


def _count(api: Api, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert api.read(path).status_code == 200
    return len(queries)


def test_lists_take_the_same_statements_for_one_and_three(
    api: Api, home: Community, supplier: Supplier, user: User
) -> None:
    shop = supplier_client(supplier)
    counted = []
    for number in (1, 3):
        while Survey.objects.count() < number:
            made = make_survey(home, supplier=supplier)
            answer(made, make.household(home), 1, 1)
            make_request(make.household(home), by=user, supplier=supplier)
        paths = ("surveys", f"surveys/{made.public_id}", "requests")
        counted.append(
            [
                *(_count(api, path) for path in paths),
                *(_count(shop, path) for path in ("supplier/surveys", "supplier/requests")),
            ]
        )

    # token, user; then surveys; own home, survey, community with it, reply, wishes, items; requests.
    # Of suppliers: key; surveys, communities, and the three of the totals; requests.
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 9


def test_survey_of_tomorrow_is_over_the_day_after(home: Community, settings: Settings) -> None:
    made = make_survey(home, open_until=clock.now() + timedelta(hours=2))
    settings.CLOCK_OFFSET_SECONDS = 2 * 3600 + 5

    body = supplier_client(made.supplier).read("supplier/surveys").json()

    assert body["results"][0]["is_over"] is True

"""Surveys: who is asked, what is answered, what it adds up to, and the round it becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from communities.models import Community, InboxMessage
from config.kernel import clock, outbox
from config.kernel.audit import AuditEntry
from config.kernel.errors import Invalid
from config.kernel.states import IllegalTransition
from orders.demand import surveys
from orders.demand.converting import NothingWanted, draft_from_survey
from orders.demand.replying import SurveyClosed, UnknownItem, answer_survey
from orders.demand.surveys import Asked
from orders.demand.totalling import totals
from orders.models import Invitation, OrderWindow, Survey, SurveyReply, SurveyWish
from orders.windows.drafting import ForeignProduct
from suppliers.models import Product
from tests import factories as make
from tests.factories.demand import answer, items_of, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Community:
    return make.make_community()


@pytest.fixture
def other() -> Community:
    return make.make_community()


@pytest.fixture
def survey(home: Community, other: Community) -> Survey:
    """Two products and one wish in words, asked in both communities."""
    return make_survey(home, other, words=["无糖豆浆"])


def summed(survey: Survey) -> list[tuple[str, int, int, tuple[int, ...]]]:
    rows = totals([survey])[survey.pk]
    return [(one.item.name, one.pieces, one.households, one.by_community) for one in rows]


def test_answers_are_summed_per_item_and_community(
    home: Community, other: Community, survey: Survey
) -> None:
    answer(survey, make.household(home, "101"), 2, 0, 1)
    answer(survey, make.household(home, "102"), 3)
    answer(survey, make.household(other), 4, 1)
    foreign = make_survey(other)
    answer(foreign, make.household(other), 9)

    assert summed(survey) == [
        ("商品1", 9, 3, (5, 4)),
        ("商品2", 1, 1, (0, 1)),
        ("无糖豆浆", 1, 1, (1, 0)),
    ]


def test_answer_takes_the_place_of_the_households_earlier_one(
    home: Community, survey: Survey
) -> None:
    door = make.household(home)
    for quantities in ((2, 1), (0, 3), (0, 3)):
        answer(survey, door, *quantities)
    assert [row[1:3] for row in summed(survey)] == [(0, 0), (3, 1), (0, 0)]

    answer(survey, door)

    assert [row[1] for row in summed(survey)] == [0, 0, 0]
    assert SurveyReply.objects.filter(survey=survey).count() == 1
    assert SurveyWish.objects.count() == 0


def _by_hand(survey: Survey, settings: Settings) -> None:
    surveys.close_survey(survey=survey, actor=make.SETUP)


def _by_time(survey: Survey, settings: Settings) -> None:
    settings.CLOCK_OFFSET_SECONDS = 24 * 3600 + 60


@pytest.mark.parametrize("end", [_by_hand, _by_time])
def test_answer_after_the_end_is_refused(
    home: Community, survey: Survey, settings: Settings, end: Callable[..., None]
) -> None:
    answer(survey, make.household(home), 2)
    end(survey, settings)

    with pytest.raises(SurveyClosed):
        answer(survey, make.household(home), 5)

    assert summed(survey)[0][1] == 2


def test_answer_about_something_else_is_refused(home: Community, survey: Survey) -> None:
    foreign = items_of(make_survey(home))[0].public_id
    door, user = make.household(home), make.make_user()
    for wishes in ({uuid4(): 1}, {items_of(survey)[0].public_id: 1, foreign: 1}):
        with pytest.raises(UnknownItem), transaction.atomic():
            answer_survey(
                survey_id=survey.pk,
                community_id=home.pk,
                household_id=door.pk,
                wishes=wishes,
                actor=user,
            )

    assert SurveyReply.objects.count() == 0


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"title": "  "}, "title"),
        ({"open_until": clock.now() - timedelta(days=400)}, "open_until"),
        ({"asked": Asked([])}, "product"),
        ({"asked": Asked([], [f"东西{number}" for number in range(201)])}, "product"),
    ],
)
def test_open_survey_that_asks_nothing_is_refused(
    home: Community, details: dict[str, Any], field: str
) -> None:
    supplier = make.make_supplier(home)
    given = {
        "title": "想要什么",
        "open_until": clock.now() + timedelta(hours=1),
        "asked": Asked(list(supplier.products.all())),
        **details,
    }

    with pytest.raises(Invalid) as refused:
        surveys.open_survey(
            communities=[home], supplier=supplier, actor=make.make_staff(home), **given
        )

    assert list(refused.value.fields) == [field]
    assert Survey.objects.count() == 0


def test_open_survey_about_another_suppliers_product_is_refused(home: Community) -> None:
    foreign = make.make_supplier(home)

    with pytest.raises(ForeignProduct):
        surveys.open_survey(
            communities=[home],
            supplier=make.make_supplier(home),
            asked=Asked(list(foreign.products.all())),
            title="想要什么",
            open_until=clock.now() + timedelta(hours=1),
            actor=make.make_staff(home),
        )

    assert Survey.objects.count() == 0


def test_open_survey_is_told_once_to_every_household_that_is_asked(
    home: Community, other: Community
) -> None:
    asked = [make.make_resident(home), make.make_resident(other)]
    make.make_resident(make.make_community())
    make_survey(home, other)

    for _turn in range(2):
        outbox.deliver_due()

    told = InboxMessage.objects.order_by("user").values_list("user", "kind", "data__title")
    assert list(told) == [(user.pk, "survey.opened", "下周想要什么") for user in asked]


def test_close_survey_twice_is_refused(survey: Survey) -> None:
    surveys.close_survey(survey=survey, actor=make.SETUP)

    with pytest.raises(IllegalTransition):
        surveys.close_survey(survey=survey, actor=make.SETUP)


def drafted(survey: Survey, at_least: int) -> OrderWindow:
    moment = clock.database_now()
    with transaction.atomic():
        return draft_from_survey(
            survey=survey,
            at_least=at_least,
            opens_at=moment + timedelta(hours=1),
            closes_at=moment + timedelta(hours=6),
            deliver_on=None,
            actor=survey.created_by,
        )


def test_survey_becomes_a_round_of_what_is_wanted_often_enough(
    home: Community, other: Community, survey: Survey
) -> None:
    answer(survey, make.household(home), 2, 5, 9)
    answer(survey, make.household(other), 2)
    Product.objects.filter(supplier=survey.supplier).update(price_fen=777)

    window = drafted(survey, 5)

    assert list(window.offers.values_list("name", "price_fen", "taken")) == [("商品2", 777, 0)]
    assert (window.status, window.community, window.supplier) == ("draft", home, survey.supplier)
    invited = Invitation.objects.values_list("window", "community", "status")
    assert list(invited) == [(window.pk, other.pk, "invited")]
    entry = AuditEntry.objects.get(action="survey.drafted")
    assert entry.data == {"window": window.pk, "at_least": 5}


@pytest.mark.parametrize("at_least", [10, 1])
def test_survey_in_which_no_product_is_wanted_becomes_no_round(
    home: Community, survey: Survey, at_least: int
) -> None:
    answer(survey, make.household(home), 0, 0, 9)

    with pytest.raises(NothingWanted):
        drafted(survey, at_least)

    assert OrderWindow.objects.count() == 0


def test_totals_take_the_same_statements_for_one_survey_and_three(
    home: Community, other: Community, django_assert_num_queries: Callable[[int], Any]
) -> None:
    made: list[Survey] = []
    for count in (1, 3):
        while len(made) < count:
            made.append(make_survey(home, other))
            answer(made[-1], make.household(home), 1, 1)
        # communities, sums, items with their products
        with django_assert_num_queries(3):
            assert len(totals(made)) == count

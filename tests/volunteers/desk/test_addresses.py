"""The desk's queue of addresses to confirm."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from communities.address_questions import Origin, ask_about_address
from communities.addresses.located import Certainty, Located, Reason
from communities.models import AddressQuestion, AddressRule, Community, Household
from communities.roles import Role
from communities.states import QuestionStatus
from config.kernel import clock
from config.kernel.audit import AuditEntry
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, told

pytestmark = pytest.mark.django_db
LIST = f"{DESK}addresses/"


def _ask(community: Community, text: str = "小屋 王阿姨", *homes: Household) -> AddressQuestion:
    ids = tuple(home.pk for home in homes)
    with transaction.atomic():
        return ask_about_address(
            community=community,
            text=text,
            located=Located(Certainty.DOUBTFUL, Reason.ROOM_MISSING, candidates=ids),
            origin=Origin("chat"),
            actor=make.SETUP,
            at=clock.now(),
            phone="13800138000",
        )


def _at(question: AddressQuestion, rest: str = "") -> str:
    return f"{LIST}{question.public_id}/{rest}"


def _status(question: AddressQuestion) -> tuple[str, int | None]:
    question.refresh_from_db()
    return question.status, question.household_id


def test_the_list_shows_own_open_questions_with_masked_phones(world: World, enter: Enter) -> None:
    own = _ask(world.home, "小屋 王阿姨", make.household(world.home, "102"))
    _ask(world.away, "别处 李阿姨")
    page = enter(world.volunteer).get(LIST).content.decode()
    assert "小屋 王阿姨" in page
    assert "138****8000" in page
    assert _at(own) in page
    assert "别处" not in page
    assert "13800138000" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_statements_for_one_and_three(
    world: World, enter: Enter, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        _ask(world.home, f"小屋{number}", make.household(world.home, "102"))
    client = enter(world.volunteer)
    # session; user; memberships and communities; memberships; count; questions; candidates
    with django_assert_num_queries(8):
        client.get(LIST)


def test_a_ticked_door_answers_and_a_second_click_is_harmless(world: World, enter: Enter) -> None:
    door = make.household(world.home, "102")
    question, client = _ask(world.home, "小屋 王阿姨", door), enter(world.volunteer)
    for _click in range(2):
        client.post(_at(question), {"household": door.pk, "building": "", "room": ""})
        assert _status(question) == (QuestionStatus.ANSWERED, door.pk)
    assert AuditEntry.objects.filter(action="address.confirmed").count() == 1


def test_a_typed_room_answers_however_it_is_written(world: World, enter: Enter) -> None:
    door, question = make.household(world.home, "201"), _ask(world.home)
    form = {"household": "", "building": door.building_id, "room": "２０１室", "remember": "on"}
    enter(world.volunteer).post(_at(question), form)
    assert _status(question) == (QuestionStatus.ANSWERED, door.pk)
    assert AddressRule.objects.get().household_id == door.pk


def test_a_room_that_is_not_there_keeps_what_was_typed(world: World, enter: Enter) -> None:
    door, question = make.household(world.home, "201"), _ask(world.home)
    response = enter(world.volunteer).post(
        _at(question), {"building": door.building_id, "room": "909"}
    )
    assert "没有这个室号" in response.content.decode()
    assert 'value="909"' in response.content.decode()
    assert _status(question) == (QuestionStatus.OPEN, None)


def test_numbers_are_not_remembered_and_nothing_is_answered(world: World, enter: Enter) -> None:
    door, question = make.household(world.home, "201"), _ask(world.home, "2-201")
    response = enter(world.volunteer).post(_at(question), {"household": door.pk, "remember": "on"})
    assert told(response) == ["只能记住名称：单写数字，下次可能指另一户。"]
    assert _status(question) == (QuestionStatus.OPEN, None)
    assert not AddressRule.objects.exists()


def test_a_door_of_another_community_is_not_found(world: World, enter: Enter) -> None:
    question = _ask(world.home)
    other = make.household(world.away, "101")
    response = enter(world.volunteer).post(_at(question), {"household": other.pk})
    assert response.status_code == 404
    assert _status(question) == (QuestionStatus.OPEN, None)


def test_a_question_is_dropped(world: World, enter: Enter) -> None:
    question = _ask(world.home)
    enter(world.volunteer).post(_at(question), {"drop": "1"})
    assert _status(question) == (QuestionStatus.DROPPED, None)


def test_the_number_is_shown_once_and_noted(world: World, enter: Enter) -> None:
    question = _ask(world.home)
    page = enter(world.volunteer).post(_at(question, "phone/")).content.decode()
    assert "+8613800138000" in page
    entry = AuditEntry.objects.get(action="address.phone_shown")
    assert (entry.actor_id, entry.subject_id) == (world.volunteer.pk, question.pk)


def test_the_number_of_a_closed_question_is_shown_to_nobody(world: World, enter: Enter) -> None:
    question, client = (
        _ask(world.home, "小屋", make.household(world.home, "102")),
        enter(world.volunteer),
    )
    client.post(_at(question), {"drop": "1"})

    answer = client.post(_at(question, "phone/"))

    assert (answer.status_code, "8000" in answer.content.decode()) == (409, False)
    assert "8000" not in client.get(_at(question)).content.decode()
    assert not AuditEntry.objects.filter(action="address.phone_shown").exists()


def test_a_leader_has_the_questions_of_his_building_alone(world: World, enter: Enter) -> None:
    second = make.building(world.home, "2", "201", "202")
    leader = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, world.home, building=second)
    mine, answered = (
        _ask(world.home, f"老槐树{n}", make.household(world.home, "102")) for n in "甲乙"
    )
    own = second.households.order_by("pk")[0]
    own_question = _ask(world.home, "老槐树丙", own)
    AddressQuestion.objects.filter(pk=answered.pk).update(
        status="answered", household=own, closed_at=clock.now()
    )
    unplaced, client = _ask(world.home, "老槐树丁"), enter(leader)

    page = client.get(LIST).content.decode()

    assert [word in page for word in ("树甲", "树乙", "树丙", "树丁")] == [
        False,
        False,
        True,
        False,
    ]
    for question, status in ((mine, 404), (answered, 200), (own_question, 200), (unplaced, 404)):
        assert client.get(_at(question)).status_code == status
    assert [client.post(_at(mine, "phone/")).status_code, client.post(_at(mine)).status_code] == [
        404,
        404,
    ]
    assert client.post(_at(answered, "phone/")).status_code == 409
    assert not AuditEntry.objects.filter(action="address.phone_shown").exists()


def test_somebody_elses_question_is_not_found_and_a_role_too_low_refused(
    world: World, enter: Enter
) -> None:
    question = _ask(world.home)
    for user, status in ((world.stranger, 404), (world.property, 403)):
        client = enter(user)
        answers = [
            client.get(_at(question)),
            client.post(_at(question), {"drop": "1"}),
            client.post(_at(question, "phone/")),
        ]
        assert [answer.status_code for answer in answers] == [status] * 3
    assert _status(question) == (QuestionStatus.OPEN, None)
    assert not AuditEntry.objects.filter(action="address.phone_shown").exists()

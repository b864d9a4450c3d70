"""The queue of addresses that a person has to make out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from communities.address_questions import (
    Origin,
    answer_address,
    ask_about_address,
    drop_question,
    erase_closed_questions,
    show_question_phone,
)
from communities.addresses.located import Certainty, Located, Reason
from communities.models import AddressQuestion, AddressRule, Community, User
from communities.states import QuestionStatus
from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid
from config.kernel.states import IllegalTransition
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "13800138000"


@pytest.fixture
def home() -> Community:
    return make.make_community(rooms=("101", "102"))


@pytest.fixture
def helper(home: Community) -> User:
    return make.make_staff(home)


def _ask(
    home: Community,
    text: str = "小屋 王阿姨",
    candidates: tuple[int, ...] = (),
    phone: str = "",
    row: int = 0,
) -> AddressQuestion:
    located = Located(Certainty.DOUBTFUL, Reason.ROOM_MISSING, candidates=candidates)
    with transaction.atomic():
        return ask_about_address(
            community=home,
            text=text,
            located=located,
            origin=Origin("chat", "import_row" if row else "", row),
            actor=make.SETUP,
            at=clock.now(),
            phone=phone,
        )


def test_ask_about_address_keeps_the_phone_encrypted_and_masked(home: Community) -> None:
    question = _ask(home, phone="138 0013 8000")
    question.refresh_from_db()
    assert question.phone_masked == "138****8000"
    assert SECRET.encode() not in bytes(question.phone_encrypted or b"")
    entry = AuditEntry.objects.get(action="address.asked")
    assert (entry.community_id, entry.data) == (home.pk, {})


def test_ask_about_address_leaves_out_doors_of_others_and_what_is_no_phone(home: Community) -> None:
    own, other = make.household(home, "101"), make.household(make.make_community(), "101")
    question = _ask(home, candidates=(other.pk, own.pk, own.pk), phone="王阿姨")
    assert [one.household_id for one in question.candidates.all()] == [own.pk]
    assert (question.phone_encrypted, question.phone_masked) == (None, "")


def test_ask_about_address_twice_for_one_row_is_one_question(home: Community) -> None:
    first = _ask(home, row=7)
    assert _ask(home, row=7).pk == first.pk
    assert _ask(home, row=8).pk != first.pk
    assert AddressQuestion.objects.count() == 2


def test_answer_address_names_the_household_and_remembers_the_words(
    home: Community, helper: User
) -> None:
    question, door = _ask(home), make.household(home, "102")
    with transaction.atomic():
        answer_address(question=question, household=door, by=helper, at=clock.now(), remember=True)
    question.refresh_from_db()
    assert (question.status, question.household_id, question.closed_by_id) == (
        QuestionStatus.ANSWERED,
        door.pk,
        helper.pk,
    )
    assert AddressRule.objects.get().household_id == door.pk
    assert AuditEntry.objects.filter(action="address.confirmed").count() == 1


def test_answer_address_that_cannot_be_remembered_changes_nothing(
    home: Community, helper: User
) -> None:
    question = _ask(home, text="2-301")
    with pytest.raises(Invalid), transaction.atomic():
        answer_address(
            question=question,
            household=make.household(home, "102"),
            by=helper,
            at=clock.now(),
            remember=True,
        )
    assert AddressQuestion.objects.get().status == QuestionStatus.OPEN
    assert not AddressRule.objects.exists()


def test_answer_address_with_a_door_of_another_community_is_refused(
    home: Community, helper: User
) -> None:
    question, other = _ask(home), make.household(make.make_community(), "101")
    with pytest.raises(Invalid), transaction.atomic():
        answer_address(question=question, household=other, by=helper, at=clock.now())
    assert AddressQuestion.objects.get().status == QuestionStatus.OPEN


def test_a_closed_question_is_closed(home: Community, helper: User) -> None:
    question = _ask(home)
    with transaction.atomic():
        drop_question(question=question, by=helper, at=clock.now())
    with pytest.raises(IllegalTransition), transaction.atomic():
        answer_address(
            question=question, household=make.household(home, "101"), by=helper, at=clock.now()
        )
    assert AddressQuestion.objects.get().status == QuestionStatus.DROPPED


def test_show_question_phone_is_noted(home: Community, helper: User) -> None:
    question = _ask(home, phone=SECRET)
    with transaction.atomic():
        number = show_question_phone(question=question, actor=Actor("user", helper.pk))
    assert number == f"+86{SECRET}"
    entry = AuditEntry.objects.get(action="address.phone_shown")
    assert (entry.actor_id, entry.subject_id) == (helper.pk, question.pk)


def test_erase_closed_questions_forgets_words_and_phone_of_old_ones_only(
    home: Community, helper: User
) -> None:
    now = clock.now()
    old, fresh, waiting = (_ask(home, text=f"小屋{n}", phone=SECRET) for n in "甲乙丙")
    with transaction.atomic():
        drop_question(question=old, by=helper, at=now - timedelta(days=40))
        drop_question(question=fresh, by=helper, at=now)
        assert erase_closed_questions(now) == 1
        assert erase_closed_questions(now) == 0
    texts = dict(AddressQuestion.objects.values_list("pk", "text"))
    assert texts == {old.pk: "", fresh.pk: "小屋乙", waiting.pk: "小屋丙"}
    old.refresh_from_db()
    assert (old.phone_encrypted, old.phone_masked) == (None, "")

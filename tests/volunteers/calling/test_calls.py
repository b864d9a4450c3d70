"""Who calls whom, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from communities import people
from communities.models import Community, User
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.errors import Invalid
from config.kernel.states import StaleStatus
from orders.models import OrderWindow
from tests import factories as make
from tests.connections import at_once
from volunteers.calling.calls import (
    TAKEN_FOR,
    Caller,
    TakenByAnother,
    care_call,
    end_call,
    note_call,
    take_call,
)
from volunteers.forgetting import forget_calls
from volunteers.models import PhoneCall

pytestmark = pytest.mark.django_db
NUMBER = "13912345678"


@pytest.fixture
def home() -> Community:
    community = make.make_community()
    with transaction.atomic():
        people.add_resident(
            household=make.household(community),
            name="王奶奶",
            phone="13800138000",
            is_contact=True,
            actor=make.SETUP,
        )
    return community


@pytest.fixture
def caller(home: Community) -> User:
    return make.make_staff(home)


@pytest.fixture
def noted(home: Community, caller: User) -> PhoneCall:
    make.make_window(make.make_community())
    said = Caller(name="小李", phone=f" {NUMBER[:3]} {NUMBER[3:]} ", note="鸡蛋还有吗")
    return note_call(community=home, household=None, caller=said, actor=caller)


def fresh(call: PhoneCall) -> PhoneCall:
    return PhoneCall.objects.get(pk=call.pk)


def test_note_call_keeps_the_number_encrypted_and_tells_the_audit_nothing_personal(
    noted: PhoneCall, home: Community, caller: User
) -> None:
    row = fresh(noted)

    assert (row.kind, row.status, row.name, row.phone_masked, row.note) == (
        *("back", "waiting", "小李", "139****5678", "鸡蛋还有吗"),
    )
    assert row.phone_encrypted is not None
    assert NUMBER.encode() not in bytes(row.phone_encrypted)
    entry = AuditEntry.objects.get(subject_kind="call")
    assert (entry.action, entry.actor_id, entry.community_id, entry.data) == (
        *("call.noted", caller.pk, home.pk, {"household": None, "window": None}),
    )


@pytest.mark.parametrize("phone", ["", "  ", "12", "call me", "\0", "9" * 25])
def test_note_call_that_reaches_nobody_is_refused(
    phone: str, home: Community, caller: User
) -> None:
    with pytest.raises(Invalid) as refused:
        note_call(community=home, household=None, caller=Caller(phone=phone), actor=caller)

    assert list(refused.value.fields) == ["phone"]
    assert not PhoneCall.objects.exists()


def test_take_call_shows_the_number_and_names_who_calls(noted: PhoneCall, caller: User) -> None:
    number = take_call(call=fresh(noted), actor=caller)

    row = fresh(noted)
    assert number == f"+86{NUMBER}"
    assert (row.status, row.called_by_id) == ("taken", caller.pk)
    assert AuditEntry.objects.filter(action="call.taken", subject_id=row.pk).count() == 1
    assert take_call(call=row, actor=caller) == number


def test_take_call_of_a_household_shows_its_speakers_number_and_notes_it(
    home: Community, caller: User
) -> None:
    row = note_call(community=home, household=make.household(home), caller=Caller(), actor=caller)

    assert take_call(call=fresh(row), actor=caller) == "+8613800138000"
    assert AuditEntry.objects.filter(action="resident.phone_shown").count() == 1


def test_take_call_that_somebody_makes_is_refused_until_he_was_silent_for_long(
    noted: PhoneCall, caller: User, home: Community
) -> None:
    other = make.make_staff(home)
    take_call(call=fresh(noted), actor=caller)

    with pytest.raises(TakenByAnother) as refused:
        take_call(call=fresh(noted), actor=other)
    assert caller.username in refused.value.sentence
    assert fresh(noted).called_by_id == caller.pk
    PhoneCall.objects.update(called_at=clock.now() - TAKEN_FOR - timedelta(seconds=1))
    take_call(call=fresh(noted), actor=other)

    assert fresh(noted).called_by_id == other.pk
    with pytest.raises(StaleStatus):
        end_call(call=fresh(noted), outcome="reached", actor=caller)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("reached", "done"),
        ("wants_nothing", "done"),
        ("will_order", "done"),
        ("no_answer", "waiting"),
    ],
)
@pytest.mark.parametrize("taken", [False, True])
def test_end_call_keeps_what_came_of_it(
    outcome: str, status: str, taken: bool, noted: PhoneCall, caller: User
) -> None:
    if taken:
        take_call(call=fresh(noted), actor=caller)

    end_call(call=fresh(noted), outcome=outcome, actor=caller)

    row = fresh(noted)
    assert (row.status, row.outcome, row.attempts, row.called_by_id) == (
        *(status, outcome, 1, caller.pk),
    )


def test_end_call_with_another_word_or_twice_is_refused(noted: PhoneCall, caller: User) -> None:
    with pytest.raises(Invalid):
        end_call(call=fresh(noted), outcome="shouted", actor=caller)
    assert fresh(noted).status == "waiting"
    end_call(call=fresh(noted), outcome="reached", actor=caller)
    with pytest.raises(StaleStatus):
        end_call(call=fresh(noted), outcome="no_answer", actor=caller)

    assert fresh(noted).outcome == "reached"


class Race:
    """Two volunteers press "I call" for the same household."""

    def __init__(self) -> None:
        self.home = make.make_community()
        self.window: OrderWindow = make.make_window(self.home)
        self.people = [make.make_staff(self.home) for _person in range(2)]

    def take(self, user: User) -> str:
        with transaction.atomic():
            call = care_call(window=self.window, household=make.household(self.home), actor=user)
            take_call(call=call, actor=user)
        return "taken"


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_care_call_at_once_are_told_apart() -> None:
    race = Race()

    outcomes: list[Any] = at_once([lambda u=user: race.take(u) for user in race.people])  # type: ignore[misc]

    assert outcomes.count("taken") == 1
    assert any(isinstance(one, (TakenByAnother, StaleStatus)) for one in outcomes)
    row = PhoneCall.objects.get()
    assert row.called_by in race.people


def test_forget_calls_empties_what_was_said_a_week_after_the_call(
    home: Community, caller: User, noted: PhoneCall
) -> None:
    fresh = note_call(
        community=home, household=None, caller=Caller(name="老陈", phone=NUMBER), actor=caller
    )
    for call in (noted, fresh):
        end_call(call=call, outcome="reached", actor=caller)
    note_call(
        community=home, household=None, caller=Caller(name="阿明", phone=NUMBER), actor=caller
    )
    week = clock.now() - timedelta(days=7, minutes=1)
    PhoneCall.objects.filter(pk=noted.pk).update(called_at=week)

    assert forget_calls(clock.now()) == 1
    assert forget_calls(clock.now()) == 0

    rows = PhoneCall.objects.order_by("pk").values_list("name", "note", "phone_masked", "outcome")
    assert list(rows) == [
        ("", "", "", "reached"),
        ("老陈", "", "139****5678", "reached"),
        ("阿明", "", "139****5678", ""),
    ]

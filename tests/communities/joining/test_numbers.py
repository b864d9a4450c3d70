"""A number that somebody else entered opens nobody's other homes, and nobody who was put out comes back by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.db.models import F
from knox.models import AuthToken

from communities import personal
from communities.joining import one_time
from communities.joining.leaving import erase_residents
from communities.models import (
    Household,
    InboxMessage,
    JoinRequest,
    Membership,
    Resident,
    SignInCode,
    User,
)
from communities.people import add_resident, admit_to_household, end_membership
from communities.roster.storing import store_row
from config.kernel import clock
from config.kernel.audit import Actor
from tests import factories as make
from tests.api.client import Api, signed_in
from tests.communities.joining.world import VERSION, approve, asks, claim, slip

pytestmark = pytest.mark.django_db

OWN, FOREIGN = "13800138000", "13900139000"


@pytest.fixture(autouse=True)
def _sender(settings: LazySettings) -> None:
    settings.CODE_SENDER = "console"


@pytest.fixture
def home() -> Household:
    return make.household(make.make_community())


@pytest.fixture
def elsewhere() -> Household:
    return make.household(make.make_community())


def resident(home: Household, name: str = "王阿姨", phone: str = OWN, **more: Any) -> Resident:
    with transaction.atomic():
        return add_resident(household=home, name=name, phone=phone, actor=make.SETUP, **more)


def person_of(*homes: Household) -> User:
    """Lives here and there; the rosters know the name and no number."""
    user = make.make_user()
    for one in homes:
        with transaction.atomic():
            admit_to_household(user=user, household=one, actor=make.SETUP, at=clock.now())
        resident(one, phone="", user=user)
    return user


def rewrite(home: Household, phone: str) -> None:
    """What a coordinator's roster does to the number of a resident."""
    place = (home.building.lane, home.building.number, home.building.unit, home.room)
    said = {"name": "王阿姨", "phone": phone, "is_contact": False, "was": {}, "home": {}}
    values = {**said, "place": place, "household": home.pk}
    with transaction.atomic():
        store_row(home.community_id, values, Actor("user", 1))


def sign_in(phone: str, **members: Any) -> Any:
    Api().send("auth/code", {"phone": phone}, key="")
    SignInCode.objects.update(sent=F("sends"))
    code = one_time.text_of(SignInCode.objects.latest("pk"))
    body = {"phone": phone, "code": code, "claim": claim(), "consent": VERSION, **members}
    return Api().send("auth/token", body, key="")


def rooms(answer: Any) -> list[str]:
    me = Api(f"Bearer {answer.json()['token']}").read("me").json()
    return [one["community"]["name"] for one in me["households"]]


def kinds(user: User) -> list[str]:
    return list(
        InboxMessage.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    )


def put_out(user: User, home: Household, by: Actor = make.SETUP) -> None:
    membership = Membership.objects.live().get(user=user, household=home)
    with transaction.atomic():
        end_membership(membership=membership, actor=by, at=clock.now())


def test_number_a_coordinator_entered_opens_no_homes_elsewhere(
    home: Household, elsewhere: Household
) -> None:
    victim = person_of(home, elsewhere)

    rewrite(elsewhere, FOREIGN)
    answer = sign_in(FOREIGN)

    assert (answer.status_code, answer.json()["code"]) == (409, "number_not_confirmed")
    assert not AuthToken.objects.exists()
    assert kinds(victim) == ["phone.changed"]


def test_number_a_coordinator_entered_opens_what_he_could_open_anyway(home: Household) -> None:
    person = person_of(home)

    rewrite(home, FOREIGN)
    answer = sign_in(FOREIGN)

    assert rooms(answer) == [home.community.name]
    assert kinds(person) == ["phone.changed", "device.signed_in"]
    # It confirmed nothing: once he lives elsewhere too it is the coordinator's number as before.
    assert Resident.objects.get().phone_confirmed == ""


def test_number_that_its_account_proved_opens_all_homes_until_somebody_changes_it(
    home: Household, elsewhere: Household
) -> None:
    resident(home)
    resident(elsewhere)
    first = sign_in(OWN)
    user = Resident.objects.filter(household=home).get().user
    assert user is not None

    again = sign_in(OWN)
    rewrite(elsewhere, FOREIGN)
    changed = sign_in(FOREIGN)
    own = sign_in(OWN)

    both = [home.community.name, elsewhere.community.name]
    assert [rooms(answer) for answer in (first, again, own)] == [both] * 3
    assert changed.json()["code"] == "number_not_confirmed"
    assert kinds(user) == ["device.signed_in", "phone.changed", "device.signed_in"]


def test_number_given_with_the_slip_is_confirmed_and_one_of_the_roster_is_not(
    home: Household, elsewhere: Household
) -> None:
    resident(elsewhere, phone=FOREIGN)
    user = person_of(home)
    body = asks(slip(elsewhere), phone=OWN)
    del body["claim"]
    assert signed_in(user).send("me/households", body).status_code == 201
    approve(JoinRequest.objects.get())
    roster = sign_in(FOREIGN)
    Resident.objects.filter(household=elsewhere).update(
        phone_index=personal.blind_index("+8613800138000")
    )
    unconfirmed = sign_in(OWN)
    JoinRequest.objects.all().delete()
    newcomer = asks(slip(home), name="李伯", phone="13700137000")
    Api().send("join", newcomer, key="")
    approve(JoinRequest.objects.get())
    own = sign_in("13700137000")

    assert roster.json()["code"] == unconfirmed.json()["code"] == "number_not_confirmed"
    assert Resident.objects.get(name="李伯").phone_confirmed == personal.blind_index(
        "+8613700137000"
    )
    assert rooms(own) == [home.community.name]


@pytest.mark.parametrize("given", [OWN, ""], ids=["same number", "no number"])
def test_whoever_was_put_out_does_not_come_back_by_the_number_of_another_name(
    home: Household, given: str
) -> None:
    known = resident(home)
    body = asks(slip(home), name="小王", phone=given)
    Api().send("join", body, key="")
    approve(JoinRequest.objects.get())
    user = User.objects.get()

    put_out(user, home)
    back = sign_in(OWN)

    assert (back.status_code, back.json()["code"]) == (409, "number_closed")
    assert User.objects.count() == 1
    assert not Membership.objects.live().exists()
    known.refresh_from_db()
    assert known.user is None
    # By the slip, if somebody lets him in: then the number is good again.
    JoinRequest.objects.all().delete()
    Api().send("join", asks(slip(home), phone=OWN), key="")
    approve(JoinRequest.objects.get())
    assert rooms(sign_in(OWN)) == [home.community.name]


def test_whoever_was_put_out_is_not_let_in_as_the_neighbour_of_his_number_in_the_same_flat(
    home: Household,
) -> None:
    wife, next_door = make.make_user(), make.household(home.community, "102")
    person = person_of(home)
    rewrite(home, OWN)
    with transaction.atomic():
        admit_to_household(user=wife, household=home, actor=make.SETUP, at=clock.now())
    resident(home, name="李伯", user=wife)
    resident(next_door, name="张三")

    put_out(person, home)
    answer = sign_in(OWN)

    assert rooms(answer) == [home.community.name]
    assert Resident.objects.get(name="张三").user is not None
    assert not AuthToken.objects.filter(user=wife).exists()


def test_whoever_moves_out_himself_closes_no_number(home: Household) -> None:
    person = person_of(home)
    resident(home, name="奶奶")

    put_out(person, home, by=Actor("user", person.pk))

    assert rooms(sign_in(OWN)) == [home.community.name]
    assert Resident.objects.get(name="奶奶").user is not None


def test_what_a_row_knows_of_a_number_goes_with_it(home: Household) -> None:
    known = resident(home)
    sign_in(OWN)
    known.refresh_from_db()
    assert known.phone_confirmed == known.phone_index
    Resident.objects.update(left_at=clock.now() - timedelta(days=31), phone_closed=F("phone_index"))

    with transaction.atomic():
        erase_residents(clock.now())

    known.refresh_from_db()
    assert (known.phone_index, known.phone_confirmed, known.phone_closed) == ("", "", "")

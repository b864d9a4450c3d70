"""What a resident sets right himself: name, phone number, wishes to join."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.db.models import F

from communities import personal
from communities.joining import one_time
from communities.joining.deciding import refuse_join
from communities.models import Household, InboxMessage, JoinRequest, Resident, SignInCode, User
from communities.roles import Role
from config.kernel import clock
from config.kernel.models import AuditEntry
from tests import factories as make
from tests.api.client import Api, signed_in
from tests.communities.joining.stand_in import StandIn
from tests.communities.joining.test_signing_in import gateway, resident, sign_in
from tests.communities.joining.world import asks, slip

pytestmark = pytest.mark.django_db

__all__ = ["gateway"]
OLD, NEW = "13800138000", "13900139000"


@pytest.fixture
def home() -> Household:
    rooms = [f"10{flat}" for flat in range(1, 7)]
    return make.household(make.make_community(rooms=rooms))


@pytest.fixture
def user(home: Household) -> User:
    """In two households; both rosters know the number that a volunteer typed."""
    user = make.make_resident(home.community)
    second = make.household(home.community, "102")
    make.grant(user, Role.RESIDENT, home.community, household=second)
    for one in (home, second):
        resident(one, phone=OLD, user=user)
    resident(make.household(home.community, "103"), name="李伯", phone=NEW)
    return user


@pytest.fixture(autouse=True)
def _sender(settings: LazySettings) -> None:
    settings.CODE_SENDER = "console"


def code_for(client: Api, phone: str) -> str:
    assert client.send("me/phone/code", {"phone": phone}, key="").json() == {
        "good_for_seconds": 300
    }
    SignInCode.objects.update(sent=F("sends"))
    return one_time.text_of(SignInCode.objects.latest("pk"))


def confirm(client: Api, phone: str, code: str) -> Any:
    return client.send("me/phone", {"phone": phone, "code": code}, key="")


def own(user: User) -> list[tuple[str, bool]]:
    rows = Resident.objects.filter(user=user).order_by("pk")
    return [(one.phone_masked, one.phone_confirmed == one.phone_index != "") for one in rows]


def test_number_somebody_typed_is_confirmed_by_a_code(user: User) -> None:
    client = signed_in(user)
    assert client.read("me").json()["phone_is_confirmed"] is False
    code = code_for(client, OLD)

    answers = [confirm(client, OLD, code) for _turn in range(2)]

    assert [answer.json() for answer in answers] == [
        {"phone": "138****8000", "phone_is_confirmed": True}
    ] * 2
    assert own(user) == [("138****8000", True)] * 2
    me = client.read("me").json()
    assert (me["phone"], me["phone_is_confirmed"]) == ("138****8000", True)
    # Nothing was changed, so nobody is told; each row is noted once.
    assert not InboxMessage.objects.exists()
    edited = AuditEntry.objects.filter(action="resident.edited", actor_id=user.pk)
    assert [entry.data for entry in edited] == [{"fields": ["phone_confirmed"]}] * 2


def test_new_number_is_kept_after_its_code_and_the_account_is_told(
    user: User, gateway: StandIn, run_jobs: Any
) -> None:
    client = signed_in(user)
    client.send("me/phone/code", {"phone": "13700137000"}, key="")
    run_jobs()
    sent = gateway.messages[-1]
    assert own(user) == [("138****8000", False)] * 2

    answer = confirm(client, "13700137000", str(sent["vars"][0]))

    assert (sent["to"], answer.status_code) == ("+8613700137000", 200)
    assert own(user) == [("137****7000", True)] * 2
    assert list(InboxMessage.objects.values_list("user", "kind")) == [(user.pk, "phone.changed")]
    assert Resident.objects.get(name="李伯").phone_index == personal.blind_index("+8613900139000")
    assert "13700137000" not in str(list(AuditEntry.objects.values()))


def test_code_for_the_own_number_signs_nobody_in_and_is_nobody_elses(user: User) -> None:
    """A neighbour who is signed in asks for a code to somebody's number and reads it over his shoulder."""
    client, other = signed_in(user), signed_in(make.make_resident(make.make_community()))
    code = code_for(client, NEW)

    stolen = confirm(other, NEW, code)
    by_phone = sign_in(code, phone=NEW)

    assert (stolen.status_code, stolen.json()["code"]) == (409, "wrong_code")
    assert by_phone.json()["code"] == "wrong_code"
    assert SignInCode.objects.get().tries == 0
    assert confirm(client, NEW, "000000" if code != "000000" else "000001").status_code == 409
    assert SignInCode.objects.get().tries == 1
    assert own(user) == [("138****8000", False)] * 2


def test_codes_to_the_own_number_have_an_end(user: User, settings: LazySettings) -> None:
    settings.CODE_RATES = {**settings.CODE_RATES, "account": "2/day"}
    client = signed_in(user)

    asked = [
        client.send("me/phone/code", {"phone": f"1370013700{turn}"}, key="").status_code
        for turn in range(3)
    ]

    assert asked == [200, 200, 429]
    assert SignInCode.objects.count() == 2


@pytest.mark.parametrize("phone", [OLD, "13700137000"])
def test_account_that_no_roster_names_has_no_code_sent(
    home: Household, user: User, phone: str
) -> None:
    """Known here or not: nobody pays for a message that could not lead to anything."""
    client = signed_in(make.make_resident(home.community))

    answer = client.send("me/phone/code", {"phone": phone}, key="")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_on_the_roster")
    assert not SignInCode.objects.exists()


def test_account_that_left_the_roster_meanwhile_keeps_no_number(user: User) -> None:
    client = signed_in(user)
    code = code_for(client, OLD)
    Resident.objects.filter(user=user).update(user=None)

    answer = confirm(client, OLD, code)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_on_the_roster")
    assert client.read("me").json()["phone"] is None
    assert SignInCode.objects.get().used_at is None


def test_confirmed_number_gives_way_to_no_other_one(user: User) -> None:
    """A stolen device would take the account for good, and a number that was closed would be open again."""
    client = signed_in(user)
    late = code_for(client, NEW)
    confirm(client, OLD, code_for(client, OLD))
    before, codes = own(user), SignInCode.objects.count()

    asked = client.send("me/phone/code", {"phone": "13700137000"}, key="")
    answer = confirm(client, NEW, late)

    assert [(one.status_code, one.json()["code"]) for one in (asked, answer)] == [
        (409, "number_is_confirmed")
    ] * 2
    assert own(user) == before
    assert SignInCode.objects.count() == codes
    assert not InboxMessage.objects.exists()
    code_for(client, OLD)


def test_code_that_was_not_sent_does_not_count(
    home: Household, user: User, settings: LazySettings
) -> None:
    """Neither for the account nor for the number, whichever of the two refuses."""
    settings.CODE_RATES = {**settings.CODE_RATES, "account": "1/day", "phone": "1/day"}
    client, stranger = signed_in(user), signed_in(make.make_resident(home.community, "106"))

    def ask(client: Api, phone: str) -> int:
        return int(client.send("me/phone/code", {"phone": phone}, key="").status_code)

    assert (ask(stranger, NEW), ask(stranger, NEW)) == (409, 409)
    other = make.make_resident(home.community, "104")
    resident(make.household(home.community, "104"), user=other)
    assert (ask(signed_in(other), OLD), ask(client, OLD)) == (200, 429)
    # The number had refused; the account may ask for another one.
    assert ask(client, NEW) == 200


def test_code_for_signing_in_confirms_no_number(user: User) -> None:
    """Asked for without a claim, it is good for whoever has it; not for an account that is signed in elsewhere."""
    client = signed_in(user)
    code = one_time.ask_for_code(number=f"+86{OLD}", user=user, at=clock.now())
    SignInCode.objects.update(sent=F("sends"))

    answer = confirm(client, OLD, one_time.text_of(code))

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_code")
    assert own(user) == [("138****8000", False)] * 2


def test_name_is_set_right_on_the_own_rows(user: User) -> None:
    client = signed_in(user)

    answer = client.send("me", {"name": " 王小明 "}, method="PUT")
    refused = client.send("me", {"name": "  "}, method="PUT")

    assert (answer.status_code, answer.json()["name"]) == (200, "王小明")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["name"])
    assert sorted(Resident.objects.values_list("name", flat=True)) == ["李伯", "王小明", "王小明"]
    noted = AuditEntry.objects.filter(actor_id=user.pk, action__endswith=".edited")
    assert sorted(noted.values_list("action", flat=True)) == [
        *["resident.edited"] * 2,
        "user.edited",
    ]


def test_own_wishes_to_join_say_what_became_of_them(user: User, home: Household) -> None:
    client = signed_in(user)
    for room in ("104", "105"):
        body = asks(slip(make.household(home.community, room)))
        del body["claim"]
        assert client.send("me/households", body).status_code == 201
    foreign = asks(slip(make.household(home.community, "106")))
    Api().send("join", foreign, key="")
    refused = JoinRequest.objects.get(household__room="104")
    refuse_join(join=refused, actor=make.SETUP, reason="请到服务站登记", at=clock.now())

    page = client.read("me/joins?limit=1").json()
    rest = client.read(f"me/joins?cursor={page['next_cursor']}").json()

    (waits,), (told,) = page["results"], rest["results"]
    assert (waits["room"], waits["status"], waits["decided_at"]) == ("105", "waiting", None)
    assert (told["building"], told["room"], told["status"], told["reason"]) == (
        *("1号楼", "104"),
        *("refused", "请到服务站登记"),
    )
    gone = [client.send(f"me/joins/{waits['id']}/withdraw", {}).json() for _turn in range(2)]
    assert [one["status"] for one in gone] == ["withdrawn"] * 2
    late = client.send(f"me/joins/{told['id']}/withdraw", {})
    assert (late.status_code, JoinRequest.objects.get(pk=refused.pk).status) == (409, "refused")


@pytest.mark.parametrize("wishes", [1, 3])
def test_list_of_own_wishes_takes_as_many_statements_for_one_as_for_three(
    user: User, home: Household, wishes: int, django_assert_num_queries: Any
) -> None:
    client = signed_in(user)
    for room in ("104", "105", "106")[:wishes]:
        body = asks(slip(make.household(home.community, room)))
        del body["claim"]
        client.send("me/households", body)
    client.read("me")

    # The token, the page.
    with django_assert_num_queries(2):
        assert len(client.read("me/joins").json()["results"]) == wishes

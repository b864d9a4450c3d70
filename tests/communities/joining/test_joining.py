"""A slip, a wish, a yes, a token: nothing is guessed, nothing is lost with a reply, nothing is kept too long."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from communities import people
from communities.joining.alphabet import make_code
from communities.joining.deciding import NotTheSame, approve_new_phone, refuse_join
from communities.models import (
    Community,
    Consent,
    Household,
    HouseholdCode,
    InboxMessage,
    JoinRequest,
    Membership,
    Resident,
    User,
)
from communities.notices import people_to_tell, receivers_of
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.idempotency import IdempotencyKey
from config.kernel.tasks import tidy
from tests import factories as make
from tests.api.client import Api, signed_in
from tests.communities.joining.world import VERSION, approve, asks, claim, slip
from tests.sessions import signed_in as console

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    make.make_community(rooms=["301"])
    return make.make_community()


@pytest.fixture
def home(community: Community) -> Household:
    return make.household(community)


def ask(body: dict[str, Any], **headers: str) -> Any:
    return Api(**headers).send("join", body, key="")


def rows() -> dict[str, int]:
    counted = (User, Membership, Resident, Consent, JoinRequest, AuditEntry, IdempotencyKey)
    return {model.__name__: model.objects.count() for model in counted}


def test_join_with_the_slip_waits_and_forgets_nothing_yet(home: Household) -> None:
    answer = ask(asks(slip(home), phone="138 0013 8000", device="王阿姨的手机"))

    join = JoinRequest.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {"id": str(join.public_id), "status": "waiting", "reason": ""},
    )
    assert (join.household, join.name, join.phone_masked) == (home, "王阿姨", "138****8000")
    assert home.codes.get(ended_at=None).used == 1
    assert not Membership.objects.filter(household=home).exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _home, _code: make_code(),
        lambda home, code: (slip(home), code)[1],
        lambda _home, _code: "不是码",
        lambda _home, code: code[:-1],
        lambda home, code: (Household.objects.filter(pk=home.pk).update(is_active=False), code)[1],
    ],
    ids=["unknown", "renewed", "no code", "one sign short", "flat given up"],
)
def test_join_with_a_code_that_is_not_good_gets_one_answer_for_one_amount_of_work(
    home: Household, spoil: Callable[[Household, str], str]
) -> None:
    code = spoil(home, slip(home))
    before = rows()
    with CaptureQueriesContext(
        connection,
    ) as unknown:
        first = ask(asks(make_code()))
    with CaptureQueriesContext(connection) as spoilt:
        second = ask(asks(code))

    assert (first.status_code, first.json()["code"]) == (409, "unknown_code")
    assert second.content == first.content
    assert len(spoilt) == len(unknown)
    assert rows() == before


def test_join_repeated_after_a_lost_reply_is_one_wish(home: Household) -> None:
    body = asks(slip(home))

    first, again = ask(body), ask(body)

    assert again.content == first.content
    assert JoinRequest.objects.count() == 1
    assert home.codes.get().used == 1


def test_join_is_let_in_and_takes_the_same_token_each_time(home: Household) -> None:
    body = asks(slip(home), phone="13800138000", device="手机")
    join_id = ask(body).json()["id"]
    path, own = f"join/{join_id}", {"claim": body["claim"]}

    waiting = Api().send(path, own, key="").json()
    join = JoinRequest.objects.get()
    approve(join)
    first, again = (Api().send(path, own, key="").json() for _turn in range(2))

    assert waiting == {"id": join_id, "status": "waiting", "reason": "", "token": None}
    assert again == first
    assert first["status"] == "approved"
    me = Api(f"Bearer {first['token']}").read("me").json()
    assert [one["room"] for one in me["households"]] == ["101"]
    assert me["name"] == "王阿姨"
    assert join.user is not None
    assert AuthToken.objects.filter(user=join.user).count() == 1
    resident = home.residents.get()
    assert (resident.user, resident.phone_masked) == (join.user, "138****8000")
    assert list(join.user.consents.values_list("purpose", "version", "how")) == [
        ("ordering", VERSION, "in_app")
    ]
    # What only waited is gone from the wish.
    assert (join.name, join.phone_encrypted, join.phone_index) == ("", None, "")
    join.refresh_from_db()
    assert (join.place, join.device) == ("", "")
    assert AuthToken.objects.get().device.name == "手机"


def test_token_signed_out_is_not_made_again(home: Household) -> None:
    body = asks(slip(home))
    path = f"join/{ask(body).json()['id']}"
    approve(JoinRequest.objects.get())
    own = {"claim": body["claim"]}
    token = Api().send(path, own, key="").json()["token"]

    client = Api(f"Bearer {token}")
    out = client.send("auth/sign-out", {})
    after = Api().send(path, own, key="")

    assert out.json() == {"signed_out": True}
    assert client.read("me").status_code == 401
    assert (after.status_code, after.json()["code"]) == (409, "claim_spent")


def test_claim_is_good_for_thirty_days_only(home: Household) -> None:
    body = asks(slip(home))
    path = f"join/{ask(body).json()['id']}"
    approve(JoinRequest.objects.get())
    JoinRequest.objects.update(decided_at=clock.now() - timedelta(days=30))

    answer = Api().send(path, {"claim": body["claim"]}, key="")

    assert (answer.status_code, answer.json()["code"]) == (409, "claim_spent")


def test_wish_of_somebody_else_is_not_found(home: Household) -> None:
    join_id = ask(asks(slip(home))).json()["id"]
    approve(JoinRequest.objects.get())

    foreign = Api().send(f"join/{join_id}", {"claim": claim()}, key="")
    nothing = Api().send("join/11111111-1111-4111-8111-111111111111", {"claim": claim()}, key="")

    assert foreign.status_code == 404
    assert foreign.content == nothing.content


def test_refusal_says_why_and_forgets_who_asked(home: Household) -> None:
    body = asks(slip(home), phone="13800138000", device="手机")
    path = f"join/{ask(body).json()['id']}"
    join = JoinRequest.objects.get()
    with transaction.atomic():
        refuse_join(join=join, actor=make.SETUP, reason="不认识", at=clock.now())

    answer = Api().send(path, {"claim": body["claim"]}, key="").json()
    join.refresh_from_db()

    assert (answer["status"], answer["reason"], answer["token"]) == ("refused", "不认识", None)
    assert (join.name, join.phone_masked, join.place, join.device) == ("", "", "", "")
    assert not Membership.objects.filter(household=home).exists()


def test_withdraw_forgets_who_asked_and_may_be_repeated(home: Household) -> None:
    body = asks(slip(home))
    path = f"join/{ask(body).json()['id']}/withdraw"

    first, again = (Api().send(path, {"claim": body["claim"]}, key="") for _turn in range(2))

    assert first.json()["status"] == "withdrawn"
    assert again.content == first.content
    assert JoinRequest.objects.get().name == ""


def test_wish_that_nobody_decides_ends_after_two_weeks(home: Household) -> None:
    ask(asks(slip(home)))
    fresh = ask(asks(slip(home))).json()["id"]
    JoinRequest.objects.exclude(public_id=fresh).update(
        asked_at=clock.now() - timedelta(days=14, seconds=1)
    )

    tidy()

    assert list(JoinRequest.objects.order_by("pk").values_list("status", "name")) == [
        ("withdrawn", ""),
        ("waiting", "王阿姨"),
    ]


def test_household_has_six_who_wait_at_most(home: Household) -> None:
    """Three of them from one address: whoever found a slip leaves places to those who live there."""
    code = slip(home)

    answers = [_from(turn, code) for turn in (1, 1, 1, 1, 2, 2, 2, 2, 3)]

    assert answers == [201] * 3 + [409] + [201] * 3 + [409] * 2
    assert JoinRequest.objects.values("place").distinct().count() == 2
    assert ask(asks(code)).json()["code"] == "too_many_waiting"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"consent": "1999-01-01"}, "consent_outdated"),
        ({"phone": "123"}, "invalid"),
        ({"name": ""}, "invalid"),
        ({"name": "王\x00"}, "invalid"),
        ({"claim": "short"}, "invalid"),
        ({"lives_elsewhere": "yes"}, "invalid"),
        ({"household": "1"}, "invalid"),
    ],
)
def test_join_that_is_not_whole_changes_nothing(
    home: Household, members: dict[str, Any], code: str
) -> None:
    body = asks(slip(home), **members)
    before = rows()

    answer = ask(body)

    assert answer.json()["code"] == code
    assert rows() == before


def test_approve_takes_the_resident_of_the_roster(home: Household) -> None:
    with transaction.atomic():
        known = people.add_resident(
            household=home, name="王阿姨", phone="13900139000", actor=make.SETUP
        )
    ask(asks(slip(home), phone="13800138000"))
    approve(JoinRequest.objects.get())

    known.refresh_from_db()
    assert home.residents.get() == known
    assert (known.user, known.phone_masked) == (JoinRequest.objects.get().user, "139****9000")


def test_new_phone_of_somebody_who_is_in_gets_his_account_and_ends_the_old_one(
    home: Household,
) -> None:
    """The old phone was lost; nobody stands on the roster twice."""
    ask(asks(slip(home)))
    approve(JoinRequest.objects.get())
    user, old = User.objects.get(memberships__household=home), home.residents.get()
    lost = signed_in(user)
    body = asks(slip(home))
    join = ask(body).json()["id"]
    desk = console(make.make_staff(home.community))
    shown = desk.get("/admin/desk/joining/").content.decode()

    desk.post(f"/admin/desk/joining/{join}/approve/", {"same": old.pk})

    token = Api().send(f"join/{join}", {"claim": body["claim"]}, key="").json()["token"]
    assert f'name="same" value="{old.pk}"' in shown
    assert (lost.read("me").status_code, Api(f"Bearer {token}").read("me").status_code) == (
        401,
        200,
    )
    assert home.residents.get() == old
    assert User.objects.get(memberships__household=home) == user
    assert InboxMessage.objects.filter(user=user, kind="device.signed_in").count() == 1


def test_account_that_opens_more_than_the_household_is_not_taken_over(
    community: Community, home: Household
) -> None:
    user = make.make_resident(community, "102")
    with transaction.atomic():
        people.admit_to_household(user=user, household=home, actor=make.SETUP, at=clock.now())
        wide = people.add_resident(household=home, name="王阿姨", user=user, actor=make.SETUP)
        elsewhere = people.add_resident(
            household=make.household(community, "102"), name="李", user=user, actor=make.SETUP
        )
    ask(asks(slip(home)))
    before = rows()

    for resident in (wide.pk, elsewhere.pk, 0):
        with pytest.raises(NotTheSame), transaction.atomic():
            approve_new_phone(
                join=JoinRequest.objects.get(),
                resident_id=resident,
                actor=make.SETUP,
                at=clock.now(),
            )

    assert (rows(), JoinRequest.objects.get().status) == (before, "waiting")


def test_child_who_lives_elsewhere_and_parents_are_all_told(
    community: Community, home: Household
) -> None:
    parent = make.make_resident(community)
    ask(asks(slip(home), name="女儿", lives_elsewhere=True))
    approve(JoinRequest.objects.get())
    child = JoinRequest.objects.get().user
    assert child is not None

    here = Household.objects.filter(pk=home.pk)
    assert sorted(people_to_tell(here)) == sorted([parent.pk, child.pk])
    assert list(receivers_of(here)) == [parent.pk]
    (message,) = InboxMessage.objects.filter(user=parent)
    assert (message.kind, message.data) == ("join.approved", {})


def test_one_person_joins_a_second_household(community: Community, home: Household) -> None:
    user = make.make_resident(community, "102")
    client = signed_in(user)
    body = asks(slip(home))
    del body["claim"]

    answer = client.send("me/households", body)
    approve(JoinRequest.objects.get())
    me = client.read("me").json()

    assert (answer.status_code, answer.json()["status"]) == (201, "waiting")
    assert [one["room"] for one in me["households"]] == ["102", "101"]
    again = client.send("me/households", body)
    assert (again.status_code, again.json()["code"]) == (409, "already_granted")


def test_renew_codes_ends_the_old_ones_and_keeps_no_text(community: Community) -> None:
    homes = list(Household.objects.filter(community=community).order_by("pk"))
    old = [slip(home) for home in homes]
    new = [slip(home) for home in homes]

    assert len({*old, *new}) == 4
    assert HouseholdCode.objects.filter(ended_at=None).count() == 2
    kept = str(list(HouseholdCode.objects.values())) + str(list(AuditEntry.objects.values()))
    assert not [code for code in (*old, *new) if code in kept]


def test_spraying_stops_after_thirty_wrong_codes_from_an_address(
    home: Household, settings: LazySettings
) -> None:
    code = slip(home)

    tried = Counter(ask(asks(make_code())).status_code for _turn in range(60))
    right = ask(asks(code))

    assert tried == {409: 30, 429: 30}
    assert (right.status_code, right.json()["code"]) == (429, "throttled")
    assert int(right.headers["Retry-After"]) > 60
    assert re.search("大约 [0-9]+ 分钟", right.json()["detail"])


def _from(turn: int, code: str) -> int:
    address, kind = f"10.0.{turn}.1", "application/json"
    answer = Api().post("/api/v1/join", asks(code), content_type=kind, REMOTE_ADDR=address)
    return int(answer.status_code)


def test_spraying_from_everywhere_leaves_each_address_a_few_and_the_right_code_its_way(
    home: Household, settings: LazySettings
) -> None:
    settings.JOIN_RATES = {"address": "30/hour", "everybody": "10/hour", "alarmed": "2/hour"}
    code = slip(home)

    everywhere = Counter(_from(turn, make_code()) for turn in range(20))
    one = [_from(99, make_code()) for _turn in range(4)]

    assert everywhere == {409: 20}
    assert one == [409, 409, 429, 429]
    assert _from(100, code) == 201


def test_who_is_signed_in_is_held_up_by_no_stranger(
    community: Community, home: Household, settings: LazySettings
) -> None:
    settings.JOIN_RATES = {**settings.JOIN_RATES, "address": "1/hour", "account": "2/hour"}
    client = signed_in(make.make_resident(community, "102"))
    body, right = {"name": "王阿姨", "consent": VERSION}, slip(home)

    stranger = [ask(asks(make_code())).status_code for _turn in range(2)]
    own = [
        client.send("me/households", {**body, "code": code}).status_code
        for code in (make_code(), right, make_code(), right)
    ]

    assert stranger == [409, 429]
    assert own == [409, 201, 409, 429]


def test_street_behind_one_address_joins_at_once(settings: LazySettings) -> None:
    """Only wrong codes count: a hundred households share the address of their network."""
    community = make.make_community(rooms=[f"{number}" for number in range(101, 141)])
    homes = Household.objects.filter(community=community).order_by("pk")

    statuses = {ask(asks(slip(home))).status_code for home in homes}

    assert statuses == {201}


def test_spraying_a_town_is_hopeless(settings: LazySettings) -> None:
    """165,000 households with live codes, ten thousand addresses that use all they have left day and night: years for
    one hit, and that is a wish which somebody still refuses.
    """
    limits = [settings.JOIN_RATES[name].partition("/") for name in ("everybody", "alarmed")]
    everybody, alarmed = (int(limit) for limit, _slash, _unit in limits)
    tries_for_one = 2**50 / 165_000
    years = tries_for_one / ((everybody + 10_000 * alarmed) * 24 * 365)

    assert {unit for _limit, _slash, unit in limits} == {"hour"}
    assert years > 15

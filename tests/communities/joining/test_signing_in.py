"""By a code to the phone, or by a mini-program: nobody learns who is known here, nothing is lost with a reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.db.models import F
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from communities.joining import mini_program, one_time
from communities.models import Household, Membership, Resident, SignInCode, User
from communities.people import add_resident, end_membership
from communities.roles import Role
from config.kernel import clock
from config.kernel.jobs import Job
from config.kernel.tasks import tidy
from tests import factories as make
from tests.api.client import Api, signed_in
from tests.communities.joining.post_office import opened
from tests.communities.joining.stand_in import StandIn, pretending
from tests.communities.joining.world import VERSION, claim

pytestmark = pytest.mark.django_db

PHONE = "13800138000"
Run = Callable[[], None]


@pytest.fixture
def gateway() -> Iterator[StandIn]:
    with pretending() as stand_in, override_settings(**stand_in.settings, CODE_SENDER="webhook"):
        yield stand_in


@pytest.fixture
def home() -> Household:
    return make.household(make.make_community())


def resident(home: Household, name: str = "王阿姨", phone: str = PHONE, **more: Any) -> Resident:
    with transaction.atomic():
        return add_resident(household=home, name=name, phone=phone, actor=make.SETUP, **more)


def ask(phone: str = PHONE) -> Any:
    return Api().send("auth/code", {"phone": phone}, key="")


def sign_in(code: str, **members: Any) -> Any:
    body = {"phone": PHONE, "code": code, "claim": claim(), "consent": VERSION, **members}
    return Api().send("auth/token", body, key="")


def sent(gateway: StandIn) -> str:
    return str(gateway.messages[-1]["vars"][0])


def delivered() -> str:
    """The code, as if the gateway had taken it: for tests that look at no gateway."""
    SignInCode.objects.update(sent=F("sends"))
    return one_time.text_of(SignInCode.objects.latest("pk"))


def get_code() -> str:
    assert ask().status_code == 200
    return delivered()


def get_sent(gateway: StandIn, run_jobs: Run) -> str:
    assert ask().status_code == 200
    run_jobs()
    return sent(gateway)


def test_code_opens_an_account_for_a_resident_of_the_roster(
    gateway: StandIn, run_jobs: Run, home: Household
) -> None:
    known = resident(home)
    code, mine = get_sent(gateway, run_jobs), claim()

    first, again = (sign_in(code, claim=mine, device="手机").json() for _turn in range(2))

    assert gateway.messages == [
        {
            "to": "+8613800138000",
            "text": f"【集单】验证码 {code}，5 分钟内有效，请勿告诉他人。",
            "vars": [code],
        }
    ]
    assert again == first
    me = Api(f"Bearer {first['token']}").read("me").json()
    assert (me["name"], [one["room"] for one in me["households"]]) == ("王阿姨", ["101"])
    known.refresh_from_db()
    assert known.user is not None
    assert AuthToken.objects.filter(user=known.user).count() == 1
    assert list(known.user.consents.values_list("version", flat=True)) == [VERSION]


def test_code_that_was_used_is_good_for_no_other_device(gateway: StandIn, home: Household) -> None:
    resident(home)
    code = get_code()
    sign_in(code)

    other = sign_in(code)

    assert (other.status_code, other.json()["code"]) == (409, "wrong_code")
    assert AuthToken.objects.count() == 1


def test_unknown_phone_gets_the_same_answers_for_the_same_work(
    gateway: StandIn, run_jobs: Run, home: Household
) -> None:
    resident(home)
    with CaptureQueriesContext(connection) as of_known:
        known = ask()
    with CaptureQueriesContext(connection) as of_unknown:
        unknown = ask("13900139000")
    run_jobs()
    with CaptureQueriesContext(connection) as tried_known:
        wrong = sign_in("000000" if sent(gateway) != "000000" else "000001")
    with CaptureQueriesContext(connection) as tried_unknown:
        nobody = sign_in("000000", phone="13900139000")

    assert unknown.content == known.content
    assert nobody.content == wrong.content
    assert (len(of_unknown), len(tried_unknown)) == (len(of_known), len(tried_known))
    assert [one["to"] for one in gateway.messages] == ["+8613800138000"]
    assert SignInCode.objects.filter(sent=1).count() == 2


def test_right_code_of_an_unknown_phone_is_wrong_all_the_same(home: Household) -> None:
    ask("13900139000")
    SignInCode.objects.update(sent=1)

    answer = sign_in(one_time.text_of(SignInCode.objects.get()), phone="13900139000")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_code")
    assert not User.objects.exists()


def test_code_dies_with_the_fifth_wrong_try(gateway: StandIn, home: Household) -> None:
    resident(home)
    code = get_code()
    wrong = f"{(int(code) + 1) % 10**6:06}"

    answers = [sign_in(wrong).json()["code"] for _turn in range(5)]
    late = sign_in(code)

    assert answers == ["wrong_code"] * 5
    assert (late.status_code, late.json()["code"]) == (409, "wrong_code")


def test_code_is_good_for_five_minutes(gateway: StandIn, home: Household) -> None:
    resident(home)
    code = get_code()
    SignInCode.objects.update(expires_at=clock.now())

    assert sign_in(code).json()["code"] == "wrong_code"


def test_code_asked_for_twice_is_sent_twice_and_is_the_same(
    gateway: StandIn, run_jobs: Run, home: Household
) -> None:
    resident(home)

    first, second = get_sent(gateway, run_jobs), get_sent(gateway, run_jobs)

    assert first == second
    assert len(gateway.messages) == 2


def test_gateway_that_fails_is_asked_again_and_no_transaction_waits(
    gateway: StandIn, run_jobs: Run, home: Household
) -> None:
    resident(home)
    gateway.fails = 1
    ask()
    run_jobs()
    failed = Job.objects.get(stage="communities.send_code")
    Job.objects.update(run_after=clock.now())
    run_jobs()

    assert (failed.failures, failed.last_error) == (
        1,
        "NotTaken: the SMS gateway answered 500",
    )
    assert len(gateway.messages) == 1


def test_stranger_spends_neither_the_sends_nor_the_tries_of_a_number(
    gateway: StandIn, home: Household
) -> None:
    resident(home)
    mine, theirs = claim(), claim()

    def stranger(path: str, body: dict[str, str]) -> int:
        return _elsewhere(7, path, {"phone": PHONE, **body})

    wrong = {"code": "000000", "claim": theirs}
    asked = [stranger("auth/code", {}) for _turn in range(8)]
    own = Api().send("auth/code", {"phone": PHONE, "claim": mine}, key="")
    code = delivered()
    tried = [stranger("auth/token", wrong) for _turn in range(12)]

    assert asked == [200] * 6 + [429] * 2
    assert tried == [409] * 10 + [429] * 2
    assert own.status_code == 200
    # Not good for whoever reads it over the shoulder.
    assert sign_in(code).json()["code"] == "wrong_code"
    assert sign_in(code, claim=mine).json()["token"]


def _elsewhere(turn: int, path: str, body: dict[str, str]) -> int:
    address, kind = f"10.0.{turn}.1", "application/json"
    answer = Api().post(f"/api/v1/{path}", body, content_type=kind, REMOTE_ADDR=address)
    return int(answer.status_code)


def test_number_asked_for_from_everywhere_has_an_end(
    home: Household, settings: LazySettings
) -> None:
    settings.CODE_RATES = {**settings.CODE_RATES, "phone": "3/day"}

    asked = [_elsewhere(turn, "auth/code", {"phone": "13900139000"}) for turn in range(4)]

    assert asked == [200] * 3 + [429]
    assert ask("13900139001").status_code == 200


def test_neighbours_who_share_a_phone_are_asked_who_it_is(
    gateway: StandIn, home: Household
) -> None:
    next_door = make.household(home.community, "102")
    resident(home)
    resident(next_door, name="李伯")
    code, mine = get_code(), claim()

    asked = sign_in(code, claim=mine).json()
    chosen = next(one["choice"] for one in asked["choices"] if one["name"] == "李伯")
    answer = sign_in(code, claim=mine, choice=chosen).json()

    label = f"{home.community.name} 1号楼"
    assert asked["token"] is None
    assert [(one["name"], one["households"]) for one in asked["choices"]] == [
        ("王阿姨", [f"{label} 101"]),
        ("李伯", [f"{label} 102"]),
    ]
    me = Api(f"Bearer {answer['token']}").read("me").json()
    assert (me["name"], [one["room"] for one in me["households"]]) == ("李伯", ["102"])
    assert Resident.objects.get(name="王阿姨").user is None


def test_person_of_two_households_is_one_account(gateway: StandIn, home: Household) -> None:
    resident(home)
    resident(make.household(home.community, "102"))

    answer = sign_in(get_code()).json()

    me = Api(f"Bearer {answer['token']}").read("me").json()
    assert [one["room"] for one in me["households"]] == ["101", "102"]
    assert User.objects.count() == 1


def test_whoever_was_put_out_of_the_household_does_not_come_back_by_phone(
    gateway: StandIn, run_jobs: Run, home: Household
) -> None:
    user = make.make_resident(home.community)
    resident(home, user=user)
    with transaction.atomic():
        end_membership(membership=user.memberships.get(), actor=make.SETUP, at=clock.now())

    ask()
    run_jobs()

    assert gateway.messages == []
    assert sign_in("123456").json()["code"] == "wrong_code"


def test_account_with_a_post_gets_no_token_by_phone(gateway: StandIn, home: Household) -> None:
    """A coordinator who edits a phone number must not become somebody else by it."""
    officer = make.make_staff(home.community, Role.COMMITTEE)
    resident(home, user=officer)

    answer = sign_in(get_code())

    assert (answer.status_code, answer.json()["code"]) == (409, "account_has_post")
    assert not AuthToken.objects.exists()


def test_first_sign_in_needs_the_consent_and_the_code_stays_good(
    gateway: StandIn, home: Household
) -> None:
    resident(home)
    code = get_code()

    without = sign_in(code, consent="1999-01-01")

    assert (without.status_code, without.json()["code"]) == (409, "consent_outdated")
    assert not Membership.objects.exists()
    assert sign_in(code).json()["token"]


def test_code_by_mail_goes_to_the_gateways_address(run_jobs: Run, home: Household) -> None:
    resident(home)

    with (
        opened() as office,
        override_settings(
            CODE_SENDER="email", CODE_EMAIL_TO="{phone}@sms.example", **office.settings
        ),
    ):
        office.fails = 1
        ask()
        run_jobs()
        failed = Job.objects.get(stage="communities.send_code")
        assert office.mails == []
        Job.objects.update(run_after=clock.now())
        run_jobs()

    assert failed.last_error == "NotTaken: the mail server refused: SMTPRecipientsRefused"
    ((to, message),) = office.mails
    assert to == ["8613800138000@sms.example"]
    assert message["From"] == "jidan@localhost"
    assert one_time.text_of(SignInCode.objects.get()) in message.get_content()


@pytest.mark.parametrize("path", ["auth/code", "auth/token"])
def test_phone_sign_in_that_is_off_says_so(
    path: str, home: Household, settings: LazySettings
) -> None:
    settings.CODE_SENDER = ""
    body = {"phone": PHONE}
    body |= {"code": "123456", "claim": claim()} if path == "auth/token" else {}

    answer = Api().send(path, body, key="")

    assert (answer.status_code, answer.json()["code"]) == (409, "phone_sign_in_off")
    assert not SignInCode.objects.exists()


def test_codes_of_yesterday_are_forgotten_with_their_jobs(
    gateway: StandIn, run_jobs: Run, home: Household
) -> None:
    resident(home)
    get_sent(gateway, run_jobs)
    yesterday = clock.now() - timedelta(days=1, seconds=1)
    SignInCode.objects.update(asked_at=yesterday)
    Job.objects.update(created_at=yesterday)

    tidy()

    assert not SignInCode.objects.exists()
    assert not Job.objects.filter(stage="communities.send_code").exists()


def test_phone_number_and_code_are_kept_readable_nowhere(
    gateway: StandIn, run_jobs: Run, home: Household
) -> None:
    resident(home)
    code = get_sent(gateway, run_jobs)

    kept = str(list(SignInCode.objects.values())) + str(list(Job.objects.values()))
    assert code not in kept.replace(str(SignInCode.objects.get().nonce), "")
    assert "13800138000" not in kept


def by_mini_program(code: str, **members: Any) -> Any:
    return Api().send("auth/mini-program", {"code": code, "claim": claim(), **members}, key="")


def test_mini_program_is_bound_and_signs_in(gateway: StandIn, home: Household) -> None:
    client = signed_in(make.make_resident(home.community))
    mine = claim()

    unknown = by_mini_program("wx-wang")
    bound = [client.send("me/mini-program", {"code": "wx-wang"}, key="") for _turn in range(2)]
    first, again = (by_mini_program("wx-wang", claim=mine).json() for _turn in range(2))

    assert (unknown.status_code, unknown.json()["code"]) == (409, "not_bound")
    assert [answer.json() for answer in bound] == [{"bound": True}] * 2
    assert again == first
    me = Api(f"Bearer {first['token']}").read("me").json()
    assert [one["room"] for one in me["households"]] == ["101"]


def test_mini_program_bound_anew_belongs_to_the_last_account(
    gateway: StandIn, home: Household
) -> None:
    first, second = (signed_in(make.make_resident(home.community, room)) for room in ("101", "102"))
    for client in (first, second):
        client.send("me/mini-program", {"code": "wx-wang"}, key="")

    token = by_mini_program("wx-wang").json()["token"]

    me = Api(f"Bearer {token}").read("me").json()
    assert [one["room"] for one in me["households"]] == ["102"]


@pytest.mark.parametrize(
    ("code", "status", "refusal"),
    [
        ("wx-used", 409, "wrong_code"),
        ("something", 409, "wrong_code"),
        ("wx-busy", 503, "mini_program_away"),
        ("wx-html", 503, "mini_program_away"),
        ("wx-huge", 503, "mini_program_away"),
        ("wx-elsewhere", 503, "mini_program_away"),
    ],
)
def test_mini_program_in_trouble_signs_nobody_in(
    gateway: StandIn, home: Household, code: str, status: int, refusal: str
) -> None:
    answer = by_mini_program(code)

    assert (answer.status_code, answer.json()["code"]) == (status, refusal)
    assert gateway.questions == [code]
    assert not AuthToken.objects.exists()


def test_mini_program_that_is_slow_holds_two_threads_at_most(
    gateway: StandIn, home: Household
) -> None:
    client = signed_in(make.make_resident(home.community))
    with mini_program._asking, mini_program._asking:
        signing = by_mini_program("wx-wang")
        binding = client.send("me/mini-program", {"code": "wx-wang"}, key="")

    assert (signing.status_code, signing.json()["code"]) == (503, "mini_program_away")
    assert binding.json()["code"] == "mini_program_away"
    assert gateway.questions == []
    assert by_mini_program("wx-wang").json()["code"] == "not_bound"


def test_binding_counts_wrong_login_codes_by_account(
    gateway: StandIn, home: Household, settings: LazySettings
) -> None:
    settings.CODE_TRY_RATES = {**settings.CODE_TRY_RATES, "account": "1/hour"}
    first, other = (signed_in(make.make_resident(home.community, room)) for room in ("101", "102"))

    answers = [
        client.send("me/mini-program", {"code": code}, key="").status_code
        for client, code in ((first, "wx-used"), (first, "wx-wang"), (other, "wx-wang"))
    ]

    assert answers == [409, 429, 200]
    assert gateway.questions == ["wx-used", "wx-wang"]


def test_mini_program_that_is_away_or_off_says_so(gateway: StandIn, settings: LazySettings) -> None:
    settings.MINI_PROGRAM_URL = "http://127.0.0.1:9/sns/jscode2session"
    away = by_mini_program("wx-li")
    settings.MINI_PROGRAM_APP_ID = ""
    off = by_mini_program("wx-li")

    assert (away.status_code, away.json()["code"]) == (503, "mini_program_away")
    assert (off.status_code, off.json()["code"]) == (409, "mini_program_off")

"""One slip, many hands: devices that ask at once, volunteers who approve at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from communities.joining import accounts, deciding, requesting
from communities.joining.deciding import approve_join
from communities.joining.exchanging import take_token
from communities.joining.one_time import ask_for_code
from communities.joining.phones import sign_in_by_phone
from communities.joining.requesting import (
    MAX_WAITING,
    Asked,
    TooManyWaiting,
    find_by_claim,
    request_join,
)
from communities.models import (
    Consent,
    Household,
    JoinRequest,
    Membership,
    Resident,
    SignInCode,
    User,
)
from communities.people import add_resident
from config.kernel import clock
from config.kernel.states import StaleStatus
from tests import factories as make
from tests.communities.joining.world import VERSION, approve, claim, slip
from tests.concurrency.interleaving import meet_after, wait_until_somebody_waits_for_a_lock
from tests.connections import PATIENCE, at_once, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home() -> Household:
    return make.household(make.make_community())


def asker(code: str, secret: str) -> Callable[[], JoinRequest]:
    def ask() -> JoinRequest:
        with transaction.atomic():
            asked = Asked(name="王阿姨", consent=VERSION, phone="13800138000")
            return request_join(code=code, asked=asked, claim=secret, at=clock.now())

    return ask


def approver(join: JoinRequest) -> Callable[[], None]:
    return lambda: approve(JoinRequest.objects.get(pk=join.pk))


def without_rows_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())


def people() -> tuple[int, int, int, int]:
    """Accounts without a user name of their own, memberships, residents, consents."""
    opened = User.objects.filter(username__startswith="home-")
    return (
        opened.count(),
        Membership.objects.count(),
        Resident.objects.count(),
        Consent.objects.count(),
    )


def test_device_that_asks_twice_at_once_has_one_wish(home: Household) -> None:
    code, secret = slip(home), claim()

    outcomes = at_once([asker(code, secret)] * 4)

    assert {one.pk for one in outcomes if isinstance(one, JoinRequest)} == {
        JoinRequest.objects.get().pk
    }
    assert home.codes.get().used == 1


def test_devices_with_one_code_at_once_are_as_many_as_may_wait(home: Household) -> None:
    code = slip(home)

    outcomes = at_once([asker(code, claim()) for _device in range(MAX_WAITING + 4)])

    refused = [one for one in outcomes if isinstance(one, TooManyWaiting)]
    assert len(refused) == 4
    assert JoinRequest.objects.filter(status="waiting").count() == MAX_WAITING
    assert home.codes.get().used == MAX_WAITING


def test_control_more_may_wait_without_the_households_lock(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, devices = slip(home), MAX_WAITING + 2
    without_rows_locks(monkeypatch)
    meet_after(monkeypatch, requesting, "_asked_before", parties=devices)

    at_once([asker(code, claim()) for _device in range(devices)])

    assert JoinRequest.objects.filter(status="waiting").count() == devices


def test_wish_that_two_approve_at_once_is_one_account(home: Household) -> None:
    (join,) = at_once([asker(slip(home), claim())])
    assert isinstance(join, JoinRequest)
    before = people()

    outcomes: list[Any] = at_once([approver(join)] * 4)

    assert outcomes.count(None) == 1
    assert [type(one) for one in outcomes if one is not None] == [StaleStatus] * 3
    assert [now - then for now, then in zip(people(), before, strict=True)] == [1, 1, 1, 1]


def test_control_second_approval_is_begun_without_the_households_lock(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both make an account. The swap of the wish's status is what is left: one of them goes with its transaction."""
    (join,) = at_once([asker(slip(home), claim())])
    assert isinstance(join, JoinRequest)
    before, begun = people(), []
    without_rows_locks(monkeypatch)
    meet_after(monkeypatch, deciding, "_require_waiting", parties=2)
    opened = accounts.open_account

    def count(**given: Any) -> User:
        begun.append(1)
        return opened(**given)

    monkeypatch.setattr(deciding, "open_account", count)

    outcomes: list[Any] = at_once([approver(join)] * 2)

    assert (len(begun), outcomes.count(None)) == (2, 1)
    assert [now - then for now, then in zip(people(), before, strict=True)] == [1, 1, 1, 1]


def phone_code(number: str) -> SignInCode:
    with transaction.atomic():
        ask_for_code(number=number, at=clock.now())
    SignInCode.objects.update(sent=1)
    return SignInCode.objects.get()


def approving_while(join: JoinRequest, work: Callable[[], Any]) -> Any:
    """What comes out of work that asks for a row which the approval holds."""
    with elsewhere() as asking:
        with transaction.atomic():
            approve_join(join=join, actor=make.SETUP, at=clock.now())
            answer = asking.start(work)
            wait_until_somebody_waits_for_a_lock()
        return answer.result(timeout=PATIENCE)


def test_device_that_asks_while_it_is_let_in_gets_its_token(home: Household) -> None:
    secret = claim()
    join = asker(slip(home), secret)()

    def take() -> str:
        with transaction.atomic():
            found = find_by_claim(public_id=join.public_id, claim=secret)
            assert found is not None
            return take_token(join=found, claim=secret, at=clock.now())

    token = approving_while(join, take)

    assert token == take() != ""


def test_sign_in_by_phone_while_a_slip_lets_in_makes_no_second_account(home: Household) -> None:
    with transaction.atomic():
        add_resident(household=home, name="王阿姨", phone="13800138000", actor=make.SETUP)
    join, code = asker(slip(home), claim())(), phone_code("+8613800138000")

    def sign_in() -> Any:
        with transaction.atomic():
            asked: dict[str, Any] = {"choice": "", "device": "", "consent": VERSION}
            return sign_in_by_phone(code=code, claim=claim(), at=clock.now(), **asked)

    token = approving_while(join, sign_in)

    assert isinstance(token, str)
    assert people() == (1, 1, 1, 1)

"""One slip, many hands: devices that ask at once, volunteers who approve at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from communities.joining import accounts, deciding, requesting
from communities.joining.requesting import MAX_WAITING, Asked, TooManyWaiting, request_join
from communities.models import Consent, Household, JoinRequest, Membership, Resident, User
from config.kernel import clock
from config.kernel.states import StaleStatus
from tests import factories as make
from tests.communities.joining.world import VERSION, approve, claim, slip
from tests.concurrency.interleaving import meet_after
from tests.connections import at_once

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

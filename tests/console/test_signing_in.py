"""The brake on guessing passwords."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client
from redis import Redis

from communities.models import User
from config.kernel.api.limiting import Rate, limiter
from tests import factories as make

RIGHT = "langes-wort-77"
WAIT = {
    "zh-CN": "尝试次数过多，请等一分钟再试。",
    "en": "Too many tries. Please wait a minute, then try again.",
}


@pytest.fixture
def officer(db: None) -> User:
    return make.make_user("wang", password=RIGHT, is_staff=True)


@pytest.fixture
def valkey_away(settings: LazySettings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limiter.cache_clear()
    yield
    limiter.cache_clear()


def _try(
    password: str, *, name: str = "wang", address: str = "10.1.1.1", tongue: str = "en"
) -> Any:
    browser = Client(headers={"accept-language": tongue}, REMOTE_ADDR=address)
    return browser.post("/admin/login/", {"username": name, "password": password})


def _is_in(response: Any) -> bool:
    return response.status_code == 302 and "sessionid" in response.cookies


def _must_wait(response: Any, tongue: str = "en") -> bool:
    return response.status_code == 200 and WAIT[tongue] in response.content.decode()


def _let_a_minute_pass() -> None:
    """Every bucket is empty a minute earlier."""
    valkey = Redis.from_url(settings.REDIS_URL)
    for key in valkey.scan_iter("jidan:rate:log-in:*"):
        empty_at = int(valkey.get(key) or 0)
        valkey.set(key, empty_at - 60_000, keepttl=True)


@pytest.mark.parametrize("tongue", ["zh-CN", "en"])
def test_log_in_after_five_wrong_passwords_waits_a_minute(officer: User, tongue: str) -> None:
    wrong = [_try(f"falsch-{turn}", tongue=tongue) for turn in range(5)]
    assert [_must_wait(response, tongue) for response in wrong] == [False] * 5

    assert _must_wait(_try("falsch", tongue=tongue), tongue)
    assert _must_wait(_try(RIGHT, tongue=tongue), tongue)
    officer.refresh_from_db()
    assert officer.last_login is None

    _let_a_minute_pass()
    assert _is_in(_try(RIGHT, tongue=tongue))


def test_log_in_with_an_unknown_name_waits_alike(db: None) -> None:
    waits = [_must_wait(_try("falsch", name="niemand")) for _turn in range(7)]

    assert waits == [False] * 5 + [True] * 2


def test_log_in_of_a_neighbour_or_from_elsewhere_needs_no_wait(officer: User) -> None:
    make.make_user("li", password=RIGHT, is_staff=True)
    for turn in range(6):
        _try(f"falsch-{turn}")

    assert _must_wait(_try(RIGHT))
    assert _is_in(_try(RIGHT, name="li"))
    assert _is_in(_try(RIGHT, address="10.1.1.2"))


def test_log_in_with_the_right_password_forgets_the_wrong_ones(officer: User) -> None:
    for _turn in range(3):
        for wrong in range(4):
            _try(f"falsch-{wrong}")
        assert _is_in(_try(RIGHT))


def test_log_in_with_many_names_from_one_address_waits(officer: User) -> None:
    rate = Rate.parse(settings.LOG_IN_RATES["address"])
    for _turn in range(rate.limit):
        limiter().take("log-in:10.1.1.1", rate)

    assert _must_wait(_try(RIGHT))
    assert _is_in(_try(RIGHT, address="10.1.1.2"))


def test_log_in_while_valkey_is_away_still_works_and_waits(
    officer: User, valkey_away: None
) -> None:
    assert _is_in(_try(RIGHT))
    waits = [_must_wait(_try("falsch")) for _turn in range(6)]

    assert waits == [False] * 5 + [True]

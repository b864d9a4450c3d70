"""Guessing, many at once: the brake gives no place twice, stops nobody's neighbour and outlives its server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from redis import Redis

from communities import signing_in
from config.kernel.api.limiting import Limiter, Rate
from tests import factories as make
from tests.api.client import signed_in

PASSWORD = "korrekte-Pferde-9"

AT_ONCE = 50
RIGHT = "langes-wort-77"


class ReadsThenWrites(Limiter):
    """The control: the same arithmetic in two steps, as a cache's get and set make it (DRF's own throttles)."""

    def __init__(self, url: str, *, at_once: int) -> None:
        super().__init__(url)
        self.all_have_read = threading.Barrier(at_once)

    def take(self, name: str, rate: Rate) -> float:
        now = time.time_ns() // 1_000_000
        read = int(self._valkey.get(f"jidan:rate:{name}") or 0)
        self.all_have_read.wait(30)
        empty_at = max(read, now) + rate.cost_ms
        if empty_at - now > rate.size_ms:
            return 1.0
        self._valkey.set(f"jidan:rate:{name}", empty_at)
        return 0.0


@pytest.fixture
def bucket() -> Iterator[str]:
    """A bucket of this test alone."""
    name = f"test:{time.monotonic_ns()}"
    yield name
    Redis.from_url(django_settings.REDIS_URL).delete(f"jidan:rate:{name}")


def at_once(act: Callable[[int], Any], count: int = AT_ONCE) -> list[Any]:
    """What `act` gives in so many real threads that begin together."""
    start = threading.Barrier(count)
    given: list[Any] = []

    def run(number: int) -> None:
        start.wait(30)
        try:
            given.append(act(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_bucket_asked_by_50_at_once_gives_exactly_its_places(bucket: str) -> None:
    rate, shared = Rate(limit=5, period=300), Limiter(django_settings.REDIS_URL)

    waits = at_once(lambda _number: shared.take(bucket, rate))

    assert (len(waits), waits.count(0)) == (AT_ONCE, 5)


def test_bucket_that_reads_and_then_writes_lets_all_50_through(bucket: str) -> None:
    rate = Rate(limit=5, period=300)
    careless = ReadsThenWrites(django_settings.REDIS_URL, at_once=AT_ONCE)

    waits = at_once(lambda _number: careless.take(bucket, rate))

    assert waits == [0] * AT_ONCE


def log_in(name: str, password: str, address: str) -> str:
    """`in`, `wrong` or `wait`. By the page: the test client mixes up what several threads render."""
    browser = Client(headers={"accept-language": "en"}, REMOTE_ADDR=address)
    answer: Any = browser.post("/admin/login/", {"username": name, "password": password})
    if answer.status_code == 302:
        return "in"
    page = answer.content.decode()
    assert ("Too many tries." in page) != ("enter the correct username" in page)
    return "wait" if "Too many tries." in page else "wrong"


@pytest.mark.django_db(transaction=True)
def test_log_in_tried_by_50_at_once_looks_at_five_passwords() -> None:
    make.make_user("wang", password=RIGHT, is_staff=True)
    make.make_user("li", password=RIGHT, is_staff=True)

    tried = at_once(lambda number: log_in("wang", f"falsch-{number}", "10.9.9.1"))

    assert (tried.count("wrong"), tried.count("wait")) == (5, AT_ONCE - 5)
    # The neighbour behind the same address, and the account itself from elsewhere.
    assert log_in("li", RIGHT, "10.9.9.1") == "in"
    assert log_in("wang", RIGHT, "10.9.9.2") == "in"
    assert log_in("wang", RIGHT, "10.9.9.1") == "wait"


@pytest.mark.django_db(transaction=True)
def test_log_in_tried_by_ten_at_once_without_the_brake_looks_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.make_user("wang", password=RIGHT, is_staff=True)
    careless = ReadsThenWrites(django_settings.REDIS_URL, at_once=10)
    monkeypatch.setattr(signing_in, "limiter", lambda: careless)

    tried = at_once(lambda number: log_in("wang", f"falsch-{number}", "10.9.9.3"), 10)

    assert tried == ["wrong"] * 10


@pytest.mark.django_db(transaction=True)
def test_request_sent_50_times_at_once_is_answered_as_often_as_the_rate_says(
    settings: LazySettings,
) -> None:
    client = signed_in(make.make_resident(make.make_community()))
    rates = {"principal": "7/hour", "anonymous": "7/hour"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}

    statuses = at_once(lambda _number: client.read("me").status_code)

    assert (statuses.count(200), statuses.count(429)) == (7, AT_ONCE - 7)


@pytest.mark.django_db
def test_log_in_rates_are_settings(settings: LazySettings) -> None:
    settings.LOG_IN_RATES = {"account": "2/300s", "address": "3/hour"}

    one = [log_in("wang", "falsch", "10.9.9.4") for _turn in range(3)]
    others = [log_in(name, "falsch", "10.9.9.4") for name in ("li", "zhang")]

    assert one == ["wrong", "wrong", "wait"]
    assert others == ["wrong", "wait"]


@pytest.mark.django_db
def test_neighbour_who_tries_many_names_locks_out_nobody_who_was_here_before(
    settings: LazySettings,
) -> None:
    settings.LOG_IN_RATES = {"account": "5/300s", "address": "3/hour"}
    make.make_staff(make.make_community(), username="wang", password=PASSWORD)
    make.make_staff(make.make_community(), username="chen", password=PASSWORD)
    assert log_in("wang", PASSWORD, "10.9.9.5") == "in"

    tried = [log_in(f"nobody{number}", "falsch", "10.9.9.5") for number in range(4)]

    assert tried == ["wrong", "wrong", "wait", "wait"]
    assert log_in("wang", PASSWORD, "10.9.9.5") == "in"
    # A stranger there waits with the rest; from elsewhere he gets in.
    assert log_in("chen", PASSWORD, "10.9.9.5") == "wait"
    assert log_in("chen", PASSWORD, "10.9.9.6") == "in"
    assert [log_in("wang", "falsch", "10.9.9.5") for _turn in range(6)][-1] == "wait"


def test_limit_of_an_address_is_forty_times_that_of_an_account() -> None:
    """A street behind one address must not lock itself out: so many accounts have to fail at once for it."""
    account, address = (Rate.parse(text) for text in django_settings.LOG_IN_RATES.values())

    assert address.limit >= 40 * account.limit

"""How often somebody may ask; and that nobody waits for Valkey."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from redis import Redis

from config.kernel.api import limiting, throttling
from config.kernel.api.limiting import Limiter, Rate
from config.kernel.api.throttling import ThrottleByPrincipal, network_of
from tests import factories as make
from tests.api.client import Api, signed_in, supplier_client


@pytest.fixture
def name() -> Iterator[str]:
    """A bucket of this test alone."""
    bucket = f"test:{time.monotonic_ns()}"
    yield bucket
    Redis.from_url(settings.REDIS_URL).delete(f"jidan:rate:{bucket}")


def rates(principal: str = "600/minute", anonymous: str = "120/minute") -> Any:
    given = {"principal": principal, "anonymous": anonymous}
    framework = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": given}
    return override_settings(REST_FRAMEWORK=framework)


@pytest.mark.django_db
def test_requests_beyond_the_limit_answer_429() -> None:
    community = make.make_community()
    client, neighbour = (signed_in(make.make_resident(community, room)) for room in ("101", "102"))
    with rates(principal="3/hour"):
        answers = [client.read("me") for _turn in range(4)]
        other = neighbour.read("me")

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "throttled"
    assert 1190 <= int(answers[3].headers["Retry-After"]) <= 1200
    assert other.status_code == 200


@pytest.mark.django_db
def test_limits_belong_to_the_account_not_to_its_tokens() -> None:
    user = make.make_resident(make.make_community())
    clients = [signed_in(user) for _turn in range(3)]
    with rates(principal="2/hour"):
        assert [client.read("me").status_code for client in clients] == [200, 200, 429]


@pytest.mark.django_db
def test_suppliers_keys_share_their_suppliers_limit() -> None:
    supplier = make.make_supplier()
    clients = [supplier_client(supplier) for _turn in range(3)]
    with rates(principal="2/hour"):
        statuses = [client.read("supplier/order-files").status_code for client in clients]
    assert statuses == [200, 200, 429]


@pytest.mark.django_db
def test_guessing_is_limited_by_address_and_neighbours_are_not() -> None:
    resident = signed_in(make.make_resident(make.make_community()))
    with rates(anonymous="3/hour"):
        guesses = [Api().read("me", authorization="Bearer " + f"{turn:064x}") for turn in range(3)]
        nobody = Api().read("me")
        elsewhere = Api().get("/api/v1/me", REMOTE_ADDR="198.51.100.7")
        signed = resident.read("me")

    assert [answer.status_code for answer in guesses] == [401, 401, 401]
    assert (nobody.status_code, nobody.json()["code"]) == (429, "throttled")
    assert "Retry-After" in nobody.headers
    assert (elsewhere.status_code, signed.status_code) == (401, 200)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "used"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "rubbish", "unknown"),
    ],
)
def test_address_is_taken_from_the_trusted_proxy_only(
    proxies: int, forwarded: str, used: str
) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = SimpleNamespace(headers=headers, META={"REMOTE_ADDR": "192.0.2.1"})
    with override_settings(REST_FRAMEWORK={**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}):
        assert network_of(ThrottleByPrincipal().get_ident(request)) == used  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", "unknown"),
        (None, "unknown"),
        ("x\ny", "unknown"),
    ],
)
def test_network_of_address(address: str | None, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "text", ["600", "600/", "0/minute", "-1/minute", "600/fortnight", "x/hour"]
)
def test_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        Rate.parse(text)


def test_bucket_drains_at_its_rate(name: str) -> None:
    limiter, rate = Limiter(settings.REDIS_URL), Rate(limit=5, period=1)

    waits = [limiter.take(name, rate) for _turn in range(6)]

    assert waits[:5] == [0, 0, 0, 0, 0]
    assert 0 < waits[5] <= 0.2
    threading.Event().wait(waits[5])
    assert limiter.take(name, rate) == 0
    assert Redis.from_url(settings.REDIS_URL).pttl(f"jidan:rate:{name}") <= 1000


@pytest.mark.parametrize("limit", [1, 3, 7, 11, 60, 97])
def test_bucket_gives_exactly_its_limit_at_once(name: str, limit: int) -> None:
    rate = Rate(limit=limit, period=3600)
    shared = Limiter(settings.REDIS_URL)
    alone = Limiter(f"redis://127.0.0.1:{free_port()}/0")

    for limiter in (shared, alone):
        assert sum(limiter.take(name, rate) == 0 for _turn in range(limit + 3)) == limit


def test_bucket_gives_no_place_twice(name: str) -> None:
    limiters = [Limiter(settings.REDIS_URL) for _turn in range(8)]
    rate = Rate(limit=50, period=3600)
    taken: list[bool] = []
    start = threading.Barrier(len(limiters))

    def ask(limiter: Limiter) -> None:
        start.wait(10)
        taken.extend(limiter.take(name, rate) == 0 for _turn in range(20))

    threads = [threading.Thread(target=ask, args=[limiter]) for limiter in limiters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(taken), sum(taken)) == (160, 50)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(params=["refuses", "never answers"])
def away(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Valkey that is not there, or that hangs."""
    if request.param == "refuses":
        yield f"redis://127.0.0.1:{free_port()}/0"
        return
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def test_limiter_without_valkey_counts_itself_and_hardly_waits(
    away: str, caplog: pytest.LogCaptureFixture
) -> None:
    limiter, rate = Limiter(away), Rate(limit=3, period=3600)
    begun = time.perf_counter()
    with caplog.at_level(logging.WARNING):
        waits = [limiter.take("a", rate) for _turn in range(4)]
        other = limiter.take("b", rate)
    spent = time.perf_counter() - begun

    assert (waits[:3], other) == ([0, 0, 0], 0)
    assert 1199 < waits[3] <= 1200
    assert spent < 2 * limiting.TIMEOUT
    assert len([record for record in caplog.records if "Valkey is away" in record.message]) == 1


def test_limiter_asks_valkey_again_after_a_pause(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter, rate = Limiter(f"redis://127.0.0.1:{free_port()}/0"), Rate(limit=1, period=3600)
    assert limiter.take(name, rate) == 0
    good = Limiter(settings.REDIS_URL)
    monkeypatch.setattr(limiter, "_script", good._script)
    assert limiter.take(name, rate) > 0
    assert not Redis.from_url(settings.REDIS_URL).exists(f"jidan:rate:{name}")

    monkeypatch.setattr(limiter, "_away_until", 0.0)

    assert limiter.take(name, rate) == 0
    assert Redis.from_url(settings.REDIS_URL).exists(f"jidan:rate:{name}")


def test_one_request_tries_a_silent_valkey_again_and_the_others_do_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rate, start = Rate(limit=100, period=3600), threading.Barrier(8)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        limiter = Limiter(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        limiter.take("a", rate)
        monkeypatch.setattr(limiter, "_away_until", time.monotonic() - 1)

        def ask() -> None:
            start.wait(10)
            limiter.take("a", rate)

        threads = [threading.Thread(target=ask) for _turn in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        listener.settimeout(0.1)
        tried = 0
        with contextlib.suppress(TimeoutError):
            while True:
                listener.accept()[0].close()
                tried += 1

    assert tried == 2


def test_local_buckets_that_are_empty_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "MAX_LOCAL", 10)
    limiter = Limiter(f"redis://127.0.0.1:{free_port()}/0")
    for turn in range(10):
        limiter.take(f"old:{turn}", Rate(limit=100_000, period=1))
    threading.Event().wait(0.01)

    limiter.take("new", Rate(limit=1, period=3600))

    assert list(limiter._empty_at) == ["new"]


@pytest.mark.django_db
def test_requests_are_answered_while_valkey_is_away(
    away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(make.make_resident(make.make_community()))
    limiter = Limiter(away)
    monkeypatch.setattr(throttling, "limiter", lambda: limiter)
    begun = time.perf_counter()
    with rates(principal="3/hour"):
        statuses = [client.read("me").status_code for _turn in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert time.perf_counter() - begun < 1

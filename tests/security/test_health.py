"""What machines that watch are told: whole, broken in each part, and to whom."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.health import checks, figures
from config.health.probing import Probe
from config.kernel import clock, heartbeats, jobs
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from config.kernel.tasks import sweep
from orders.models import OrderWindow
from orders.tasks import close_due
from tests import factories as make

TOKEN = "a-token-of-the-tests"


@pytest.fixture(autouse=True)
def _fresh_looks() -> Iterator[None]:
    checks.database.forget()
    checks.broker.forget()
    yield
    checks.database.forget()
    checks.broker.forget()


@pytest.fixture
def swept(transactional_db: None) -> None:
    for name in checks.SWEEPS:
        heartbeats.beat(name)


@pytest.fixture(params=["refuses", "never answers"])
def nowhere(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of a server that is not there, or that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if request.param == "refuses":
            listener.close()
        yield port


def ready() -> tuple[int, dict[str, Any]]:
    checks.database.forget()
    checks.broker.forget()
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()


def warned(body: dict[str, Any]) -> list[str]:
    return [name for name, check in body["checks"].items() if check["status"] == "warning"]


def job(**changes: Any) -> Job:
    moment = clock.database_now()
    return Job.objects.create(
        stage="orders.files",
        subject_kind="supplier_order",
        subject_id=Job.objects.count() + 1,
        **{"created_at": moment, "run_after": moment, **changes},
    )


def message(**changes: Any) -> OutboxMessage:
    moment = clock.database_now()
    return OutboxMessage.objects.create(
        event_key=f"event {OutboxMessage.objects.count()}",
        topic="window.closed",
        **{"created_at": moment, "available_at": moment, **changes},
    )


def test_ask_whole_system_is_ready(swept: None) -> None:
    status, body = ready()

    assert (status, body["status"], warned(body)) == (200, "ready", [])
    assert list(body["checks"]) == ["database", "sweeps", "jobs", "messages", "windows", "broker"]
    ages = body["checks"]["sweeps"]
    assert 0 <= ages["kernel.sweep"] < 5
    assert 0 <= ages["orders.close_due"] < 5
    assert body["checks"]["jobs"] == {"status": "ok", "open": 0, "oldest_seconds": 0.0, "parked": 0}


def test_run_sweeps_leaves_their_heartbeats(transactional_db: None) -> None:
    assert heartbeats.ages() == {}
    assert warned(ready()[1]) == ["sweeps"]

    sweep()
    close_due()
    close_due()

    assert set(heartbeats.ages()) == set(checks.SWEEPS)
    assert warned(ready()[1]) == []


def test_sweep_that_fails_leaves_no_heartbeat(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(jobs, "_insert", fail)
    for task in (sweep, close_due):
        with pytest.raises(RuntimeError):
            task()

    assert heartbeats.ages() == {}


def _no_sweep() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_heartbeat SET at = at - interval '16 seconds' WHERE name LIKE 'orders%'"
        )


def _old_job() -> None:
    job(
        created_at=clock.database_now() - timedelta(seconds=checks.OLDEST_JOB_SECONDS + 1),
        attempts=1,
    )


def _old_message() -> None:
    long_ago = clock.database_now() - timedelta(seconds=checks.OLDEST_MESSAGE_SECONDS + 1)
    message(created_at=long_ago, available_at=clock.database_now() + timedelta(hours=1), failures=5)


def _overdue_window() -> None:
    window = make.make_window(make.make_community())
    make.pass_cutoff(window)
    OrderWindow.objects.filter(pk=window.pk).update(
        closes_at=clock.database_now() - timedelta(seconds=checks.OVERDUE_SECONDS + 1)
    )


@pytest.mark.parametrize(
    ("trouble", "check", "figure", "least"),
    [
        (_no_sweep, "sweeps", "orders.close_due", 16),
        (_old_job, "jobs", "oldest_seconds", checks.OLDEST_JOB_SECONDS),
        (lambda: job(parked_at=clock.now()), "jobs", "parked", 1),
        (_old_message, "messages", "oldest_seconds", checks.OLDEST_MESSAGE_SECONDS),
        (lambda: message(parked_at=clock.now()), "messages", "parked", 1),
        (_overdue_window, "windows", "overdue_seconds", checks.OVERDUE_SECONDS),
    ],
)
def test_trouble_is_a_warning_and_keeps_web_in_service(
    swept: None, trouble: Callable[[], object], check: str, figure: str, least: float
) -> None:
    assert ready()[1]["status"] == "ready"

    trouble()

    status, body = ready()
    assert (status, body["status"], warned(body)) == (200, "warning", [check])
    assert body["checks"][check][figure] >= least
    assert body["checks"][check][figure] < least + 10


def test_work_that_is_done_or_young_is_no_warning(swept: None) -> None:
    long_ago = clock.now() - timedelta(days=1)
    job(created_at=long_ago, done_at=clock.now())
    message(created_at=long_ago, delivered_at=clock.now())
    job()
    window = make.make_window(make.make_community())
    make.pass_cutoff(window)

    status, body = ready()

    assert (status, body["status"]) == (200, "ready")
    assert body["checks"]["jobs"]["open"] == 1
    assert body["checks"]["windows"]["overdue"] == 1


def test_broker_away_is_a_warning_and_web_stays_in_service(
    swept: None, nowhere: int, settings: LazySettings
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{nowhere}/0"
    begun = time.perf_counter()

    status, body = ready()

    assert (status, body["status"], warned(body)) == (200, "warning", ["broker"])
    # PATIENCE, and what a busy machine adds; without it a frozen broker takes as long as the system likes.
    assert time.perf_counter() - begun < 4


def test_database_away_is_not_ready_and_said_at_once(
    swept: None, nowhere: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {**connections.settings["default"], "HOST": "127.0.0.1", "PORT": str(nowhere)}
    monkeypatch.setitem(connections.settings, "default", place)
    begun = time.perf_counter()

    status, body = ready()
    again = [Client().get("/readyz").status_code for _turn in range(2)]

    assert (status, body["status"]) == (503, "not ready")
    verdicts = {name: check["status"] for name, check in body["checks"].items()}
    assert verdicts == {
        "database": "failing",
        "broker": "ok",
        **dict.fromkeys(("sweeps", "jobs", "messages", "windows"), "unknown"),
    }
    assert again == [503, 503]
    # PATIENCE for each of the three, and what a busy machine adds; libpq alone waits 5 s for each.
    assert time.perf_counter() - begun < 5
    assert len([thread for thread in threading.enumerate() if thread.name == "probe"]) <= 2


def test_database_that_takes_no_writes_is_not_ready(
    swept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    standby = {**connections.settings["default"]}
    standby["OPTIONS"] = {**standby["OPTIONS"], "options": "-c default_transaction_read_only=on"}
    monkeypatch.setitem(connections.settings, "default", standby)

    status, body = ready()

    assert (status, body["checks"]["database"]["status"]) == (503, "failing")


def test_database_without_our_tables_is_not_ready(
    swept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = {**connections.settings["default"], "NAME": "postgres"}
    monkeypatch.setitem(connections.settings, "default", empty)

    assert ready()[0] == 503


def test_look_costs_nine_statements_whatever_there_is(swept: None) -> None:
    """Clock, writable, heartbeats; open and parked of jobs and of messages; open and held windows."""

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures.measure()
        return len(captured)

    first = count()
    for _turn in range(3):
        job()
        message()
        job(parked_at=clock.now())
    make.pass_cutoff(make.make_window(make.make_community()))

    assert (first, count()) == (9, 9)


def test_live_check_asks_nobody(db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get("/healthz")

    assert (answer.status_code, answer.content, len(captured)) == (200, b"ok\n", 0)


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_health_is_only_read_and_never_kept(swept: None, address: str) -> None:
    assert Client().post(address).status_code == 405
    assert "no-store" in Client().get(address).headers["Cache-Control"]


def test_many_who_ask_at_once_cost_one_look() -> None:
    looks: list[int] = []
    gate = threading.Event()

    def look() -> int:
        looks.append(1)
        assert gate.wait(10)
        return len(looks)

    probe = Probe(look)
    asked = [probe.begin() for _turn in range(50)]
    gate.set()

    assert [answer.result(10) for answer in asked] == [1] * 50
    assert looks == [1]


def test_look_is_repeated_when_it_is_not_fresh_any_more() -> None:
    looks: list[int] = []
    probe = Probe(lambda: looks.append(1), fresh=0)

    for _turn in range(3):
        probe.begin().result(10)

    assert len(looks) == 3


def metrics(**headers: str) -> tuple[int, str]:
    remote = headers.pop("remote", "203.0.113.5")
    answer = Client(REMOTE_ADDR=remote).get("/metrics", headers=headers)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("token", "embedded", "remote", "headers", "status"),
    [
        (TOKEN, False, "203.0.113.5", {"authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, False, "203.0.113.5", {"authorization": f"Bearer {TOKEN}x"}, 404),
        (TOKEN, False, "203.0.113.5", {"authorization": TOKEN}, 404),
        (TOKEN, False, "203.0.113.5", {"authorization": "Bearer \xe4"}, 404),
        (TOKEN, False, "203.0.113.5", {}, 404),
        (TOKEN, False, "127.0.0.1", {}, 404),
        ("", False, "203.0.113.5", {"authorization": "Bearer "}, 404),
        ("", False, "127.0.0.1", {}, 404),
        ("", True, "127.0.0.1", {}, 200),
        ("", True, "::1", {}, 200),
        ("", True, "192.168.1.9", {}, 404),
        ("", True, "", {}, 404),
        ("", True, "127.0.0.1", {"x-forwarded-for": "203.0.113.5"}, 404),
        ("", True, "127.0.0.1", {"forwarded": "for=203.0.113.5"}, 404),
    ],
)
def test_metrics_are_for_the_token_or_for_this_machine(
    swept: None,
    settings: LazySettings,
    token: str,
    embedded: bool,
    remote: str,
    headers: dict[str, str],
    status: int,
) -> None:
    settings.METRICS_TOKEN, settings.EMBEDDED = token, embedded

    answered, text = metrics(remote=remote, **headers)

    assert answered == status
    assert ("jidan_" in text) is (status == 200)


def test_metrics_never_take_a_token_in_the_address(swept: None, settings: LazySettings) -> None:
    settings.METRICS_TOKEN, settings.EMBEDDED = TOKEN, False

    assert Client().get(f"/metrics?token={TOKEN}&access_token={TOKEN}").status_code == 404


def test_metrics_say_the_figures_of_readyz(swept: None) -> None:
    job(parked_at=clock.now())
    message()
    make.pass_cutoff(make.make_window(make.make_community()))

    status, text = metrics(remote="127.0.0.1")

    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert status == 200
    assert lines.pop('jidan_sweep_age_seconds{sweep="kernel.sweep"}') < "9"
    assert {name: float(value) for name, value in lines.items() if "seconds" not in name} == {
        'jidan_up{part="database"}': 1,
        'jidan_up{part="broker"}': 1,
        "jidan_jobs_open": 0,
        "jidan_jobs_parked": 1,
        "jidan_messages_open": 1,
        "jidan_messages_parked": 0,
        "jidan_windows_overdue": 1,
    }
    assert float(lines["jidan_windows_overdue_seconds"]) >= 1
    helped = [line.split()[2] for line in text.splitlines() if line.startswith("# HELP")]
    assert len(helped) == len(set(helped)) == 10


def test_metrics_without_a_database_say_so(swept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    place = {**connections.settings["default"], "PORT": "1"}
    monkeypatch.setitem(connections.settings, "default", place)

    status, text = metrics(remote="127.0.0.1")

    assert status == 200
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        'jidan_up{part="database"} 0.0',
        'jidan_up{part="broker"} 1.0',
    ]


def test_beat_counts_by_the_clock_of_postgresql(
    transactional_db: None, settings: LazySettings
) -> None:
    settings.CLOCK_OFFSET_SECONDS = 7200
    with transaction.atomic():
        heartbeats.beat("kernel.sweep")

    assert heartbeats.ages()["kernel.sweep"] < 5

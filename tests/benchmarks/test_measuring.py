"""What measures can be wrong too: budgets that are broken, answers that are counted, statements that are overheard."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest

from benchmarks import __main__ as bench
from benchmarks.budgets import BUDGETS, Budget
from benchmarks.orders_load import Load, Plan
from benchmarks.orders_wire import Wire

RATIO = Budget("orders", "ratio", at_least=0.25)
WAIT = Budget("orders", "wait", at_most=150)


@pytest.mark.parametrize(
    ("budget", "value", "kept"),
    [
        (RATIO, 0.25, True),
        (RATIO, 0.249, False),
        (WAIT, 150, True),
        (WAIT, 150.1, False),
        (WAIT, None, False),
    ],
)
def test_budget_is_kept_up_to_its_limit(budget: Budget, value: float | None, kept: bool) -> None:
    assert budget.is_kept(value) is kept
    assert ("BROKEN" in budget.verdict(value)) is not kept


def test_broken_or_missing_budget_of_a_measured_part_breaks_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench, "BUDGETS", (RATIO, WAIT, Budget("files", "other", at_most=1)))

    assert bench._judge(["orders"], {"ratio": 0.3, "wait": 100})
    assert not bench._judge(["orders"], {"ratio": 0.2, "wait": 100})
    assert not bench._judge(["orders"], {"ratio": 0.3})
    assert not bench._judge(["orders", "files"], {"ratio": 0.3, "wait": 100})


def test_every_budget_belongs_to_a_part() -> None:
    assert {budget.part for budget in BUDGETS} <= set(bench.PARTS)


def test_unknown_part_is_refused_before_anything_starts() -> None:
    assert bench.main(["orders", "nothing"]) == 2


@pytest.fixture
def counter() -> Iterator[socket.socket]:
    """Takes every order of a connection but the third, which finds the window closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_answer_one_connection, args=[listener], daemon=True).start()
        yield listener


def _answer_one_connection(listener: socket.socket) -> None:
    connection, _address = listener.accept()
    with connection:
        answered = 0
        while connection.recv(65536):
            answered += 1
            status = b"409 Conflict" if answered == 3 else b"201 Created"
            connection.sendall(b"HTTP/1.1 %b\r\nContent-Length: 2\r\n\r\n{" % status)
            # An answer may come in pieces.
            connection.sendall(b"}")


def test_load_counts_every_answer_once(
    counter: socket.socket, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = Plan(
        port=counter.getsockname()[1],
        path="/orders",
        tokens=["a", "b"],
        bodies=["{}"],
        name="test",
        seconds=0.2,
        warm_up=0.05,
        clients=1,
        rate=100,
    )

    report = Load(plan).run()

    assert report.statuses["409"] == 1
    assert sum(report.statuses.values()) == report.answers
    assert 3 < report.orders == len(report.waits) < report.answers
    assert "409 Conflict" in capfd.readouterr().err


def test_wire_notes_what_a_connection_says() -> None:
    url = urlsplit(os.environ["DATABASE_URL"])
    with Wire(int(url.port or 5432)) as wire:
        passed = url._replace(netloc=url.netloc.replace(f":{url.port}", f":{wire.port}"))
        with closing(psycopg2.connect(f"{passed.geturl()}?sslmode=disable")) as connection:
            wire.statements.clear()
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT %s", [42])
                assert cursor.fetchone() == (42,)

    assert wire.statements == ["BEGIN", "SELECT 42", "COMMIT"]

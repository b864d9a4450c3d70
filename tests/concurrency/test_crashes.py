"""kill -9 of real processes between a commit and what follows it: nothing is lost, nothing happens twice."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import redis
import requests
from celery import current_app
from django.db import transaction

from communities.tokens import issue_token
from config.embedded.ports import LOOPBACK, bind
from config.embedded.up import WEB, WORKER, WORKER_OPTIONS
from config.kernel import clock
from config.kernel.idempotency import IdempotencyKey
from config.kernel.jobs import Job
from orders.files import writing
from orders.files.rendering import order_sheet
from orders.models import Order, OrderFile, OrderWindow, SupplierOrder
from tests import factories as make
from tests.concurrency.processes import environment, kill, running
from tests.connections import elsewhere

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(90)]

# Seconds: a worker needs three to start on a busy machine.
PATIENCE = 40


def wait_until(what: Callable[[], object], *, meanwhile: Callable[[], object] = int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it never happened"
        meanwhile()
        time.sleep(0.05)


# The worker.


@pytest.fixture
def broker() -> str:
    """A database of the broker that nobody else in the run uses or clears."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{12 + int(worker) % 4}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def worker(
    broker: str, checkpoint: str = "", **options: Any
) -> AbstractContextManager[subprocess.Popen[str]]:
    """The worker of `manage.py up`, by the same words; one job at a time, so that what it dies in is no chance."""
    quiet = ("-W", "ignore:You're running the worker")
    command = [*quiet, "-m", *WORKER, *WORKER_OPTIONS, "--concurrency", "1"]
    return running(command, environment(REDIS_URL=broker, CHECKPOINT=checkpoint), **options)


def ring_at(broker: str) -> None:
    """What beat does."""
    with current_app.connection_for_write(broker) as connection:
        current_app.send_task("kernel.sweep", connection=connection, queue="default", expires=5)


def due_window() -> OrderWindow:
    community = make.make_community()
    window = make.make_window(community)
    make.order(window, make.household(community), 2, 1)
    make.order(window, make.household(community, "102"), 3)
    make.pass_cutoff(window)
    return window


STAGES = ("orders.close", "orders.consolidate", "orders.files")


def test_worker_killed_after_each_commit_ends_with_one_set_of_the_same_files(
    broker: str, tmp_path: Path
) -> None:
    window = due_window()

    with (tmp_path / "log").open("w") as log:
        for stage in STAGES:
            reached = tmp_path / stage
            with worker(broker, f"worked {stage}@{reached}", stdout=log, stderr=log) as process:
                wait_until(reached.exists, meanwhile=lambda: ring_at(broker))
                kill(process)
            # The work is committed, and its job says that somebody is still at it.
            assert Job.objects.get(stage=stage).done_at is None
        # So that nobody has to wait for the leases of the dead.
        Job.objects.update(claimed_until=clock.now() - timedelta(seconds=1), rung_at=None)
        with worker(broker, stdout=log, stderr=log):
            wait_until(
                lambda: not Job.objects.filter(done_at=None).exists(),
                meanwhile=lambda: ring_at(broker),
            )

    window.refresh_from_db()
    order = SupplierOrder.objects.get()
    assert (window.status, window.demand_revision, order.status) == ("closed", 1, "prepared")
    assert (order.pieces, order.order_lines) == (6, 3)
    sheet = order_sheet(order)
    stored = {file.format: bytes(file.content) for file in OrderFile.objects.all()}
    assert stored == {
        form: write(sheet, "zh-hans") for form, write in writing.ORDER_WRITERS.items()
    }
    for file in OrderFile.objects.all():
        assert file.sha256 == hashlib.sha256(stored[file.format]).hexdigest()
    assert set(Job.objects.values_list("stage", "failures", "parked_at")) == {
        (stage, 0, None) for stage in STAGES
    }
    # Begun by the one that was killed, and by another one after it.
    assert min(Job.objects.values_list("attempts", flat=True)) == 2


# Web.


@pytest.fixture
def listener() -> Iterator[socket]:
    """The listening socket outlives web, as in `manage.py up`."""
    with bind(LOOPBACK, 0) as listening:
        listening.listen(16)
        yield listening


def web(
    listener: socket, log: Any, checkpoint: str = ""
) -> AbstractContextManager[subprocess.Popen[str]]:
    handle = listener.fileno()
    env = environment(WEB_WORKERS="1", WEB_THREADS="4", CHECKPOINT=checkpoint)
    return running(
        ["-m", *WEB, "--bind", f"fd://{handle}"], env, stdout=log, stderr=log, pass_fds=[handle]
    )


class Client:
    """A resident's phone: one order, sent again under the same key when no answer comes."""

    def __init__(self, listener: socket) -> None:
        community = make.make_community()
        user = make.make_resident(community)
        window = make.make_window(community, offers=[{"cap": 5}])
        offer = make.offers_of(window)[0]
        with transaction.atomic():
            token = issue_token(user=user, actor=make.SETUP)
        host, port = listener.getsockname()[:2]
        self.url = f"http://{host}:{port}/api/v1/windows/{window.public_id}/orders"
        self.headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "the-same-key"}
        self.body = {
            "lines": [{"offer": str(offer.public_id), "quantity": 2}],
            "expected_total_fen": 2 * offer.price_fen,
        }

    def order(self) -> requests.Response | None:
        """None if the connection broke."""
        try:
            return requests.post(self.url, json=self.body, headers=self.headers, timeout=PATIENCE)
        except requests.ConnectionError:
            return None


def test_web_killed_between_commit_and_reply_buys_once_and_answers_the_repeat(
    listener: socket, tmp_path: Path
) -> None:
    client, reached = Client(listener), tmp_path / "reached"

    with (tmp_path / "log").open("w") as log, elsewhere() as phone:
        with web(listener, log, f"answered@{reached}") as process:
            first = phone.start(client.order)
            wait_until(reached.exists)
            kill(process)
        assert first.result(timeout=PATIENCE) is None
        assert Order.objects.count() == 1
        with web(listener, log):
            second, third = client.order(), client.order()
            client.headers["Idempotency-Key"] = "another-key"
            control = client.order()

    assert second is not None
    assert third is not None
    assert second.status_code == third.status_code == 201
    assert second.headers["Idempotent-Replayed"] == "true"
    stored = bytes(IdempotencyKey.objects.get(key="the-same-key").body)
    assert second.content == third.content == stored
    order = Order.objects.order_by("pk")[0]
    assert second.json()["id"] == str(order.public_id)
    # Only the key kept the repeats from buying: under another one the same request is another order.
    assert control is not None
    assert (control.status_code, Order.objects.count()) == (201, 2)
    assert order.lines.get().offer.taken == 2 * 2

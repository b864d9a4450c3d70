"""A few cutoffs at once with every bell rung several times. `make faults` has two hundred in one second."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

from config.kernel.audit import AuditEntry
from orders.models import OrderFile
from tests.concurrency.processes import environment, running
from tests.faults import programs
from tests.faults.closing import watch, world
from tests.faults.closing.bells import ring_once
from tests.faults.closing.watch import Watch

PATIENCE = 60


@pytest.fixture
def broker() -> str:
    """A database of the broker that nobody else in the run uses or clears."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{8 + int(worker) % 4}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def _worker(broker: str, tmp_path: Path, transactional_db: None) -> Iterator[None]:
    env = environment(REDIS_URL=broker)
    with (
        (tmp_path / "log").open("w") as log,
        running(programs.worker_command(1, [])[1:], env, stdout=log, stderr=log),
    ):
        yield


@pytest.mark.timeout(90)
@pytest.mark.usefixtures("_worker")
def test_windows_of_one_cutoff_close_once_however_often_the_bell_rings(broker: str) -> None:
    ids = world.windows(6)
    cutoff = datetime.now(UTC) + timedelta(seconds=0.2)
    cutoffs = dict.fromkeys(ids, cutoff)
    world.set_cutoffs(cutoffs)
    seen = Watch(ids)

    seen.until_flipped(cutoff.timestamp())
    for task, queue in (("orders.close_due", "close"), ("kernel.sweep", "default")) * 3:
        ring_once(broker, task, queue)

    assert seen.until_flipped(time.time() + PATIENCE)
    assert watch.filed(ids, time.time() + PATIENCE) is not None
    assert seen.waits(cutoffs)[0] >= 0
    assert list(watch.not_once(ids)) == []
    assert_damage_is_found(ids)


def assert_damage_is_found(ids: list[int]) -> None:
    entry = AuditEntry.objects.get(action="window.closed", subject_id=ids[0])
    entry.pk = None
    entry.save()
    OrderFile.objects.get(supplier_order__window=ids[1], format="pdf").delete()

    assert [sentence.split(":")[0] for sentence in watch.not_once(ids)] == [
        f"window {ids[0]}",
        f"window {ids[1]}",
    ]


def test_share_is_the_wait_that_so_many_do_not_exceed() -> None:
    waits = [float(number) for number in range(1, 201)]

    assert (watch.share(waits, 50), watch.share(waits, 99), watch.share([3.0], 99)) == (100, 198, 3)

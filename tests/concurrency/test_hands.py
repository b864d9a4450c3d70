"""Two sweeps, two beats, two workers: the same work found and begun by many is done once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from communities.models import Community, InboxMessage
from config.kernel import clock, jobs, outbox
from config.kernel.audit import Actor, AuditEntry
from config.kernel.jobs import Job, Stage, Subject
from orders.consolidation import consolidating
from orders.consolidation.consolidating import consolidate
from orders.models import Allocation, OrderFile, OrderWindow, SupplierOrder
from orders.supply.releasing import check_order, release_order
from tests import factories as make
from tests.concurrency.interleaving import PATIENCE, meet_after
from tests.concurrency.processes import crowd
from tests.connections import at_once
from volunteers.models import PickList, PickListFile

pytestmark = pytest.mark.django_db(transaction=True)


def test_round_done_by_several_processes_at_once_has_one_of_everything() -> None:
    community = make.make_community()
    organiser = make.make_staff(community)
    buyer = make.make_resident(community)
    windows = [make.make_window(community, organiser=organiser) for _round in range(2)]
    for window in windows:
        make.order(window, make.household(community), 2, 1, actor=Actor("user", buyer.pk))
        make.pass_cutoff(window)

    tried = work_in_processes(3)
    for order in SupplierOrder.objects.all():
        with transaction.atomic():
            check_order(supplier_order=order, actor=organiser)
            order.refresh_from_db()
            release_order(supplier_order=order, actor=organiser)
    tried += work_in_processes(3)

    # close, consolidate, files; pick lists, sheets
    assert Job.objects.count() == 2 * 5
    assert tried > Job.objects.count()
    assert set(Job.objects.values_list("attempts", "failures", "parked_at")) == {(1, 0, None)}
    for window in windows:
        assert_one_of_everything(window)
    told = InboxMessage.objects.filter(user=buyer).values_list("event_key", flat=True)
    assert len(told) == len(set(told)) == 2 * 2


def work_in_processes(count: int) -> int:
    """Each is sweep, beat and worker at once; how often they tried to begin a job, all together."""
    with crowd("tests.concurrency.hands", [{}] * count) as hands:
        hands.go()
        return sum(hands.answers())


def assert_one_of_everything(window: OrderWindow) -> None:
    order = SupplierOrder.objects.get(window=window)
    files = list(OrderFile.objects.filter(supplier_order=order).values_list("kind", "format"))
    assert len(files) == len(set(files)) == 5
    assert sorted(Allocation.objects.filter(window=window).values_list("quantity", flat=True)) == [
        1,
        2,
    ]
    pick_list = PickList.objects.get(window=window)
    sheets = list(PickListFile.objects.filter(pick_list=pick_list).values_list("kind", "format"))
    assert len(sheets) == len(set(sheets)) > 0
    for action, subject in (
        ("window.closed", window.pk),
        ("supplier_order.prepared", order.pk),
        ("pick_list.built", pick_list.pk),
    ):
        assert AuditEntry.objects.filter(action=action, subject_id=subject).count() == 1, action


# One job, many workers.


class Toy:
    def __init__(self) -> None:
        self.runs = 0

    def run(self, _job: Job) -> None:
        self.runs += 1

    def find(self) -> list[Subject]:
        return [Subject("toy", 1)]


@pytest.fixture
def toy() -> Iterator[Toy]:
    toy = Toy()
    jobs.register(Stage("tests.toy", toy.run, toy.find))
    yield toy
    del jobs._stages["tests.toy"]


def test_job_that_ten_workers_hear_of_is_begun_by_one(toy: Toy) -> None:
    (job_id,) = jobs.sweep(["tests.toy"])

    at_once([lambda: jobs.run(job_id)] * 10)

    assert toy.runs == 1
    assert Job.objects.get().attempts == 1


def test_work_that_ten_sweeps_find_at_once_is_one_job_for_one_of_them(toy: Toy) -> None:
    outcomes = at_once([lambda: jobs.sweep(["tests.toy"])] * 10)

    found = [outcome for outcome in outcomes if outcome]
    assert found == [[Job.objects.get().pk]]


def test_control_job_is_begun_twice_by_a_claim_that_reads_and_then_writes(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job_id,) = jobs.sweep(["tests.toy"])
    barrier = threading.Barrier(2, timeout=PATIENCE)

    def read_then_write(job_id: int) -> Job | None:
        job = Job.objects.filter(pk=job_id, claimed_until=None).first()
        barrier.wait()
        Job.objects.filter(pk=job_id).update(claimed_until=clock.database_now() + jobs.LEASE)
        return job

    monkeypatch.setattr(jobs, "_claim", read_then_write)

    at_once([lambda: jobs.run(job_id)] * 2)

    assert toy.runs == 2


# One revision, many consolidations.


def closed_window(community: Community) -> OrderWindow:
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    make.close(window)
    return window


def consolidate_once(window: OrderWindow) -> int:
    with transaction.atomic():
        order = consolidate(window_id=window.pk, revision=1)
    assert order is not None
    return order.pk


def test_consolidations_at_once_make_one_revision() -> None:
    window = closed_window(make.make_community())

    outcomes = at_once([lambda: consolidate_once(window)] * 5)

    assert set(outcomes) == {SupplierOrder.objects.get().pk}


def test_control_consolidations_collide_without_the_windows_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = closed_window(make.make_community())
    monkeypatch.setattr(
        consolidating, "lock_window", lambda pk: (OrderWindow.objects.get(pk=pk), None)
    )
    meet_after(monkeypatch, consolidating, "_read", parties=2)

    outcomes = at_once([lambda: consolidate_once(window)] * 2)

    # The database is the last defence: one of two is refused by a unique constraint.
    refused = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert len(refused) == 1
    assert "supplier_order_" in str(refused[0])
    assert SupplierOrder.objects.count() == 1


# One message, many deliverers.


def test_messages_that_several_deliver_at_once_arrive_once() -> None:
    community = make.make_community()
    buyer = make.make_resident(community)
    for _round in range(5):
        window = make.make_window(community)
        make.order(window, make.household(community), 1, actor=Actor("user", buyer.pk))
        make.close(window)

    outcomes = at_once([outbox.deliver_due] * 5)

    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 5
    assert InboxMessage.objects.filter(user=buyer).count() == 5

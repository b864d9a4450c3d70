"""The stages of a round: found by state, each safe to run twice, in any order and after any pause."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from communities.models import InboxMessage
from config.kernel import jobs
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from orders.models import Allocation, OrderFile, OrderWindow, SupplierOrder
from orders.supply.releasing import check_order, release_order
from orders.windows.cancelling import cancel_window
from tests import factories as make
from volunteers.models import PickList, PickListFile

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = (
    OrderWindow,
    SupplierOrder,
    OrderFile,
    Allocation,
    PickList,
    PickListFile,
    AuditEntry,
    InboxMessage,
)


def result() -> list[object]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def due_window() -> OrderWindow:
    community = make.make_community()
    window = make.make_window(community)
    make.order(window, make.household(community), 2, 1)
    make.pass_cutoff(window)
    return window


def test_every_stage_run_twice_changes_nothing(run_jobs: Callable[[], None]) -> None:
    window = due_window()
    organiser = make.make_staff(window.community)
    run_jobs()
    for verb in (check_order, release_order):
        with transaction.atomic():
            verb(supplier_order=SupplierOrder.objects.get(), actor=organiser)
    run_jobs()
    before = result()
    stages = set(Job.objects.values_list("stage", flat=True))

    Job.objects.update(done_at=None, attempts=0, rung_at=None)
    for job_id in Job.objects.order_by("pk").values_list("pk", flat=True):
        jobs.run(job_id)

    assert result() == before
    assert not Job.objects.filter(done_at=None).exists()
    assert stages == {
        "orders.close",
        "orders.consolidate",
        "orders.files",
        "volunteers.pick_lists",
        "volunteers.sheets",
    }


def test_cancelled_round_is_taken_back_from_the_supplier_without_a_person(
    run_jobs: Callable[[], None],
) -> None:
    window = due_window()
    organiser = make.make_staff(window.community)
    run_jobs()
    for verb in (check_order, release_order):
        with transaction.atomic():
            verb(supplier_order=SupplierOrder.objects.get(), actor=organiser)
    with transaction.atomic():
        cancel_window(window=window, actor=make.SETUP, reason="no lorry")

    run_jobs()

    revisions = SupplierOrder.objects.order_by("revision").values_list(
        "status", "cancels_all", "pieces"
    )
    assert list(revisions) == [("superseded", False, 3), ("released", True, 0)]
    before = result()
    Job.objects.update(done_at=None, attempts=0, rung_at=None)
    for job_id in Job.objects.filter(stage="orders.release_cancellation").values_list(
        "pk", flat=True
    ):
        jobs.run(job_id)
    assert result() == before


def test_sweep_finds_windows_that_were_due_long_ago(run_jobs: Callable[[], None]) -> None:
    window = due_window()
    OrderWindow.objects.update(opens_at="2022-04-20T08:00Z", closes_at="2022-04-20T16:30Z")

    run_jobs()

    window.refresh_from_db()
    assert window.status == "closed"
    assert SupplierOrder.objects.get().filed_at is not None

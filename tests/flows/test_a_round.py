"""A round from the open window to the supplier's acknowledgement, by the verbs and the background work."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import transaction

from config.kernel.audit import Actor
from orders.models import Allocation, OrderFile, SupplierOrder, SupplierOrderLine
from orders.states import SupplierOrderStatus, WindowStatus
from orders.supply.dropping import drop_order
from orders.supply.pulling import acknowledge, feed
from orders.supply.releasing import check_order, release_order
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def test_round_from_orders_to_acknowledged_revision_two(run_jobs: Callable[[], None]) -> None:
    community = make.make_community(rooms=("101", "102", "201"))
    organiser = make.make_staff(community)
    window = make.make_window(community, organiser=organiser, offers=[{"cap": 3}])
    make.order(window, make.household(community, "101"), 2, 1)
    late = make.order(window, make.household(community, "102"), 1, 4)
    make.pass_cutoff(window)

    run_jobs()

    window.refresh_from_db()
    first = SupplierOrder.objects.get(window=window)
    assert window.status == WindowStatus.CLOSED
    assert first.status == SupplierOrderStatus.PREPARED
    assert (first.households, first.order_lines, first.pieces) == (2, 4, 8)
    assert first.total_fen == 3 * 390 + 5 * 1250
    lines = SupplierOrderLine.objects.order_by("position").values_list("wanted", "ordered")
    assert list(lines) == [(3, 3), (5, 5)]
    assert sorted(OrderFile.objects.values_list("kind", "format")) == [
        ("order", form) for form in ("csv", "json", "pdf", "txt", "xlsx")
    ]

    with transaction.atomic():
        check_order(supplier_order=first, actor=organiser)
    with transaction.atomic():
        first.refresh_from_db()
        release_order(supplier_order=first, actor=organiser)
    assert sorted(Allocation.objects.values_list("quantity", flat=True)) == [1, 1, 2, 4]
    assert [(o.revision, o.status) for o in feed(supplier=window.supplier, after=0)] == [
        (1, "released")
    ]
    with transaction.atomic():
        acknowledge(supplier_order=first, actor=Actor("supplier_key", 1))

    with transaction.atomic():
        drop_order(order=late, actor=Actor("user", organiser.pk), reason="moved away")
    run_jobs()

    second = SupplierOrder.objects.get(window=window, revision=2)
    assert (second.pieces, second.total_fen) == (3, 2 * 390 + 1250)
    assert second.files.filter(kind="difference").count() == 4
    machine = json.loads(bytes(second.files.get(kind="order", format="json").content))
    assert machine["difference"]["old_revision"] == 1
    with transaction.atomic():
        check_order(supplier_order=second, actor=organiser)
    with transaction.atomic():
        second.refresh_from_db()
        release_order(supplier_order=second, actor=organiser)
    told = [(o.revision, o.status) for o in feed(supplier=window.supplier, after=1)]
    assert told == [(1, "superseded"), (2, "released")]

"""One order taken off after the cutoff."""

from __future__ import annotations

import pytest

from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid
from config.kernel.jobs import Subject
from config.kernel.outbox import OutboxMessage
from config.kernel.states import StaleStatus
from orders.consolidation import consolidating
from orders.models import Order, OrderWindow
from orders.placing.errors import OrderNotPlaced
from orders.placing.placing import cancel_order
from orders.supply.dropping import drop_order
from orders.supply.errors import BeforeCutoff
from tests import factories as make
from tests.orders.supply.conftest import Round

pytestmark = pytest.mark.django_db

ACTOR = Actor("user", 77)


def drop(order: Order, reason: str = "moved away") -> None:
    drop_order(order=order, actor=ACTOR, reason=reason)


def test_drop_order_before_the_release_is_an_allocation_of_nothing(round_: Round) -> None:
    drop(round_.order("101"))

    assert round_.allocations() == {"101": [(0, "dropped", "moved away")] * 2}
    assert round_.order("101").status == "placed"
    assert consolidating.waiting() == [Subject("window", round_.window.pk, 2)]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject_id, entry.actor_id) == (
        "order.dropped",
        round_.order("101").pk,
        77,
    )
    assert OutboxMessage.objects.filter(topic="order.dropped").count() == 1


def test_drop_order_after_the_release_takes_its_pieces_away(round_: Round) -> None:
    make.release(round_.window, round_.organiser)

    drop(round_.order("101"))

    assert round_.allocations() == {
        "101": [(0, "dropped", "moved away")] * 2,
        "102": [(3, "release", "")],
        "103": [(1, "release", "")],
    }
    assert round_.revisions() == [(1, "released")]


def test_drop_order_a_second_time_changes_nothing(round_: Round) -> None:
    drop(round_.order("101"))
    entries = AuditEntry.objects.count()

    drop(round_.order("101"), reason="another")

    round_.window.refresh_from_db()
    assert round_.window.demand_revision == 2
    assert round_.allocations() == {"101": [(0, "dropped", "moved away")] * 2}
    assert AuditEntry.objects.count() == entries
    assert OutboxMessage.objects.filter(topic="order.dropped").count() == 1


@pytest.mark.parametrize(
    ("status", "error"), [("open", BeforeCutoff), ("held", BeforeCutoff), ("settled", StaleStatus)]
)
def test_drop_order_at_another_time_is_refused(
    status: str, error: type[Exception], round_: Round
) -> None:
    OrderWindow.objects.filter(pk=round_.window.pk).update(
        status=status, held_until="2022-04-21T00:00Z"
    )

    with pytest.raises(error):
        drop(round_.order("101"))

    round_.window.refresh_from_db()
    assert (round_.window.demand_revision, round_.allocations()) == (1, {})


def test_drop_order_that_was_cancelled_is_refused() -> None:
    community = make.make_community()
    window = make.make_window(community)
    gone = make.order(window, make.household(community), 1)
    make.order(window, make.household(community), 1)
    cancel_order(order=gone, actor=make.SETUP)
    make.prepare(window)

    with pytest.raises(OrderNotPlaced):
        drop(gone)

    assert consolidating.waiting() == []


def test_drop_order_without_a_reason_is_refused(round_: Round) -> None:
    with pytest.raises(Invalid) as refused:
        drop(round_.order("101"), reason="")

    assert list(refused.value.fields) == ["reason"]
    assert round_.allocations() == {}

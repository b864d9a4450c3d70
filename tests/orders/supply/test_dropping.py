"""One order taken off after the cutoff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid
from config.kernel.jobs import Subject
from config.kernel.outbox import OutboxMessage
from config.kernel.states import StaleStatus
from orders.consolidation import consolidating
from orders.models import Offer, Order, OrderWindow
from orders.placing.errors import OrderNotPlaced, OverLimit
from orders.placing.placing import cancel_order
from orders.supply.dropping import drop_order
from orders.supply.errors import BeforeCutoff
from orders.waiting.joining import join_waiting
from orders.waiting.serving import servable, serve_next
from orders.windows.cancelling import cancel_window
from orders.windows.reopening import reopen_window
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


def test_drop_order_gives_its_pieces_and_its_part_of_the_limits_back_once() -> None:
    community = make.make_community()
    window = make.make_window(community, offers=[{"cap": 5, "household_limit": 3}])
    home, other = make.household(community), make.household(community, "102")
    gone = make.order(window, home, 3, 1)
    make.order(window, other, 2)
    make.close(window)
    foreign = make.make_window(make.make_community(), offers=[{"cap": 5}])
    make.order(foreign, make.household(foreign.community), 5)

    def left() -> list[int]:
        return list(Offer.objects.exclude(cap=None).order_by("pk").values_list("taken", flat=True))

    assert left() == [5, 5]
    drop(gone)
    drop(gone)
    assert left() == [2, 5]

    # Neither sold out nor over the limit any more; what stands of the other household counts as ever.
    again = make.order(window, home, 3, late_reason="came back")
    assert (left(), again.channel) == ([5, 5], "late")
    with pytest.raises(OverLimit):
        make.order(window, other, 2, late_reason="hungry")
    cancel_window(window=window, actor=ACTOR, reason="no lorry")
    assert left() == [0, 5]


def test_drop_order_leaves_its_pieces_to_the_line_once_orders_are_taken_again() -> None:
    community = make.make_community()
    window = make.make_window(community, offers=[{"cap": 5}])
    gone = make.order(window, make.household(community), 5)
    offer, waits = make.offers_of(window)[0], make.household(community, "102")
    join_waiting(
        window_id=window.pk,
        community_id=community.pk,
        household_id=waits.pk,
        actor=make.SETUP,
        offer=offer.public_id,
        quantity=2,
        expected_total_fen=2 * offer.price_fen,
    )
    make.close(window)

    drop(gone)

    assert servable() == []
    until = clock.database_now() + timedelta(hours=1)
    reopen_window(window=window, closes_at=until, actor=ACTOR, reason="power cut")
    assert servable() == [Subject("offer", offer.pk, 0)]
    assert serve_next(offer_id=offer.pk)
    assert Offer.objects.values_list("taken", "waiting").get(pk=offer.pk) == (2, 0)


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

"""A round that does not take place: from every state but settled."""

from __future__ import annotations

import pytest

from communities.models import Community, User
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid
from config.kernel.jobs import Subject
from config.kernel.outbox import OutboxMessage
from config.kernel.states import IllegalTransition
from orders.consolidation import consolidating
from orders.models import Allocation, Offer, Order, OrderWindow, SupplierOrder
from orders.supply.dropping import drop_order
from orders.supply.releasing import cancelled_and_filed, undo_release
from orders.windows.cancelling import cancel_window
from tests import factories as make

pytestmark = pytest.mark.django_db

ACTOR = Actor("user", 77)


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def organiser(community: Community) -> User:
    return make.make_staff(community)


def ordered(community: Community, **rules: object) -> OrderWindow:
    window = make.make_window(community, offers=[{"cap": 10}], **rules)  # type: ignore[arg-type]
    make.order(window, make.household(community, "101"), 3, 1)
    make.order(window, make.household(community, "102"), 2)
    return window


def taken(window: OrderWindow) -> int:
    return Offer.objects.get(window=window, short_number=1).taken


@pytest.mark.parametrize("state", ["draft", "ready"])
def test_cancel_window_before_the_opening_ends_it(state: str, community: Community) -> None:
    window = make.make_window(community, state=state)

    cancel_window(window=window, actor=ACTOR, reason="no supplier")

    window.refresh_from_db()
    assert (window.status, window.reason) == ("cancelled", "no supplier")
    assert window.cancelled_at is not None


def test_cancel_window_while_open_cancels_its_orders_and_gives_the_pieces_back(
    community: Community,
) -> None:
    window, other = ordered(community), ordered(community)

    cancel_window(window=window, actor=ACTOR, reason="gate closed")

    assert set(window.orders.values_list("status", "reason")) == {("cancelled", "window_cancelled")}
    assert set(other.orders.values_list("status", flat=True)) == {"placed"}
    assert (taken(window), taken(other)) == (0, 5)
    actions = AuditEntry.objects.filter(subject_id=window.pk, subject_kind="window")
    assert list(actions.order_by("pk").values_list("action", "actor_id"))[-2:] == [
        ("orders.cancelled", 77),
        ("window.cancelled", 77),
    ]
    assert OutboxMessage.objects.get().event_key == f"window.cancelled:{window.pk}"


def test_cancel_window_that_is_held_clears_the_deadline(community: Community) -> None:
    window = ordered(community, minimum_measure="households", minimum=9)
    make.close(window)

    cancel_window(window=window, actor=ACTOR, reason="too few")

    window.refresh_from_db()
    assert (window.status, window.held_until) == ("cancelled", None)


def test_cancel_window_after_the_cutoff_supersedes_what_nobody_released(
    community: Community,
) -> None:
    window = ordered(community)
    first = make.prepare(window)

    cancel_window(window=window, actor=ACTOR, reason="no lorry")

    assert SupplierOrder.objects.get().status == "superseded"
    assert AuditEntry.objects.get(action="supplier_order.superseded").subject_id == first.pk
    window.refresh_from_db()
    assert window.demand_revision == 1
    assert consolidating.waiting() == []


def test_cancel_window_after_the_release_takes_everything_back_from_the_supplier(
    community: Community, organiser: User
) -> None:
    window = ordered(community)
    released = make.release(window, organiser)

    cancel_window(window=window, actor=ACTOR, reason="no lorry")

    window.refresh_from_db()
    assert window.demand_revision == 2
    assert [(s.id, s.revision) for s in consolidating.waiting()] == [(window.pk, 2)]
    assert set(Allocation.objects.values_list("quantity", "cause", "reason")) == {
        (0, "dropped", "no lorry")
    }
    zero = make.prepare(window)
    assert (zero.cancels_all, zero.pieces, zero.total_fen, zero.households) == (True, 0, 0, 0)
    released.refresh_from_db()
    assert released.status == "released"


def test_cancel_window_after_an_undone_release_tells_the_supplier_all_the_same(
    community: Community, organiser: User
) -> None:
    window = ordered(community)
    released = make.release(window, organiser)
    undo_release(supplier_order=released, actor=ACTOR, reason="wrong price")

    cancel_window(window=window, actor=ACTOR, reason="no lorry")

    # It may have begun to pack between the release and the undo.
    zero = make.prepare(window)
    assert (zero.revision, zero.cancels_all, zero.pieces) == (3, True, 0)
    assert cancelled_and_filed() == [Subject("supplier_order", zero.pk)]


def test_cancel_window_keeps_the_reason_of_what_was_taken_off_before(
    community: Community, organiser: User
) -> None:
    window = ordered(community)
    make.release(window, organiser)
    gone = Order.objects.get(window=window, household__room="102")
    drop_order(order=gone, actor=ACTOR, reason="moved away")

    cancel_window(window=window, actor=ACTOR, reason="no lorry")

    reasons = dict(Allocation.objects.values_list("line__order__household__room", "reason"))
    assert reasons == {"101": "no lorry", "102": "moved away"}


def test_cancel_window_without_a_reason_is_refused(community: Community) -> None:
    window = ordered(community)

    with pytest.raises(Invalid) as refused:
        cancel_window(window=window, actor=ACTOR, reason=" ")

    assert list(refused.value.fields) == ["reason"]
    window.refresh_from_db()
    assert (window.status, taken(window)) == ("open", 5)


@pytest.mark.parametrize("state", ["settled", "cancelled"])
def test_cancel_window_that_is_over_is_refused(state: str, community: Community) -> None:
    window = ordered(community)
    make.close(window)
    OrderWindow.objects.filter(pk=window.pk).update(status=state)

    with pytest.raises(IllegalTransition):
        cancel_window(window=window, actor=ACTOR, reason="too late")

    window.refresh_from_db()
    assert (window.status, taken(window)) == (state, 5)
    assert set(window.orders.values_list("status", flat=True)) == {"placed"}

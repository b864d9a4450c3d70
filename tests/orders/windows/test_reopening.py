"""A closed round takes orders again until a supplier has heard of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from communities.models import Community, User
from config.kernel import clock, outbox
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import DomainError, Invalid
from config.kernel.outbox import OutboxMessage
from config.kernel.states import StaleStatus
from orders.models import Allocation, Offer, OrderWindow
from orders.placing.placing import cancel_order, change_order
from orders.placing.wishes import Wish
from orders.supply.dropping import drop_order
from orders.supply.releasing import undo_release
from orders.windows.closing import due_windows
from orders.windows.reopening import SupplierTold, reopen_window
from tests import factories as make

pytestmark = pytest.mark.django_db

ACTOR = Actor("user", 77)


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def organiser(community: Community) -> User:
    return make.make_staff(community)


@pytest.fixture
def closed(community: Community) -> OrderWindow:
    """Three of a capped product and one of another for 101, two for 102; past the cutoff."""
    window = make.make_window(community, offers=[{"cap": 10}])
    make.order(window, make.household(community, "101"), 3, 1)
    make.order(window, make.household(community, "102"), 2)
    make.close(window)
    return window


def soon() -> datetime:
    return clock.database_now() + timedelta(hours=1)


def reopen(
    window: OrderWindow, closes_at: datetime | None = None, reason: str = "power cut"
) -> None:
    reopen_window(window=window, closes_at=closes_at or soon(), actor=ACTOR, reason=reason)
    window.refresh_from_db()


def taken(window: OrderWindow) -> int:
    return Offer.objects.get(window=window, short_number=1).taken


def test_reopen_window_takes_orders_and_changes_until_the_new_cutoff(
    community: Community, closed: OrderWindow
) -> None:
    first, second = closed.orders.order_by("pk")
    until = soon()

    reopen(closed, until)

    assert (closed.status, closed.closes_at, closed.closed_at) == ("open", until, None)
    offer = make.offers_of(closed)[0]
    change_order(
        order=first,
        actor=ACTOR,
        wishes=[Wish(offer.public_id, 4)],
        expected_total_fen=4 * offer.price_fen,
    )
    cancel_order(order=second, actor=ACTOR)
    late = make.order(closed, make.household(community, "102"), 1)
    assert (late.number, taken(closed)) == (3, 5)
    entry = AuditEntry.objects.get(action="window.reopened")
    assert (entry.subject_id, entry.actor_id) == (closed.pk, 77)
    assert entry.data == {"closes_at": until.isoformat(), "reason": "power cut"}


def test_reopen_window_is_closed_and_added_up_anew(
    community: Community, closed: OrderWindow
) -> None:
    old = make.prepare(closed)
    before = OutboxMessage.objects.filter(topic="window.closed").count()

    reopen(closed)
    assert due_windows() == []
    make.order(closed, make.household(community, "102"), 5)
    new = make.prepare(closed)

    old.refresh_from_db()
    assert (old.status, new.status, new.revision) == ("superseded", "prepared", 2)
    assert (old.pieces, new.pieces) == (6, 11)
    assert OutboxMessage.objects.filter(topic="window.closed").count() == before + 1


def test_reopen_window_cancels_what_was_taken_off_and_gives_its_pieces_back(
    community: Community, closed: OrderWindow
) -> None:
    order = closed.orders.order_by("pk")[0]
    drop_order(order=order, actor=ACTOR, reason="moved away")

    reopen(closed)

    order.refresh_from_db()
    assert (order.status, order.reason) == ("cancelled", "moved away")
    assert (taken(closed), Allocation.objects.count()) == (2, 0)
    assert make.prepare(closed).pieces == 2


def test_reopen_window_tells_whose_order_stands(community: Community) -> None:
    window = make.make_window(community)
    buyer, quitter = make.make_resident(community), make.make_resident(community, "102")
    make.order(window, make.household(community), 1, actor=Actor("user", buyer.pk))
    gone = make.order(window, make.household(community, "102"), 1, actor=Actor("user", quitter.pk))
    make.close(window)
    drop_order(order=gone, actor=ACTOR, reason="moved away")

    reopen(window)
    outbox.deliver_due()

    kinds = {
        user: list(user.inbox.order_by("kind").values_list("kind", flat=True))
        for user in (buyer, quitter)
    }
    assert kinds[buyer] == ["window.closed", "window.reopened"]
    assert "window.reopened" not in kinds[quitter]


def test_reopen_window_that_a_supplier_was_told_of_is_refused(
    organiser: User, closed: OrderWindow
) -> None:
    released = make.release(closed, organiser)

    with pytest.raises(SupplierTold):
        reopen(closed)
    undo_release(supplier_order=released, actor=ACTOR, reason="wrong price")
    with pytest.raises(SupplierTold):
        reopen(closed)

    closed.refresh_from_db()
    assert (closed.status, AuditEntry.objects.filter(action="window.reopened").count()) == (
        "closed",
        0,
    )


@pytest.mark.parametrize("state", ["draft", "ready", "open"])
def test_reopen_window_that_is_not_closed_is_refused(state: str, community: Community) -> None:
    window = make.make_window(community, state=state)
    before = OrderWindow.objects.values().get()

    with pytest.raises(StaleStatus):
        reopen(window, window.closes_at + timedelta(hours=1))

    assert OrderWindow.objects.values().get() == before


@pytest.mark.parametrize(
    ("seconds", "reason"), [(-1, "power cut"), (3600, "  ")], ids=["past", "no reason"]
)
def test_reopen_window_with_a_bad_wish_changes_nothing(
    seconds: int, reason: str, closed: OrderWindow
) -> None:
    before = OrderWindow.objects.values().get()

    with pytest.raises(Invalid):
        reopen(closed, clock.database_now() + timedelta(seconds=seconds), reason)

    assert OrderWindow.objects.values().get() == before


def test_reopen_window_within_the_second_of_the_old_cutoff_is_refused(community: Community) -> None:
    """Its second close would have the name of the first one, which is done, and never run."""
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    make.close(window)
    OrderWindow.objects.update(closes_at=clock.database_now() + timedelta(seconds=30))
    window.refresh_from_db()

    with pytest.raises(DomainError):
        reopen(window, window.closes_at + timedelta(milliseconds=900))
    reopen(window, window.closes_at + timedelta(seconds=1))

    assert window.status == "open"

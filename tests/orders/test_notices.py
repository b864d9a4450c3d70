"""What orderers find in their inbox, once per event, and nobody else does."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from communities.models import InboxMessage, User
from config.kernel import outbox
from config.kernel.audit import Actor
from orders.models import Order, OrderWindow, WindowCommunity
from orders.placing.placing import cancel_order
from orders.supply.dropping import drop_order
from orders.windows.cancelling import cancel_window
from tests import factories as make

pytestmark = pytest.mark.django_db


@dataclass
class Round:
    window: OrderWindow
    buyer: User
    quitter: User
    order: Order


@pytest.fixture
def round_() -> Round:
    """A buyer with two orders, one whose order is cancelled, one who only looks, an order nobody's account placed."""
    community = make.make_community()
    make.make_resident(community)
    buyer, quitter = make.make_resident(community), make.make_resident(community, "102")
    window = make.make_window(community)
    as_buyer = {"actor": Actor("user", buyer.pk)}
    order = make.order(window, make.household(community), 1, **as_buyer)
    make.order(window, make.household(community), 2, **as_buyer)
    gone = make.order(window, make.household(community, "102"), 3, actor=Actor("user", quitter.pk))
    cancel_order(order=gone, actor=Actor("user", quitter.pk))
    make.order(window, make.household(community, "102"), 4)
    foreign = make.make_community()
    stranger = make.make_resident(foreign)
    beside = make.make_window(foreign)
    make.order(beside, make.household(foreign), 1, actor=Actor("user", stranger.pk))
    return Round(window, buyer, quitter, order)


def inbox() -> list[tuple[int, str, dict[str, object]]]:
    outbox.deliver_due()
    rows = InboxMessage.objects.order_by("kind", "user_id", "pk")
    return list(rows.values_list("user", "kind", "data"))


def test_closing_is_told_once_to_everybody_whose_order_counts(round_: Round) -> None:
    make.close(round_.window)

    told = [(round_.buyer.pk, "window.closed", {"title": round_.window.title})]
    assert inbox() == told
    assert inbox() == told


def test_cancelling_is_told_with_its_reason(round_: Round) -> None:
    cancel_window(window=round_.window, actor=make.SETUP, reason="no lorry")

    data = {"title": round_.window.title, "reason": "no lorry"}
    assert inbox() == [(round_.buyer.pk, "window.cancelled", data)]


def test_release_is_told_once_however_many_revisions_go_out(round_: Round) -> None:
    organiser = make.make_staff(round_.window.community)
    make.release(round_.window, organiser)
    drop_order(order=round_.order, actor=make.SETUP, reason="moved away")
    make.release(round_.window, organiser)

    told = [row for row in inbox() if row[1] == "supplier_order.released"]
    assert told == [(round_.buyer.pk, "supplier_order.released", {"title": round_.window.title})]


def test_release_is_not_told_to_whose_only_order_was_taken_off(round_: Round) -> None:
    organiser = make.make_staff(round_.window.community)
    make.close(round_.window)
    for order in Order.objects.filter(window=round_.window, placed_by=round_.buyer):
        drop_order(order=order, actor=make.SETUP, reason="moved away")
    make.release(round_.window, organiser)

    assert [row for row in inbox() if row[1] == "supplier_order.released"] == []


def test_community_below_its_minimum_is_told_that_it_is_left_out() -> None:
    leading, small = make.make_community(), make.make_community()
    neighbour = make.make_resident(small)
    window = make.make_window(leading, others=[small], minimum_measure="households")
    WindowCommunity.objects.filter(window=window, community=small).update(minimum=2)
    make.order(window, make.household(leading), 1)
    make.order(window, make.household(small), 1, actor=Actor("user", neighbour.pk))

    make.close(window)

    assert inbox() == [(neighbour.pk, "community.left_out", {"title": window.title})]


def test_taking_off_is_told_to_the_one_who_placed_it(round_: Round) -> None:
    make.close(round_.window)
    drop_order(order=round_.order, actor=make.SETUP, reason="moved away")

    told = [row for row in inbox() if row[1] == "order.dropped"]
    data = {
        "title": round_.window.title,
        "number": round_.order.number,
        "reason": "moved away",
    }
    assert told == [(round_.buyer.pk, "order.dropped", data)]


def test_taking_off_an_order_without_an_account_tells_nobody(round_: Round) -> None:
    make.close(round_.window)
    drop_order(
        order=Order.objects.get(window=round_.window, number=4),
        actor=make.SETUP,
        reason="moved away",
    )

    assert [row for row in inbox() if row[1] == "order.dropped"] == []
    assert not outbox.OutboxMessage.objects.filter(delivered_at=None).exists()

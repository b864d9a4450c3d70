"""What orderers find in their inbox, once per event, and nobody else does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from communities.models import InboxMessage, User
from communities.people import end_membership
from communities.roles import Role
from config.kernel import clock, outbox
from config.kernel.audit import Actor
from orders.models import Allocation, Order, OrderWindow, WindowCommunity
from orders.notices import telling
from orders.placing.placing import cancel_order, change_order
from orders.placing.wishes import Wish
from orders.supply.dropping import drop_order
from orders.windows.cancelling import cancel_window
from tests import factories as make

pytestmark = pytest.mark.django_db


@dataclass
class Round:
    window: OrderWindow
    buyer: User
    parent: User
    quitter: User
    order: Order

    def told(self, kind: str, **data: object) -> list[tuple[int, str, dict[str, object]]]:
        """What the household of room 101 finds: whoever lives there, and whoever ordered for it from elsewhere."""
        people = sorted((self.parent.pk, self.buyer.pk))
        return [(pk, kind, {"title": self.window.title, **data}) for pk in people]


@pytest.fixture
def round_() -> Round:
    """A child with two orders for a parent's household, one whose order is cancelled, an order by nobody's account for
    an empty flat, one who has moved away.
    """
    community = make.make_community(rooms=("101", "102", "103"))
    parent, buyer = make.make_resident(community), make.make_user()
    quitter = make.make_resident(community, "102")
    make.make_resident(community, "103").memberships.update(ended_at=clock.now())
    window = make.make_window(community)
    as_buyer = {"actor": Actor("user", buyer.pk)}
    order = make.order(window, make.household(community), 1, **as_buyer)
    make.order(window, make.household(community), 2, **as_buyer)
    gone = make.order(window, make.household(community, "102"), 3, actor=Actor("user", quitter.pk))
    cancel_order(order=gone, actor=Actor("user", quitter.pk))
    make.order(window, make.household(community, "103"), 4)
    foreign = make.make_community()
    stranger = make.make_resident(foreign)
    beside = make.make_window(foreign)
    make.order(beside, make.household(foreign), 1, actor=Actor("user", stranger.pk))
    return Round(window, buyer, parent, quitter, order)


def inbox() -> list[tuple[int, str, dict[str, object]]]:
    outbox.deliver_due()
    rows = InboxMessage.objects.order_by("kind", "user_id", "pk")
    return list(rows.values_list("user", "kind", "data"))


def test_closing_is_told_once_to_everybody_whose_order_counts(round_: Round) -> None:
    make.close(round_.window)

    told = round_.told("window.closed")
    assert inbox() == told
    assert inbox() == told


def test_cancelling_is_told_with_its_reason(round_: Round) -> None:
    cancel_window(window=round_.window, actor=make.SETUP, reason="no lorry")

    assert inbox() == round_.told("window.cancelled", reason="no lorry")


def test_release_is_told_once_however_many_revisions_go_out(round_: Round) -> None:
    organiser = make.make_staff(round_.window.community)
    make.release(round_.window, organiser)
    drop_order(order=round_.order, actor=make.SETUP, reason="moved away")
    make.release(round_.window, organiser)

    told = [row for row in inbox() if row[1] == "supplier_order.released"]
    assert told == round_.told("supplier_order.released")


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


def test_taking_off_is_told_to_orderer_and_receiver(round_: Round) -> None:
    make.close(round_.window)
    drop_order(order=round_.order, actor=make.SETUP, reason="moved away")

    told = [row for row in inbox() if row[1] == "order.dropped"]
    assert told == round_.told("order.dropped", number=round_.order.number, reason="moved away")


def test_change_by_somebody_else_is_told_to_orderer_and_receiver_and_ones_own_is_not(
    round_: Round,
) -> None:
    volunteer = Actor("user", make.make_staff(round_.window.community, Role.VOLUNTEER).pk)
    first = Wish(make.offers_of(round_.window)[0].public_id, 3)
    fen = 3 * make.offers_of(round_.window)[0].price_fen
    for actor in (Actor("user", round_.buyer.pk), volunteer):
        change_order(order=round_.order, actor=actor, wishes=[first], expected_total_fen=fen)
    told = round_.told("order.changed", number=round_.order.number, amount_fen=fen)
    assert inbox() == told

    cancel_order(order=round_.order, actor=Actor("user", round_.parent.pk))

    assert inbox() == [
        (
            round_.buyer.pk,
            "order.cancelled",
            {"title": round_.window.title, "number": round_.order.number},
        ),
        *told,
    ]


def test_taking_off_an_order_of_an_empty_flat_tells_nobody(round_: Round) -> None:
    make.close(round_.window)
    drop_order(
        order=Order.objects.get(window=round_.window, number=4),
        actor=make.SETUP,
        reason="moved away",
    )

    assert [row for row in inbox() if row[1] == "order.dropped"] == []
    assert not outbox.OutboxMessage.objects.filter(delivered_at=None).exists()


def test_round_below_its_minimum_is_told_to_who_ordered_and_to_who_decides(round_: Round) -> None:
    window = round_.window
    OrderWindow.objects.filter(pk=window.pk).update(minimum_measure="pieces", minimum=99)
    organiser = make.make_staff(window.community)
    make.make_staff(window.community, Role.VOLUNTEER)

    make.close(window)

    assert window.held_until is not None
    decides_at = shanghai(window.held_until)
    told = inbox()
    asked = [row for row in told if row[1] == "window.to_decide"]
    assert [row for row in told if row not in asked] == round_.told(
        "window.held", decides_at=decides_at
    )
    # Whoever drafted it is an organiser too.
    assert organiser.pk in [row[0] for row in asked]
    assert {row[0] for row in asked} == {organiser.pk, window.created_by_id}
    assert asked[0][2] == {"title": window.title, "decides_at": decides_at}


def test_extension_is_told_with_the_new_cutoff(round_: Round) -> None:
    window = round_.window
    OrderWindow.objects.filter(pk=window.pk).update(
        minimum_measure="pieces", minimum=99, below_minimum="extend"
    )

    make.close(window)

    assert inbox() == round_.told("window.extended", closes_at=shanghai(window.closes_at))


def test_arrival_is_told_to_its_building_only(round_: Round) -> None:
    window = round_.window
    home, beside = window.community.buildings.get(), make.building(window.community, "2", "201")
    neighbour = make.make_resident(window.community, "201")
    make.order(window, make.household(window.community, "201"), 1)
    make.close(window)
    inbox()
    InboxMessage.objects.all().delete()

    telling.tell_arrived(window=window, building=home, place="1号楼门口")
    telling.tell_arrived(window=window, building=home, place="1号楼门口")

    assert inbox() == round_.told("delivery.arrived", building="1号楼", place="1号楼门口")
    telling.tell_arrived(window=window, building=beside, place="大门")
    assert (
        neighbour.pk,
        "delivery.arrived",
        {"title": window.title, "building": "2号楼", "place": "大门"},
    ) in inbox()


def test_refund_is_told_once_for_each_event(round_: Round) -> None:
    for event in ("claim:1", "claim:1", "claim:2"):
        telling.tell_refund(order=round_.order, amount_fen=390, event=event)

    told = round_.told("order.refunded", number=round_.order.number, amount_fen=390)
    assert sorted(inbox(), key=lambda row: row[0]) == sorted(told * 2, key=lambda row: row[0])


def test_shortage_names_what_comes_of_what_was_wanted(round_: Round) -> None:
    make.release(round_.window, make.make_staff(round_.window.community))
    order = Order.objects.get(window=round_.window, number=2)
    Allocation.objects.filter(line__order=order).update(quantity=1)
    inbox()
    InboxMessage.objects.all().delete()

    telling.tell_short(orders=[order.pk], revision=1)
    telling.tell_short(orders=[round_.order.pk], revision=1)

    assert inbox() == round_.told("order.short", number=2, goods="商品1 1/2")


def test_whoever_left_the_household_is_told_of_no_order_any_more(round_: Round) -> None:
    window, home = round_.window, make.household(round_.window.community)
    left = make.make_resident(window.community)
    dropped, kept = (
        make.order(window, home, 2, actor=Actor("user", left.pk)) for _turn in range(2)
    )
    membership = left.memberships.get()
    make.release(window, make.make_staff(window.community))
    inbox()
    InboxMessage.objects.all().delete()
    end_membership(membership=membership, actor=make.SETUP, at=clock.now())

    drop_order(order=dropped, actor=make.SETUP, reason="moved away")
    Allocation.objects.filter(line__order=kept).update(quantity=1)
    telling.tell_short(orders=[kept.pk], revision=1)
    telling.tell_refund(order=kept, amount_fen=390, event="claim:3")

    told = [(user, kind) for user, kind, _data in inbox()]
    kinds = ["order.dropped", "order.short", "order.refunded"]
    assert sorted(told) == sorted((round_.parent.pk, kind) for kind in kinds)


def test_other_price_is_told_to_who_has_the_goods(round_: Round) -> None:
    window = round_.window
    first, second = make.offers_of(window)
    make.order(window, make.household(window.community, "102"), 0, 1)

    telling.tell_price(offer=second, before_fen=1200, change=1)
    telling.tell_offer_gone(offer=first)

    told = inbox()
    prices = {"goods": "商品2", "before_fen": 1200, "price_fen": 1250}
    assert [row for row in told if row[1] == "offer.repriced"] == [
        (round_.quitter.pk, "offer.repriced", {"title": window.title, **prices})
    ]
    assert [row for row in told if row[1] == "offer.gone"] == round_.told(
        "offer.gone", goods="商品1"
    )


def shanghai(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).isoformat(timespec="minutes")

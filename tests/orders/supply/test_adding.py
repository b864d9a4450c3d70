"""One order added after the cutoff, before the release (补单)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from communities.models import Household, InboxMessage
from config.kernel import clock, outbox
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import DomainError, Invalid
from config.kernel.jobs import Subject
from config.kernel.states import StaleStatus
from orders.consolidation import consolidating
from orders.models import Offer, Order, OrderLine, OrderWindow, ProxyWish
from orders.placing.errors import OverLimit, SoldOut, TotalDiffers
from orders.placing.placing import cancel_order
from orders.placing.proxy import Proxy
from orders.placing.wishes import Wish
from orders.supply.adding import add_late_order
from orders.supply.errors import AlreadyReleased, CommunityLeftOut, NotClosed
from orders.supply.releasing import check_order, release_order, undo_release
from orders.windows.reopening import reopen_window
from tests import factories as make
from tests.factories.proxy import add_late
from tests.orders.supply.conftest import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(round_: Round) -> Callable[[], object]:
    """Everything that adding may write."""

    def look() -> object:
        return (
            list(Order.objects.order_by("pk").values()),
            list(OrderLine.objects.order_by("pk").values()),
            list(ProxyWish.objects.order_by("pk").values()),
            list(Offer.objects.order_by("pk").values("pk", "taken")),
            list(OrderWindow.objects.order_by("pk").values()),
            list(round_.window.joined.values("pk", "last_number")),
            AuditEntry.objects.count(),
            outbox.OutboxMessage.objects.count(),
        )

    return look


def home(round_: Round, room: str = "101") -> Household:
    return make.household(round_.community, room)


def test_add_late_order_moves_the_demand_and_the_old_revision_cannot_go_out(
    round_: Round,
) -> None:
    old = round_.current
    check_order(supplier_order=old, actor=round_.organiser)
    old.refresh_from_db()
    volunteer = make.make_user()
    rang = clock.database_now() - timedelta(minutes=3)
    OrderWindow.objects.filter(pk=round_.window.pk).update(opens_at=rang - timedelta(hours=1))

    placed = add_late(
        *(round_.window, home(round_), 0, 2),
        actor=Actor("user", volunteer.pk),
        reason=" the phone was engaged ",
        wished_at=rang,
    )

    order = Order.objects.get(pk=placed.id)
    assert (order.channel, order.reason, order.number, order.wished_at, order.placed_by_id) == (
        *("late", "the phone was engaged", 4, rang, volunteer.pk),
    )
    assert ProxyWish.objects.get(order=order).road == "phone"
    with pytest.raises(StaleStatus):
        release_order(supplier_order=old, actor=round_.organiser)
    assert consolidating.waiting() == [Subject("window", round_.window.pk, 2)]
    new = make.prepare(round_.window)
    assert round_.revisions() == [(1, "superseded"), (2, "prepared")]
    assert (new.order_lines, new.pieces, new.total_fen) == (5, 9, 390 * 5 + 1250 * 4)
    actions = AuditEntry.objects.filter(subject_kind="order", subject_id=order.pk)
    assert sorted(actions.values_list("action", flat=True)) == ["order.added_late", "order.placed"]


def test_add_late_order_is_told_to_the_household_and_to_nobody_else(round_: Round) -> None:
    member, neighbour = (
        make.make_resident(round_.community),
        make.make_resident(round_.community, "102"),
    )
    outbox.deliver_due()
    InboxMessage.objects.all().delete()

    placed = add_late(round_.window, home(round_), 1, actor=Actor("user", neighbour.pk))
    outbox.deliver_due()
    outbox.deliver_due()

    assert list(InboxMessage.objects.values_list("user", "kind", "data")) == [
        (
            member.pk,
            "order.added_late",
            {"title": round_.window.title, "number": placed.number, "reason": "forgotten"},
        )
    ]


def test_add_late_order_after_the_release_is_refused(
    round_: Round, picture: Callable[[], object]
) -> None:
    make.release(round_.window, round_.organiser)
    before = picture()

    with pytest.raises(AlreadyReleased):
        add_late(round_.window, home(round_), 1)

    assert picture() == before


def test_add_late_order_after_the_release_was_undone_is_taken(round_: Round) -> None:
    make.release(round_.window, round_.organiser)
    with transaction.atomic():
        undo_release(supplier_order=round_.current, actor=make.SETUP, reason="wrong")

    add_late(round_.window, home(round_), 1)
    make.release(round_.window, round_.organiser)

    assert round_.revisions() == [(1, "withdrawn"), (3, "released")]
    assert sorted(round_.allocations()["101"]) == [
        *((1, "release", ""), (1, "release", ""), (2, "release", "")),
    ]


@pytest.mark.parametrize("status", ["open", "held", "settled", "cancelled"])
def test_add_late_order_at_another_time_is_refused(
    status: str, round_: Round, picture: Callable[[], object]
) -> None:
    OrderWindow.objects.filter(pk=round_.window.pk).update(
        status=status, held_until="2022-04-21T00:00Z"
    )
    before = picture()

    with pytest.raises(NotClosed):
        add_late(round_.window, home(round_), 1)

    assert picture() == before


def test_add_late_order_for_a_community_that_was_left_out_is_refused(
    round_: Round, picture: Callable[[], object]
) -> None:
    round_.window.joined.update(status="cancelled")
    before = picture()

    with pytest.raises(CommunityLeftOut):
        add_late(round_.window, home(round_), 1)

    assert picture() == before


def test_add_late_order_without_a_reason_is_refused(
    round_: Round, picture: Callable[[], object]
) -> None:
    before = picture()

    with pytest.raises(Invalid) as refused:
        add_late(round_.window, home(round_), 1, reason="  ")

    assert list(refused.value.fields) == ["reason"]
    assert picture() == before


@pytest.mark.parametrize(
    ("rule", "error"), [({"cap": 6}, SoldOut), ({"household_limit": 3}, OverLimit)]
)
def test_add_late_order_keeps_caps_and_limits(
    rule: dict[str, int], error: type[DomainError], round_: Round, picture: Callable[[], object]
) -> None:
    offer = make.offers_of(round_.window)[0]
    Offer.objects.filter(pk=offer.pk).update(**rule, taken=5 if "cap" in rule else 0)
    before = picture()

    with pytest.raises(error) as refused:
        add_late(round_.window, home(round_), 2)

    assert refused.value.fields == {str(offer.public_id): 1}
    assert picture() == before
    add_late(round_.window, home(round_), 1)


def test_add_late_order_with_another_total_is_refused(
    round_: Round, picture: Callable[[], object]
) -> None:
    before = picture()
    wish = Wish(make.offers_of(round_.window)[0].public_id, 1)

    with pytest.raises(TotalDiffers), transaction.atomic():
        add_late_order(
            window_id=round_.window.pk,
            household=home(round_),
            actor=make.SETUP,
            wishes=[wish],
            expected_total_fen=1,
            proxy=Proxy("paper"),
            reason="found in the box",
        )

    assert picture() == before


def test_order_added_late_keeps_its_reason_when_it_is_cancelled_after_a_reopening(
    round_: Round,
) -> None:
    placed = add_late(round_.window, home(round_), 1)
    closes_at = clock.database_now() + timedelta(hours=1)
    reopen_window(window=round_.window, closes_at=closes_at, actor=make.SETUP, reason="power cut")
    order = Order.objects.get(pk=placed.id)

    cancel_order(order=order, actor=make.SETUP)

    order.refresh_from_db()
    assert (order.status, order.channel, order.reason) == ("cancelled", "late", "forgotten")


@pytest.mark.parametrize("lines", [1, 2])
def test_add_late_order_takes_fourteen_statements(
    lines: int, round_: Round, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    offers = make.offers_of(round_.window)[:lines]
    door = home(round_)

    # 1 the lock, 2 the window, 3 opening and receiver, 4 a release, 5 the community; 6 locks, 7 offers, 8 lines,
    # 9 audit, 10 the order; 11 the demand, 12 who asked, 13 its audit, 14 the message
    with django_assert_num_queries(14):
        add_late_order(
            window_id=round_.window.pk,
            household=door,
            actor=make.SETUP,
            wishes=[Wish(offer.public_id, 1) for offer in offers],
            expected_total_fen=sum(offer.price_fen for offer in offers),
            proxy=Proxy("door"),
            reason="forgotten",
        )

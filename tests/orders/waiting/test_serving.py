"""Serving a line: in the order of joining, found by state, never more than there is, nothing after the cutoff."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from communities.models import Household, InboxMessage
from communities.people import end_membership
from config.kernel import clock, outbox
from config.kernel.audit import Actor, AuditEntry
from config.kernel.jobs import Job
from orders.models import Offer, Order, OrderLine, OrderWindow
from orders.models.order import MAX_QUANTITY
from orders.placing.placing import cancel_order, change_order, place_order
from orders.placing.wishes import Wish
from orders.waiting.serving import servable, serve_next
from orders.windows.cancelling import cancel_window
from orders.windows.drafting import set_offer
from orders.windows.reopening import reopen_window
from tests import factories as make
from tests.orders.waiting.conftest import Line

pytestmark = pytest.mark.django_db
# Jobs bring their own transactions.
by_jobs = pytest.mark.django_db(transaction=True)


def orders(line: Line) -> list[tuple[str, int, str]]:
    """Room, pieces and channel of what is ordered now, in the order of placing."""
    rows = OrderLine.objects.filter(order__window=line.window, order__status="placed")
    return list(
        rows.order_by("order_id").values_list(
            "order__household__room", "quantity", "order__channel"
        )
    )


def test_serve_offer_in_the_order_of_joining_as_far_as_the_pieces_go(line: Line) -> None:
    for room in ("103", "101", "102"):
        line.join(room, 2)

    line.free()
    assert line.serve() == 2

    assert orders(line) == [("103", 2, "waiting"), ("101", 2, "waiting")]
    assert line.statuses() == [("103", "served"), ("101", "served"), ("102", "waiting")]
    assert line.counted() == (4, 2)
    assert (line.serve(), servable()) == (0, [])


def test_serve_offer_passes_over_a_wish_that_does_not_fit_and_keeps_its_place(line: Line) -> None:
    line.join("101", 3)
    line.join("102", 1)
    with transaction.atomic():
        change_order(
            order=line.sold,
            actor=make.SETUP,
            wishes=[Wish(line.offer.public_id, 3)],
            expected_total_fen=3 * 390,
        )

    line.serve()
    line.free()
    line.serve()

    assert orders(line) == [("102", 1, "waiting"), ("101", 3, "waiting")]


def test_serve_offer_places_an_order_like_any_other(line: Line) -> None:
    user = make.make_resident(line.community, "101")
    wish = line.join("101", 2, actor=Actor("user", user.pk))
    Household.objects.filter(pk=wish.household_id).update(substitutes="call")
    line.free()
    line.serve()

    order = Order.objects.get(waited_for=wish)
    wish.refresh_from_db()
    assert (order.number, order.total_fen, order.status) == (2, 780, "placed")
    assert (order.placed_by, order.wished_at, order.substitutes) == (user, wish.joined_at, "call")
    assert wish.ended_at == order.placed_at
    entries = AuditEntry.objects.filter(subject_id__in=[order.pk, wish.pk], actor_kind="job")
    assert list(entries.order_by("pk").values_list("action", flat=True)) == [
        "waiting.served",
        "order.placed",
    ]
    with transaction.atomic():
        cancel_order(order=order, actor=make.SETUP)
    assert line.counted() == (0, 0)


def test_serve_offer_adds_to_the_order_that_the_same_account_placed(line: Line) -> None:
    user = make.make_resident(line.community, "101")
    actor, home = Actor("user", user.pk), make.household(line.community, "101")
    second = make.offers_of(line.window)[1]
    own = place(line, home, {second: 1}, actor)
    wish = line.join("101", 2, actor=actor)
    line.free()
    line.serve()
    make.order(line.window, make.household(line.community, "106"), 3)
    again = line.join("101", 1, actor=actor)
    with transaction.atomic():
        set_offer(offer=line.offer, cap=6, actor=make.SETUP)
    line.serve()

    order = Order.objects.get(pk=own)
    wishes = [wish, again]
    for one in wishes:
        one.refresh_from_db()
    assert [(one.status, one.order_id) for one in wishes] == [("served", own)] * 2
    assert (order.number, order.version, order.channel) == (2, 3, "rest")
    assert order.total_fen == second.price_fen + 3 * 390
    assert order.changed_at == again.ended_at
    lines = order.lines.order_by("offer__short_number").values_list("offer", "quantity")
    assert list(lines) == [(line.offer.pk, 3), (second.pk, 1)]
    noted = AuditEntry.objects.filter(subject_id=own, action="order.changed")
    assert list(noted.order_by("pk").values_list("actor_kind", "data__total_fen")) == [
        ("job", second.price_fen + 2 * 390),
        ("job", second.price_fen + 3 * 390),
    ]
    outbox.deliver_due()
    told = InboxMessage.objects.filter(user=user, kind__startswith="waiting.")
    assert [(row.kind, row.data["pieces"], row.data["number"]) for row in told.order_by("pk")] == [
        ("waiting.added", 2, 2),
        ("waiting.added", 1, 2),
    ]


@pytest.mark.parametrize("why", ["somebody else's", "by telephone", "another price", "cancelled"])
def test_serve_offer_leaves_an_order_that_is_not_the_own_one_alone(line: Line, why: str) -> None:
    user = make.make_resident(line.community, "101")
    actor, home = Actor("user", user.pk), make.household(line.community, "101")
    first, second = make.offers_of(line.window)
    other = Actor("user", make.make_user().pk) if why == "somebody else's" else actor
    goods = {first: 1} if why == "another price" else {second: 1}
    if why == "another price":
        line.free()
    order = place(line, home, goods, other, "phone" if why == "by telephone" else "rest")
    OrderLine.objects.filter(order=order, offer=first).update(price_fen=1)
    if why == "another price":
        make.order(line.window, make.household(line.community, "106"), 4)
    if why == "cancelled":
        with transaction.atomic():
            cancel_order(order=Order.objects.get(pk=order), actor=actor)
    before = Order.objects.values("total_fen", "version", "status").get(pk=order)
    wish = line.join("101", 1, actor=actor)
    with transaction.atomic():
        set_offer(offer=line.offer, cap=6, actor=make.SETUP)
    line.serve()

    wish.refresh_from_db()
    assert wish.status == "served"
    assert wish.order_id not in {None, order}
    assert Order.objects.values("total_fen", "version", "status").get(pk=order) == before


@pytest.mark.parametrize("what", ["pieces of a line", "lines"])
def test_serve_offer_goes_on_where_the_own_order_is_full(line: Line, what: str) -> None:
    supplier = make.make_supplier(line.community, prices_fen=[390] * 201)
    window = make.make_window(line.community, supplier=supplier, offers=[{"cap": 5}])
    first, *others = make.offers_of(window)
    sold = make.order(window, make.household(line.community, "106"), 4)
    line = Line(line.community, window, first, sold)
    user = make.make_resident(line.community, "101")
    actor, home = Actor("user", user.pk), make.household(line.community, "101")
    goods = {first: 1} if what == "pieces of a line" else dict.fromkeys(others, 1)
    own = Order.objects.filter(pk=place(line, home, goods, actor))
    if what == "lines":
        make.order(window, make.household(line.community, "105"), 1)
    before = own.values("total_fen", "version").get()
    wish = line.join("101", 2, actor=actor)
    if what == "pieces of a line":
        own.get().lines.update(quantity=MAX_QUANTITY - 1)
    line.join("102")
    line.free()

    line.serve()

    wish.refresh_from_db()
    assert line.statuses() == [("101", "served"), ("102", "served")]
    assert list(OrderLine.objects.filter(order=wish.order).values_list("quantity")) == [(2,)]
    assert own.values("total_fen", "version").get() == before


def place(
    line: Line, home: Household, goods: dict[Offer, int], actor: Actor, channel: str = "rest"
) -> int:
    with transaction.atomic():
        return place_order(
            window_id=line.window.pk,
            community_id=line.community.pk,
            household_id=home.pk,
            actor=actor,
            wishes=[Wish(offer.public_id, quantity) for offer, quantity in goods.items()],
            expected_total_fen=sum(one.price_fen * many for one, many in goods.items()),
            channel=channel,
        ).id


@pytest.mark.parametrize("cap", [6, 9])
def test_serve_offer_when_the_cap_is_raised(line: Line, cap: int) -> None:
    for room in ("101", "102"):
        line.join(room, 1)
    with transaction.atomic():
        set_offer(offer=line.offer, cap=cap, actor=make.SETUP)

    line.serve()

    assert orders(line)[1:] == [("101", 1, "waiting"), ("102", 1, "waiting")][: cap - 5]


def test_serve_offer_lets_a_wish_lapse_that_is_over_the_limit_by_now(line: Line) -> None:
    line.join("101", 5)
    line.join("102", 5)
    with transaction.atomic():
        set_offer(offer=line.offer, cap=6, actor=make.SETUP)
    make.order(line.window, make.household(line.community, "101"), 1)
    line.free()

    line.serve()

    assert line.statuses() == [("101", "lapsed"), ("102", "served")]
    assert line.counted() == (6, 0)


def test_serve_offer_lets_the_wish_of_an_empty_flat_lapse(line: Line) -> None:
    wish = line.join("101")
    line.join("102")
    Household.objects.filter(pk=wish.household_id).update(is_active=False)
    line.free()

    line.serve()

    assert line.statuses() == [("101", "lapsed"), ("102", "served")]


def test_nobody_is_served_after_the_cutoff_but_when_the_window_is_opened_again(line: Line) -> None:
    make.order(line.window, make.household(line.community, "105"), 0, 1)
    line.join("101", 2)
    line.free()
    make.pass_cutoff(line.window)

    assert (line.serve(), servable()) == (0, [])
    assert not serve_next(offer_id=line.offer.pk)
    make.close(line.window)
    assert (line.serve(), line.statuses()) == (0, [("101", "waiting")])

    with transaction.atomic():
        window = OrderWindow.objects.get(pk=line.window.pk)
        reopen_window(
            window=window, closes_at=later(line), actor=make.SETUP, reason="the lorry is late"
        )
    line.serve()
    assert line.statuses() == [("101", "served")]


def later(line: Line) -> Any:
    line.window.refresh_from_db()
    return line.window.closes_at + (line.window.closes_at - line.window.opens_at)


def test_serve_offer_of_a_cancelled_window_does_nothing(line: Line) -> None:
    line.join("101")
    with transaction.atomic():
        cancel_window(window=line.window, actor=make.SETUP, reason="no lorry")

    assert (line.serve(), line.statuses()) == (0, [("101", "waiting")])


@by_jobs
def test_serve_offer_twice_and_after_a_crash_sells_nothing_twice(line: Line) -> None:
    for room in ("101", "102"):
        line.join(room, 2)
    line.free()
    line.sweep()
    # The job died before it was marked: the next sweep finds it under the same revision.
    Job.objects.filter(stage="orders.serve_waiting").update(done_at=None, rung_at=None)

    assert line.sweep() == 1
    assert line.counted() == (4, 0)
    assert len(orders(line)) == 2


@by_jobs
def test_line_is_served_again_each_time_pieces_come_free(line: Line) -> None:
    rooms = ("101", "102", "103")
    for room in rooms:
        line.join(room, 5)
    given_back: list[Order] = [line.sold]
    for room in rooms:
        line.free(given_back.pop())
        assert line.sweep() == 1
        given_back.append(Order.objects.get(window=line.window, household__room=room))

    assert [status for _room, status in line.statuses()] == ["served"] * 3


def test_household_is_told_once_that_it_was_served_or_was_not(line: Line) -> None:
    served, waits = (make.make_resident(line.community, room) for room in ("101", "102"))
    line.join("101", 5, actor=Actor("user", served.pk))
    line.join("102", 5)
    line.free()
    line.serve()
    make.close(line.window)
    for _turn in range(2):
        outbox.deliver_due()

    def told(user: Any) -> list[tuple[str, Any]]:
        rows = InboxMessage.objects.filter(user=user, kind__startswith="waiting.")
        return list(rows.values_list("kind", "data"))

    about = {"title": line.window.title, "goods": "商品1", "pieces": 5}
    assert told(served) == [("waiting.served", {**about, "number": 2})]
    assert told(waits) == [("waiting.unmet", about)]


@pytest.mark.parametrize("is_last", [True, False])
def test_wish_of_somebody_who_left_the_household_leaves_the_line(line: Line, is_last: bool) -> None:
    gone = make.make_resident(line.community, "101")
    stays = [] if is_last else [make.make_resident(line.community, "101")]
    helper = make.make_user()
    line.join("101", 2, actor=Actor("user", gone.pk))
    line.join("102", actor=Actor("user", helper.pk))
    assert servable() == []
    end_membership(membership=gone.memberships.get(), actor=make.SETUP, at=clock.now())

    assert line.serve() == 1

    assert line.statuses() == [("101", "lapsed"), ("102", "waiting")]
    assert (line.counted(), servable()) == ((5, 1), [])
    outbox.deliver_due()
    about = {"title": line.window.title, "goods": "商品1", "pieces": 2, "number": 0}
    told = InboxMessage.objects.filter(kind__startswith="waiting.")
    assert list(told.values_list("user", "kind", "data")) == [
        (user.pk, "waiting.moved_out", about) for user in stays
    ]


def test_wish_for_a_household_that_lost_its_members_leaves_the_line(line: Line) -> None:
    """Whoever placed it never was of it."""
    last = make.make_resident(line.community, "101")
    line.join("101", actor=Actor("user", make.make_user().pk))
    end_membership(membership=last.memberships.get(), actor=make.SETUP, at=clock.now())

    assert (line.serve(), line.statuses()) == (1, [("101", "lapsed")])


def test_unmet_wish_is_not_told_to_who_left_the_household(line: Line) -> None:
    gone, stays = (make.make_resident(line.community, "101") for _turn in range(2))
    line.join("101", actor=Actor("user", gone.pk))
    make.close(line.window)
    end_membership(membership=gone.memberships.get(), actor=make.SETUP, at=clock.now())
    outbox.deliver_due()

    told = InboxMessage.objects.filter(kind="waiting.unmet")
    assert list(told.values_list("user", flat=True)) == [stays.pk]

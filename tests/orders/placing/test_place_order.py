"""Placing: what is stored, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import DomainError, NotFound
from orders.models import Offer, Order, WindowCommunity
from orders.placing import statements
from orders.placing.errors import (
    BadWish,
    OverLimit,
    SoldOut,
    TotalDiffers,
    UnknownOffer,
    WindowNotOpen,
)
from orders.placing.placing import place_order
from orders.placing.wishes import Wish
from tests import factories as make
from tests.orders.placing.conftest import Stall, wishes

pytestmark = pytest.mark.django_db

Picture = Callable[[], object]


def test_place_order_stores_what_the_household_wants_at_todays_price(stall: Stall) -> None:
    user = make.make_resident(stall.community)
    earlier = clock.now() - timedelta(minutes=5)

    placed = stall.place(
        (stall.plain, 4, 2),
        (stall.capped, 3),
        actor=Actor("user", user.pk),
        note="no bag",
        channel="phone",
        wished_at=earlier,
    )

    order = Order.objects.get(pk=placed.id)
    assert (
        (placed.public_id, placed.number) == (order.public_id, order.number) == (order.public_id, 1)
    )
    assert placed.total_fen == order.total_fen == 4 * 100 + 3 * 390
    assert placed.placed_at == order.placed_at
    assert (order.household.room, order.community, order.status) == (
        "101",
        stall.community,
        "placed",
    )
    assert (order.channel, order.note, order.wished_at, order.placed_by) == (
        "phone",
        "no bag",
        earlier,
        user,
    )
    assert (order.version, order.changed_at, order.cancelled_at) == (1, None, None)
    lines = order.lines.order_by("offer").values_list("offer", "quantity", "tolerance", "price_fen")
    assert list(lines) == [(stall.capped.pk, 3, 0, 390), (stall.plain.pk, 4, 2, 100)]
    assert stall.left() == 2


def test_place_order_without_details_is_wished_when_it_is_placed(stall: Stall) -> None:
    order = Order.objects.get(pk=stall.place((stall.plain, 1)).id)

    assert (order.channel, order.note, order.placed_by) == ("rest", "", None)
    assert order.wished_at == order.placed_at


def test_place_order_is_audited_with_numbers_only(stall: Stall) -> None:
    user = make.make_user()

    placed = stall.place(
        (stall.plain, 2), (stall.capped, 1), actor=Actor("user", user.pk), note="ring twice"
    )

    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject_kind, entry.subject_id) == (
        "order.placed",
        "order",
        placed.id,
    )
    assert (entry.actor_id, entry.community_id) == (user.pk, stall.community.pk)
    assert entry.data == {"total_fen": 590, "lines": 2}


def test_place_order_counts_per_window_and_community(stall: Stall) -> None:
    other = make.make_community()
    window = make.make_window(stall.community, supplier=stall.window.supplier, others=[other])
    places = [stall.community, other, stall.community]

    numbers = [make.place(window, make.household(place), 1).number for place in places]

    assert numbers == [1, 1, 2]
    assert stall.place((stall.plain, 1)).number == 1


def test_place_order_of_the_last_pieces_takes_them(stall: Stall) -> None:
    stall.place((stall.capped, 3))
    stall.place((stall.capped, 2), room="102")

    assert stall.left() == 0


# error; (offer, quantity[, tolerance]) …; what its fields say, by offer
REFUSALS: dict[str, tuple[type[DomainError], list[tuple[Any, ...]], dict[str, int]]] = {
    "nothing": (BadWish, [], {}),
    "none of something": (BadWish, [("plain", 0)], {}),
    "less than none": (BadWish, [("plain", -1)], {}),
    "far too many": (BadWish, [("plain", 10_000)], {}),
    "negative tolerance": (BadWish, [("plain", 1, -1)], {}),
    "huge tolerance": (BadWish, [("plain", 1, 10_000)], {}),
    "the same twice": (BadWish, [("plain", 1), ("plain", 2)], {}),
    "too many lines": (BadWish, [("plain", 1)] * 201, {}),
    "more than are left": (SoldOut, [("plain", 1), ("capped", 6)], {"capped": 5}),
    "more than the limit": (OverLimit, [("plain", 1), ("limited", 4)], {"limited": 3}),
    "tolerance above the limit": (OverLimit, [("limited", 2, 2)], {"limited": 3}),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_place_order_refused_changes_nothing(case: str, stall: Stall, picture: Picture) -> None:
    error, wanted, fields = REFUSALS[case]
    before = picture()

    with pytest.raises(error) as refused:
        stall.place(*((getattr(stall, name), *numbers) for name, *numbers in wanted))

    assert refused.value.fields == {
        str(getattr(stall, name).public_id): pieces for name, pieces in fields.items()
    }
    assert picture() == before


def test_place_order_of_200_lines_is_looked_at_and_of_201_is_not(stall: Stall) -> None:
    many = [Wish(uuid.uuid4(), 1) for _line in range(200)]

    with pytest.raises(UnknownOffer):
        stall.place(wishes=many)
    with pytest.raises(BadWish):
        stall.place(wishes=[*many, Wish(uuid.uuid4(), 1)])


def test_place_order_of_what_the_window_does_not_offer_names_it(
    stall: Stall, picture: Picture
) -> None:
    neighbours = Offer.objects.exclude(window=stall.window).get(short_number=3)
    invented = uuid.UUID(int=7)
    before = picture()

    with pytest.raises(UnknownOffer) as refused:
        stall.place(
            wishes=[
                Wish(offer, 1) for offer in (stall.plain.public_id, neighbours.public_id, invented)
            ]
        )

    assert refused.value.fields == {"offers": [str(neighbours.public_id), str(invented)]}
    assert picture() == before


def test_place_order_with_another_total_says_both(stall: Stall, picture: Picture) -> None:
    before = picture()

    with pytest.raises(TotalDiffers) as refused:
        stall.place((stall.plain, 2), expected_total_fen=199)

    assert refused.value.fields == {"expected_total_fen": 199, "total_fen": 200}
    assert picture() == before


def test_place_order_for_a_community_or_window_that_is_not_there_is_not_found(
    stall: Stall, picture: Picture
) -> None:
    other = make.make_community()
    before = picture()

    with pytest.raises(NotFound):
        stall.place((stall.plain, 1), community_id=other.pk)
    with pytest.raises(NotFound):
        stall.place((stall.plain, 1), window_id=stall.window.pk + 1000)

    assert picture() == before


def test_place_order_refused_for_one_line_takes_no_piece_of_the_others(
    stall: Stall, picture: Picture
) -> None:
    before = picture()

    with pytest.raises(OverLimit):
        stall.place((stall.capped, 2), (stall.limited, 4), (stall.plain, 1))

    assert picture() == before
    assert stall.left() == 5


def test_place_order_of_what_is_not_on_offer_is_unknown(stall: Stall, picture: Picture) -> None:
    Offer.objects.filter(pk=stall.plain.pk).update(is_active=False)
    before = picture()

    with pytest.raises(UnknownOffer):
        stall.place((stall.plain, 1))

    assert picture() == before


@pytest.mark.parametrize("status", ["draft", "ready", "held", "closed", "settled", "cancelled"])
def test_place_order_in_a_window_that_is_not_open_is_refused(
    status: str, stall: Stall, picture: Picture
) -> None:
    now = clock.now()
    type(stall.window).objects.filter(pk=stall.window.pk).update(
        status=status, demand_revision=1, closed_at=now, held_until=now
    )
    before = picture()

    with pytest.raises(WindowNotOpen):
        stall.place((stall.plain, 1))

    assert picture() == before


def test_place_order_of_a_community_that_was_left_out_is_refused(
    stall: Stall, picture: Picture
) -> None:
    WindowCommunity.objects.filter(window=stall.window).update(status="cancelled")
    before = picture()

    with pytest.raises(WindowNotOpen):
        stall.place((stall.plain, 1))

    assert picture() == before


@pytest.mark.parametrize(
    ("microseconds_before_cutoff", "taken"), [(1, True), (0, False), (-1, False)]
)
def test_place_order_is_judged_by_the_databases_clock_to_the_microsecond(
    microseconds_before_cutoff: int, taken: bool, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = stall.window.closes_at - timedelta(microseconds=microseconds_before_cutoff)
    stop_the_clock(monkeypatch, moment.isoformat())

    if taken:
        assert stall.place((stall.plain, 1)).placed_at == moment
    else:
        with pytest.raises(WindowNotOpen):
            stall.place((stall.plain, 1))

    assert Order.objects.filter(window=stall.window).count() == taken


@pytest.mark.parametrize(("microseconds_after_opening", "taken"), [(-1, False), (0, True)])
def test_place_order_opens_to_the_microsecond(
    microseconds_after_opening: int, taken: bool, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = stall.window.opens_at + timedelta(microseconds=microseconds_after_opening)
    stop_the_clock(monkeypatch, moment.isoformat())

    if taken:
        stall.place((stall.plain, 1))
    else:
        with pytest.raises(WindowNotOpen):
            stall.place((stall.plain, 1))

    assert Order.objects.filter(window=stall.window).count() == taken


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    stopped = statements._STANDING.replace("clock_timestamp()", f"'{moment}'::timestamptz")
    assert stopped != statements._STANDING
    monkeypatch.setattr(statements, "_STANDING", stopped)


def test_place_order_for_a_household_of_another_community_is_refused_by_the_database(
    stall: Stall,
) -> None:
    foreign = make.household(make.make_community())

    with pytest.raises(IntegrityError, match="order_household_same_community"):
        place_and_check(stall, foreign.pk)

    assert not Order.objects.filter(window=stall.window).exists()


def place_and_check(stall: Stall, household_id: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        stall.place((stall.plain, 1), household_id=household_id)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_place_order_outside_a_transaction_is_refused(stall: Stall) -> None:
    with pytest.raises(TransactionManagementError):
        place_order(
            window_id=stall.window.pk,
            community_id=stall.community.pk,
            household_id=make.household(stall.community).pk,
            actor=make.SETUP,
            wishes=wishes((stall.plain, 1)),
            expected_total_fen=100,
        )

    assert not Order.objects.filter(window=stall.window).exists()

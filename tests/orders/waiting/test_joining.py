"""Joining and leaving a line: who may, what is counted, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from config.kernel.audit import AuditEntry
from config.kernel.errors import DomainError
from orders.models import Offer
from orders.placing.errors import (
    BadWish,
    OverLimit,
    SoldOut,
    TotalDiffers,
    UnknownOffer,
    WindowNotOpen,
)
from orders.placing.placing import change_order
from orders.placing.wishes import Wish
from orders.waiting.errors import AlreadyWaiting, NotSoldOut, NotWaiting, TooManyToWaitFor
from tests import factories as make
from tests.orders.waiting.conftest import Line

pytestmark = pytest.mark.django_db

Picture = Callable[[], object]


def test_join_waiting_counts_what_is_waited_for(line: Line) -> None:
    wish = line.join("101", 2)
    line.join("102", 3)

    assert (wish.status, wish.quantity, wish.price_fen) == ("waiting", 2, 390)
    assert line.counted() == (5, 5)
    entry = AuditEntry.objects.filter(action="waiting.joined").order_by("pk")[1]
    assert (entry.subject_kind, entry.subject_id, entry.data) == (
        "waiting_wish",
        wish.pk,
        {"offer": line.offer.pk, "quantity": 2},
    )


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        (BadWish, {"quantity": 0}),
        (BadWish, {"quantity": 10_000}),
        (TotalDiffers, {"expected_total_fen": 389}),
        (UnknownOffer, {"offer": uuid4()}),
        (OverLimit, {"quantity": 6, "expected_total_fen": 6 * 390}),
    ],
)
def test_join_waiting_refused_changes_nothing(
    line: Line, picture: Picture, error: type[DomainError], changes: dict[str, Any]
) -> None:
    before = picture()

    with pytest.raises(error):
        line.join("101", **changes)

    assert picture() == before


def test_join_waiting_for_what_can_be_ordered_is_refused(line: Line, picture: Picture) -> None:
    Offer.objects.filter(pk=line.offer.pk).update(cap=7)
    uncapped = make.offers_of(line.window)[1]
    before = picture()

    for quantity in (2, 3):
        with pytest.raises(NotSoldOut) as refused:
            line.join("101", quantity)
        assert refused.value.fields == {str(line.offer.public_id): 2}
        assert "还可以订 2 份" in refused.value.sentence
    with pytest.raises(NotSoldOut) as endless:
        line.join("101", offer=uncapped.public_id, expected_total_fen=uncapped.price_fen)

    assert endless.value.fields == {str(uncapped.public_id): None}
    assert str(endless.value) == "这件商品不限量，请直接下单。"
    assert picture() == before


# cap, limit, what the household has, what it may wait for
@pytest.mark.parametrize(
    ("cap", "limit", "has", "most"),
    [(24, None, 0, 5), (24, None, 22, 2), (3, None, 0, 3), (5, 9, 2, 3), (5, None, 5, 0)],
)
def test_join_waiting_for_more_than_could_ever_be_had_is_refused(
    line: Line, picture: Picture, cap: int, limit: int | None, has: int, most: int
) -> None:
    line.free()
    offers = Offer.objects.filter(pk=line.offer.pk)
    offers.update(cap=cap, household_limit=limit)
    if has:
        make.order(line.window, make.household(line.community, "101"), has)
    offers.update(taken=cap)
    before = picture()

    for quantity in {most + 1, 9_999 if limit is None else limit - has}:
        with pytest.raises(TooManyToWaitFor) as refused:
            line.join("101", quantity)
        assert refused.value.fields == {str(line.offer.public_id): most}

    assert picture() == before
    if most:
        assert line.join("101", most).quantity == most


def test_wish_that_does_not_fit_holds_back_nothing(line: Line) -> None:
    """One household cannot keep what is left from its neighbours, and once it fits it is served before them."""
    line.join("101", 4)
    with transaction.atomic():
        change_order(
            order=line.sold,
            actor=make.SETUP,
            wishes=[Wish(line.offer.public_id, 3)],
            expected_total_fen=3 * 390,
        )

    neighbour = make.order(line.window, make.household(line.community, "102"), 2)
    for order in (line.sold, neighbour):
        line.free(order)

    with pytest.raises(SoldOut) as refused:
        make.order(line.window, make.household(line.community, "103"), 2)
    assert refused.value.fields == {str(line.offer.public_id): 1}
    assert (line.serve(), line.counted()) == (1, (4, 0))


def test_join_waiting_twice_is_refused(line: Line, picture: Picture) -> None:
    wish = line.join("101", 2)
    before = picture()

    with pytest.raises(AlreadyWaiting) as refused:
        line.join("101", 1)

    assert refused.value.fields == {"waiting": str(wish.public_id)}
    assert picture() == before


def test_join_waiting_counts_what_the_household_has_already(line: Line) -> None:
    make.order(line.window, make.household(line.community, "101"), 0, 1)
    with pytest.raises(OverLimit) as refused:
        line.join("106", 1)
    assert refused.value.fields == {str(line.offer.public_id): 0}


def test_join_waiting_after_the_cutoff_is_refused(line: Line, picture: Picture) -> None:
    make.pass_cutoff(line.window)
    before = picture()

    with pytest.raises(WindowNotOpen):
        line.join("101")

    assert picture() == before


def test_leave_waiting_gives_the_place_to_whoever_is_behind(line: Line) -> None:
    first, _second = line.join("101", 2), line.join("102", 1)

    line.leave(first)

    assert line.statuses() == [("101", "left"), ("102", "waiting")]
    assert line.counted() == (5, 1)
    again = line.join("101", 1)
    assert (again.pk > first.pk, line.counted()) == (True, (5, 2))


def test_leave_waiting_is_possible_after_the_cutoff(line: Line) -> None:
    wish = line.join("101")
    make.close(line.window)

    line.leave(wish)

    assert line.statuses() == [("101", "left")]


def test_leave_waiting_twice_or_after_being_served_is_refused(line: Line, picture: Picture) -> None:
    gone, served = line.join("101"), line.join("102")
    line.leave(gone)
    Offer.objects.filter(pk=line.offer.pk).update(cap=6)
    line.serve()
    before = picture()

    with pytest.raises(NotWaiting) as first:
        line.leave(gone)
    with pytest.raises(NotWaiting) as second:
        line.leave(served)

    served.refresh_from_db()
    assert first.value.fields == {"status": "left", "order": None}
    assert served.order is not None
    assert second.value.fields == {"status": "served", "order": str(served.order.public_id)}
    assert picture() == before


def test_order_of_a_newcomer_does_not_overtake_the_line(line: Line, picture: Picture) -> None:
    line.join("101", 2)
    line.free()
    before = picture()

    with pytest.raises(SoldOut) as refused:
        make.order(line.window, make.household(line.community, "102"), 4)

    assert refused.value.fields == {str(line.offer.public_id): 3}
    assert picture() == before
    make.order(line.window, make.household(line.community, "102"), 3)
    assert line.counted() == (3, 2)

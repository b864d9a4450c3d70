"""Changing: other lines in the place of the old, pieces given back, the number stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.audit import AuditEntry
from orders.models import Offer, Order
from orders.placing.errors import (
    BadWish,
    OrderNotPlaced,
    OverLimit,
    SoldOut,
    TotalDiffers,
    UnknownOffer,
    WindowNotOpen,
)
from orders.placing.placing import PlacedOrder, cancel_order, change_order
from tests import factories as make
from tests.orders.placing.conftest import Stall, price, wishes

pytestmark = pytest.mark.django_db

Picture = Callable[[], object]


@pytest.fixture
def order(stall: Stall) -> Order:
    """3 capped, 2 limited pieces."""
    return Order.objects.get(pk=stall.place((stall.capped, 3), (stall.limited, 2), note="a").id)


def change(order: Order, *wanted: tuple[Any, ...], **changes: Any) -> PlacedOrder:
    arguments = {"wishes": wishes(*wanted), "expected_total_fen": price(*wanted), **changes}
    return change_order(order=order, actor=make.SETUP, **arguments)


def lines(order: Order) -> dict[str, int]:
    return dict(order.lines.values_list("offer__name", "quantity"))


def test_change_order_puts_other_lines_in_and_keeps_number_and_time(
    stall: Stall, order: Order
) -> None:
    before = Order.objects.get(pk=order.pk)

    answer = change(order, (stall.capped, 1), (stall.plain, 7))

    after = Order.objects.get(pk=order.pk)
    assert lines(after) == {"商品1": 1, "商品3": 7}
    assert after.total_fen == answer.total_fen == 390 + 700
    assert (after.number, after.wished_at, after.placed_at) == (
        before.number,
        before.wished_at,
        before.placed_at,
    )
    assert (answer.public_id, answer.number) == (before.public_id, before.number)
    assert after.version == answer.version == 2
    assert after.changed_at is not None
    assert after.note == "a"


def test_change_order_moves_the_cap_by_the_difference(stall: Stall, order: Order) -> None:
    change(order, (stall.capped, 5))
    assert stall.left() == 0
    change(order, (stall.capped, 2))
    assert stall.left() == 3
    change(order, (stall.plain, 1))
    assert stall.left() == 5


def test_change_order_to_the_same_takes_nothing_when_all_is_sold_out(
    stall: Stall, order: Order
) -> None:
    stall.place((stall.capped, 2), room="102")

    change(order, (stall.capped, 3))

    assert stall.left() == 0


def test_change_order_replaces_the_note_only_when_told(stall: Stall, order: Order) -> None:
    change(order, (stall.plain, 1), note="b")
    change(order, (stall.plain, 2))

    assert Order.objects.get(pk=order.pk).note == "b"


def test_change_order_is_audited(stall: Stall, order: Order) -> None:
    change(order, (stall.plain, 7))

    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject_id) == ("order.changed", order.pk)
    assert entry.data == {"total_fen": 700, "lines": 1}


def test_change_order_counts_its_own_pieces_not_against_the_limit(
    stall: Stall, order: Order
) -> None:
    change(order, (stall.limited, 3))

    with pytest.raises(OverLimit) as refused:
        change(order, (stall.limited, 4))
    assert refused.value.fields == {str(stall.limited.public_id): 3}


def test_change_order_beyond_what_is_left_says_what_it_could_have(
    stall: Stall, order: Order, picture: Picture
) -> None:
    stall.place((stall.capped, 1), room="102")
    before = picture()

    with pytest.raises(SoldOut) as refused:
        change(order, (stall.capped, 5))

    # three held, one left
    assert refused.value.fields == {str(stall.capped.public_id): 4}
    assert picture() == before


@pytest.mark.parametrize(
    ("error", "wanted", "changes"),
    [
        (BadWish, {}, {}),
        (BadWish, {"plain": 0}, {}),
        (TotalDiffers, {"plain": 1}, {"expected_total_fen": 99}),
        (OverLimit, {"limited": 4}, {}),
        (SoldOut, {"capped": 6}, {}),
    ],
)
def test_change_order_refused_changes_nothing(
    error: type[Exception],
    wanted: dict[str, int],
    changes: dict[str, Any],
    stall: Stall,
    order: Order,
    picture: Picture,
) -> None:
    before = picture()

    with pytest.raises(error):
        change(
            order, *((getattr(stall, name), pieces) for name, pieces in wanted.items()), **changes
        )

    assert picture() == before


def test_change_order_may_keep_what_is_no_longer_on_offer_and_nobody_else_gets_it(
    stall: Stall, order: Order
) -> None:
    Offer.objects.filter(pk=stall.limited.pk).update(is_active=False)

    change(order, (stall.limited, 1))

    assert lines(order) == {"商品2": 1}
    other = Order.objects.get(pk=stall.place((stall.plain, 1), room="102").id)
    with pytest.raises(UnknownOffer):
        change(other, (stall.limited, 1))


def test_change_order_after_the_cutoff_is_refused(
    stall: Stall, order: Order, picture: Picture
) -> None:
    make.pass_cutoff(stall.window)
    before = picture()

    with pytest.raises(WindowNotOpen):
        change(order, (stall.plain, 1))

    assert picture() == before


def test_change_order_that_was_cancelled_is_refused(
    stall: Stall, order: Order, picture: Picture
) -> None:
    seen = Order.objects.get(pk=order.pk)
    cancel_order(order=order, actor=make.SETUP)
    before = picture()

    with pytest.raises(OrderNotPlaced):
        change(seen, (stall.plain, 1))

    assert picture() == before


def test_cancel_order_gives_its_pieces_back_and_keeps_the_reason(
    stall: Stall, order: Order
) -> None:
    stall.place((stall.capped, 1), room="102")

    cancel_order(order=order, actor=make.SETUP, reason="moved away")

    after = Order.objects.get(pk=order.pk)
    assert (after.status, after.reason) == ("cancelled", "moved away")
    assert after.cancelled_at is not None
    assert abs((after.cancelled_at - clock.now()).total_seconds()) < 10
    assert lines(after) == {"商品1": 3, "商品2": 2}
    assert stall.left() == 4
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject_id) == ("order.cancelled", order.pk)


def test_cancel_order_twice_is_refused_and_gives_nothing_back_again(
    stall: Stall, order: Order, picture: Picture
) -> None:
    cancel_order(order=Order.objects.get(pk=order.pk), actor=make.SETUP)
    before = picture()

    with pytest.raises(OrderNotPlaced):
        cancel_order(order=order, actor=make.SETUP)

    assert picture() == before
    assert stall.left() == 5


def test_cancel_order_after_the_cutoff_is_refused(
    stall: Stall, order: Order, picture: Picture
) -> None:
    make.pass_cutoff(stall.window)
    before = picture()

    with pytest.raises(WindowNotOpen):
        cancel_order(order=order, actor=make.SETUP)

    assert picture() == before

"""At most so many pieces of a kind of goods for a household: over all its orders, tolerance included."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from communities.models import Community
from config.kernel.audit import AuditEntry
from config.kernel.errors import DomainError, Invalid
from orders.models import CategoryLimit, Order, OrderWindow
from orders.placing.errors import OverCategoryLimit
from orders.placing.placing import cancel_order, change_order
from orders.placing.wishes import Wish
from orders.windows.drafting import WindowPublished
from orders.windows.limits import set_category_limit
from suppliers.models import Product, Supplier
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def supplier(community: Community) -> Supplier:
    """Two kinds of meat, one vegetable, one thing of no category."""
    supplier = make.make_supplier(community, prices_fen=(100, 200, 300, 400))
    for name, category in (("商品1", "肉类"), ("商品2", "肉类"), ("商品3", "蔬菜")):
        Product.objects.filter(supplier=supplier, name=name).update(category=category)
    return supplier


@pytest.fixture
def window(community: Community, supplier: Supplier) -> OrderWindow:
    """At most two pieces of meat."""
    window = make.make_window(community, supplier=supplier, state="draft")
    limit(window, "肉类", 2)
    other = make.make_window(community, supplier=supplier)
    make.order(other, make.household(community), 5, 5)
    make.open_now(window)
    return window


def limit(window: OrderWindow, category: str, pieces: int | None, reason: str = "") -> None:
    with transaction.atomic():
        set_category_limit(
            window=window,
            category=category,
            household_limit=pieces,
            actor=make.SETUP,
            reason=reason,
        )


def refusal(window: OrderWindow, *quantities: int, room: str = "101") -> dict[str, Any] | None:
    try:
        make.order(window, make.household(window.community, room), *quantities)
    except OverCategoryLimit as error:
        return error.fields
    return None


def test_category_limit_counts_all_offers_of_the_category(window: OrderWindow) -> None:
    assert refusal(window, 2, 1) == {"肉类": 2}
    assert refusal(window, 1, 1, 9, 9) is None
    assert refusal(window, 0, 1) == {"肉类": 0}
    assert refusal(window, 0, 0, 1, 1) is None


def test_category_limit_counts_earlier_orders_and_their_tolerance(window: OrderWindow) -> None:
    home = make.household(window.community)
    make.place_wishes(window, home, [Wish(make.offers_of(window)[0].public_id, 1, 1)])

    assert refusal(window, 0, 1) == {"肉类": 0}
    assert refusal(window, 0, 2, room="102") is None


def test_category_limit_counts_no_cancelled_order(window: OrderWindow) -> None:
    order = make.order(window, make.household(window.community), 2)
    cancel_order(order=order, actor=make.SETUP)

    assert refusal(window, 1, 1) is None


def test_category_limit_of_a_change_counts_the_others_only(window: OrderWindow) -> None:
    offers = make.offers_of(window)
    order = make.order(window, make.household(window.community), 1)
    make.order(window, make.household(window.community), 0, 1)

    def change(*quantities: int) -> None:
        wishes = [
            Wish(offer.public_id, quantity)
            for offer, quantity in zip(offers, quantities, strict=False)
            if quantity
        ]
        total_fen = sum(
            offer.price_fen * quantity for offer, quantity in zip(offers, quantities, strict=False)
        )
        change_order(
            order=Order.objects.get(pk=order.pk),
            actor=make.SETUP,
            wishes=wishes,
            expected_total_fen=total_fen,
        )

    change(0, 1)
    with pytest.raises(OverCategoryLimit) as refused:
        change(1, 1)
    assert refused.value.fields == {"肉类": 1}


def test_set_category_limit_may_be_changed_and_taken_away_before_the_opening(
    community: Community, supplier: Supplier
) -> None:
    window = make.make_window(community, supplier=supplier, state="ready")
    for pieces in (2, 3, 3, None):
        limit(window, "肉类", pieces)
    limit(window, "蔬菜", 9)

    rows = CategoryLimit.objects.filter(window=window).values_list("category", "household_limit")
    assert list(rows) == [("蔬菜", 9)]


@pytest.mark.parametrize(
    ("category", "pieces", "error"),
    [("", 2, Invalid), ("水产", 2, Invalid), ("肉类", 0, Invalid), ("肉类", 10**5, Invalid)],
)
def test_set_category_limit_of_nothing_is_refused(
    community: Community,
    supplier: Supplier,
    category: str,
    pieces: int,
    error: type[DomainError],
) -> None:
    window = make.make_window(community, supplier=supplier, state="draft")

    with pytest.raises(error):
        limit(window, category, pieces)

    assert not CategoryLimit.objects.exists()


def test_set_category_limit_while_open_needs_a_reason_and_takes_nothing_away(
    community: Community, window: OrderWindow
) -> None:
    order = make.order(window, make.household(community), 1, 1)
    with pytest.raises(Invalid):
        limit(window, "肉类", 1)
    assert CategoryLimit.objects.get(window=window).household_limit == 2

    limit(window, "肉类", 1, "肉少了")

    assert AuditEntry.objects.latest("pk").data == {
        "category": "肉类",
        "household_limit": 1,
        "reason": "肉少了",
    }
    assert refusal(window, 0, 2, room="102") == {"肉类": 1}
    first, second, third, _last = make.offers_of(window)
    goods = {first: 1, second: 1, third: 1}
    with transaction.atomic():
        change_order(
            order=order,
            actor=make.SETUP,
            wishes=[Wish(offer.public_id, many) for offer, many in goods.items()],
            expected_total_fen=sum(offer.price_fen * many for offer, many in goods.items()),
        )
    assert order.lines.count() == 3
    make.close(window)
    with pytest.raises(WindowPublished):
        limit(window, "肉类", 9, "还有")

"""How many statements placing takes: the same for one line and for thirty."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from communities.models import Community
from orders.models import Order, OrderWindow
from orders.placing.placing import cancel_order, change_order, place_order
from orders.placing.wishes import Wish
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


def long_menu(community: Community, *, cap: int | None) -> OrderWindow:
    supplier = make.make_supplier(community, prices_fen=[100] * 30)
    return make.make_window(community, supplier=supplier, offers=[{"cap": cap}] * 30)


@pytest.mark.parametrize("lines", [1, 30])
@pytest.mark.parametrize(("cap", "statements"), [(9, 7), (None, 5)])
def test_place_order_takes_seven_statements_or_five_without_caps(
    lines: int,
    cap: int | None,
    statements: int,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    window = long_menu(community, cap=cap)
    wishes = [Wish(offer.public_id, 1) for offer in make.offers_of(window)[:lines]]
    home = make.household(community)

    # 1 the locks, 2 window, offers and what the household has, 3 capped offers locked, 4 pieces taken,
    # 5 the lines, 6 the audit, 7 number and order
    with django_assert_num_queries(statements):
        place_order(
            window_id=window.pk,
            community_id=community.pk,
            household_id=home.pk,
            actor=make.SETUP,
            wishes=wishes,
            expected_total_fen=100 * lines,
        )


@pytest.mark.parametrize("lines", [1, 30])
def test_change_order_takes_ten_statements_and_one_without_a_version(
    lines: int, community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    window = long_menu(community, cap=9)
    order = make.order(window, make.household(community), *([1] * lines))

    # 1 the locks, 2 the order, 3 its lines, 4 window and offers, 5 capped offers locked, 6 pieces taken,
    # 7 the old lines go, 8 the new ones come, 9 the order, 10 the audit; 11 what a waiting list has added
    for pieces, version, statements in ((2, 1, 10), (3, None, 11)):
        wishes = [Wish(offer.public_id, pieces) for offer in make.offers_of(window)[:lines]]
        with django_assert_num_queries(statements):
            change_order(
                order=order,
                actor=make.SETUP,
                wishes=wishes,
                expected_total_fen=100 * pieces * lines,
                expected_version=version,
            )


@pytest.mark.parametrize("lines", [1, 30])
def test_cancel_order_takes_eight_statements(
    lines: int, community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    window = long_menu(community, cap=9)
    order = make.order(window, make.household(community), *([1] * lines))

    # 1 the locks, 2 the order, 3 its lines, 4 the window, 5 capped offers locked, 6 pieces given back,
    # 7 the order, 8 the audit
    with django_assert_num_queries(8):
        cancel_order(order=order, actor=make.SETUP)

    assert Order.objects.get(pk=order.pk).status == "cancelled"

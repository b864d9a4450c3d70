"""What a reviewer is shown, and that a decision takes it away."""

from __future__ import annotations

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from config.kernel.errors import Invalid
from config.kernel.states import StaleStatus
from orders.consolidation.flags import flags, settle_flag
from orders.models import FlagDecision, Offer, OrderWindow
from orders.placing.placing import cancel_order
from orders.supply.dropping import drop_order
from tests import factories as make

pytestmark = pytest.mark.django_db

ROOMS = ("101", "102", "103", "104", "105", "106")


@pytest.fixture
def window() -> OrderWindow:
    """Six households, five of which want one piece of 商品1 (¥3.90)."""
    community = make.make_community(rooms=ROOMS)
    window = make.make_window(community)
    for room in ROOMS[:5]:
        make.order(window, make.household(community, room), 1, 2)
    return window


def kinds(window: OrderWindow) -> list[str]:
    return [flag.kind for flag in flags(window)]


def test_flags_of_an_even_round_are_none(window: OrderWindow) -> None:
    # Each of five households has exactly a fifth: a large share begins above what everybody has.
    other = make.household(window.community, "106")
    make.order(window, other, 1, 2)

    assert kinds(window) == []


def test_flags_odd_quantity_names_the_door_and_the_money(window: OrderWindow) -> None:
    make.order(window, make.household(window.community, "106"), 10)

    (share, odd) = flags(window)

    assert (odd.kind, odd.amount_fen) == ("odd_quantity", 9 * 390)
    assert odd.values == {
        "building": "1号楼",
        "room": "106",
        "quantity": 10,
        "name": "商品1",
        "median": 1,
    }
    assert (share.kind, share.amount_fen) == ("large_share", 3900)


def test_flags_add_up_the_orders_of_one_household(window: OrderWindow) -> None:
    other = make.household(window.community, "106")
    make.order(window, other, 3, 6)
    assert kinds(window) == ["large_share"]

    make.order(window, other, 3)

    (share, odd) = flags(window)
    assert (share.kind, share.amount_fen) == ("large_share", 6 * 390 + 6 * 1250)
    assert (odd.kind, odd.values["quantity"], odd.values["median"]) == ("odd_quantity", 6, 1)
    assert odd.amount_fen == 5 * 390


def test_flags_of_several_communities_name_the_one_where_the_door_is() -> None:
    home, other = make.make_community("甲苑", rooms=ROOMS), make.make_community("乙苑", rooms=ROOMS)
    supplier = make.make_supplier(home, other)
    window = make.make_window(home, supplier=supplier, others=[other])
    for room in ROOMS[:5]:
        make.order(window, make.household(home, room), 1, 2)
    make.order(window, make.household(other, "106"), 10)

    (share, odd) = flags(window)

    assert share.values["building"] == odd.values["building"] == "乙苑 1号楼"


def test_flags_same_household_by_two_roads_is_shown(window: OrderWindow) -> None:
    home = make.household(window.community, "106")
    make.order(window, home, 1)
    make.order(window, home, 1, channel="phone")

    assert kinds(window) == ["twice"]


def test_flags_two_orders_by_one_road_are_not_shown(window: OrderWindow) -> None:
    home = make.household(window.community, "106")
    make.order(window, home, 1)
    make.order(window, home, 1)

    assert kinds(window) == []


def test_flags_price_changed_since_the_last_round_is_shown(window: OrderWindow) -> None:
    OrderWindow.objects.filter(pk=window.pk).update(
        status="closed", closed_at=window.opens_at, demand_revision=1
    )
    product = window.supplier.products.get(name="商品2")
    product.price_fen = 1500
    product.save(update_fields=["price_fen"])
    later = make.make_window(window.community, supplier=window.supplier)
    make.order(later, make.household(window.community), 0, 3)

    (flag,) = flags(later)

    assert (flag.kind, flag.amount_fen) == ("price_changed", 3 * 250)
    assert flag.values == {"name": "商品2", "old": "¥12.50", "new": "¥15.00"}


def test_flags_do_not_count_what_was_cancelled(window: OrderWindow) -> None:
    home = make.household(window.community, "106")
    make.order(window, home, 1)
    for channel in ("rest", "phone"):
        cancel_order(order=make.order(window, home, 30, channel=channel), actor=make.SETUP)

    assert kinds(window) == []


def test_flags_do_not_count_what_was_taken_off(window: OrderWindow) -> None:
    home = make.household(window.community, "106")
    make.order(window, home, 1)
    odd = make.order(window, home, 30, channel="phone")
    make.close(window)
    assert kinds(window) == ["large_share", "twice", "odd_quantity"]

    drop_order(order=odd, actor=make.SETUP, reason="a typing error")

    assert kinds(window) == []


def test_flags_by_weight_counts_what_is_wanted_of_it(window: OrderWindow) -> None:
    Offer.objects.filter(window=window, short_number=2).update(unit="KG")
    beside = make.make_window(window.community, supplier=window.supplier)
    make.order(beside, make.household(window.community), 0, 3)
    make.order(window, make.household(window.community, "106"), 1, 2)

    (flag,) = flags(window)

    assert (flag.kind, flag.amount_fen) == ("by_weight", 6 * 2 * 1250)
    assert flags(beside) == []


def test_flags_show_ten_with_most_money_first() -> None:
    rooms = [f"{number}" for number in range(1, 5)]
    community = make.make_community(rooms=rooms)
    supplier = make.make_supplier(community, prices_fen=[100 * number for number in range(1, 13)])
    window = make.make_window(community, supplier=supplier)
    for room in rooms[:3]:
        make.order(window, make.household(community, room), *([1] * 12))
    make.order(window, make.household(community, rooms[3]), *([8] * 12))

    shown = flags(window)

    assert [flag.amount_fen for flag in shown] == [700 * number for number in range(12, 2, -1)]
    assert {flag.kind for flag in shown} == {"odd_quantity"}


@pytest.mark.parametrize("households", [6, 60])
def test_flags_take_one_statement(
    households: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    community = make.make_community()
    window = make.make_window(community)
    make.add_orders(window, make.household(community), households)

    with django_assert_num_queries(1):
        flags(window)


def test_settle_flag_takes_it_away_and_only_once(window: OrderWindow) -> None:
    make.order(window, make.household(window.community, "106"), 10)
    organiser = make.make_staff(window.community)
    key = flags(window)[0].key

    with transaction.atomic():
        settle_flag(window=window, key=key, reason="asked by phone", actor=organiser)

    assert key not in [flag.key for flag in flags(window)]
    with pytest.raises(StaleStatus), transaction.atomic():
        settle_flag(window=window, key=key, reason="again", actor=organiser)
    assert FlagDecision.objects.get().reason == "asked by phone"


def test_settle_flag_without_reason_is_refused(window: OrderWindow) -> None:
    organiser = make.make_staff(window.community)

    with pytest.raises(Invalid), transaction.atomic():
        settle_flag(window=window, key="odd_quantity:1:1:1", reason="  ", actor=organiser)

    assert not FlagDecision.objects.exists()

"""What a reviewer is shown, and that a decision takes it away."""

from __future__ import annotations

import pytest
from django.db import transaction

from config.kernel.errors import Invalid
from config.kernel.states import StaleStatus
from orders.consolidation.flags import flags, settle_flag
from orders.models import FlagDecision, OrderWindow
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

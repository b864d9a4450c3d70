"""The benchmark of the 99-household round, as far as it goes without workers."""

from __future__ import annotations

import pytest

from benchmarks import wanping
from communities.models import User
from orders.models import Order, OrderLine
from seeds.demo.baskets import Good, all_wishes
from seeds.wanping.plan import homes
from seeds.wanping.planting import plant

pytestmark = pytest.mark.django_db(transaction=True)


def test_order_round_places_what_every_household_of_the_demo_wants() -> None:
    planted = plant(password=None, keep=lambda _credentials: None)

    window = wanping.order_round(planted, User.objects.get(username="organiser"))

    goods = [Good(o.name, o.category, o.price_fen) for o in window.offers.all()]
    wishes = all_wishes(homes(), goods)
    orders = Order.objects.filter(window=window, status="placed")
    assert len(wishes) == orders.count() == 94
    wanted = sorted(pieces for wish in wishes for pieces in wish.basket.values())
    lines = OrderLine.objects.filter(window=window)
    assert sorted(lines.values_list("quantity", flat=True)) == wanted

"""What is sold out is waited for on the phone."""

from __future__ import annotations

import pytest
from django.db import transaction

from config.kernel.audit import Actor
from orders.models import Order, WaitingWish
from orders.placing.placing import cancel_order
from orders.waiting.serving import serve_offer
from tests import factories as make
from tests.orders.phone.conftest import Home, Phone, lose, more

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def test_line_is_joined_once_seen_served_and_left(home: Home, phone: Phone) -> None:
    sold = make.order(home.window, make.household(home.community, "102"), 3, 1)
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    phone.shoot("w1-sold-out")
    page.get_by_role("button", name="排队等候商品1").click()
    page.get_by_role("button", name="商品1加一").click()
    page.get_by_text("¥7.80").wait_for()
    phone.shoot("w2-wait")
    page.route("**/wait", lose, times=1)
    page.get_by_role("button", name="我要排队").click()
    page.locator("#said.error").wait_for()
    page.get_by_role("button", name="我要排队").click()
    page.get_by_text("商品1：您排在第 1 位。").wait_for()
    phone.shoot("w3-in-line")
    wish = WaitingWish.objects.get()
    assert (wish.quantity, wish.price_fen, wish.household.room) == (2, 390, "101")

    page.get_by_role("link", name="我的订单").click()
    page.get_by_role("link", name="排在第 1 位").wait_for()
    phone.shoot("w4-orders")
    with transaction.atomic():
        cancel_order(order=sold, actor=make.SETUP)
    serve_offer(offer_id=wish.offer_id, revision=0)
    phone.open(f"#/waiting/{wish.public_id}")
    page.get_by_text("轮到您了，已经自动下单。").wait_for()
    phone.shoot("w5-served")
    page.get_by_role("link", name="看订单").click()
    page.get_by_text("可以修改").wait_for()
    assert Order.objects.get(household__room="101").total_fen == 780
    assert phone.said == ["Failed to load resource: net::ERR_FAILED"]  # the lost reply


def test_place_in_line_is_given_up(home: Home, phone: Phone) -> None:
    make.order(home.window, make.household(home.community, "102"), 3)
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    page.get_by_role("button", name="排队等候商品1").click()
    page.get_by_role("button", name="我要排队").click()
    page.get_by_role("link", name="您排在第 1 位，等 1 袋").click()
    phone.shoot("w6-place")
    page.get_by_role("button", name="不排了").click()
    phone.shoot("w7-leave")

    page.get_by_role("button", name="是，不排了").click()

    page.get_by_text("您已不再排队。").wait_for()
    assert WaitingWish.objects.get().status == "left"
    assert phone.said == []


def test_change_that_was_begun_before_keeps_what_the_line_brought(home: Home, phone: Phone) -> None:
    first, second, third = make.offers_of(home.window)
    sold = make.order(home.window, make.household(home.community, "102"), 3)
    actor = Actor("user", home.resident.pk)
    own = make.order(home.window, make.household(home.community), 0, 1, 1, actor=actor)
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    page.get_by_role("button", name="排队等候商品1").click()
    page.get_by_role("button", name="我要排队").click()
    page.get_by_text("商品1：您排在第 1 位。").wait_for()
    phone.open(f"#/orders/{own.public_id}")
    page.get_by_role("button", name="修改").click()
    more(page, "商品3")
    with transaction.atomic():
        cancel_order(order=sold, actor=make.SETUP)
    serve_offer(offer_id=first.pk, revision=0)
    page.get_by_role("button", name="核对").click()
    page.get_by_role("button", name="没错，提交").click()
    page.get_by_text("这张订单刚才已被改过").wait_for()
    phone.shoot("w8-grown")

    pieces = [page.get_by_label(f"商品{n}的数量").input_value() for n in (1, 2, 3)]
    page.get_by_role("button", name="核对").click()
    page.get_by_role("button", name="没错，提交").click()
    page.get_by_role("heading", name="已修改").wait_for()

    assert pieces == ["1", "1", "2"]
    lines = own.lines.order_by("offer__short_number").values_list("offer", "quantity")
    assert list(lines) == [(first.pk, 1), (second.pk, 1), (third.pk, 2)]
    assert [one for one in phone.said if "409" not in one] == []

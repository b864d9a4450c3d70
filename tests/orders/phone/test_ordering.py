"""A resident orders on a phone of 360 px, over the API alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from orders.models import Order, OrderWindow
from tests import factories as make
from tests.orders.phone.conftest import Home, Phone, lose, more

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def lines_of(order: Order) -> list[tuple[int, int]]:
    return list(
        order.lines.order_by("offer__short_number").values_list("offer__short_number", "quantity")
    )


def test_order_is_tapped_read_back_sent_and_seen(home: Home, phone: Phone) -> None:
    phone.sign_in(home.token)
    page = phone.open()
    phone.shoot("1-windows")
    page.get_by_role("link", name=home.window.title).click()
    more(page, "商品1", 2)
    more(page, "商品3")
    phone.shoot("2-menu")
    page.get_by_role("button", name="核对").click()
    page.get_by_text("¥37.60").wait_for()
    page.get_by_label("备注").fill("放门口")
    phone.shoot("3-review")
    page.get_by_role("button", name="没错，提交").click()
    page.get_by_role("heading", name="下单成功").wait_for()
    phone.shoot("4-thanks")

    order = Order.objects.get()
    assert (lines_of(order), order.total_fen, order.note, order.channel) == (
        [(1, 2), (3, 1)],
        3760,
        "放门口",
        "rest",
    )
    page.get_by_role("link", name="我的订单").first.click()
    phone.shoot("5-orders")
    page.get_by_text("接龙号 1").click()
    page.get_by_text("可以修改").wait_for()
    phone.shoot("6-order")
    assert phone.said == []


def test_basket_outlives_a_reload_and_limits_hold(home: Home, phone: Phone) -> None:
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    more(page, "商品1", 4)
    page.get_by_text("商品1最多还能订 3 份").wait_for()
    phone.shoot("7-at-most")
    more(page, "商品2", 1)

    page.reload()

    page.get_by_text("¥24.20").wait_for()
    assert page.get_by_label("商品1的数量").input_value() == "3"
    assert Order.objects.count() == 0


@pytest.mark.parametrize("reloads", [False, True])
def test_lost_reply_is_asked_for_again_and_buys_once(
    home: Home, phone: Phone, reloads: bool
) -> None:
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    more(page, "商品1")
    page.get_by_role("button", name="核对").click()

    page.route("**/orders", lose, times=1)
    page.get_by_role("button", name="没错，提交").click()
    page.get_by_role("heading", name="没有收到回音").wait_for()
    phone.shoot("8-unsure")
    assert Order.objects.count() == 1
    if reloads:
        page.reload()

    page.get_by_role("button", name="再问一次").click()

    page.get_by_role("heading", name="下单成功").wait_for()
    assert Order.objects.count() == 1


def test_sold_out_meanwhile_keeps_the_rest_of_the_basket(home: Home, phone: Phone) -> None:
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    more(page, "商品1", 3)
    more(page, "商品3")
    page.get_by_role("button", name="核对").click()
    make.order(home.window, make.household(home.community, "102"), 2)

    page.get_by_role("button", name="没错，提交").click()

    page.get_by_text("剩 1").wait_for()
    phone.shoot("9-sold-out")
    assert page.get_by_label("商品1的数量").input_value() == "1"
    assert page.get_by_label("商品3的数量").input_value() == "1"
    assert Order.objects.filter(household__room="101").count() == 0


def test_order_is_changed_and_cancelled(home: Home, phone: Phone) -> None:
    order = make.order(home.window, make.household(home.community), 1, 0, 2)
    phone.sign_in(home.token)
    page = phone.open(f"#/orders/{order.public_id}")
    page.get_by_role("button", name="修改", exact=True).click()
    more(page, "商品2")
    page.reload()
    page.get_by_text("您改过这一单，还没有提交。").wait_for()
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_role("button", name="核对").click()
    page.get_by_role("button", name="没错，提交").click()
    page.get_by_role("heading", name="已修改").wait_for()
    phone.shoot("p9-changed")
    order.refresh_from_db()
    assert order.changed_at is not None
    changed = order.changed_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{changed:%H:%M}" in page.inner_text("#view")
    assert (lines_of(order), order.version) == ([(1, 1), (2, 1), (3, 2)], 2)

    phone.open(f"#/orders/{order.public_id}")
    page.get_by_text("；修改：").wait_for()
    assert page.get_by_text("您改过这一单，还没有提交。").count() == 0
    page.get_by_role("button", name="取消订单").click()
    page.get_by_role("button", name="是，取消").click()
    page.get_by_text("订单已取消。").wait_for()
    phone.shoot("10-cancelled")

    order.refresh_from_db()
    assert order.status == "cancelled"
    assert phone.said == []


def test_same_as_last_time_fills_the_basket(home: Home, phone: Phone) -> None:
    before = make.make_window(home.community, supplier=home.window.supplier)
    make.order(before, make.household(home.community), 0, 1, 2)
    phone.sign_in(home.token)
    make.order(home.window, make.household(home.community, "102"), 1)
    page = phone.open(f"#/windows/{home.window.public_id}")
    page.get_by_text("已有 1 户下单").wait_for()

    page.get_by_role("button", name="和上次一样").click()

    page.get_by_text("这是您上次订的，请看一遍。").wait_for()
    assert page.get_by_label("商品2的数量").input_value() == "1"
    assert page.get_by_label("商品3的数量").input_value() == "2"
    assert phone.said == []


def test_page_speaks_english_to_those_who_ask(home: Home, new_phone: Callable[..., Phone]) -> None:
    phone = new_phone("en-GB")
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    page.get_by_role("button", name="One 商品1 more").click()
    page.get_by_role("button", name="Read it back").click()
    page.get_by_role("heading", name="Is this right?").wait_for()
    page.get_by_role("link", name="中文").click()
    page.get_by_role("heading", name="核对").or_(
        page.get_by_role("link", name="我的订单")
    ).first.wait_for()
    phone.shoot("11-english")
    assert phone.said == []


def test_second_order_is_seen_to_be_one(home: Home, phone: Phone) -> None:
    order = make.order(home.window, make.household(home.community), 1, 0, 2)
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    page.get_by_text("您家在这一团已经订了 ¥63.50").wait_for()
    phone.shoot("p10-ordered-here")
    more(page, "商品2")
    page.get_by_role("button", name="核对").click()
    page.get_by_text("这是另外一单，之前订的 ¥63.50 照旧。").wait_for()
    page.get_by_role("button", name="不对，回去改").click()

    page.get_by_role("link", name="看看、修改已下的单").click()
    page.get_by_role("button", name="修改", exact=True).click()

    # Emptied by mistake: what was ordered is there again; nothing is sent of it.
    more(page, "商品2")
    page.get_by_role("button", name="商品1减一").click()
    page.get_by_role("button", name="重新开始").click()
    shown = [page.get_by_label(f"商品{number}的数量").input_value() for number in (1, 2, 3)]
    assert shown == ["1", "0", "2"]
    assert page.get_by_text("您家在这一团已经订了").count() == 0
    # Typed as a keyboard for Chinese types it; what is no number changes nothing.
    field = page.get_by_label("商品3的数量")
    for typed, taken in (("３", "3"), ("二", "3"), ("4份", "4"), ("", "0")):
        if not field.is_visible():
            more(page, "商品3")
        field.fill(typed)
        field.blur()
        assert field.input_value() == taken, typed
    assert Order.objects.get().version == order.version == 1
    assert phone.said == []


def test_menu_before_the_opening_says_when_and_opens_by_itself(home: Home, phone: Phone) -> None:
    OrderWindow.objects.filter(pk=home.window.pk).update(
        opens_at=timezone.now() + timedelta(minutes=30)
    )
    phone.sign_in(home.token)
    phone.page.clock.install()
    page = phone.open(f"#/windows/{home.window.public_id}")
    page.locator(".closes", has_text="开团 ").wait_for()
    more(page, "商品3")
    assert page.get_by_role("button", name="核对").is_disabled()

    OrderWindow.objects.filter(pk=home.window.pk).update(opens_at=timezone.now())
    page.clock.fast_forward(1_801_000)

    page.locator(".closes", has_text="截单 ").wait_for()
    assert page.get_by_label("商品3的数量").input_value() == "1"
    assert page.get_by_role("button", name="核对").is_enabled()

    OrderWindow.objects.filter(pk=home.window.pk).update(closes_at=timezone.now())
    page.reload()
    page.get_by_text("已截单，不再接单").wait_for()
    assert page.locator(".steps:visible, .bar:visible").count() == 0

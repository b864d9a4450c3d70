"""Whoever orders for several households says for which; what was told and what was got is read on the phone."""

from __future__ import annotations

import pytest
from django.db import transaction

from communities.models import Household, InboxMessage
from communities.notices import people_to_tell, tell
from communities.roles import Role
from orders.models import Allocation, Order
from tests import factories as make
from tests.orders.phone.conftest import Home, Phone, more

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def test_order_is_for_the_household_that_was_chosen(home: Home, phone: Phone) -> None:
    parents = make.household(home.community, "102")
    make.grant(home.resident, Role.RESIDENT, home.community, household=parents)
    elsewhere = make.make_community()
    make.grant(home.resident, Role.RESIDENT, elsewhere, household=make.household(elsewhere))
    make.order(home.window, make.household(home.community), 1)
    phone.sign_in(home.token)
    page = phone.open(f"#/windows/{home.window.public_id}")
    page.get_by_role("heading", name="给哪一户订？").wait_for()
    phone.shoot("h1-for-whom")
    # Of a community that takes no part.
    assert page.get_by_role("button", name=elsewhere.name).count() == 0
    page.get_by_role("button", name="1号楼 102").click()
    more(page, "商品3", 2)
    phone.shoot("h2-menu")
    page.reload()
    page.get_by_text("¥59.60").wait_for()
    page.get_by_role("button", name="核对").click()
    page.get_by_text(f"给 {home.community.name} 1号楼 102 订").wait_for()
    phone.shoot("h3-review")

    page.get_by_role("button", name="没错，提交").click()

    page.get_by_role("heading", name="下单成功").wait_for()
    assert list(Order.objects.values_list("household__room", "total_fen").order_by("pk")) == [
        ("101", 390),
        ("102", 5960),
    ]
    page.get_by_role("link", name="我的订单").first.click()
    page.get_by_text(f"{home.community.name} 1号楼 102").wait_for()
    phone.shoot("h4-orders")
    # One basket for each household: the parents' is not the own one.
    phone.open(f"#/windows/{home.window.public_id}")
    page.get_by_role("button", name="换一户").click()
    page.get_by_role("button", name=f"{home.community.name} 1号楼 101").click()
    page.get_by_text(f"给 {home.community.name} 1号楼 101 订").wait_for()
    assert page.get_by_label("商品3的数量").input_value() == "0"
    assert phone.said == []


def test_messages_are_marked_until_they_were_seen(home: Home, phone: Phone) -> None:
    own = Household.objects.filter(pk=make.household(home.community).pk)
    with transaction.atomic():
        for turn in range(2):
            data = {"title": home.window.title, "amount_fen": 390, "number": 1}
            tell(
                user_ids=people_to_tell(own),
                event_key=f"refund {turn}",
                kind="order.refunded",
                data=data,
            )
    phone.sign_in(home.token)
    page = phone.open()
    page.get_by_role("link", name="2 条新消息").click()
    page.locator(".card.new").nth(1).wait_for()
    phone.shoot("m1-inbox")
    page.locator(".badge").wait_for(state="hidden")
    assert not InboxMessage.objects.filter(read_at=None).exists()

    page.reload()

    page.locator(".card").nth(1).wait_for()
    assert page.locator(".card.new").count() == 0
    assert phone.said == []


def test_order_shows_what_was_got_and_what_it_costs(home: Home, phone: Phone) -> None:
    order = make.order(home.window, make.household(home.community), 3, 1)
    make.release(home.window, make.make_staff(home.community))
    Allocation.objects.filter(line__order=order, line__offer__short_number=1).update(
        quantity=2, reason="到货 2 袋，少 1 袋"
    )
    phone.sign_in(home.token)
    page = phone.open(f"#/orders/{order.public_id}")

    page.get_by_text("应付 ¥20.30").wait_for()
    assert page.get_by_text("少了 ¥3.90").is_visible()
    assert page.get_by_text("到货 2 袋，少 1 袋").is_visible()
    page.get_by_role("button", name="文字小票").click()
    page.get_by_text("应付 ¥20.30").nth(1).wait_for()
    page.get_by_role("button", name="大字").click()
    page.reload()
    page.get_by_text("应付 ¥20.30").wait_for()
    phone.shoot("o1-got-large")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert phone.said == []

"""What no group buy offers, on a phone: a survey is answered, something is asked for and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from config.kernel import clock
from orders.demand.answering import promise
from orders.demand.surveys import Asked, open_survey
from orders.models import SingleRequest, SurveyWish
from orders.states import RequestStatus
from suppliers.models import Product
from tests import factories as make
from tests.orders.phone.conftest import Home, Phone, lose, more

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


def test_survey_is_answered_and_a_need_is_asked_answered_and_taken_back(
    home: Home, phone: Phone
) -> None:
    products = list(Product.objects.filter(supplier=home.window.supplier).order_by("pk")[:2])
    with transaction.atomic():
        open_survey(
            communities=[home.community],
            supplier=home.window.supplier,
            asked=Asked(products, ["酵母"]),
            title="下周想要什么",
            open_until=clock.now() + timedelta(hours=5),
            actor=make.make_staff(home.community),
        )
    phone.sign_in(home.token)
    page = phone.open()
    page.get_by_role("link", name="下周想要什么").click()
    more(page, products[1].name, 2)
    more(page, "酵母")
    phone.shoot("n1-survey")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("谢谢，已经记下了。").wait_for()
    page.get_by_text("还可以改").wait_for()
    assert list(SurveyWish.objects.order_by("item").values_list("item__name", "quantity")) == [
        (products[1].name, 2),
        ("酵母", 1),
    ]

    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_role("link", name="单项需求").click()
    page.get_by_label("要什么").fill("降压药盒 <b>")
    page.get_by_label("要几个").fill("2")
    page.route("**/requests", lose, times=1)
    page.get_by_role("button", name="提交需求").click()
    page.locator("#said.error").wait_for()
    phone.said.clear()  # the browser's own complaint about the lost reply
    page.get_by_role("button", name="提交需求").click()
    page.get_by_text("降压药盒 <b> ×2").wait_for()
    phone.shoot("n2-asked")
    asked = SingleRequest.objects.get()
    with transaction.atomic():
        day = clock.now().date() + timedelta(days=3)
        promise(request=asked, on=day, answer="周末到", actor=make.SETUP)
    page.reload()
    page.get_by_text("周末到").wait_for()
    phone.shoot("n3-promised")
    page.get_by_role("button", name="不需要了").click()
    page.get_by_role("button", name="是，确定").click()
    page.get_by_text("已撤回。").wait_for()
    asked.refresh_from_db()
    assert asked.status == RequestStatus.WITHDRAWN
    assert phone.said == []

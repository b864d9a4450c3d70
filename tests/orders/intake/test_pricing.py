"""A window's goods out of chat text, and chat text out of a window's goods."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from orders.chain.lists.pricelist import codes_of, read_prices
from orders.chain.reading import read_chain
from orders.intake.menu import menu_text
from orders.intake.pricing import offer_listed, read_price_list
from orders.intake.world import world_of
from orders.models import OrderWindow
from orders.windows.drafting import WindowPublished
from suppliers.models import Product
from tests.factories import SETUP
from tests.orders.intake.conftest import Place, make_place

PRICES = """#接龙 周五水果团
A：牛肋条 128元/份
B、黑虎虾1kg 99元/盒
1) 蔬菜包（约8斤） 58元/份
②鸡蛋30枚 25元 ③土豆5斤装 ¥18.5/袋
鲜牛奶 950ml 18元/瓶
每户限购两份，今晚8点截单
"""


def offered(window: OrderWindow) -> list[tuple[int, str, str, str, int]]:
    rows = window.offers.order_by("short_number")
    return list(rows.values_list("short_number", "name", "spec", "unit", "price_fen"))


@pytest.fixture
def draft(db: None) -> Place:
    place = make_place(state="draft")
    place.window.offers.all().delete()
    return place


def test_read_prices_finds_each_kind_of_line() -> None:
    found = [
        (p.code, p.name, p.spec, p.unit, p.price_fen)
        for p in read_prices(enumerate(PRICES.split("\n"), 1))
    ]

    assert found == [
        ("A", "牛肋条", "", "份", 12800),
        ("B", "黑虎虾", "1kg", "盒", 9900),
        ("1", "蔬菜包", "约8斤", "份", 5800),
        ("2", "鸡蛋", "30枚", "", 2500),
        ("3", "土豆", "5斤装", "袋", 1850),
        ("", "鲜牛奶", "950ml", "瓶", 1800),
    ]


def test_offer_listed_takes_known_products_at_the_lists_price_and_makes_new_ones(
    draft: Place,
) -> None:
    before = Product.objects.filter(supplier=draft.window.supplier).count()

    with transaction.atomic():
        offer_listed(window=draft.window, listed=read_price_list(draft.window, PRICES), actor=SETUP)

    assert offered(draft.window) == [
        (1, "牛肋条", "", "份", 12800),
        (2, "黑虎虾", "1kg", "盒", 9900),
        (3, "蔬菜包", "约8斤", "份", 5800),
        (4, "鸡蛋", "30枚", "板", 2500),
        (5, "土豆", "5斤装", "袋", 1850),
        (6, "鲜牛奶", "950ml", "瓶", 1800),
    ]
    assert Product.objects.filter(supplier=draft.window.supplier).count() == before + 3
    assert Product.objects.get(supplier=draft.window.supplier, name="鸡蛋").price_fen == 3200


def test_offer_listed_twice_adds_nothing(draft: Place) -> None:
    for _time in range(2):
        with transaction.atomic():
            offer_listed(
                window=draft.window, listed=read_price_list(draft.window, PRICES), actor=SETUP
            )

    assert len(offered(draft.window)) == 6


def test_offer_listed_after_opening_is_refused(place: Place) -> None:
    before = offered(place.window)

    with pytest.raises(WindowPublished), transaction.atomic():
        offer_listed(window=place.window, listed=read_price_list(place.window, PRICES), actor=SETUP)

    assert offered(place.window) == before
    assert not Product.objects.filter(supplier=place.window.supplier, name="土豆").exists()


def test_menu_text_reads_back_to_the_same_goods(place: Place) -> None:
    world = world_of(place.joined.pk)
    text = menu_text(world)

    priced = read_prices(enumerate(text.split("\n"), 1))
    codes = codes_of(priced, world.menu)
    assert {codes[str(one.number)] for one in world.goods} == {one.key for one in world.goods}
    assert [(p.name, p.spec, p.unit, p.price_fen) for p in priced] == [
        (one.name, one.spec, one.unit, one.price_fen) for one in world.goods
    ]
    chain = read_chain(text + "1. 1-101 1号×2 3号×1\n", world.goods, world.register)
    assert [entry.verdict for entry in chain.entries] == ["ok"]
    numbers = {one.key: one.number for one in world.goods}
    assert {numbers[line.goods]: line.quantity for line in chain.entries[0].lines} == {1: 2, 3: 1}


def test_price_list_page_shows_first_and_stores_on_confirm(draft: Place) -> None:
    browser = Client()
    browser.force_login(draft.organiser)
    address = reverse("intake:prices", args=[draft.window.public_id])

    shown = browser.post(address, {"text": PRICES})
    assert [one.name for one in shown.context["taken"]] == [
        "牛肋条",
        "黑虎虾",
        "蔬菜包",
        "鸡蛋",
        "土豆",
        "鲜牛奶",
    ]
    assert offered(draft.window) == []

    browser.post(address, {"text": PRICES, "confirm": "yes", "leave": ["1", "2"]})
    assert [row[1] for row in offered(draft.window)] == ["蔬菜包", "鸡蛋", "土豆", "鲜牛奶"]


def test_orders_sums_and_fees_in_a_price_list_are_no_goods(draft: Place) -> None:
    text = (
        "1) 蔬菜包 58元/份\n例 2-301 1×2元\n2. 2-301 张阿姨 鸡蛋2 64元\n合计 128元\n运费5元\n满100元送货\n"
        "3) 满天星饼干 12元/盒\n"
    )

    listed = read_price_list(draft.window, text)

    assert [(one.name, one.problem) for one in listed if not one.problem] == [
        ("蔬菜包", ""),
        ("满天星饼干", ""),
    ]
    assert {one.problem for one in listed if one.problem} == {"no_goods"}

"""Words that can mean one thing of a menu, and words that are called so elsewhere."""

from __future__ import annotations

import pytest

from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.names.sounds import sound_alike, sound_near

PETS = ("渴望六种鱼猫粮/1.8kg/份", "巅峰鸡肉猫罐/85g/份", "皇家小型犬粮/2kg/份", "豆腐猫砂/6L/份")
RICE = ("东北大米/5kg/袋", "五常大米/10kg/袋", "金龙鱼油/5L/桶", "白玉米//根")
DISHES = (
    "三文鱼中段/300g/份",
    "饺子皮//斤",
    "肥牛卷/500g/盒",
    "黑猪腿肉//斤",
    "虾仁//份",
    "洗手液//瓶",
)
SERVED = ("美式//杯", "拿铁//杯", "蛋糕 6寸//个", "蛋糕 8寸//个")


def menu(offers: tuple[str, ...]) -> Menu:
    parts = [offer.split("/") for offer in offers]
    return Menu(
        [Goods(n, n, name, spec, unit) for n, (name, spec, unit) in enumerate(parts, start=1)]
    )


@pytest.mark.parametrize(
    ("offers", "text", "lines"),
    [
        (PETS, "豆腐砂3", {4: 3}),
        (PETS, "巅峰罐2 狗粮1", {2: 2, 3: 1}),
        (PETS, "巅锋猫罐10个", {2: 10}),
        (PETS, "渴望六种鱼1.8kg 1", {1: 1}),
        (RICE, "5kg米1袋", {1: 1}),
        (RICE, "20斤米一袋 金龙渔油1桶", {2: 1, 3: 1}),
        (RICE, "大米10kg1袋", {2: 1}),
        (DISHES, "饺皮1斤 虾人1", {2: 1, 5: 1}),
        (DISHES, "三文鱼600g", {1: 2}),
        (DISHES, "饺子皮1公斤 黑猪腿肉500g 2份", {2: 2, 4: 2}),
        (DISHES, "牛肉卷1", {3: 1}),
        (SERVED, "冰美式1 拿铁2 去冰", {1: 1, 2: 2}),
        (SERVED, "8寸1 6寸的蛋糕一个", {4: 1, 3: 1}),
        (SERVED, "四样各一份", {1: 1, 2: 1, 3: 1, 4: 1}),
        (SERVED, "除了拿铁其他各2", {1: 2, 3: 2, 4: 2}),
    ],
)
def test_read_wanted_takes_what_can_mean_one_thing(
    offers: tuple[str, ...], text: str, lines: dict[int, int]
) -> None:
    wanted = read_wanted(text, menu(offers))

    assert wanted.remarks == []
    assert {line.goods: line.quantity for line in wanted.lines} == lines


@pytest.mark.parametrize(
    ("offers", "text"),
    [
        (PETS, "猫砂一箱"),
        (PETS, "猫条2"),
        (RICE, "白米1"),
        (RICE, "小米1"),
        (DISHES, "三文鱼头1"),
        (DISHES, "黑猪肉2"),
        (DISHES, "洗衣液1"),
        (DISHES, "饺子皮700克"),
        (SERVED, "三样各一份"),
        (SERVED, "除了面包其他各2"),
        (SERVED, "面包1 美式1"),
    ],
)
def test_read_wanted_asks_about_what_is_another_thing(offers: tuple[str, ...], text: str) -> None:
    assert read_wanted(text, menu(offers)).remarks != []


def test_sounds_of_signs_tell_which_are_written_for_each_other() -> None:
    assert all(sound_alike(*pair) for pair in ("人仁", "土吐", "梅莓", "落洛", "锋峰"))
    assert not any(sound_alike(*pair) for pair in ("肉鱼", "人人", "A人"))
    assert sound_near("萨", "沙")
    assert not sound_near("面", "饭")

"""Goods that nobody offers are never taken for somebody's name; names are, where a list has names."""

from __future__ import annotations

import pytest

from communities.addresses.register import Door, House, Register
from orders.chain.entries import Entry
from orders.chain.names.goods import Goods
from orders.chain.reading import read_chain

GOODS = [Goods(1, 1, "鸡蛋", "30枚", "板"), Goods(2, 2, "大豆油", "5L", "桶")]
ROOMS = [f"{floor}0{flat}" for floor in range(1, 7) for flat in range(1, 5)]
REGISTER = Register(
    (House(1, "2", label="2号"),),
    tuple(Door(number, 1, room) for number, room in enumerate(ROOMS, start=1)),
)
WORDS = """
    榴莲 莲雾 秋葵 桂圆 李子 沃柑 牛蛙 甲鱼 泥鳅 魔芋 千页 烤麸 提拉米苏 十三香 老干妈 上海青 小笼包 法棍 可颂
    黄喉 牛板筋 沙琪玛 威化 炼乳 阿胶 人参 桂花 玫瑰 胖大海 火柴 袜子 毛衣 温度计 阿莫西林 益生菌 积木 耳机
    姜 冬虫夏草 洛神 元贝 青稞 西施豆
""".split()  # noqa: SIM905 -- words read better as words
NAMES = ("张阿姨", "李建国", "王老师", "陈先生", "刘女士", "赵医生", "周师傅", "吴奶奶")
PLACES = (
    "2-301 {} 鸡蛋1板",
    "2-301 {}，鸡蛋1板",
    "2-301 鸡蛋1板 {}",
    "2-301 {}鸡蛋1板",
    "2-301 {}和鸡蛋1板",
    "2-301 {}2 鸡蛋1板",
    "鸡蛋1板 2-301 {}",
)


def entries(*lines: str) -> list[Entry]:
    text = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    return list(read_chain(text, GOODS, REGISTER).entries)


@pytest.mark.parametrize("place", PLACES)
def test_read_chain_asks_about_goods_nobody_offers(place: str) -> None:
    taken = [
        word for word in WORDS for entry in entries(place.format(word)) if entry.verdict == "ok"
    ]

    assert taken == []


def test_read_chain_takes_nicknames_where_the_list_has_names() -> None:
    named = ["2-101 张阿姨 鸡蛋1", "2-102 李建国 鸡蛋1", "2-103 王老师 大豆油1"]

    read = entries(*named, "2-201 若曦 鸡蛋2", "2-202 五月天 大豆油1桶")

    assert [(entry.verdict, entry.label) for entry in read[3:]] == [
        ("ok", "若曦"),
        ("ok", "五月天"),
    ]
    assert [entry.verdict for entry in entries("2-201 若曦 鸡蛋2")] == ["doubtful"]


def test_read_chain_takes_what_looks_like_goods_for_a_name_where_everybody_has_one() -> None:
    named = [f"2-{room} {name} 鸡蛋1" for room, name in zip(ROOMS, NAMES, strict=False)]

    assert [(entry.verdict, entry.label) for entry in entries(*named, "2-601 方糖 鸡蛋2")[-1:]] == [
        ("ok", "方糖")
    ]
    twice = entries(*named, "2-601 方糖 鸡蛋2", "2-602 方糖 鸡蛋1")
    assert [entry.verdict for entry in twice[-2:]] == ["doubtful", "doubtful"]
    numbered = entries(*named, "2-601 方糖1 鸡蛋2")
    assert numbered[-1].verdict == "doubtful"

"""Clauses that leave an order as it is, and those that look alike and do not."""

from __future__ import annotations

import pytest

from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu

MENU = Menu(
    [
        Goods(1, 1, "土鸡", "1只", "只"),
        Goods(2, 2, "奶酪吐司", "约450g", "份"),
        Goods(3, 3, "小葱", "100g", "把"),
    ]
)
NOTES = """
    不要切 不要切太碎谢谢 别压 晚点送 要宽的 孩子爱吃 走亲戚用 能送上门吗 到了喊我 帮忙杀好洗干净 快吃完了 晚上来拿
    放一楼就行 要母的 妈妈收 给楼道志愿者喝的 晚上七点后送 麻烦颜色分开放
    绳子颜色分开 有热的最好 不要压坏的哦 周末再送可以吗 到货请电话通知 老人家住高层麻烦送到门口 肥一点的
    日期新鲜点的 白天不在家放门口就可以 我下来拿不用送 家里有宝宝 收到谢谢
""".split()  # noqa: SIM905 -- words read better as words
DOUBTS = [
    "不要",
    "不要了",
    "放心肉",
    "拿铁",
    "要鸡的",
    "要吐司的",
    "再送一份",
    "给楼上也送两只",
    "帮忙取消",
    "不要葱",
    "不要吐司",
    "不要切片吐司",
    "早点",
    "晚点再定",
    "有了",
    "送人1",
    "宝贝霜膏",
    "下周再要",
    *(
        "明天送吗",
        "好吃吗",
        "不要送了",
        "不拿了",
        "不用了",
        "漏了",
        "送错了",
        "已收到",
        "先不要",
        "有大的",
    ),
    *("送到我妈家", "给妈妈", "太大的不要", "要小的", "有的话", "没有就算了", "先放着", "再送"),
]


@pytest.mark.parametrize("gap", [" ", "，", "("])
def test_read_wanted_takes_wishes_for_notes(gap: str) -> None:
    read = {words: read_wanted(f"土鸡2{gap}{words}{')' * (gap == '(')}", MENU) for words in NOTES}

    assert [words for words, one in read.items() if one.remarks] == []
    assert [one.lines[0].quantity for one in read.values()] == [2] * len(NOTES)


@pytest.mark.parametrize("gap", [" ", "，"])
def test_read_wanted_asks_about_what_may_be_no_wish(gap: str) -> None:
    read = {words: read_wanted(f"土鸡2{gap}{words}", MENU) for words in DOUBTS}

    assert [words for words, one in read.items() if not one.remarks] == []

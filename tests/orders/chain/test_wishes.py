"""Clauses that leave an order as it is, and those that look alike and do not."""

from __future__ import annotations

import pytest

from orders.chain.goods import Goods
from orders.chain.menu import Menu
from orders.chain.wanting import read_wanted

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

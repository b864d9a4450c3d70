"""Small rules of words: what neighbours are called, English goods, packs."""

from __future__ import annotations

import pytest

from orders.chain.amounts.units import fits, packs
from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.talk.callnames import is_called

MENU = Menu(
    [
        Goods(1, 1, "鸡蛋", "30枚", "板"),
        Goods(2, 2, "燕麦奶", "1L", "瓶"),
        Goods(3, 3, "鲜牛奶", "950ml", "瓶"),
        Goods(4, 4, "荠菜大馄饨", "500g", "盒"),
        Goods(5, 5, "鲜肉小馄饨", "400g", "盒"),
    ]
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        *((name, True) for name in ("老K", "阿May", "老五", "小灰灰", "隔壁老王", "门卫旁老秦")),
        *((name, True) for name in ("药师殷姐", "小王88", "单身汉小郭", "团长阿May")),
        *(
            (word, False)
            for word in ("榴莲", "小豆豆", "老干妈", "隔壁", "隔壁超市", "牛奶88", "小王8")
        ),
    ],
)
def test_is_called_knows_people_from_goods(words: str, expected: bool) -> None:
    assert is_called(words) is expected


@pytest.mark.parametrize(
    ("text", "lines", "doubts"),
    [
        ("2 eggs please", {1: 2}, set()),
        ("Oat milk x1, milk 2", {2: 3}, {"several_goods", "goods_twice"}),
        ("wonton 1", {4: 1}, {"several_goods"}),
        ("荠菜的大馄饨要1盒", {4: 1}, set()),
        ("老K 鸡蛋1", {1: 1}, set()),
        ("鸡蛋30枚，鲜牛奶2瓶", {1: 1, 3: 2}, {"which_number"}),
        ("\x00 鸡蛋、燕麦奶", {1: 1, 2: 1}, {"no_number"}),
        ("除了鲜牛奶都要一份", {1: 1, 2: 1, 4: 1, 5: 1}, set()),
        ("5样各1", {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, set()),
        ("eggplant 1", {}, {"number_without_goods"}),
    ],
)
def test_read_wanted_of_english_and_linked_words(
    text: str, lines: dict[int, int], doubts: set[str]
) -> None:
    wanted = read_wanted(text, MENU)

    assert {line.goods: line.quantity for line in wanted.lines} == lines
    assert {one.code for one in wanted.remarks} == doubts


@pytest.mark.parametrize(
    ("said", "spec", "expected"),
    [
        ((10, "斤"), "5斤", (2, True)),
        ((40, "只"), "20只", (2, True)),
        ((24, "瓶"), "500ml*12瓶", (2, True)),
        ((25, "斤"), "5斤", (5, False)),
        ((8, "只"), "4只", (2, False)),
        ((16, "片"), "10包*8片", (2, False)),
        ((1000, "克"), "500克*12", (2, False)),
        ((20, "个"), "5斤 约10个", (2, False)),
        ((7, "斤"), "5斤", None),
    ],
)
def test_packs_of_several_are_sure_where_the_specification_says_all(
    said: tuple[int, str], spec: str, expected: tuple[int, bool] | None
) -> None:
    assert packs(*said, "份", spec) == expected


@pytest.mark.parametrize(
    ("said", "sold", "expected"), [("瓶", "组", False), ("组", "组", True), ("份", "组", True)]
)
def test_fits_of_what_several_make_one_of_asks_about_the_single_one(
    said: str, sold: str, expected: bool
) -> None:
    assert fits(said, sold, "鲜牛奶 950ml*2") is expected


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("鸡蛋一打", {"another_unit"}),
        ("鸡蛋（B款）1", {"words_unexplained"}),
        ("鲜牛奶250ml 2瓶", {"another_size"}),
        ("大的 鸡蛋1", {"words_unexplained"}),
        ("鸡蛋1 无糖 放门口", {"words_unexplained"}),
        ("鸡蛋1 燕麦奶1 53", {"which_number", "number_without_goods"}),
        ("鸡蛋1，燕麦奶1，共53", {"sum_differs"}),
    ],
)
def test_read_wanted_asks_about_kinds_sizes_and_sums(text: str, doubts: set[str]) -> None:
    assert {one.code for one in read_wanted(text, MENU).remarks} == doubts


def test_read_wanted_of_half_a_name_is_no_half() -> None:
    assert "half" in {one.code for one in read_wanted("鸡蛋半板", MENU).remarks}
    assert "half" not in {one.code for one in read_wanted("半夏 鸡蛋1", MENU).remarks}

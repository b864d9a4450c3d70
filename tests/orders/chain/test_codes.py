"""Codes of the menu in a row, ranges of its numbers, what must be taken at least, messages below names."""

from __future__ import annotations

import pytest

from communities.addresses.register import Door, House, Register
from config.kernel.intake.kinds import OK
from orders.chain.names.goods import Goods
from orders.chain.reading import read_chain

ROOMS = [f"{floor}0{flat}" for floor in range(1, 7) for flat in range(1, 5)]
HOUSES = (House(1, "1", label="1号"), House(2, "2", label="2号"), House(3, "3", label="3号"))
DOORS = tuple(Door(house * 1000 + int(room), house, room) for house in (1, 2) for room in ROOMS)
REGISTER = Register(HOUSES, DOORS)


def _goods(offers: str) -> list[Goods]:
    rows = [row.split("|") for row in offers.split()]
    return [
        Goods(number, number, name, spec, unit, int(yuan) * 100)
        for number, (name, spec, unit, yuan) in enumerate(rows, start=1)
    ]


def _read(offers: str, text: str, register: Register = REGISTER) -> list[str]:
    """1×2 3×1 of each entry that is not asked about, ? of the others."""
    return [
        " ".join(f"{line.goods}×{line.quantity}" for line in entry.lines)
        if entry.verdict == OK
        else "?"
        for entry in read_chain(text, _goods(offers), register).entries
    ]


PENS = "田字格||包|15 数学本||包|16 铅笔||盒|10 橡皮||块|6 跳绳||根|18"
PENS_SHOWN = "1 田字格 15元\n2 数学本 16元\n3 铅笔 10元\n4 橡皮 6元\n5 跳绳 18元"
MEAT = "猪五花||份|22 猪小排||份|36 黑猪肉糜||份|15 牛腱子||份|52"
MEAT_SHOWN = "Z1 猪五花 22\nZ2 猪小排 36\nZ3 黑猪肉糜 15\nN1 牛腱子 52"
FARM = "绿叶菜套餐||份|45 土鸡蛋||盒|42 老母鸡||只|98"
FARM_SHOWN = "A 绿叶菜套餐 45元\nC 土鸡蛋 42元\nE 老母鸡 98元"
MOON = "鲜肉月饼|现烤|只|6 奶黄礼盒|6只装|盒|138 五仁月饼|500g|个|36"
MOON_SHOWN = "鲜肉月饼 6元/只\n奶黄礼盒 138元/盒\n五仁月饼 36元/个\n{}"

BREAD = "北海道吐司|450g|份|28 欧包||份|32 法棍||根|15 可颂|4只|盒|40"
BREAD_SHOWN = "TS 北海道吐司 450g 28元\nOB 欧包 32元\nBG 法棍 15元/根\nKS 可颂 4只 40元/盒"
HOTPOT = "番茄底料||包|10 牛油底料||包|12 虾滑||组|66 毛肚||盒|29"
HOTPOT_SHOWN = "01 番茄底料 10元\n02 牛油底料 12元\n03 虾滑 66元\n04 毛肚 29元"

TABLES = [
    (
        BREAD,
        BREAD_SHOWN,
        """
        TS1 KS1 → 1×1 4×1
        ts2 ob1 bg1 → 1×2 2×1 3×1
        TS+1 BG+1 → 1×1 3×1
        KS×2 → 4×2
        TB1 → ?
        面包2个 → ?
        """,
    ),
    (
        HOTPOT,
        HOTPOT_SHOWN,
        """
        02 2包 03 1组 → 2×2 3×1
        01-04每样一个 → 1×1 2×1 3×1 4×1
        02-04各1 → 2×1 3×1 4×1
        01-05各1 → ?
        01-03 → ?
        """,
    ),
    (
        PENS,
        PENS_SHOWN,
        """
        1-5各一份 → 1×1 2×1 3×1 4×1 5×1
        2到3各2 跳绳1 → 2×2 3×2 5×1
        跳绳2 1～3各1 → 1×1 2×1 3×1 5×2
        2-3各1份 → 2×1 3×1
        1-3各1 → ?
        1-7各一份 → ?
        3-1各1份 → ?
        1-3 → ?
        跳绳1-3各1份 → ?
        1-3楼各1份 → ?
        1-3-5各1份 → ?
        除了1-3其他各1份 → ?
        """,
    ),
    (PENS, "田字格 15元\n数学本 16元\n铅笔 10元\n橡皮 6元\n跳绳 18元", "1-5各一份 → ?"),
    (
        MEAT,
        MEAT_SHOWN,
        """
        Z1Z2Z3各1 → 1×1 2×1 3×1
        z1n1各2份 → 1×2 4×2
        N1 2 Z1Z2各1 → 1×1 2×1 4×2
        Z1Z4各1 → ?
        Z1Z2 → ?
        AZ1Z2各1 → ?
        """,
    ),
    (
        FARM,
        FARM_SHOWN,
        """
        E鸡1只 → 3×1
        A菜1 E母鸡2只 → 1×1 3×2
        C蛋2盒 → 2×2
        C鸡1 → ?
        A鸡1 → ?
        E鸡汤1 → ?
        E鸡半只 → ?
        A1E鸡1 → ?
        """,
    ),
    (
        MOON,
        MOON_SHOWN.format("鲜肉的10只起订哦～"),
        """
        鲜肉10只 → 1×10
        鲜肉30 → 1×30
        鲜肉40只 五仁1 → 1×40 3×1
        鲜肉5只 → ?
        鲜肉35 → ?
        鲜肉50只 → ?
        五仁1 → 3×1
        """,
    ),
    (MOON, MOON_SHOWN.format("20份成团，两盒起包邮"), "鲜肉5只 奶黄礼盒1 → 1×5 2×1"),
    (MOON, MOON_SHOWN.format("鲜肉月饼50元起送"), "鲜肉5只 → 1×5"),
    (MOON, MOON_SHOWN.format("鲜肉月饼10只起9折，20只起每只5元，30只起发"), "鲜肉5只 → 1×5"),
    (MOON, MOON_SHOWN.format("鲜肉月饼每户至少十只"), "鲜肉5只 → ?"),
    (MOON, MOON_SHOWN.format("鲜肉月饼8只起"), "鲜肉5只 → ?"),
    (
        "小黄鱼|500g|份|35 带鱼段|2斤|包|68 梭子蟹||只|45",
        "1/ 小黄鱼 500g 35元\n2/ 带鱼段 2斤/包 68元\n3/ 梭子蟹 45元/只",
        """
        1/ 1份 3/ 2只 → 1×1 3×2
        2/ 3 → 2×3
        1/2 → ?
        4/ 2份 → ?
        小黄鱼2 3/4送 → ?
        第1个2份 → ?
        第2个2包，第3个3只 → ?
        第2个2包，小黄鱼1 → 2×2 1×1
        """,
    ),
]


@pytest.mark.parametrize(("offers", "top", "table"), TABLES)
def test_read_chain_takes_codes_only_as_the_menu_has_them(
    offers: str, top: str, table: str
) -> None:
    rows = [row.strip().split(" → ") for row in table.strip().splitlines()]
    lines = [
        f"{number}. 2-{room} {row[0]}"
        for number, (room, row) in enumerate(zip(ROOMS, rows, strict=False), start=1)
    ]
    found = _read(offers, "\n".join(["#接龙", top, "", *lines]))

    assert [[row[0], got] for row, got in zip(rows, found, strict=True)] == rows


def test_read_chain_of_a_range_that_is_a_door_asks() -> None:
    villas = Register(HOUSES, (*DOORS, Door(3005, 3, "5")))
    lines = ["2-101 3-5各一份", "2-102 1-5各一份"]

    assert _read(PENS, "\n".join(lines), REGISTER) == ["3×1 4×1 5×1", "1×1 2×1 3×1 4×1 5×1"]
    assert _read(PENS, "\n".join(lines), villas) == ["?", "1×1 2×1 3×1 4×1 5×1"]


CHAT = """大米粮油 周五团（团长2-101）
①大米10斤 69/袋 ②菜籽油5L 98/桶 ③抽纸24包 55/箱
往下接

2-101 团长小苏:
抽纸1箱 大米2袋
2-102 汪汪队:
①2③4
2-103 Leo:
①1 ③1
2-104 晴天:
大米3袋
云淡风轻:
大米1袋
2-201 宁宁:
菜籽油1桶
还要:
抽纸1箱"""


def test_read_chain_of_a_chat_gives_every_message_to_its_own_door() -> None:
    found = _read("大米|10斤|袋|69 菜籽油|5L|桶|98 抽纸|24包|箱|55", CHAT)

    assert found == ["3×1 1×2", "1×2 3×4", "1×1 3×1", "1×3", "?", "?"]

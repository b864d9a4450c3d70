"""Names above messages: whoever wrote them, whatever the words mean elsewhere; and lines that look like names."""

from __future__ import annotations

import pytest

from orders.chain.entries import Entry
from orders.chain.reading import read_chain
from tests.orders.chain.test_attacks_a import REGISTER, offer

GOODS = offer("五常大米|10斤|袋|69 菜籽油|5L|桶|98 生抽||瓶|19 鸡蛋面|1kg|包|16")
MENU = "粮油 周五团（团长5-302）\n①五常大米10斤 69/袋 ②菜籽油5L 98/桶\n③生抽 19/瓶 ④鸡蛋面1kg 16/包\n接👇\n"
ABOVE = "".join(
    f"5-{room} {name}:\n大米1袋\n"
    for room, name in (("101", "夏夏"), ("102", "阿林"), ("103", "吴老师"))
)


def entries(text: str) -> list[Entry]:
    return list(
        read_chain(f"{MENU}\n5-302 团长小苏:\n生抽1瓶\n{ABOVE}{text}", GOODS, REGISTER).entries
    )


def told(entry: Entry) -> tuple[str, dict[int, int], str]:
    return entry.verdict, {line.goods: line.quantity for line in entry.lines}, entry.label


@pytest.mark.parametrize("name", ["桂花糕", "小橘子", "平安是福", "糯米团", "云淡风轻"])
def test_read_chain_takes_a_line_above_a_message_for_a_name(name: str) -> None:
    read = entries(f"6-201 {name}:\n菜籽油2桶\n6-202 Leo:\n①1 ③×1 ④2\n6-203 汪汪队:\n③2④4\n")

    assert [told(entry) for entry in read] == [
        ("ok", {3: 1}, ""),
        ("ok", {1: 1}, "夏夏"),
        ("ok", {1: 1}, "阿林"),
        ("ok", {1: 1}, "吴老师"),
        ("ok", {2: 2}, name),
        ("ok", {1: 1, 3: 1, 4: 2}, "Leo"),
        ("ok", {3: 2, 4: 4}, "汪汪队"),
    ]


def test_read_chain_keeps_apart_who_has_no_door() -> None:
    read = entries("6-201 晴天:\n生抽1瓶\n云淡风轻:\n大米1袋\n")

    assert [(*told(entry), entry.household) for entry in read[4:]] == [
        ("ok", {3: 1}, "晴天", 6201),
        ("refused", {1: 1}, "", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"6-201 {said}:\n生抽1瓶"
            for said in ("帮隔壁", "代", "改", "补", "退", "对门", "生抽", "上面")
        ),
        *(
            f"6-201 晴天:\n生抽1瓶\n{said}:\n大米1袋"
            for said in ("对了", "还要", "改成", "重发", "忘了", "给我妈家")
        ),
        "6-201 晴天:\n生抽1瓶\n鸡蛋面:\n2",
        "6-201 榴莲:\n生抽1瓶 榴莲1",
        "6-201 榴莲 生抽1瓶",
    ],
)
def test_read_chain_asks_about_what_is_no_name_above(text: str) -> None:
    assert entries(text)[4].verdict != "ok"


@pytest.mark.parametrize("said", ["另外", "补充", "备注"])
def test_read_chain_goes_on_below_words_that_are_no_name(said: str) -> None:
    read = entries(f"6-201 晴天:\n生抽1瓶\n{said}:\n大米1袋")

    assert [told(entry)[:2] for entry in read[4:]] == [("ok", {3: 1, 1: 1})]


def test_read_chain_keeps_an_order_of_the_organiser() -> None:
    first = read_chain("大米2袋（团长5-302）\n5-101 大米1袋", GOODS, REGISTER).entries[0]

    assert [(line.goods, line.quantity) for line in first.lines] == [(1, 2)]

"""What stands above the entries: where things are handed out is nobody's order, and takes no price list with it."""

from __future__ import annotations

import pytest

from communities.addresses.register import Door, House, Register
from orders.chain.names.goods import Goods
from orders.chain.reading import read_chain

GOODS = [
    Goods(1, 1, "耶加雪菲", "227g", "份", 6800),
    Goods(2, 2, "意式拼配", "500g", "份", 8800),
]
REGISTER = Register(
    (House(1, "7", label="7号"), House(2, "2", label="2号")),
    (Door(1, 1, "1501"), Door(2, 2, "602"), Door(3, 2, "603")),
)
LETTERED = "a) 耶加雪菲 227g 68\nb) 意式拼配 500g 88\n\n1. 2-602 a1 b1\n2. 2-603 b2"
NUMBERED = "1 耶加雪菲 227g 68\n2 意式拼配 500g 88\n\n1. 2-602 ①1 ②1\n2. 2-603 ②2"
PLAIN = "2-602 耶加1 意式1\n2-603 意式2"
TOPICS = ("4/20烘焙，顺丰统一寄到团长家 7-1501", "自提点：7号楼1501", "4月20日到货，自提 7-1501")


def read(head: str, rest: str) -> list[tuple[str, list[tuple[int, int]], str]]:
    entries = read_chain(f"#接龙\n{head}\n{rest}", GOODS, REGISTER).entries
    return [
        (one.piece.text, [(line.goods, line.quantity) for line in one.lines], one.verdict)
        for one in entries
    ]


@pytest.mark.parametrize("rest", [LETTERED, NUMBERED, PLAIN])
@pytest.mark.parametrize("head", TOPICS)
def test_read_chain_takes_the_place_of_delivery_for_a_topic(head: str, rest: str) -> None:
    assert [one[1:] for one in read(head, rest)] == [([(1, 1), (2, 1)], "ok"), ([(2, 2)], "ok")]


@pytest.mark.parametrize("rest", [LETTERED, NUMBERED])
@pytest.mark.parametrize("head", ["要两份 送团长家 7-1501", "1份 自提 7-1501", "意式1 自提7-1501"])
def test_read_chain_keeps_an_order_above_and_the_prices_below_apart(head: str, rest: str) -> None:
    first, *others = read(head, rest)

    assert (first[0], first[2]) == (head, "ok" if "意式" in head else "refused")
    assert [one[1:] for one in others] == [([(1, 1), (2, 1)], "ok"), ([(2, 2)], "ok")]

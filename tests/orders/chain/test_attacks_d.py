"""Lines once taken for certain though a careful reader asks: filled elsewhere, of somebody else, of another thing.

Each with its clear siblings.
"""

from __future__ import annotations

import pytest

from communities.addresses.register import Door, House, Register
from orders.chain.line.folding import fold
from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.reading import read_chain


def _goods(text: str) -> list[Goods]:
    """名称|规格|单位, behind blanks."""
    rows = [row.split("|") for row in text.split()]
    return [Goods(n, n, name, spec, unit) for n, (name, spec, unit) in enumerate(rows, start=1)]


FRUIT_GOODS = _goods("麒麟西瓜|8斤|个 赣南脐橙|10斤|箱 红富士苹果|5斤|箱 巨峰葡萄|3斤|箱 香蕉||把")
FRUIT = Menu(FRUIT_GOODS, {str(number): number for number in range(1, 6)})
DRINKS = Menu(_goods("拿铁||杯 冰美式||杯 热美式||杯 可乐|330ml|听 无糖可乐|330ml|听 柠檬茶||杯"))
MILK = Menu(_goods("鲜牛奶|250ml/天|月 酸奶|200ml/天|月 东北大米|10kg|袋"))
BAGS = Menu(_goods("蔬菜包|8斤|份 猪肉包|5斤|份 鲜肉包子|10只|袋"))
SETS = Menu(_goods("A套餐||份 B套餐||份 鸡蛋|30枚|盒"), {"A": 1, "B": 2})

ASKED = {
    "filled elsewhere or needless": (
        FRUIT,
        """邻居给了 有人送了 人家给了一箱了 我爱人报过了 家里找到了 我家已有 我单独下单了 不烧了 退烧了 去方舱了 拉走了
        隔离去了 去酒店隔离了 回老家了 住院了 太大了 送的 【待付】 （已送） 已送到 以下是昨天的 以上已送""",
        "香蕉1 ",
    ),
    "of somebody else": (FRUIT, "李阿姨也要 王老师也来 我和妈妈 （我妈） AA", "香蕉1 "),
    "their own numbers": (FRUIT, "1西瓜5香蕉 1西瓜2脐橙 3苹果5香蕉", ""),
    "served otherwise": (
        DRINKS,
        "冰美式1,热 冰美式1,要热的 热美式1,加冰 热美式1（冰） 拿铁2,冰1热1 拿铁1冰1热 可乐2,冰1 可乐2,一听无糖",
        "",
    ),
    "by the month": (MILK, "牛奶1,2个月 牛奶2瓶,两个月 大米20", ""),
    "buns and bags": (BAGS, "猪肉包子1 菜肉包1", ""),
    "goods beside letters": (SETS, "面包,A1 猪蹄,A1,B1 矿泉水,A1", ""),
}
CLEAR = {
    "filled elsewhere or needless": (
        FRUIT,
        """放门口就好了 钱已转 谢谢志愿者 家里有老人 给隔离的老人 家里来客人了 明天送到门口 （已付） 孩子感冒了 送上门
        红包已发
        这两天不在家请放门口""",
        "香蕉1 ",
    ),
    "of somebody else": (FRUIT, "李阿姨 我妈爱吃 （李阿姨） 妈妈说好吃", "香蕉1 "),
    "their own numbers": (FRUIT, "1西瓜3香蕉 2西瓜1脐橙1苹果 3西瓜5脐橙", ""),
    "served otherwise": (
        DRINKS,
        "冰美式1,去糖 热美式1,热 拿铁1,热 拿铁2,热美式1 冰1热1 可乐2,无糖1 柠檬茶1,少冰 冰美式1,少冰",
        "",
    ),
    "by the month": (MILK, "牛奶2瓶,1个月 牛奶2 大米2 大米20斤", ""),
    "buns and bags": (BAGS, "猪肉包1 鲜肉包子1 蔬菜包2 肉包子1", ""),
    "goods beside letters": (SETS, "张阿姨,A1 悠悠,A1,B1 鸡蛋1,A1", ""),
}


def _codes(section: tuple[Menu, str, str]) -> dict[str, set[str]]:
    menu, lines, before = section
    texts = [f"{before}{line.replace(',', ' ')}" for line in lines.split()]
    return {
        text: {one.code for one in read_wanted(fold(f"\x00 {text}"), menu).remarks}
        for text in texts
    }


@pytest.mark.parametrize("section", ASKED)
def test_read_wanted_asks_about_what_was_taken_for_certain(section: str) -> None:
    assert [text for text, codes in _codes(ASKED[section]).items() if not codes] == []


@pytest.mark.parametrize("section", CLEAR)
def test_read_wanted_leaves_their_clear_siblings_alone(section: str) -> None:
    assert {text: codes for text, codes in _codes(CLEAR[section]).items() if codes} == {}


def test_read_chain_takes_fruit_nobody_offers_for_nobody() -> None:
    rooms = [f"{floor}01" for floor in range(1, 7)]
    register = Register(
        (House(1, "2", label="2号"),),
        tuple(Door(number, 1, room) for number, room in enumerate(rooms, start=1)),
    )
    lines = [
        "张阿姨 脐橙1",
        "王老师 香蕉1",
        "刘女士 葡萄1",
        "百香果 葡萄1",
        "皇冠梨 西瓜1",
        "布丁 葡萄1",
    ]
    text = "\n".join(
        f"{number}. 2-{room} {line}"
        for number, (room, line) in enumerate(zip(rooms, lines, strict=True), start=1)
    )

    read = read_chain(text, FRUIT_GOODS, register).entries

    assert [entry.verdict for entry in read[:3]] == ["ok"] * 3
    assert "ok" not in [entry.verdict for entry in read[3:5]]

    for line, first in (
        ("以上已送", "look"),
        ("--以上是昨天的--", "look"),
        ("以下是昨天的", "look"),
        ("以上已付款", "ok"),
        ("以上已截单", "ok"),
        ("谢谢大家", "ok"),
    ):
        divided = read_chain(text.replace("\n", f"\n{line}\n", 1), FRUIT_GOODS, register).entries
        assert (line, divided[0].verdict == "ok") == (line, first == "ok")

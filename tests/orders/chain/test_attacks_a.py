"""Lines that were read as other things than they say: codes, numbers of goods, two doors, changes, other people's."""

from __future__ import annotations

import pytest

from communities.addresses.register import Door, House, Register
from config.kernel.intake.kinds import OK
from orders.chain.entries import Chain
from orders.chain.names.goods import Goods
from orders.chain.reading import read_chain

ROOMS = [f"{floor}0{flat}" for floor in range(1, 7) for flat in range(1, 5)]
REGISTER = Register(
    tuple(House(number, str(number), label=f"{number}号") for number in (5, 6)),
    tuple(Door(house * 1000 + int(room), house, room) for house in (5, 6) for room in ROOMS),
)
NAMES = ("张阿姨", "李建国", "王老师", "陈先生", "刘女士")


def offer(text: str) -> list[Goods]:
    """名称|规格|单位|元, one a line or behind blanks."""
    rows = [row.split("|") for row in text.split()]
    return [
        Goods(number, number, name, spec, unit, int(yuan) * 100)
        for number, (name, spec, unit, yuan) in enumerate(rows, start=1)
    ]


def read(goods: list[Goods], top: str, lines: list[str], *, is_named: bool = True) -> Chain:
    """The lines as entries of a list in which everybody has a name and orders the first thing."""
    plain = [
        f"5-{room} {name if is_named else ''} {goods[0].name}1"
        for room, name in zip(ROOMS, NAMES, strict=False)
    ]
    rows = [*plain, *(f"6-{room} {line}" for room, line in zip(ROOMS, lines, strict=False))]
    text = "\n".join(f"{number}. {row}" for number, row in enumerate(rows, start=1))
    return read_chain(f"#接龙\n{top}\n\n{text}", goods, REGISTER)


def results(chain: Chain, goods: list[Goods]) -> list[str]:
    """青菜1 鸡蛋2 of each entry that is not asked about, ? of the others."""
    names = {one.key: one.name for one in goods}
    return [
        " ".join(f"{names[line.goods]}{line.quantity}" for line in entry.lines)
        if entry.verdict == OK
        else "?"
        for entry in chain.entries
    ]


def wrong(goods: list[Goods], top: str, table: str, *, is_named: bool = True) -> list[str]:
    """Of `line → what is read`, one a line, those that are read as something else."""
    rows = [row.strip().split(" → ") for row in table.strip().splitlines()]
    chain = read(goods, top, [line for line, _expected in rows], is_named=is_named)
    found = results(chain, goods)[-len(rows) :]
    return [
        f"{line} → {got}"
        for (line, expected), got in zip(rows, found, strict=True)
        if got != expected
    ]


SETS = offer("A套餐||份|50 B套餐||份|80 C套餐||份|100")
TWO = offer("A套餐（蔬菜）||份|50 C套餐（全家）||份|120")
KINDS = offer("经济套餐||份|50 豪华套餐||份|80 至尊套餐||份|120")
PARTS = offer(
    "蔬菜大礼包||份|50 五花肉||斤|30 光明鲜牛奶||瓶|15 鸡蛋|30枚|板|32 番茄||份|20 草莓||盒|25"
)
CODES = [
    # (goods, menu, line → what is read; ? is asked)
    (
        SETS,
        "A套餐 50元:青菜2斤\nB套餐 80元:A套餐全部,另加五花肉\nC套餐 100元:B套餐全部+牛奶",
        """
        A1 → A套餐1
        B1 → B套餐1
        C1 → C套餐1
        B套1 → B套餐1
        B套餐1 → B套餐1
        """,
    ),
    (TWO, "A套餐（蔬菜） 50元\nC套餐（全家）=A套餐+B套餐 120元", "C1 → C套餐（全家）1"),
    (
        PARTS,
        "A 蔬菜大礼包 50元\nB 肉包 80元：蔬菜大礼包全部，另加五花肉",
        """
        A1 → 蔬菜大礼包1
        B1 → ?
        """,
    ),
    (
        PARTS,
        "1. 蔬菜大礼包 50元\n2. 肉包（含蔬菜大礼包） 80元\n3. 鸡蛋30枚 32元，买2板送蔬菜大礼包",
        """
        1号1 → 蔬菜大礼包1
        2号1 → ?
        3号1 → 鸡蛋1
        """,
    ),
    (PARTS, "3. 番茄 20元\n4. 鲫鱼2条 30元，送五花肉一块", "4号1 → ?"),
    (PARTS, "3. 番茄 20元\n4. 组合装：五花肉1斤+番茄1份 80元", "4x2 → ?"),
    (PARTS, "A 番茄 20元\nB 酸奶 6元 买二送一光明鲜牛奶", "B1 → ?"),
    (
        PARTS,
        "A 番茄 20元\nB 番茄酱 20元\nD 草莓酸奶 8元\nF 鸡蛋卷 15元",
        """
        A1 → 番茄1
        B1 → ?
        D1 → ?
        F1 → ?
        """,
    ),
    (
        KINDS,
        "A 经济 50元\nB 豪华 80元，比经济套餐多五花肉\nC 至尊 120元，比经济套餐多海鲜",
        """
        A1 → 经济套餐1
        B1 → 豪华套餐1
        C1 → 至尊套餐1
        """,
    ),
    (PARTS, "A 礼盒：蔬菜大礼包1份，番茄1份 300元\nB 番茄 20元", "A1 → ?"),
    # Clear as ever: brands, sizes, brackets, what is given along.
    (PARTS, "A.崇明新鲜草莓 25元/盒\nB.【光明】鲜牛奶950ml 15元", "A1 B2 → 草莓1 光明鲜牛奶2"),
    (PARTS, "A：蔬菜大礼包 50元，含番茄、青菜\nB：草莓礼盒 25元", "A1 B1 → 蔬菜大礼包1 草莓1"),
    (PARTS, "①番茄约3斤 20元 ②鸡蛋一板30枚32元", "①1②2 → 番茄1 鸡蛋2"),
]


def test_read_chain_binds_a_code_to_what_its_line_is_about() -> None:
    assert [bad for goods, top, table in CODES for bad in wrong(goods, top, table)] == []


DAILY = offer("白菜||份|5 茄子||份|6 鸡腿||份|20 牛奶||瓶|15 面包||个|8")
CELLS = offer("7度空间||包|10 2号电池||板|10 5号电池||板|10 7号电池||板|12 A4纸||包|20")
SHOWN = "1 白菜 5元\n2 茄子 6元\n3 鸡腿 20元\n4 牛奶 15元\n5 面包 8元"
NUMBERS = [
    (
        DAILY,
        SHOWN,
        """
        白菜 3鸡腿1 → ?
        白菜，3鸡腿1 → ?
        茄子 3鸡腿1 牛奶 5面包1 → ?
        3鸡腿 5面包 → ?
        3 鸡腿 5 面包 → ?
        1白菜、2茄子、5面包 → ?
        3鸡腿 → ?
        3鸡腿1 → 鸡腿1
        1白菜1 2茄子1 → 白菜1 茄子1
        2鸡腿 1面包 → 鸡腿2 面包1
        1白菜 1鸡腿 → 白菜1 鸡腿1
        3份鸡腿 → 鸡腿3
        白菜3鸡腿1 → 白菜3 鸡腿1
        鸡腿 3 白菜 1 → 鸡腿3 白菜1
        """,
    ),
    (
        DAILY,
        "",
        """
        3鸡腿 5面包 → ?
        3鸡腿 → 鸡腿3
        2鸡腿 1面包 → 鸡腿2 面包1
        """,
    ),
    (
        CELLS,
        "",
        """
        5号、7号电池各1 → 5号电池1 7号电池1
        5号2 → 5号电池2
        2号5号各2 → 2号电池2 5号电池2
        5号电池2 A4纸1 → 5号电池2 A4纸1
        """,
    ),
    (CELLS, "1. 2号电池 10元\n5. A4纸 20元", "5号2 → ?"),
]


def test_read_chain_asks_about_a_number_that_is_the_goods_own() -> None:
    assert [bad for goods, top, table in NUMBERS for bad in wrong(goods, top, table)] == []


VEGETABLES = offer("青菜|2斤|份|12 番茄|3斤|份|20 鸡蛋|30枚|板|32 牛奶|1L|瓶|15")
LISTED = "#接龙\n青菜2斤 12元/份\n番茄3斤 20元/份\n鸡蛋30枚 32元/板\n牛奶1L 15元/瓶\n\n"
# A list, and what is read of each of its entries.
LISTS = [
    ("1. 6-402 青菜1 鸡蛋2 5-301\n2. 6-403 番茄2", "? ? 番茄2"),
    ("1. 6-402 青菜1\n鸡蛋2 5-301\n2. 6-403 番茄2", "? ? 番茄2"),
    ("1. 6-402 青菜1，鸡蛋2 5-301，番茄1 5-302\n2. 6-403 番茄2", "? ? ? 番茄2"),
    ("1. 6-402 6-403 青菜1\n2. 5-403 番茄2", "? ? 番茄2"),
    ("青菜2\n6-402\n鸡蛋1\n5-301\n番茄1\n6-403", "? ? ? ?"),
    ("1. 6-402 青菜1，5-301 鸡蛋1", "青菜1 鸡蛋1"),
    ("1. 6-402 青菜1 5-301 鸡蛋1 5-302 番茄2", "青菜1 鸡蛋1 番茄2"),
    ("6-402\n鸡蛋1\n5-301\n番茄1", "鸡蛋1 番茄1"),
    ("青菜2 6-402\n鸡蛋1 5-301\n番茄1 6-403", "青菜2 鸡蛋1 番茄1"),
]


def listed(text: str) -> str:
    return " ".join(results(read_chain(LISTED + text, VEGETABLES, REGISTER), VEGETABLES))


def test_read_chain_asks_whose_the_goods_are_between_two_doors() -> None:
    assert [(text, listed(text)) for text, expected in LISTS if listed(text) != expected] == []


CHAT = "张三 12:30\n6-402 青菜1\n李四 12:31\n6-403 番茄2\n{} 12:32\n{}\n王五 12:35\n5-301 鸡蛋1"
ALONE = """
    不要了 改成2 再加1 张三:改成2 上面的改成3 青菜不要了 我那份退掉 多加一份青菜 再来一份 取消吧 写错了，2份 2份
""".split()  # noqa: SIM905
TALK = "好的谢谢 要退的私聊我 不要急 什么时候送 加我微信 改天聊 可以改吗 收到".split()  # noqa: SIM905
OTHERS = [
    ("张三：6-402 青菜1\n李四：6-403 番茄2\n张三：青菜改成2\n王五：5-301 鸡蛋1", "? ? 鸡蛋1"),
    ("1. 6-402 青菜1\n2. 6-403 番茄2\n3. 5-301 鸡蛋1\n第2个改成3", "青菜1 ? ?"),
    ("1. 6-402 青菜1\n2. 6-403 番茄2\n3. 5-301\n鸡蛋2 不要换货", "青菜1 番茄2 ?"),
]


def test_read_chain_asks_about_what_a_message_without_a_door_changes() -> None:
    kept = [words for words in ALONE if listed(CHAT.format("张三", words)) != "? 番茄2 ? 鸡蛋1"]
    assert kept == []
    assert listed(CHAT.format("赵六", "不要了")) == "青菜1 ? ? 鸡蛋1"
    asked = [words for words in TALK if listed(CHAT.format("张三", words)) != "青菜1 番茄2 鸡蛋1"]
    assert asked == []
    assert [(text, listed(text)) for text, expected in OTHERS if listed(text) != expected] == []


SEAFOOD = offer("花蛤|2斤|份|25 虾仁|500g|袋|45 青菜|2斤|份|12 鸡蛋|30枚|板|32")
SHARED = """
花蛤1 李阿姨：虾仁1 → ?
花蛤1 李阿姨虾仁1 → ?
花蛤1 爸妈家虾仁1 → ?
虾仁1爸妈家 → ?
虾仁1是楼上的 → ?
花蛤1我的，虾仁1我妈的 → ?
张三 花蛤1 李四 虾仁1 → ?
张阿姨：花蛤1；王阿姨：虾仁1 → ?
青菜1（隔壁的） → ?
青菜1（外婆家） → ?
青菜1（两家） → ?
青菜1 送到我妈家 → ?
青菜1 放隔壁 → ?
青菜1 放对门 → ?
青菜1 放5楼 → ?
青菜1 给妈妈 → ?
花蛤1 拼虾仁1 → ?
花蛤1 合买虾仁1 → ?
青菜1 和楼上一起 → ?
"""
OWN = """
张阿姨 花蛤1 虾仁1 → 花蛤1 虾仁1
花蛤1 虾仁1 张阿姨 → 花蛤1 虾仁1
张阿姨家 花蛤1 → 花蛤1
张阿姨 花蛤1 谢谢李四 → 花蛤1
青菜1 放一楼就好 → 青菜1
青菜1 放楼上 → 青菜1
青菜1 给我妈吃的 → 青菜1
青菜1 九点后在家 → 青菜1
我们家要青菜1 鸡蛋1 → 青菜1 鸡蛋1
拼团 青菜1 → 青菜1
"""


@pytest.mark.parametrize("is_named", [True, False])
def test_read_chain_asks_for_whom_a_part_of_an_order_is(is_named: bool) -> None:
    assert wrong(SEAFOOD, "海鲜团", SHARED, is_named=is_named) == []
    assert wrong(SEAFOOD, "海鲜团", OWN, is_named=is_named) == []


# Goods, and what is said: another thing is never taken for one on offer.
OTHER_THINGS = [
    (
        offer("土豆||袋|18 智利车厘子JJ||盒|99 金针菇||份|5 猪大排||份|20 虾仁||份|30"),
        """
        栗子2 → ?
        金枕1 → ?
        猪小排2 → ?
        虾人2 → 虾仁2
        大排2 → 猪大排2
        """,
    ),
    (
        offer("光明纯牛奶||箱|60 荠菜鲜肉馄饨||盒|20 鸡胸肉丸||份|20"),
        """
        光明鲜奶2 → ?
        光明鲜牛奶1 → ?
        鲜肉小馄饨1 → ?
        鸡大胸1 → ?
        荠菜馄饨1 → 荠菜鲜肉馄饨1
        纯牛奶1 → 光明纯牛奶1
        """,
    ),
    (
        offer("韭菜鸡蛋馄饨||盒|20 牛角包||盒|20 鸡毛菜||份|8 草莓||盒|25"),
        """
        🐔2 → ?
        🐮2 → ?
        🥟1 → 韭菜鸡蛋馄饨1
        🍓2 → 草莓2
        """,
    ),
    (offer("三黄鸡||只|60 牛腱子||份|50 青菜||份|8"), "🐔1 🐮2 → 三黄鸡1 牛腱子2"),
    (offer("花束||束|30 玫瑰||束|30"), "阳光玫瑰1 → ?"),
    (
        offer("蜜豆青团||盒|30 咸蛋黄肉松青团||盒|30 豆沙青团||盒|20"),
        """
        咸鸭蛋2 → ?
        咸蛋黄2 → 咸蛋黄肉松青团2
        """,
    ),
    (
        offer("东北大米|10kg|袋|60"),
        """
        桑葚2 → ?
        康乃馨1 → ?
        东方树叶2 → ?
        🐔2 → ?
        🍚2 → 东北大米2
        大米🍓2 → 东北大米2
        刘小西1 → 东北大米1
        杨小红2 → 东北大米2
        """,
    ),
]


@pytest.mark.parametrize("is_named", [True, False])
def test_read_chain_takes_nothing_for_another_thing(is_named: bool) -> None:
    bad = [wrong(goods, "团购", table, is_named=is_named) for goods, table in OTHER_THINGS]
    assert [one for found in bad for one in found] == []

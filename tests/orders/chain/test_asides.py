"""Clauses behind a complete order: what tells how things are, how goods are made, and what changes the order."""

from __future__ import annotations

import pytest

from orders.chain.line.folding import fold
from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu


def offer(text: str, codes: dict[str, int | None] | None = None) -> Menu:
    """名称|规格|单位, behind blanks."""
    rows = [row.split("|") for row in text.split()]
    goods = [Goods(n, n, name, spec, unit) for n, (name, spec, unit) in enumerate(rows, start=1)]
    return Menu(goods, codes)


SHOP = offer(
    "鸡蛋|30枚|板 大豆油|5L|桶 豆腐||盒 蛋黄酥|6枚|盒 土鸡|1只|只 A套餐|豆腐+鸡蛋|份", {"A": 6}
)
KITCHEN = offer(
    "A套餐|豆浆+粢饭团|份 C套餐|鸡蛋三明治+牛奶|份 油条||根 三黄鸡|整只|份 切片吐司||份 小葱||把 黑鱼||条",
    {"A": 1, "C": 2},
)
DRINKS = offer("拿铁||杯 波霸奶茶||杯 四季春||杯 冰美式||杯 可乐||瓶 无糖可乐||瓶")
CAKES = offer("鲜肉月饼|1只|只 五仁月饼|1只|只 冰皮月饼|1盒|盒")

ASIDES = """
    家里来客人啦 过节啦🎉 急 家里只剩一勺了😭 双胞胎哈哈 周日过生日 明天2点以后来拿 空桶4只已放门口 馋死了 对比一下
    我脚崴了 孩子放假啦 今天真热呀 谢谢小李 上午 放蜂巢柜 家里来亲戚了 各位明天2点以后来拿
""".split()  # noqa: SIM905 -- words read better as words
CHANGES = """
    家里够了 家里不要啦 算啦 免啦 买过了 我妈也来啦 给对门了 让给老王啦 邻居拿走啦 搬家了 我家搬走了 双份哈哈 翻倍哈哈
    一样啦 家里来两个啦 加一个哈哈 加个豆腐啦 再来一个啦 少一个哈哈 换油啦 两个哈哈 三板啦 鸡蛋啦 榴莲啦 来榴莲啦
    明天再定 明天的 周日的哈 先放着啦 暂时不要啦 我家那份给小王了 我们一起的 拼单啦 上次没拿到哈哈 昨天漏发了 欠我一板啦
    已经拿了 作废啦 全要啦 空桶2只换新的 空桶2只 桶2只放门口 大号的哈哈 甜的呀 红色哈哈 孩子过生日三个 家里来了三个
    老公取了 孩子送人了 家里让了 老公够了 谢谢榴莲 放榴莲柜 上午2
    后悔了 我弃了 手滑了 写多了 刚才那条不对 之前的不作数啦 跳过我哈 算我没说哈哈 麻烦修正一下 帮我看一下 冰箱塞满啦
    周日过生日改周六 过生日蛋糕 搬到6号楼啦 蛋黄酥换成豆腐啦
""".split()  # noqa: SIM905 -- words read better as words


@pytest.mark.parametrize("gap", [" ", "，", "\n", "！"])
def test_read_wanted_takes_asides_and_asks_about_changes(gap: str) -> None:
    read = {words: read_wanted(fold(f"鸡蛋2{gap}{words}"), SHOP) for words in (*ASIDES, *CHANGES)}

    assert [words for words in ASIDES if read[words].remarks] == []
    assert [words for words in CHANGES if not read[words].remarks] == []
    assert {read[words].lines[0].quantity for words in ASIDES} == {2}


MADE = [
    (KITCHEN, "A套餐1，粢饭团不要榨菜", {1: 1}),
    (KITCHEN, "A1（不要榨菜）", {1: 1}),
    (KITCHEN, "c2 油条2，两份都要热牛奶", {2: 2, 3: 2}),
    (KITCHEN, "三黄鸡1 鸡帮忙斩块，谢谢", {4: 1}),
    (KITCHEN, "黑鱼1条代杀", {7: 1}),
    (CAKES, "老太太要五仁的，两个", {2: 2}),
    (CAKES, "孩子爱吃五仁的2个，老公想吃冰皮一盒", {2: 2, 3: 1}),
    (CAKES, "五仁的，两个，冰皮1", {2: 2, 3: 1}),
    (DRINKS, "波霸奶茶2，一个三分糖一个全糖", {2: 2}),
    (DRINKS, "四季春微糖少冰1", {3: 1}),
    (DRINKS, "拿铁 五分糖 1杯", {1: 1}),
    (DRINKS, "四季春3 全部无冰", {3: 3}),
    (DRINKS, "拿铁1波霸1 都七分糖", {1: 1, 2: 1}),
]
UNMADE = """
    A套餐1，油条不要|A套餐1，粢饭团不要|A套餐2，粢饭团不要一份|A1，不要葱|c2 油条2，三份都要热牛奶
    c2，两份都要热油条|c2，两份都要
    A1，不要油条|黑鱼1，三黄鸡斩块|黑鱼1，鸡切块1|吐司1，切片|A1，榨菜|A1 不要榨菜2|A2，一份不要榨菜|A1，都不要
"""
UNWANTED = """
    朋友要五仁的，两个|隔壁老太太要五仁的，两个|我妈要五仁的，两个|老太太不要五仁的，两个|鲜肉1，五仁的，两个|五仁的，冰皮两盒
    老太太要五仁的，孩子要鲜肉的，两个|老太太要五仁的|五仁，冰皮，两个|老太太要五仁的，两个鲜肉|孩子爱吃榴莲的，两个|老太太要五仁的，两盒
"""
UNSERVED = """
    波霸奶茶3，一个三分糖一个全糖|波霸奶茶，一个三分糖一个全糖|四季春少糖1多糖1|奶茶少1杯|拿铁1 少冰美式1
    拿铁1 加冰美式|波霸1 去冰2
    三分2 波霸1|可乐无糖1|可乐1 无糖|可乐1 少糖|拿铁半份|拿铁2，两份都要热可乐|拿铁1，一杯少冰|拿铁去冰1少冰1
"""


def test_read_wanted_takes_how_goods_are_made() -> None:
    read = [(menu, line, read_wanted(fold(line), menu)) for menu, line, _lines in MADE]

    assert [(line, one.remarks) for _menu, line, one in read if one.remarks] == []
    assert [{line.goods: line.quantity for line in one.lines} for *_menu, one in read] == [
        lines for _menu, _line, lines in MADE
    ]


@pytest.mark.parametrize(
    ("menu", "table"), [(KITCHEN, UNMADE), (CAKES, UNWANTED), (DRINKS, UNSERVED)]
)
def test_read_wanted_asks_about_what_may_be_no_wish_for_goods(menu: Menu, table: str) -> None:
    lines = [line.strip() for row in table.strip().splitlines() for line in row.split("|")]

    assert [line for line in lines if not read_wanted(fold(line), menu).remarks] == []

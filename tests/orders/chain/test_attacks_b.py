"""Lines that look like an order and are another one, or may be: numbers, sizes, units and shares."""

from __future__ import annotations

from orders.chain.entries import Wanted
from orders.chain.line.folding import fold
from orders.chain.line.token import MASK
from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu


def _menu(text: str, codes: str = "") -> Menu:
    """Of name|specification|unit|yuan, parted by blanks; `codes`: the sign of each on the list."""
    rows = [row.split("|") for row in text.split()]
    goods = [
        Goods(n, n, name, spec, unit, int(yuan) * 100)
        for n, (name, spec, unit, yuan) in enumerate(rows, start=1)
    ]
    return Menu(goods, dict(zip(codes, range(1, 20), strict=False)), is_numbered="1" in codes)


NUMBERED = _menu("白菜||颗|4 茄子||斤|5 鸡腿|500g|袋|20 牛奶|1L|瓶|15 面包||个|9", "12345")
BATTERIES = _menu(
    "卫生巾|10片|包|12 鸡蛋|30枚|板|32 2号电池||板|9 5号电池||板|10 A4纸||包|25", "12345"
)
CAKES = _menu("提拉米苏6寸||个|98 提拉米苏8寸||个|138 慕斯||个|50")
BOXES = _menu(
    "草莓|2斤|盒|60 鸡蛋|10枚|盒|15 米|5kg|袋|40 虾仁|500g|袋|60 饼干|5袋|包|13 脐橙|10斤|箱|50 青菜|2斤|份|12"
)
PACKS = _menu(
    "抗原|5人份|盒|50 向日葵|5枝|扎|30 方便面|5袋|包|16 蓝莓|125g*6|份|60 口罩|20只|盒|30 青团|6只|盒|28"
    " 酸奶|135g*12|箱|48 面膜|10片|盒|70 馄饨|50只|盒|33 抽纸|24包|箱|55 小贝|4个|盒|26 香皂|3块|组|17",
    "ABCDEFGHIJKL",
)
PRICES = _menu("青菜|2斤|份|12 鱼|1条|条|12 花蛤|2斤|份|11 苹果|1个|个|6", "ABCD")
UNITS = _menu(
    "向日葵|5枝|扎|30 五花肉||斤|22 布洛芬|24粒|盒|21 雪碧|330ml*24罐|箱|52 酸奶|12杯|箱|48 抽纸|24包|箱|55"
    " 方便面|5袋|包|15 牛奶|1L|盒|14 茄子||斤|5 鸡蛋|30枚|盒|32 西兰花|1颗|颗|8"
)
SEA = _menu("花蛤|2斤|份|20 虾仁|500g|袋|60 青菜|2斤|份|12")

ASKED = [
    (NUMBERED, "白菜 3鸡腿1 / 茄子 3鸡腿1 牛奶 5面包1 / 3鸡腿 5面包 / 1白菜、2茄子 / 3鸡腿"),
    (BATTERIES, "5号、2号电池各1 / 2号5号各2"),
    (
        CAKES,
        "提拉米苏6寸1个9寸1个 / 提拉米苏6寸1个，慕斯8寸2个 / 提拉米苏6寸8寸1 / 提拉米苏8寸6寸1",
    ),
    (BOXES, "草莓2盒1份 / 草莓2盒3斤 / 饼干3包2袋 / 鸡蛋3盒10个"),
    (PACKS, "抗原10 / 抗原x10 / 抗原5 / 向日葵 10 / 方便面10 / 方便面10袋 / 蓝莓12"),
    (PACKS, "口罩x20 / 口罩10 / 青团+6 / 青团*12 / 青团10 / 酸奶x12 / G12 / F6 / 面膜5 / 馄饨20"),
    (PACKS, "抽纸12 / 小贝4 / 香皂3 / 方便面5"),
    (PRICES, "青菜12 / 鱼12 青菜12 / 花蛤11 / A12 / 苹果6"),
    (UNITS, "向日葵1朵 / 向日葵9朵 / 五花肉2斤装1 / 五花肉2斤装2 / 布洛芬2板 / 雪碧1提 / 酸奶2排"),
    (UNITS, "酸奶2组 / 抽纸12提 / 方便面2袋 / 牛奶2杯 / 茄子1,000g / 茄子2,500g"),
    (
        SEA,
        "花蛤1 李阿姨：虾仁1 / 花蛤1 李阿姨虾仁1 / 花蛤1 爸妈家虾仁1 / 虾仁1爸妈家 / 虾仁1是楼上的",
    ),
    (SEA, "花蛤1我的，虾仁1我妈的 / 张三 花蛤1 李四 虾仁1 / 张阿姨：花蛤1；王阿姨：虾仁1"),
    (SEA, "青菜1（隔壁的） / 青菜1（外婆家） / 青菜1（两家） / 青菜1（我和楼上） / 青菜1（他家）"),
    (SEA, "青菜1 送到我妈家 / 青菜1 放隔壁 / 青菜1 放对门 / 青菜1 放5楼 / 青菜1 给隔壁老王"),
    (SEA, "花蛤1 拼虾仁1 / 花蛤1 合买虾仁1 / 虾仁1 楼上王阿姨的 / 虾仁1 别人的"),
]
CLEAR = [
    (NUMBERED, "白菜3 鸡腿1", {1: 3, 3: 1}),
    (NUMBERED, "白菜3鸡腿1", {1: 3, 3: 1}),
    (NUMBERED, "白菜 3 鸡腿 1", {1: 3, 3: 1}),
    (NUMBERED, "2白菜 1鸡腿", {1: 2, 3: 1}),
    (NUMBERED, "3袋鸡腿", {3: 3}),
    (BATTERIES, "5号电池2", {4: 2}),
    (CAKES, "提拉米苏6寸1 提拉米苏8寸2", {1: 1, 2: 2}),
    (CAKES, "6寸1 8寸1", {1: 1, 2: 1}),
    (CAKES, "提拉米苏6寸1个8寸1个", {1: 1, 2: 1}),
    (CAKES, "提拉米苏6寸1个，8寸2个", {1: 1, 2: 2}),
    (BOXES, "草莓2盒2斤 鸡蛋3盒10枚", {1: 2, 2: 3}),
    (BOXES, "草莓2盒4斤，米2袋5公斤", {1: 2, 3: 2}),
    (BOXES, "虾仁2袋1斤，脐橙2箱10斤，青菜2份2斤", {4: 2, 6: 2, 7: 2}),
    (BOXES, "草莓2斤2盒 鸡蛋10枚2盒 饼干5袋2包", {1: 2, 2: 2, 5: 2}),
    (PACKS, "抗原2 向日葵3 青团x3 方便面3", {1: 2, 2: 3, 6: 3, 3: 3}),
    (PACKS, "口罩5 香皂3组 青团6盒 C5", {5: 5, 12: 3, 6: 6, 3: 5}),
    (PACKS, "口罩20只 青团6只", {5: 1, 6: 1}),
    (PRICES, "青菜12份 鱼x12", {1: 12, 2: 12}),
    (PRICES, "青菜1x12", {1: 1}),
    (UNITS, "向日葵5朵", {1: 1}),
    (UNITS, "酸奶 12杯", {5: 1}),
    (UNITS, "雪碧24罐", {4: 1}),
    (UNITS, "布洛芬2盒 鸡蛋2板 雪碧1件 西兰花2朵", {3: 2, 10: 2, 4: 1, 11: 2}),
    (UNITS, "茄子1000g，五花肉2斤", {9: 2, 2: 2}),
    (SEA, "李阿姨：花蛤1 虾仁1", {1: 1, 2: 1}),
    (SEA, "花蛤1 虾仁1 李阿姨", {1: 1, 2: 1}),
    (SEA, "隔壁老王 花蛤1", {1: 1}),
    (SEA, "外婆家 花蛤1", {1: 1}),
    *(
        (SEA, f"虾仁1 {wish}", {2: 1})
        for wish in (
            "放一楼就行",
            "给孙子吃的",
            "我家的",
            "我妈爱吃",
            "送上楼",
            "放楼下",
            "帮我妈一起订的",
        )
    ),
]


def _read(line: str, menu: Menu) -> Wanted:
    """Behind a door."""
    return read_wanted(f"{MASK * 5} {fold(line)}", menu)


def test_read_wanted_asks_about_what_may_be_something_else() -> None:
    lines = [(menu, line) for menu, text in ASKED for line in text.split(" / ")]

    unasked = [line for menu, line in lines if not _read(line, menu).remarks]

    assert unasked == []


def test_read_wanted_of_lines_that_look_alike_takes_them() -> None:
    read = [(line, _read(line, menu), right) for menu, line, right in CLEAR]

    assert [(line, one.remarks) for line, one, _right in read if one.remarks] == []
    assert [
        line for line, one, right in read if {it.goods: it.quantity for it in one.lines} != right
    ] == []

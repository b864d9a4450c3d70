"""Lines that once gave a neighbour other food than was meant, with their clear siblings.

What one thing is, goods nobody offers where a name could stand, kinds in brackets, words that undo an order.
"""

from __future__ import annotations

import re

import pytest

from communities.addresses.register import Door, House, Register
from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.reading import read_chain

# name specification/unit yuan
_OFFERS = {
    "vegetables": "青菜 2斤/份 12;番茄 3斤/份 20;花蛤 2斤/份 11;香蕉 3斤/把 18;虾仁 500g/袋 58",
    "fruit": "耙耙柑 5斤/箱 45;红富士苹果 5斤/箱 39;青苹果 3斤/份 30;麒麟西瓜 8斤/个 40;草莓 2斤/盒 60",
    "rice": "东北大米 10kg/袋 68;泰国香米 5kg/袋 75;白砂糖 500g/袋 6;挂面 1kg/把 11",
    "milk": "光明鲜牛奶 950ml/瓶 15;光明优倍鲜奶 950ml/瓶 18;光明酸奶 135g*12/箱 39;芝士片 12片/包 22",
    "packs": "康师傅红烧牛肉面 5袋/包 14;统一老坛酸菜面 5袋/包 14;雪碧 330ml*24/箱 50;"
    "可口可乐 330ml*24/箱 50;辣条 100g/包 5;薯片 70g/袋 7",
    "bread": "葱油面包/个 8;肉松小贝 4个/盒 22;吐司/条 12;可颂 2个/袋 15",
    "meat": "五花肉/斤 22;猪小排/斤 38;排骨/斤 32;牛腩 500g/份 45",
    "flowers": "洋牡丹 5枝/扎 22;康乃馨 10枝/扎 25;百合 5枝/扎 30",
    "names": "胡萝卜 2斤/份 8;番石榴 3斤/份 20;西兰花 2颗/份 15;小米辣 200g/份 5;大西洋三文鱼 500g/份 88;"
    "吐鲁番葡萄 3斤/份 40;小番茄 3斤/份 28",
    "daily": "维达抽纸 24包/箱 59;苏菲卫生巾 10片/包 16;医用外科口罩 50只/盒 25;布洛芬缓释胶囊 24粒/盒 22",
    "mixed": "青菜 2斤/份 12;酸奶 12杯/箱 40;番茄 3斤/份 20;鸡蛋 30枚/板 32;肉松小贝 4个/盒 22",
    "sets": "A套餐/份 50;B套餐/份 80;D套餐/份 60;E套餐/份 70",
    "drinks": "拿铁/杯 15;美式/杯 12;生椰拿铁/杯 18",
    "cooked": "麻辣小龙虾 2斤/份 128;烤鱼 1条/份 68",
}


def _goods(offers: str) -> list[Goods]:
    found = []
    for number, offer in enumerate(offers.split(";"), start=1):
        match = re.fullmatch(r"(\S+?)(?: (\S+))?/(\S+) (\d+)", offer)
        assert match is not None
        spec, fen = match[2] or "", int(match[4]) * 100
        found.append(Goods(number, number, match[1], spec, match[3], fen))
    return found


GOODS = {name: _goods(offers) for name, offers in _OFFERS.items()}
MENUS = {name: Menu(goods) for name, goods in GOODS.items()}

# section, menu, lines that must be asked about
ASKED = {
    "a price is no quantity": {"vegetables": "青菜12|青菜 12|花蛤11|香蕉18|青菜12 番茄20"},
    "seeds, pieces and kinds are other things": {
        "fruit": "西瓜子1|草莓子1|橘子2|苹果3斤",
        "rice": "大米1袋|大米1|大米10斤|大米10斤装1|大米5kg|大米香米1",
        "milk": "鲜奶2",
        "packs": "牛肉1|酸菜1",
        "bread": "葱油面1|油面1",
        "meat": "猪排2",
        "flowers": "牡丹1",
        "names": "萝卜1|石榴1|兰花1|小米1|橘子1|番茄子1|番茄1|西红柿1",
    },
    "a kind in brackets or behind": {
        "flowers": "康乃馨（粉）1|康乃馨1（粉）",
        "mixed": "番茄（黄的）1|鸡蛋（土）1|肉松小贝1（海苔）|酸奶（伊利）1|番茄（普罗旺斯）1|番茄1（贝贝）"
        "|青菜1（菜心）|青菜1（鱿鱼）|青菜1（有机）|酸奶1 无糖|鸡蛋（双黄）1|番茄1（崇明的）",
        "daily": "抽纸1（清风）|外科口罩1（儿童）|布洛芬1（儿童）|卫生巾1（夜用）",
        "packs": "雪碧1 无糖|雪碧1 要无糖|雪碧1（无糖）|辣条1 微辣|辣条1 不辣的",
    },
    "what undoes an order": {
        "mixed": "青菜1（转让）|青菜1（转给别人）|青菜1（备选）|青菜1（备用）|青菜1（未付）|青菜1（欠）|青菜1（赔）"
        "|青菜1（售后）|青菜1（漏发）|青菜1（坏）|青菜1（上次）|青菜1（赠）|青菜2（含之前）|青菜1（上次漏的）"
        "|青菜1 已经接过了|青菜1 我妈已经接过|青菜1 我老公已经接了|青菜1 等我通知|青菜1 今天不用|青菜1 这周不用送"
        "|青菜1 不在家就别送了|青菜1 先放着|青菜1 抢到了|青菜1 拿到了|青菜1 居委会发了|青菜1 家里有|青菜1 我妈拿走了"
        "|青菜1 我妈不吃|青菜1 昨天的|青菜1 明天的|青菜1 都给我|青菜1 给别人|青菜1 3天的|青菜1 发过了|青菜1 晚一天送"
        "|青菜1 ×|青菜1 del|番茄1 -|-番茄1|“青菜2” 我也要|青菜1（番茄1）|青菜1（番茄也行）",
        "sets": "A1(B1)|A1 D2(E1)|A2（B也可以）",
    },
}
# section, menu, lines that are clear, with what they ask for where it is not 1 of the first
CLEAR = {
    "a price is no quantity": {"vegetables": "青菜1 12元|青菜2|青菜12份|青菜*12|青菜1 花蛤2"},
    "seeds, pieces and kinds are other things": {
        "fruit": "西瓜1|青苹果1|红富士1|苹果3斤1份|耙耙柑2",
        "rice": "东北大米1|香米1|泰国香米5kg1袋|大米10kg1袋",
        "milk": "鲜牛奶2|优倍鲜奶1|优倍2|酸奶1",
        "packs": "红烧牛肉面1|老坛酸菜面1|牛肉面1|酸菜面2",
        "bread": "葱油面包1|小贝1|吐司2",
        "meat": "小排2|猪小排1",
        "flowers": "洋牡丹1|康乃馨2",
        "names": "胡萝卜1|番石榴1|西兰花2|小米辣1|三文鱼1|葡萄1|小番茄1",
    },
    "a kind in brackets or behind": {
        "mixed": "番茄1（挑大的）|番茄1（熟一点）|青菜1（放门口）|青菜1（谢谢）|青菜1（不要太老）|青菜1（张阿姨）"
        "|青菜1（独居老人）|青菜1（2斤）|番茄1（好吃）|青菜1（李老师家）|青菜1（已付）|青菜1（下午在家）",
        "drinks": "拿铁1 热|美式1 少冰|拿铁1 去糖|美式2杯（一冰一热）",
        "cooked": "烤鱼1 微辣|麻辣小龙虾1 不辣的",
        "packs": "雪碧1 不要压坏",
    },
    "what undoes an order": {
        "mixed": "青菜1 谢谢|青菜1 放门口|青菜1 家里有老人|青菜1 我妈爱吃|青菜1 不在家请放门口|青菜1 明天送"
        "|青菜1 先放门卫|青菜1 不用送上楼|青菜1 不吃辣|青菜1 收到谢谢|青菜1 钱已转|（青菜1 番茄2）"
        "|青菜1 + 番茄1|青菜*1 番茄*2|青菜1 - 番茄1|-青菜1-番茄2|青菜1 红包发了|青菜1 上次的很好吃|青菜1 不要烂的",
        "sets": "A1 B2|(A1 B2)",
    },
}


def _doubts(menu: str, line: str) -> set[str]:
    text = line.translate(str.maketrans("（）×", "()*"))
    gap = "" if text.startswith("-青") else " "
    return {remark.code for remark in read_wanted(f"\x00{gap}{text}", MENUS[menu]).remarks}


@pytest.mark.parametrize("section", ASKED)
def test_read_wanted_asks_about_what_may_be_other_food(section: str) -> None:
    taken = [
        (menu, line)
        for menu, lines in ASKED[section].items()
        for line in lines.split("|")
        if not _doubts(menu, line)
    ]

    assert taken == []


@pytest.mark.parametrize("section", CLEAR)
def test_read_wanted_leaves_clear_siblings_alone(section: str) -> None:
    asked = [
        (menu, line, codes)
        for menu, lines in CLEAR[section].items()
        for line in lines.split("|")
        if (codes := _doubts(menu, line))
    ]

    assert asked == []


ROOMS = [f"{floor}0{flat}" for floor in range(1, 7) for flat in range(1, 5)]
REGISTER = Register(
    (House(1, "2", label="2号"),),
    tuple(Door(number, 1, room) for number, room in enumerate(ROOMS, start=1)),
)
NAMES = ("张阿姨", "李建国", "王老师", "陈先生", "刘女士", "赵医生", "周师傅", "吴奶奶")
UNKNOWN = (
    "酸奶|鸭蛋|排骨|五花肉|大白菜|洋葱|胡萝卜|菠菜|葱姜|花生油|料酒|鸡精|面条|大米|可乐|奶粉|鸡腿|大虾|小黄鱼|鲫鱼|老豆腐"
    "|卫生纸|口罩|洗衣液|洗发水|拖把|猫粮|心相印|清风|早餐奶|碘伏|蛏子|李子|柚子|西兰花|牛尾|接错了|桃子|土豆"
)
SOMEBODY = "奶茶|汤圆|豆豆|方糖|若曦|开心果|皮卡丘|张阿姨|晴天"


def _taken(words: list[str], rest: str) -> list[str]:
    """The words that are taken without a question, in lists in which everybody else has a name."""
    taken = []
    for start in range(0, len(words), len(NAMES)):
        part = words[start : start + len(NAMES)]
        lines = [*(f"{name} 青菜1" for name in NAMES), *(f"{word}{rest}" for word in part)]
        text = "\n".join(
            f"{number}. 2-{ROOMS[number]} {line}" for number, line in enumerate(lines, start=1)
        )
        read = read_chain(text, GOODS["vegetables"], REGISTER).entries[len(NAMES) :]
        taken += [word for word, entry in zip(part, read, strict=True) if entry.verdict == "ok"]
    return taken


def test_read_chain_takes_goods_nobody_offers_for_nobody() -> None:
    assert _taken(UNKNOWN.split("|"), " 虾仁1") == []
    assert _taken(["土豆", "汤圆"], "，虾仁1") == []


def test_read_chain_takes_names_where_everybody_has_one() -> None:
    words = SOMEBODY.split("|")

    assert _taken(words, " 虾仁1") == words

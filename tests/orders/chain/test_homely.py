"""Who wrote an order down, what is said of home, whose share it is; and pictures of what was ordered."""

from __future__ import annotations

from orders.chain.names.goods import Goods
from tests.orders.chain.test_attacks_a import offer, read, results

FOOD = offer("鸡蛋|30枚|板|32 豆沙粽|4只|袋|20 草莓||盒|25 黑鱼||条|30 百威啤酒||箱|69")
CODED = offer("A套餐||份|50 B套餐||份|80 C套餐||份|100")
CAKES = offer("蝴蝶酥||袋|32 拿破仑||块|15 掼奶油||杯|12")
CODES = "A套餐 50\nB套餐 80\nC套餐 100"
WRITTEN = """
    赵阿婆(独居,志愿者代) 草莓1|孙老伯 代登记 草莓1|志愿者代:草莓1|独居老人，志愿者小方代报：草莓1|草莓1（居委代登记）
    不会用手机，志愿者代 草莓1|王奶奶（代登记）草莓1
"""
NOT_WRITTEN = """
    代独居张伯伯 草莓1|代隔壁 草莓1|志愿者代 赵阿婆 草莓1|志愿者代 若曦 草莓1|志愿者代赵阿婆 草莓1|小李 代登记 草莓1
    草莓1（志愿者代隔壁）|志愿者隔壁代报 草莓1|志愿者代，草莓1，李奶奶鸡蛋1|儿子代 草莓1|代买 草莓1|代登记503 草莓1
    志愿者代订2份 草莓1|(志愿者代,对门张阿婆) 草莓1|志愿者代:对门张阿婆 草莓1|志愿者代领 草莓1
"""
SAID = """
    家里只有两个老人,草莓1|过敏了😭 草莓1|草莓1，家里两只猫真的快没了😿|草莓1，钱微信转了|草莓1 上门|草莓1，也送上门
    草莓1 搬不动，哪位小伙子帮忙拎进来，谢谢|草莓1（送人的,要袋子）|草莓1（要全红的，上次白的多）|草莓1，周三我不在家
    草莓1，在家做双皮奶|草莓1，电饭锅用|草莓1，牙齿不好吃不了肉的|草莓1，老人家弄不来|草莓1 谢谢静静|草莓1，4点左右送
    草莓1，冲冲冲|草莓1，3Q|草莓1，家有孕妇|退休老教师 草莓1|草莓1，大概几点到
    草莓1，可以放快递柜吗|草莓1，保质期要长一点
    草莓1，家里两个小孩烧奶粉用|草莓1，当早饭|草莓1，老妈点名要的|草莓1，明天要请客|麻烦帮我登记草莓1
    草莓1（王家）|草莓1🍓|草莓1盒🍓
"""
NOT_SAID = """
    草莓1，家里两个老人各一盒|草莓1，家里三个小孩三盒|草莓，家里两个老人|草莓1，家里两只鸡|草莓1，家里快没了就不要了|草莓1，钱退了
    草莓1，我们拿不了|草莓1，牙齿不好吃不了草莓的|草莓1，感冒了不要了|草莓1，上次小的多补一盒|草莓1（要袋子，豆沙粽）
    草莓1，在家做草莓蛋糕|草莓1，周末做蛋糕2|草莓1，周末做蛋糕两个|草莓1，哪位帮忙拎到503|草莓1，请隔壁拎进来
    草莓1，帮忙把黑鱼去掉|草莓1，要两个袋子|草莓1（送人的，两盒）|草莓1（散养）|草莓1（小的，放门口）
    草莓1（隔壁）|草莓1（对门张阿姨）|草莓1，对门张阿姨|草莓1（张阿姨，李阿姨）|王阿姨 草莓1（张阿姨）
    草莓1（王家）鸡蛋1
    草莓1，这单是对门的|草莓1，挂隔壁名下|草莓1，等我解封送|草莓1，吃不完|草莓1，上次的坏了|草莓1，已经送到了|草莓1，看着给
    草莓1，明天送吗|草莓1，帮我登记503|草莓1，家里两个小孩烧鸡蛋用|草莓1，家里两个小孩烧奶粉用2
    帮同事 草莓1|帮女儿 草莓1|给爸妈 草莓1|王阿姨托我 草莓1|重新接 草莓1|草莓1，钱多转了
    草莓1 帮忙送到隔壁|草莓1 上门给隔壁|草莓1 麻烦拿给楼下|草莓1 转隔壁了
    草莓1🍺|草莓1盒🍺|草莓1盒🍓🍓|草莓1盒🍓2
"""


def told(table: str) -> list[str]:
    return [line.strip() for row in table.strip().splitlines() for line in row.split("|")]


def got(goods: list[Goods], top: str, lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(lines), 24):
        part = lines[start : start + 24]
        found |= zip(part, results(read(goods, top, part), goods)[-len(part) :], strict=True)
    return found


def test_read_chain_takes_what_is_said_of_the_household_itself() -> None:
    read_so = got(FOOD, "", [*told(WRITTEN), *told(SAID)])

    assert [line for line, lines in read_so.items() if lines != "草莓1"] == []


def test_read_chain_asks_about_other_households_changes_and_goods() -> None:
    read_so = got(FOOD, "", [*told(NOT_WRITTEN), *told(NOT_SAID)])

    assert [line for line, lines in read_so.items() if lines != "?"] == []


def test_read_chain_takes_nicknames_that_no_list_of_goods_explains() -> None:
    names = got(
        CAKES,
        "",
        ["老汤 蝴蝶酥2", "小蘑菇 蝴蝶酥2", "小米 蝴蝶酥2", "小蘑菇2 蝴蝶酥2", "小蘑菇，蝴蝶酥2"],
    )
    coded = got(CODED, CODES, ["桃子 A、C各一份", "桃子、A、C各一份", "桃子 A C各一份", "桃子，A1"])

    assert list(names.values()) == ["蝴蝶酥2", "蝴蝶酥2", "?", "?", "?"]
    assert list(coded.values()) == ["A套餐1 C套餐1", "?", "?", "?"]


def test_read_chain_takes_talk_behind_an_empty_line_and_asks_about_orders_there() -> None:
    idle = got(FOOD, "", ["草莓1\n\n店员说明天下午4点左右送"])
    more = got(FOOD, "", ["草莓1\n\n再加一盒"])

    assert list(idle.values()) == ["草莓1"]
    assert list(more.values()) == ["?"]

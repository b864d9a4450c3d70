"""Nicknames that are words for food, or hold a number, where others have names; and words that are goods or kinds."""

from __future__ import annotations

from orders.chain.names.goods import Goods
from tests.orders.chain.test_attacks_a import offer, read, results

SHOP = offer("鸡蛋|30枚|板|32 大豆油|5L|桶|69 土豆|5斤|份|12 柚子||个|9")
CATS = offer("猫粮|2kg|袋|89 猫砂|6L|包|30 猫条||支|5 小熊饼干||盒|9")
CAFE = offer("奶茶||杯|15 欧包||个|18 鲜花饼||盒|20")
NAMED = [
    (SHOP, "小丸子|团子|汤圆圆|三只猫的家|爱吃草莓的小熊|豆豆(团长)|阿毛妈(群主)|若曦"),
    (CATS, "荔枝|芒果|毛豆|包子|小葱"),
    (CAFE, "毛豆|土豆"),
    (SHOP, "涮锅爱好者|三花大王|早八人|芒果味的夏天"),
    (CATS, "三只猫的奴隶|爱吃小熊饼干的猫|团子|猫主人"),
    (CAFE, "小桃子|布偶圆圆"),
]
ASKED = [
    (
        SHOP,
        "小龙虾|小番茄|小馄饨|大柿子|小土豆|大鸡蛋|小橘子|小橘子2|豆包1|小丸子，|三只鸡|一只猫|榴莲|榴莲(团长)",
    ),
    (
        SHOP,
        "散养|红心|特大|云南|进口|原味|文旦|沙田|富硒|农家|可生食|双黄|沙瓤|三只猫的粮|爱吃鸡蛋的妈妈",
    ),
    (SHOP, "别人|隔壁的人|会做饭的人|鸡蛋大王|土豆的春天"),
    (SHOP, "芒果|葡萄|毛豆2|小葱，"),
    (CATS, "豆包|熊家3|曲奇|小饼干|鸡肉味|无谷|幼猫"),
    (CAFE, "布丁|麻薯|桂花糕|豆包|大杯"),
]


def lines(goods: list[Goods], table: str) -> list[tuple[str, str]]:
    """Each word before an order of the second thing, and what is read."""
    words = table.split("|")
    read_so = []
    for start in range(0, len(words), 24):
        part = words[start : start + 24]
        chain = read(goods, "", [f"{word} {goods[1].name}2" for word in part])
        read_so += list(zip(part, results(chain, goods)[-len(part) :], strict=True))
    return read_so


def test_read_chain_takes_words_for_food_for_names_where_nothing_of_it_is_sold() -> None:
    read_so = [(goods, *line) for goods, table in NAMED for line in lines(goods, table)]

    assert [word for goods, word, got in read_so if got != f"{goods[1].name}2"] == []


def test_read_chain_asks_about_goods_and_kinds_beside_a_door() -> None:
    read_so = [line for goods, table in ASKED for line in lines(goods, table)]

    assert [word for word, got in read_so if got != "?"] == []

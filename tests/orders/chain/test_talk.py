"""Clauses that are talk, and clauses that look alike and order, change or refuse something."""

from __future__ import annotations

import pytest

from orders.chain.talk.talk import is_talk

TALK = """
    家里有宝宝 先不要送上楼 放楼下 明早能到吗 给我妈冻起来的 帮我妈一起订的 写生日快乐 封了10天终于有菜了 绞肉糜
    老人不会接龙我代的 不要葱 周末再送可以吗 有热的最好 肥一点的 不要压坏的哦 麻烦绳子颜色分开 晚上八点以后在家
    放门口地垫上就好了 要花苞多一点的 少放点盐 不辣的 多谢楼长跑腿 家里断货了 东西有点多 送老师的 不用磨
""".split()  # noqa: SIM905 -- words read better as words
ORDERS = """
    放心肉 拿铁 要鸡的 再送一份 给楼上也送两只 早点 晚点再定 有了 送人1 宝贝霜膏 下周再要 帮忙取消 想吃榴莲 要榴莲
    买点葱 给我来点姜 宝宝霜 婴儿面霜 洗面奶 小包装 没有就算了 能不能换成大的 我要那个 还有吗 多放一个 给我榴莲
    放养鸡 送货单 老人鞋 烤箱纸 打火机 煮蛋器 吃的药 看看再说 老规矩 同楼上 洗面奶有吗 来点桂花糕
""".split()  # noqa: SIM905 -- words read better as words


def test_is_talk_knows_what_orders_nothing() -> None:
    assert [words for words in TALK if not is_talk(words, ())] == []
    assert [words for words in ORDERS if is_talk(words, ())] == []


@pytest.mark.parametrize("words", ["不要葱", "放楼下冰箱里", "家里有鸡蛋"])
def test_is_talk_leaves_goods_of_the_menu_to_others(words: str) -> None:
    assert not is_talk(words, ("小葱", "冰箱", "鸡蛋"))

"""Whatever changes, refuses, shares or conditions an order is asked about, wherever it stands in the line."""

from __future__ import annotations

import pytest

from communities.addresses.register import Door, House, Register
from orders.chain.names.goods import Goods
from orders.chain.reading import read_chain

GOODS = [
    Goods(1, 1, "草鸡蛋", "30枚", "板", 4200),
    Goods(2, 2, "鲜牛奶", "950ml", "瓶", 1800),
    Goods(3, 3, "青菜", "500g", "份", 600),
    Goods(4, 4, "大米", "5kg", "袋", 4500),
]
ROOMS = [f"{floor}0{flat}" for floor in range(1, 61) for flat in range(1, 5)]
REGISTER = Register(
    (House(1, "1", label="1号"),),
    tuple(Door(number, 1, room) for number, room in enumerate(ROOMS, start=1)),
)
NAMES = ("张阿姨", "李建国", "王老师", "陈先生", "刘女士", "赵医生", "周师傅", "吴奶奶")
CHANGES = """
    可能 也许 待定 看情况 不要了 取消 退 退了 算了 作废 不订了 不买了 先不要 先不订 暂时不要 先欠着 改成2份 改2
    换成牛奶 换牛奶 加一份 再加1 再来一份 多要一份 少一份 减一份 少1 多1 或者牛奶 没有就算了 没货就不要 如果有
    有的话 要是有的话 有货的话 最好是散养的 左右 大概 以内 至少 最多 不够再加 半份 半 一半 各一半 一样 照旧 老样子
    和上次一样 跟楼上一样 还要青菜 也要青菜 青菜也要 青菜要吗 有青菜吗 还有吗 多少钱 什么价 贵不贵 能便宜吗
    给隔壁带一份 代204 替我妈买 帮我妈也带一份 分两家 两家分 一人一份 每人一份 一家一份 下次要 下次再买 明天再说
    明天要 等发工资再买 上面的不算 上面写错了 接错了 写错了 重复了 以这个为准 以上作废 前面的取消 除了鸡蛋 不要青菜
    青菜不要 只要鸡蛋 要土鸡蛋 要大的鸡蛋 要有机的 要脱脂的 换脱脂 无糖的 要小包装 要两斤装 整箱 一箱 三只 五斤 一打
    榴莲 想吃榴莲 来点葱 还有葱 葱 姜 另加葱 外加香菜 加香菜 和香菜 要葱 有葱吗 maybe cancel half same skip 不确定
    再说 犹豫 等通知 占位 预留 留一份 留给我 别忘了我的青菜 忘了青菜 漏了青菜 补一份 应该是2 其实要2 一份不够 +1 -1
""".split()  # noqa: SIM905 -- words read better as words
PLACES = ("{} 鸡蛋1", "鸡蛋1 {}", "鸡蛋1，{}", "鸡蛋1（{}）")


@pytest.mark.parametrize("place", PLACES)
def test_read_chain_asks_about_every_change(place: str) -> None:
    lines = [f"1-{room} {name} 鸡蛋1 牛奶2" for room, name in zip(ROOMS, NAMES, strict=False)]
    lines += [
        f"1-{room} {place.format(words)}"
        for room, words in zip(ROOMS[len(NAMES) :], CHANGES, strict=False)
    ]
    text = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))

    entries = read_chain(f"#接龙\n{text}", GOODS, REGISTER).entries

    assert len(entries) == len(lines)
    assert [one.verdict for one in entries[: len(NAMES)]] == ["ok"] * len(NAMES)
    assert [one.piece.text for one in entries[len(NAMES) :] if one.verdict == "ok"] == []


def test_read_chain_asks_when_as_above_names_somebody_else() -> None:
    """同上 is the entry above only where nobody is named behind it."""
    heads = ["1-101 小何 青菜2", "1-102 牛奶6"]
    same = ["1-103 同上", "1-104 小何 同上", "1-201 同楼上", "1-202 同楼上小何", "1-203 同上 小何"]
    read: list[tuple[str, list[tuple[int, int]]]] = []
    for words in same:
        text = "\n".join(f"{at}. {line}" for at, line in enumerate([*heads, words], start=1))
        last = read_chain(f"#接龙\n{text}", GOODS, REGISTER).entries[-1]
        read.append((last.verdict, [(one.goods, one.quantity) for one in last.lines]))

    assert read == [("ok", [(2, 6)])] * 3 + [("doubtful", [(2, 6)])] * 2

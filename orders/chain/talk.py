"""Sentences about handing out, who eats it and how it should be, known by every one of their words. Pure.

绳子颜色分开, 有热的最好, 不要压坏的哦: a clause made of nothing but these words orders nothing and takes nothing back.
What no word covers, a thing most of all, makes it no talk.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

_WORDS = {
    # Nothing by themselves.
    "link": """
        请 麻烦 谢谢 谢谢啦 谢谢了 谢谢哦 多谢 辛苦 辛苦了 辛苦啦 拜托 拜托了 感谢 哦 噢 啊 呀 哈 啦 呢 嘛 的 了
        吧 哟 嗯 嘻嘻 哈哈 呵呵 我 我们 我家 家里 我们家 自己 自家 你 你们 您 大家 都 就 就好 就行 就可以 即可
        也行 都行 都可以 也可以 可以 可以的 行 好 好吗 行吗 可以吗 方便吗 方便的话 能 能否 能不能 可不可以 会
        记得 一定 务必 千万 一下 一声 帮忙 帮我 帮 给我 给我们 把 在 到 是 很 真 真的 超 蛮 挺 还 先 直接 一起
        随便 随时 没关系 没事 无所谓 因为 所以 然后 这次 每次 一直 那边 这边 里 上 旁 旁边 边上 里面 上面 下面
        外面 前面 后面 外 团长 群主 尽量 最好 更好 高层 高楼 住 住在 这个 那个 才 会儿
    """,
    "degree": "太 一点 一点点 一些 点 些 稍微 稍 偏 比较 更 特别 非常 越",
    "who": """
        孩子 小孩 小孩子 小朋友 宝宝 宝贝 小宝 大宝 二宝 娃 老人 老人家 爸妈 爷爷 奶奶 爷爷奶奶 外公 外婆
        外公外婆 爸爸 妈妈 爸 妈 老公 老婆 儿子 女儿 孙子 孙女 家人 家里人 客人 朋友 同事 亲戚 志愿者 保安 阿姨
        保姆 钟点工 师傅 物业 楼长 楼组长 快递员 小哥 病人 孕妇 产妇
    """,
    "where": """
        门口 家门口 门外 门前 房门口 大门口 单元门口 楼道口 楼下 一楼 楼道 大厅 门厅 大堂 电梯 电梯口 电梯里
        电梯间 门卫 门岗 门卫室 岗亭 保安室 保安亭 物业 架子 鞋柜 鞋架 柜子 桌子 桌 椅子 凳子 台阶 地上 地 信箱
        信报箱 奶箱 快递柜 快递架 走廊 把手 门把手 挂钩 篮子 花坛 车库 车棚 小区门口 消防栓 楼梯口 楼梯 窗口
        窗台 泡沫箱 家里 上门
    """,
    "when": """
        早上 上午 中午 下午 傍晚 晚上 晚点 早点 晚一点 早一点 晚些 早些 迟点 周末 周六 周日 白天 全天 整天 下班
        下班后 回来 回家 到家 待会 等会 等会儿 到时 到时候 到货 到货后 到了 货到了 货到 送到 送之前 送前 送货前
        来之前 之前 之后 以后 前 后 时 时候 的时候 今晚 上次 上次的 以前 之前的 上次买的 以前买的 之前买的 上回
        饭前 饭后 天热 天气热 天冷 放假 过节 过年 过生日 生日
    """,
    "act": """
        放 送 送货 送来 送上来 送上楼 送上门 送到 拿 取 来拿 来取 去拿 去取 下来拿 下楼拿 下来 下楼 下去 上来
        上楼 挂 搁 摆 敲门 敲一下门 打电话 打个电话 电话 电联 联系 通知 微信 发微信 发消息 留言 喊 叫 告诉 说
        说一声 发 按门铃 门铃 带上来 带上楼 带到 搬 搬上来 提 提不动 拎 拎不动 搬不动 走不动 分开 分开装 分装 装
        单独 包好 包 扎 绑 捆 系 写 写上 写好 写清楚 标 标好 贴 收 收货 签收 代收 在家 不在家 不在 有人 没人
        没空 有空 上班 出门 值班 值夜班 夜班 加班 开会 上网课 隔离 睡觉 午睡 休息 住院 行动不便 行动不方便
        腿脚不便 腿脚不好 腿脚不方便 独居 高龄 怀孕 坐月子 坐轮椅 走路不方便 不方便 不方便下楼 没电梯 吃 喝 用
        要吃 要喝 要用 爱吃 爱喝 喜欢 喜欢吃 想吃 等着吃 尝尝 尝一下 尝鲜 试试 试吃 解馋 馋 馋了 嘴馋 好吃 好喝
        好用 不错 满意 赞 期待 好期待 支持 支持一下 招待 请客 聚餐 待客 加油 放心 不着急 不急 不用送 不必送
        不用送上来 不用送上楼 不用上门 味道 口味 质量 好吃就行 煲汤 炖汤 烧汤 红烧 清炒 炒菜 做菜 烤肉 烧烤
        涮火锅 吃火锅 做早饭 早饭 早餐吃 晚饭 夜宵 蒸 炒 煮 炖 烤 上班族 麻烦了 打扰 打扰了 颜色 绳子 标签 名字
        姓名 门牌 门牌号 房号 房间号 楼号 记号 密码 备用
    """,
    # What happens to goods, or is done to them.
    "care": """
        切 切片 切块 切丝 切段 切丁 切开 切小块 切大块 切薄片 切厚片 切厚 切薄 切碎 剁 剁块 剁开 斩 斩块 斩件
        斩开 杀 杀好 宰杀 洗 洗净 洗干净 处理 处理好 处理干净 去 去皮 去骨 去鳞 去头 刮鳞 内脏 去内脏 打理 剪
        剪须 开背 绞 打碎 真空 真空包装 冷藏 冷冻 保温 加冰 冰袋
    """,
    # What nobody wishes: only behind 不要.
    "harm": """
        压 压坏 压扁 压到 压碎 压烂 碰 碰坏 碰到 碰烂 摔 摔坏 摔破 挤 挤坏 挤压 弄坏 弄破 弄丢 弄错 送错 拿错
        放错 搞错 装错 漏 倒 倒放 倒置 晒 晒太阳 淋雨 淋到 化 化了 融化 化掉 坏 烂 破 碎 裂 瘪 蔫 发芽 空心
    """,
    "like": """
        大 小 大点 小点 大个 小个 新鲜 嫩 老 熟 生 甜 酸 软 硬 红 绿 青 黄 热 冷 冰 凉 烫 肥 瘦 好 干净 漂亮
        整齐 厚 薄 粗 细 长 短 宽 窄 重 轻 湿 干 日期 日期新 新 辣 咸 淡 油 脆 糯 密 沙 完整 刚出炉 刚到 刚做
        现做 现烤 当天 当天做 均匀 多汁 好看 饱满 带叶 带叶子 带根 活 公 母
    """,
}
_ROLES: dict[str, str] = {}
for _role, _text in _WORDS.items():
    for _word in _text.split():
        _ROLES.setdefault(_word, _role)
# Behind these something must follow that is no order: 不要 alone takes it back.
_NEGATIONS = ("不要", "别", "勿", "不用", "不必", "千万别", "不能", "不可以", "请勿", "不")
for _word in _NEGATIONS:
    _ROLES.setdefault(_word, "not")
for _word in ("要", "想要", "有", "挑", "选", "拣", "只要"):
    _ROLES[_word] = "want"
# Not done without taking anything back: 不用敲门. 不要送了 may do so.
_UNDONE = frozenset(
    "敲门 按门铃 打电话 打个电话 电话 叫 喊 发 写 提 联系 通知 说 分开 分开装 装 包 扎 挂 急 贴".split()  # noqa: SIM905 -- words read better as words
)
_LONGEST = max(map(len, _ROLES))
_CLOCK = re.compile(
    r"(?:早上|上午|中午|下午|晚上)?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})点(?:钟|半|多)?(?:之前|以前|之后|以后|左右|前|后)?"
)
_FLOOR = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})楼")
_FOR = re.compile(
    rf"给(?:我|我们)?家?里?的?(?:{'|'.join(_WORDS['who'].split())})(?:们)?(?:[吃喝用]|补补|补充营养)的?"
)
_DENIED = re.compile("(?:不|别|勿).{0,6}了$")
_DONE = frozenset({"act", "care", "harm"})
_KINDS = frozenset({"like", "care", "harm"})
_SHORT = 2
# Pairs of words that say something: 要热的, 不辣, 大一点, 有老人.
_ENOUGH = frozenset(
    {("want", "like"), ("not", "like"), ("degree", "like"), ("like", "degree"), ("want", "who")}
)
# As long as nobody writes a sentence about an order.
_MOST = 30
_ASKED = re.compile("(?:吗|么|嘛|呢)[\u3400-\u9fff]?$")
_MAY = re.compile("可以|能|方便|行吗|好吗")
_TOLD = re.compile("[送放拿取切杀挑选分装写打叫]")


def is_talk(words: str, names: Collection[str], *, needs_act: bool = False) -> bool:
    """Whether the clause is made of such words. `names`: of all goods, whose kinds it may not tell; `needs_act`:
    something is done in it, which neither a name nor a kind of goods says.
    """
    if (
        not 2 <= len(words) <= _MOST
        or (_ASKED.search(words) and not (_MAY.search(words) and _TOLD.search(words)))
        or _DENIED.search(words)
        or (words.startswith("有") and "好" not in words)
    ):
        return False
    return any(is_done or not needs_act for is_done in _readings(words, "\n".join(names)))


@lru_cache(maxsize=4_000)
def _readings(words: str, names: str) -> frozenset[bool]:
    """Whether something is done in the clause, for the ways to cover all of it and say enough."""
    # Place → what was said up to there: (the last role, something is done, enough is said).
    states: list[set[tuple[str, bool, bool]]] = [set() for _ in range(len(words) + 1)]
    states[0].add(("", False, False))
    for at in range(len(words)):
        for end, role in _steps(words, at) if states[at] else ():
            if role in _KINDS and end - at <= _SHORT and words[at:end] in names:
                continue  # 大的, 切片: of what is called so it may be one kind
            for last, is_done, is_enough in states[at]:
                after = _after(last, role, words[at:end])
                if after is not None:
                    is_done_now = is_done or role in _DONE
                    states[end].add(
                        (after, is_done_now, is_enough or is_done_now or (last, role) in _ENOUGH)
                    )
    return frozenset(
        is_done
        for last, is_done, is_enough in states[-1]
        if is_enough and last not in {"not", "want", "again"}
    )


def _steps(words: str, at: int) -> list[tuple[int, str]]:
    found = [
        (end, _ROLES[words[at:end]])
        for end in range(at + 1, min(len(words), at + _LONGEST) + 1)
        if words[at:end] in _ROLES
    ]
    for pattern, role in ((_CLOCK, "when"), (_FLOOR, "where"), (_FOR, "act")):
        match = pattern.match(words, at)
        if match is not None:
            found.append((match.end(), role))
    return [*found, (at + 1, "again")] if words[at] == "再" else found


# What may follow a word that waits for something; a word of handling behind 不要 only where it takes nothing back.
_FOLLOWING = {
    "again": frozenset({"act"}),
    "not": frozenset({"like", "care", "harm"}),
    "want": frozenset({"like", "act", "who", "care"}),
}


def _after(last: str, role: str, word: str) -> str | None:
    """What the clause waits for behind this word; None where it cannot stand there."""
    if role == "again":
        return role if last in {"when", "act"} else None
    if last in _FOLLOWING:
        if role == "degree" and last != "again":
            return last
        is_harmless = last == "not" and word in _UNDONE
        return role if role in _FOLLOWING[last] or is_harmless else None
    return None if role == "harm" else role

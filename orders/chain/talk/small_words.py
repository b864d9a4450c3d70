"""Small words, of which talk is made: who, when, where, what becomes of it. Pure."""

from __future__ import annotations

import re

# Words that carry a sentence.
_STRONG = """
    下午茶 晚安 早安 过生日 过节 过年 周一 周二 周三 周四 周五 周六 周日 派对 聚餐 客人
    怕 停电 停水 断电 腰疼 腿疼 头疼 牙疼 疼
    起来 囤起来 保暖 注意保暖 人口 人多 小孩多 坏了 修 长辈 老丈人 丈母娘 婆婆 公婆 岳父 岳母 姥姥 姥爷
    爷叔 舅舅 姑姑 姨妈 表弟 表姐 闺蜜 师父 新手 哈哈 嘻嘻 呜呜 嘿嘿 养 好养 最近 这两天 这几天 求快 救命
    关照 包涵 谅解 夏天 冬天 天气 急用 家里 费心 腰不好 腿不好 凑个整 凑整 凑单 凑个单 图个方便 我 你 您 他
    她 它 咱 俺 侬 阿拉 我们 他们 自己 大家 家里人 家人 老人 老人家 小孩 孩子 小朋友 宝宝 娃 爸 妈 爸爸
    妈妈 爷爷 奶奶 外公 外婆 公公 老公 老婆 先生 太太 儿子 女儿 孙子 孙女 哥哥 姐姐 弟弟 妹妹 姐 哥 弟 妹
    阿姨 叔叔 保姆 朋友 同事 亲戚 客人 邻居 对门 隔壁 楼长 楼组长 组长 团长 群主 志愿者 大白 保安 物业 快递
    骑手 师傅 司机 老板 今天 今晚 明天 明早 明晚 后天 昨天 早上 上午 中午 下午 傍晚 晚上 周末 早点 晚点
    早些 晚些 等会 待会 一会 现在 马上 刚才 上次 上回 以前 之前 以后 之后 时候 几点 何时 终于 已经 天天
    平时 门口 楼下 楼上 楼道 一楼 二楼 电梯 大堂 大厅 门卫 岗亭 门岗 快递柜 鞋柜 架子 东门 西门 南门 北门
    小区 群里 把手 桌上 地上 是 在 放 送 拿 取 喂 收 挂 搁 摆 交给 递 拎 搬 回来 下来 上来 过来 下去 上去
    到了 到 叫 喊 敲 按 打 打电话 电话 联系 通知 说 问 讲 知道 觉得 记得 看 看着 谢谢 谢 感谢 辛苦 麻烦
    拜托 请 给 让 把 被 用 吃 喝 煮 做 炒 烧 炖 蒸 烤 冻 冷冻 存 切 剁 绞 斩 杀 洗 剪 削 剥 分开 装 写 画
    贴 压 碰 挤 摔 晒 封 封了 解封 隔离 上班 下班 出门 在家 休息 睡 睡觉 住 忘 接龙 不会 发 发货 到货 付
    付款 转账 付好 能 可以 可不可以 能不能 行不行 喜欢 爱吃 爱喝 期待 支持 推荐 馋 饿 盼 抢 挑 选 拣 有
    有点 有人 没人 不好 不便 不方便 一点 一点的 一些 怎么 为什么 因为 所以 第一次 生日快乐 节日快乐
    新年快乐 周年快乐 有菜 没菜 恭喜 加油 开团 截单 拿到 腿脚 行动 独居 发烧 感冒了 怀孕 坐月子 哺乳 住院
    出院 回家 不在 搬不动 拎不动 拿不动 走不动 冰袋 保温 放冰 轻拿轻放 小心 注意 尽快 及时 准时 不着急 不急
    着急 不好意思 抱歉 刚看到 看到 太好了 来玩 来做客 做客 好吃 好喝 不错
"""
_WEAK = """
    网课 作业 考试 上课 上学 放学 开学 幼儿园 加班 出差 居家 办公 公司 会议 疫情 核酸 抗疫 封控 小时候 味道
    记忆 家乡 老家 心情 停车 车位 门铃 对讲 密码 物流 冷链 包装 质量 日期 生产日期 保质期 胃口 身体好 生病
    感冒 媳妇 坐月子 月子 周岁 满月 百日 夏天 冬天 春天 秋天 天气 蚊子 姑娘 小姑娘 费心 腰 腰不好 腿不好
    关节 膝盖 可以伐 好伐 伐 急用 汉口 老师 医生 领导 亲家 丈母娘 凑 表示 觉着 阿婆 老妈 老爸 老娘 爸妈
    爹妈 小家伙 东西 推车 小推车 下酒 下饭 配酒 解馋 尝尝 尝鲜 试试 囤着 备着 存着 早饭 午饭 晚饭 早餐 晚餐
    夜宵 一家人 收到 这么 那么 多 要 刚 晚了 来晚了 钱 红包 私信 私聊 报销 发票 多的 多一点的 多点的 转 磨
    磨成粉 粉碎 多谢 跑腿 跑 大半 垫子 地垫 门垫 台阶 椅子 凳子 断 囤 够 吃完 用完 喝完 没货 断货 囤货 断粮
    囤点 的 了 得 地 着 过 吗 呢 吧 啊 呀 哦 噢 哈 啦 嘛 哟 诶 唉 嗯 哎 嘻 呜 么 嘞 滴 哒 喔 呵 嘿 哇 不 别
    勿 没 很 真 太 超 超级 特别 最 更 蛮 挺 也 都 就 才 先 快 好 会 想 这 那 这个 那个 这里 那里 这边 那边
    什么 啥 哪 谁 但 但是 不过 而且 比较 大 小 熟 生 老 嫩 硬 软 甜 酸 辣 咸 淡 厚 薄 肥 瘦 长 短 慢 早 晚
    高 远 近 贵 便宜 方便 漂亮 满意 开心 快乐 生日 急 行 就行 就好 即可 也行 都行 没事 没关系 不用 不要
    千万 一定 尽量 最好 帮 帮忙 帮我 绳子 颜色 辅食 时 时间 数 里面 包好 装好 跟 和 与 同 对 为 从 往 向 里
    外 上 下 旁 旁边 边 边上 处 家 门 楼 人 天 日 月 年 周 点 号 来 去 走 进 出 起 开 回 等 见 事 话 钟 分
    新 新鲜 干净 完 光 坏 碎 烂 破 掉 散 倒 漏 脏 一下 一起 一直 一个人 一家 两个人 第 次 群 路 车 房 店 室
    袋子 纸箱 箱子 盒子 冰箱 手机 微信 耳朵 眼睛 牙 牙齿 块 片 丝 丁 段 条 末 糜 泥 骨 皮 头 尾 毛 母 公 壳
    肚 内脏 鳞 刺 火 锅 汤 快递员 爷叔 老伯 老太 太婆 亲 亲们 各位 您好 你好 哈哈 嘻嘻 呵呵 呜呜 周一 周二
    周三 周四 周五 周六 周日 星期 猫 狗 学生 员工 单位 学校 医院 护士 病 手 脚 腿 身体
"""
_SPICES = frozenset(
    """
    葱 姜 蒜 辣 香菜 葱花 辣椒 糖 盐 冰 醋 酱 油 花椒 孜然 味精 咸 甜 头 内脏 皮 袋子 塑料袋 调料包 料包 餐具
    """.split()  # noqa: SIM905 -- words read better as words
)


def _by_sign(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(text.split(), key=len, reverse=True):
        found.setdefault(word[0], []).append(word)
    return found


_ALL = _by_sign(_STRONG + _WEAK)
_STRONG_WORDS = frozenset(_STRONG.split())
_LONG = re.compile(
    "|".join(sorted((w for w in (_STRONG + _WEAK).split() if len(w) > 1), key=len, reverse=True))
)


def is_spice(words: str) -> bool:
    """What comes with food and is nothing one would order alone."""
    return words in _SPICES


def is_small(words: str) -> bool:
    """Nothing but small words, none of which gets something."""
    return cover(words)[0] == len(words) and not set(words) & set("来点要")


def without_long(words: str) -> str:
    """With 放 for every small word of several signs: no piece of it is a thing."""
    return _LONG.sub("放", words)


def cover(words: str) -> tuple[int, bool, str]:
    """(how many signs are small words, whether one of them carries a sentence, the other signs)."""
    at, covered, is_strong, rest = 0, 0, False, []
    while at < len(words):
        found = next((w for w in _ALL.get(words[at], ()) if words.startswith(w, at)), "")
        if not found:
            rest.append(words[at])
        covered += len(found)
        is_strong = is_strong or found in _STRONG_WORDS
        at += len(found) or 1
    return covered, is_strong, "".join(rest)

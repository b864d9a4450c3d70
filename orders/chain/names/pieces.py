"""Parts of a thing's name, and how well each names it. Pure.

What keeps the end of a name keeps what the thing is (鸭蛋 of 咸鸭蛋, 蛋黄粽 of 蛋黄肉粽). What drops it keeps what
tells the thing from others (豆沙 of 豆沙粽): enough where others on the menu end so, or where the words are no thing
(海盐 of 海盐卷, not 牛肉 of 牛肉丸).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from communities.persons import FOOD, is_brand
from communities.things import is_noun, names_a_thing
from orders.chain.names.goods import Trust
from orders.chain.names.kinds import KINDS

# A thing with this taken off its name is the same thing: 蔬菜包 is 蔬菜. With anything else it may be another (牛肉丸).
_WRAPPINGS = (
    *("套餐", "组合", "礼包", "大礼包", "礼盒", "礼篮", "大礼盒", "整箱"),
    *("包", "箱", "盒", "袋", "份", "装", "桶", "瓶", "提", "套", "篮"),
    *("柳", "段", "块", "扒", "排", "肉", "刺身"),
    *(
        "自测",
        "自测盒",
        "检测",
        "泡腾片",
        "缓释片",
        "清瘟",
        "清瘟胶囊",
        "试剂",
        "试剂盒",
        "胶囊",
        "缓释胶囊",
        "颗粒",
        "口服液",
    ),
)
_PACKS = ("大礼包", "礼包", "套餐", "组合", "礼盒", "包")
# Nobody sells it but in slices.
_ALWAYS_CUT = frozenset({"肥牛", "羔羊"})
# Nobody sells it but seasoned: 麻辣 before it makes no other thing.
_ALWAYS_COOKED = frozenset({"鸭脖", "鸭舌", "鸭锁骨", "兔头", "牛板筋", "凤爪", "小龙虾"})
# With one of these in front it is another thing: 臭豆腐, 酸奶, 冻豆腐. 小番茄 and 咸鸭蛋 stay what they are.
_CHANGING = frozenset("酸辣臭熟干酥脆冻腌盐")
# Behind the name of a thing these make another one: 草鸡蛋 is no 草鸡. 咖啡豆 is 咖啡.
OTHER_THINGS = frozenset(
    {"蛋", "面包", "蛋糕", "饭", "面", "饼", "酱", "醋", "汤", "丸", "糕", "粥", "酒", "干"}
)
# 海盐可颂 is 可颂; 上海盐汽水 is no 汽水.
_SALTED = re.compile("(?<!上)海盐$|椒盐$")
# 洋牡丹 is no 牡丹, 胡萝卜 no 萝卜; 大西洋三文鱼 is 三文鱼.
_FOREIGN = re.compile("(?<![平西海大])洋$|胡$|(?<!鲁)番$")
# Of these the small one is another.
_ALSO_SMALL = ("番茄", "西红柿")
# Words for what a thing is, whose first sign is another thing.
_HEAD_WORDS = frozenset(
    ["面包", "蛋糕", "面条", "面粉", "米饭", "豆腐", "奶酪", "酒精", "奶粉", "蛋卷", "饼干"]
)
# Said for the only thing so made: 无糖 of 无糖可乐.
_MADE = frozenset(
    {"无糖", "零糖", "低糖", "零度", "全脂", "脱脂", "低脂", "半脱脂", "高钙", "无盐", "常温"}
)
_ANIMALS = frozenset("牛羊猪鸡鸭鹅鱼虾")
_COMMON = frozenset(
    """
    新鲜 有机 进口 本地 散装 精品 优质 特级 上海 崇明 农家 国产 东北 山东 云南 海南
    无锡 正宗 当季 现货 每日 大份 小份 整箱 组合 礼盒 家庭 全家 双人 单人 早餐 中式 西式 手工
    """.split()  # noqa: SIM905 -- words read better as words
)
# 水果 is not 水果玉米.
_KIND_WORDS = frozenset({"水果", "蔬菜", "海鲜", "零食", "饮料", "肉类", "粮油", "日用"})
# Ready to eat: a menu of nothing else sells no 草莓 beside its 草莓蛋糕.
_READY = re.compile(
    "(?:(?:奶黄|豆沙|叉烧|肉|流沙|生煎|汤)包|蛋糕|面包|吐司|贝果|欧包|泡芙|蛋挞|小贝|可颂|餐包|饼干|曲奇|慕斯|披萨|汉堡|馄饨|水饺|饺子|汤圆|汤团|青团|粽子|粽|小笼|小笼包|包子"
    "|烧卖|月饼|奶茶|拿铁|提拉米苏|芝士|巴斯克|司康|麻薯|班戟|千层|雪媚娘|布丁|三明治|寿司|沙拉|热狗|华夫|舒芙蕾|生巧|卷|饼|糕|团|酥|馒头|春卷|长棍|牛角|挞)$"
)
# Longer runs are sentences, whose pieces name nothing.
_LONG_RUN = 14


# A longer piece is no word for another food.
_COMMON_LENGTH = 4
# Signs that end the name of a food; what another thing is made of makes its name with one of these behind it too.
_HEADS = FOOD - frozenset("盐套餐礼品装份斤款号种类消毒口罩试剂药洗洁胶巾")
_MADE_OF = frozenset("干粮砂罐松脯丝花派棒司斯乳粒露脆仔球圆滑籽泥串浆羹煲锅酪霜皂巾辣莲")
# Signs that end a word for a food which may be sold alone.
_FOOD_ENDS = frozenset(
    "菜瓜果蛋肉面奶油鱼虾鸡鸭鹅豆菇椒薯葱蒜茶酒糖水饼包糕粉汤酱醋橙桃梨莓蕉枣蟹贝骨排肠丸酪米粥饭饺粽笋藕参腐"
)
# Beginnings of one word, which name nothing else: 三文鱼, 哈密瓜, 牛腱子.
_STEMS = frozenset(
    [
        "三文",
        "哈密",
        "火龙",
        "猕猴",
        "圣女",
        "奇异",
        "牛腱",
        "荷兰",
        "基围",
        "体温",
        "三明",
        "青口",
        "冰淇",
        "连花",
        "抗原",
        "布洛芬",
        "洗衣",
        "洗洁",
        "沐浴",
    ]
)
# One sign that says what the thing is: 粽 of 豆沙粽 and 鲜肉粽.
FOOD_HEADS = frozenset("粽面饼糕饺茶酒卷饭粥汤酥团挞冻")


def unwrapped(name: str) -> str:
    """鸡蛋 of 鸡蛋礼盒."""
    wrapping = next((w for w in _PACKS if name.endswith(w) and len(name) > len(w) + 1), "")
    return name.removesuffix(wrapping)


def is_ready_made(cores: Iterable[str]) -> bool:
    """Nothing on the menu but what is eaten as it comes."""
    names = list(cores)
    return len(names) > 1 and all(_READY.search(name) for name in names)


def rewrapped(run: str) -> Iterable[str]:
    """蔬菜包 of 蔬菜礼包: one word for a pack is as good as another, where it cannot be a bun."""
    wrapping = next((w for w in _PACKS if run.endswith(w)), "")
    stem = run.removesuffix(wrapping)
    if wrapping and stem[-1:] in {"菜", "果", "菇"}:
        yield from (stem + word for word in _PACKS if word != wrapping)


def pieces(run: str, tail: str, *, is_ready: bool, is_usual: bool) -> Iterable[tuple[str, Trust]]:
    """Parts of a name in one stretch, with how well each names it. `is_usual`: most of the menu ends so."""
    told = len(run) - len(tail) if tail and run.endswith(tail) else 0
    for start in range(len(run)):
        for end in range(start + 2, len(run) + 1):
            piece = run[start:end]
            trust = _trust_in(piece, run, start, end, is_ready=is_ready)
            if (
                start < told
                and end < len(run)
                and piece not in _KIND_WORDS
                and not _is_other(run, start)
                and (is_usual or not _is_thing(piece))
                and (piece not in _COMMON or end == told)
            ):
                trust = Trust.GOOD
            yield piece, trust


def short_forms(run: str) -> Iterable[tuple[str, Trust]]:
    """A part of a name and its last sign: 蛋黄粽 of 蛋黄肉粽."""
    is_split = is_noun(run[-2:]) and run[-1] in "包糕饼酥团"  # 面包, 月饼
    if len(run) > _LONG_RUN or is_split or run[-1] not in FOOD_HEADS | {"丸"}:
        return
    for start in range(len(run)):
        for end in range(start + 2, len(run) - 1):
            piece = run[start:end]
            short = piece + run[-1]
            if short not in run:
                trust = Trust.PARTLY if is_noun(short) or piece in _COMMON else Trust.GOOD
                yield short, trust
                if run[-1] == "饺":
                    yield f"{short}子", trust


def is_foreign(name: str, at: int) -> bool:
    """What begins here is another plant with the sign before it: 洋牡丹, 胡萝卜, 西兰花, 小番茄."""
    if at > 0 and name[at - 1] == "小" and name.startswith(_ALSO_SMALL, at):
        return True
    if at > 0 and name[at - 1] == "西" and is_noun(name[at - 1 :]):
        return True
    return _FOREIGN.search(name[:at]) is not None


def _is_other(run: str, start: int) -> bool:
    """豆腐 of 臭豆腐, 羊肉 of 牛羊肉: another thing than the whole."""
    before = run[start - 1] if start else ""
    if is_foreign(run, start):
        return True
    if run[start:] in _ALWAYS_COOKED:
        return False
    if _SALTED.search(run[:start]):
        return False
    return before in _CHANGING or (before in _ANIMALS and run[start] in _ANIMALS)


def is_wrapping(words: str) -> bool:
    """With this taken off its name a thing is the same."""
    return words in _WRAPPINGS


def is_common(words: str) -> bool:
    """崇明, 有机: where it is from, how it is made or in what it comes."""
    return words in _COMMON


def cuts_a_word(run: str, end: int) -> bool:
    """葱油面|包: the sign before and the one behind are one word for what the thing is."""
    return end > 0 and run[end - 1 :] in _HEAD_WORDS


def _is_thing(piece: str) -> bool:
    """Something one could buy by itself: 牛肉 of 牛肉面."""
    return (
        names_a_thing(piece)
        or piece in KINDS
        or (len(piece) <= _COMMON_LENGTH and piece[-1] in _FOOD_ENDS)
    )


def _trust_in(piece: str, run: str, start: int, end: int, *, is_ready: bool) -> Trust:
    """How well a piece of a name names it: its end is what it is, its beginning may be something else."""
    if piece == run or (is_brand(piece) and not names_a_thing(piece)):
        return Trust.GOOD
    if (
        start == 0
        and run[end:] in _WRAPPINGS
        and not cuts_a_word(run, end)
        and piece not in _COMMON - {"组合", "礼盒"}
    ):
        return Trust.GOOD
    if piece in _COMMON or cuts_a_word(run, end):
        return Trust.PARTLY  # 油面 of 葱油面包
    if end == len(run) or run[end:] in _WRAPPINGS:
        return Trust.PARTLY if _is_other(run, start) else Trust.GOOD
    is_made = start == 0 and piece in _MADE
    if is_made or piece in _ALWAYS_CUT or any(word in piece for word in KINDS.get(run[end:], ())):
        return Trust.GOOD  # 吐司面包, 富士苹果
    is_thing = _is_thing(piece)
    is_flavour = is_ready and not _READY.search(piece)
    is_whole = piece in _STEMS or run[-1] not in _HEADS | _MADE_OF
    return Trust.GOOD if is_whole or is_flavour or not is_thing else Trust.PARTLY

"""How words are like a name, and what tells that they are another one. Pure."""

from __future__ import annotations

from communities.persons import FOOD
from communities.things import is_noun
from orders.chain.names.kinds import KINDS
from orders.chain.names.sounds import sound_alike

_LIGHT = frozenset("肉子儿头大小鲜")
# Of those, what nobody means by saying it: 大馄饨 and 鲜奶 are things of their own.
IDLE = frozenset("肉子儿头")
_ANIMALS = frozenset("牛羊猪鸡鸭鹅鱼虾")
_COUNTING = frozenset("甲乙丙丁一二三四五六七八九十")
# Signs that tell one thing from another.
OF_KINDS = frozenset(
    "荤素蔬纯大中小老嫩鲜干湿黑白红绿青黄紫蓝金银甜酸辣咸生熟冷热冰冻无低高全脱半原双单三四五六七八九十一二两男女牛羊猪马驴狗猫草海山水火土木石"
    "烤卤炸煎蒸煮炒焖烧酱腌熏泡拌糟炖煨切斩"
    "花树竹松柏荷莲兰春夏秋冬东南西北公母雌雄前后左右上下里外内新旧香臭苦麻蜜苹香雪脐蟠油水血芦贡丑沙柳"
)
_TELLING = FOOD | OF_KINDS | frozenset("汁粮罐脯派棒乳粒露球籽泥浆羹锅霜皂块膏")
# Words whose last sign is not what the thing is: 白米 is no 白玉米.
_OTHER_HEADS = frozenset(
    ["玉米", "土豆", "地瓜", "苹果", "芒果", "坚果", "糖果", "面包", "花生", "山药", "木瓜", "水果"]
)


def is_all_alike(words: str, text: str) -> bool:
    """粑粑柑 of 耙耙柑: two signs are others, and sound alike."""
    odd = [pair for pair in zip(words, text, strict=True) if pair[0] != pair[1]]
    return len(words) > len(odd) == 2 and all(sound_alike(*pair) for pair in odd)


def odd_place(words: str, text: str) -> int | None:
    """Where the one sign stands in which they differ, which tells nothing itself."""
    odd = [place for place, sign in enumerate(words) if sign != text[place]]
    if len(odd) != 1 or words[odd[0]] in _TELLING or words[odd[0]] < "\u3400":
        return None
    return None if text[odd[0]] in _COUNTING else odd[0]


def pairs(words: str) -> set[str]:
    return {words[place : place + 2] for place in range(len(words) - 1)}


def is_light(words: str, core: str) -> bool:
    """肉包 of 鲜肉大包, 饺皮 of 饺子皮: what stands between tells nothing."""
    first, last = core.find(words[0]), core.rfind(words[1])
    between = core[first + 1 : last]
    if between in "大小" and words[0] in _ANIMALS:
        return False  # 猪排 of 猪小排: which part it is
    return len(between) == 1 and between in _LIGHT and last == len(core) - 1


def is_another(words: str, core: str) -> bool:
    """白米 of 白玉米: what is left out was a part of what the thing is."""
    if (is_noun(words[-2:]) or words[-2:] in KINDS) and words[-2:] not in core:
        return True  # 黑猪肉 of 黑猪腿肉
    at = core.rfind(words[-1])
    return core[max(0, at - 1) : at + 1] in _OTHER_HEADS and core[at - 1] != words[-2]


def is_drawn(words: str, full: str) -> bool:
    at = 0
    for sign in words:
        at = full.find(sign, at) + 1
        if not at:
            return False
    return True

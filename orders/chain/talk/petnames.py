"""Nicknames that are words for food or hold a number, where others have names: 小橘子, 汤圆圆, 豆包, 三只猫的家. Pure.

Only what stands beside the door by itself is asked here, and only where nothing like it is on the menu.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from communities.things import is_noun
from orders.chain.names.kinds import KINDS, is_of_a_kind_with
from orders.chain.talk.callnames import is_sweet

_HEAD = "[\u3400-\u9fff]"
# 小橘子; not 小番茄, which is sold so, nor 大橙子.
_LITTLE = re.compile("小[橘橙丸桃豆团栗粽饺]子")
# 汤圆圆, 布偶团团.
_DOUBLED = re.compile(f"{_HEAD}{{1,2}}({_HEAD})\\1")
_SWEET = frozenset(
    "豆包 团子 方糖 糖豆 棉花糖 布丁 果冻 麻薯 慕斯 泡芙 曲奇 汤圆 丸子 糯米团 糯米糍 桂花糕 绿豆糕 小饼干".split()  # noqa: SIM905 -- words read better as words
)
# With these on the menu a sweet may be one of them, or a taste.
_SWEETS_SOLD = re.compile(
    "糕|饼|酥|挞|团|圆|糖|卷|面包|吐司|可颂|贝果|欧包|布丁|慕斯|泡芙|曲奇|雪糕|冰淇淋|奶茶|咖啡|拿铁|美式|酒酿|包子|小笼|生煎"
    "|饺|馄饨|粽|小贝|零食|巧克力|丸|火锅|冻品|点心"
)
_BEAST = "(?:猫咪?|狗狗?|喵|汪|兔子?|鸟|龟|熊|羊驼|仓鼠|橘猫|布偶|柯基|金毛)"
_PHRASE = re.compile(
    f"(?:[一二两三四五六七八九][只条])?[大小胖橘黑白花]?{_BEAST}们?(?:的家|的窝|的?(?:奴隶?|主人|妈妈?|爸爸?|铲屎官|麻麻|仆人))"
    f"|爱[吃喝]{_HEAD}{{1,4}}的[小大胖]?(?:{_BEAST}|[猪虎龙羊鼠鱼鲸]|狐狸|老虎|恐龙)"
)
# 老汤: surnames that are food too; neither 小米 nor 小包.
_SURNAMED = re.compile("[老小][汤麻薄]|老[包贝]")
# As children are called; none of these is sold as a small one.
_CHILD = re.compile("小(?:蘑菇|苹果|草莓|芒果|柠檬|菠萝|冬瓜|栗子|豌豆|石榴)")
# Fruit, roots and snacks that people in a chat are called; far more than want them without a number where none is sold.
_CALLED_SO = frozenset(
    """
    荔枝 芒果 葡萄 石榴 橙子 桔子 橘子 小桔子 小橘子 柠檬 菠萝 樱桃 草莓 蓝莓 西瓜 椰子 柿子 板栗 栗子 杏仁 核桃 花生
    土豆 毛豆 豌豆 芋头 冬瓜 南瓜 小葱 小辣椒 奶茶 奥利奥 饼干 小饼干 包子 馒头 饺子 年糕 芋圆 糯米 奶酪 薯条 爆米花
    """.split()  # noqa: SIM905 -- words read better as words
)
_APART = frozenset(" ,，:：\n")


def is_pet_name(words: str, names: Collection[str]) -> bool:
    """`names`: of all that is on offer."""
    if words in _SWEET:
        return not any(_SWEETS_SOLD.search(name) for name in names) and _is_far(words, names)
    if _SURNAMED.fullmatch(words) or _CHILD.fullmatch(words):
        return _is_far(words[1:], names)
    little, doubled = _LITTLE.fullmatch(words), _DOUBLED.fullmatch(words)
    if doubled is not None:
        return not is_noun(words) and _is_far(words, names)
    return little is not None and _is_far(words[1:], names)


def is_sweet_name(words: str, names: Collection[str]) -> bool:
    """方糖, where everybody has a name and nobody sells sweets."""
    is_sold = any(_SWEETS_SOLD.search(name) for name in names)
    return is_sweet(words) and not is_sold and not is_of_a_kind_with(words, names)


def is_food_name(words: str, names: Collection[str]) -> bool:
    """荔枝, 奶茶 in a list of tofu: nobody here sells what it could mean."""
    fruit = KINDS["果"]
    is_fruit = any(one in words for one in fruit)
    is_sold = is_fruit and any(one in name for name in names for one in fruit)
    return words in _CALLED_SO and not is_sold and _is_far(words, names)


def phrase_end(text: str, at: int) -> int:
    """Where 三只猫的家, 爱吃草莓的小熊 ends, if nothing sticks to it; else 0."""
    match = _PHRASE.match(text, at)
    return match.end() if match and text[match.end() : match.end() + 1] in _APART else 0


def _is_far(words: str, names: Collection[str]) -> bool:
    """Neither a sign of it nor anything of its kind is on the menu."""
    signs = set(words) - set("子小")
    return not any(signs & set(name) for name in names) and not is_of_a_kind_with(words, names)

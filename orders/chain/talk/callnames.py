"""What neighbours call each other in a chat, where a name stands beside a door: 老K, 小灰灰, 隔壁老王, 小王88. Pure."""

from __future__ import annotations

import re

from communities.persons import SURNAMES, is_food, is_name, is_sure_nickname
from communities.things import names_a_thing

_ROLE = re.compile(
    "(?:团长|群主|楼长|楼组长|组长|药师|护士|司机|隔壁|邻居|对门|门卫|保安|物业|志愿者|单身汉|房东|租客|独居)(?:的|旁)?"
)
_CALLED = re.compile(
    rf"老[{''.join(sorted(SURNAMES))}]头|[老小阿](?:[大二三四五六七八九]|[A-Za-z]{{1,8}})|小([\u3400-\u9fff])\1"
)
# 小明, 大刘: two signs and no more are sure.
_SHORT = re.compile("[小大老阿][\u3400-\u9fff]")
_KIN = re.compile("[\u3400-\u9fffA-Za-z]{1,6}(?:妈|爸|妈妈|爸爸|妈咪|麻麻|奶奶|爷爷|外婆|外公)")
_NO_KIN = re.compile("老干妈|姨妈|[不要的和给帮]")
# 小毛豆家, 豆豆家; neither 大家 nor 农家.
_HOUSEHOLD = re.compile("(?:小[\u3400-\u9fff]{1,3}|([\u3400-\u9fff])\\1)家")
_NUMBERED = re.compile(r"(\D{2,8})\d{2,6}")
_AMOUNTS = frozenset("小大号家区时份包盒瓶箱袋件个只约概多少样板套概致的了些点概便型码罐听枚斤")
# Sweets and the like, which people are called in a chat far more often than they are written without a number.
_SWEET = frozenset(
    """
    方糖 糖糖 奶糖 糖豆 棉花糖 奶茶 汤圆 团子 豆豆 豆包 布丁 果冻 泡芙 曲奇 麻薯 慕斯 拿铁 摩卡 土豆 桃子 石榴 开心果
    松果 丸子 饭团
    """.split()  # noqa: SIM905 -- words read better as words
)
_MOST_ROLES = 2


def is_called(words: str) -> bool:
    """For words that stand alone beside a door, nowhere else."""
    words = words.strip()
    if (
        _HOUSEHOLD.fullmatch(words)
        or _is_short(words)
        or (_KIN.fullmatch(words) and not _NO_KIN.search(words))
    ):
        return True
    numbered = _NUMBERED.fullmatch(words)
    if numbered is not None:
        return is_name(numbered[1])
    for _role in range(_MOST_ROLES):
        if _CALLED.fullmatch(words):
            return not is_food(words)
        role = _ROLE.match(words)
        if role is None:
            return False
        words = words[role.end() :]
        if words and (is_name(words) or is_sure_nickname(words)):
            return True
    return False


def is_sweet(words: str) -> bool:
    """方糖, 汤圆: goods, and somebody's name where everybody has one."""
    return words in _SWEET


def _is_short(words: str) -> bool:
    """小明, 大刘; neither 小葱 nor 大号."""
    if _SHORT.fullmatch(words) is None or words[1] in _AMOUNTS:
        return False
    return not (is_food(words) or names_a_thing(words))

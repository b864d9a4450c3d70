"""Talk behind an order, known by its small words: of handing over, of who eats it, of when. Pure.

In 放一楼就行, 要母的 and 给志愿者喝的 nothing is ordered and nothing taken back. What could order, change or refuse,
what counts and what names a thing is no aside.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from communities.things import ends_as_a_thing, names_a_thing

FOLK = (
    "(?:小孩|孩子|小朋友|宝宝|小宝|娃|老人|老人家|爸妈|爷爷奶奶"
    "|家里人|家人|老公|老婆|朋友|同事|亲戚|客人|儿子|女儿|孙子|孙女)"
)
_TOLD = re.compile(
    f"(?:给?我?家?的?{FOLK}(?:们|都|最|很|今天)?(?:放假|回来|回家|来|来玩|来做客|爱吃|喜欢|喜欢吃|要吃|吃|喝|用|在家|馋|生日)[了的]?)"
    "|(?:周末|过年|过节|自己|自家|招待)?(?:走亲戚|送人|送礼|待客|招待客人|招待朋友|请客|聚餐|聚会|野餐|露营)[吃喝用]?的?"
    "|腿脚不便|腿脚不好|腿脚不方便|行动不便|行动不方便|(?:上次|以前|之前)?(?:买)?(?:的)?(?:质量|味道)?(?:很|真|超|太|特别|蛮|挺|都)?(?:好吃|不错|好用|新鲜|满意|灵)(?:了)?(?:的)?"
    "|(?:家里|上次的|都|已经|快|马上){0,2}(?:吃|用|喝)(?:完|光)了|新(?:搬来|来)的?(?:邻居)?"
    "|好期待|期待|支持(?:一下|团长|邻居)?|第一次(?:参团|接龙|买)|终于(?:开团|等到)了?|馋了|天热|天气热"
)
# 拿铁, 切糕 are things.
_SHORTEST = 3
_SPOKEN = re.compile(
    "[放送拿取喝吃收洗]|要[\u3400-\u9fff]{1,3}的$|麻烦|帮忙|可以$|就[行好]$|点[前后]|[早晚]上|[哦呀啦哈呢]$"
)
_CHANGING = re.compile(
    "先|已|收到|到[^家]{1,4}家|不|没|别|改|换|加|减|退|取消|少|多|另|再|还|错|漏|补|各|都|全|同|或|如果|要是|除|最好|只|订|买|定|代|替"
    "|[样种箱份袋盒包瓶斤罐桶听板提条个枚只片根块]"
)
_COUNTED = re.compile("[一二两俩三四五六七八九十百半几双](?!楼|下|点|起|直|定|层)")
# 明天送吗: an answer is waited for.
_ASKED = re.compile("[吗么嘛]$")
_ONE_OF_A_KIND = re.compile("要([\u3400-\u9fff]{1,3})的$")


def is_aside(words: str, names: Collection[str]) -> bool:
    """Whether these words, said behind goods and their number, are talk. `names`: of all goods on the menu."""
    if _TOLD.fullmatch(words):
        return True
    if (
        _ASKED.search(words)
        or not _SPOKEN.search(words)
        or _CHANGING.search(words)
        or _COUNTED.search(words)
    ):
        return False
    if len(words) < _SHORTEST or names_a_thing(words) or ends_as_a_thing(words):
        return False
    pairs = {words[place : place + 2] for place in range(len(words) - 1)}
    kind = _ONE_OF_A_KIND.search(words)
    signs = pairs | set(kind[1] if kind else "")
    return not any(sign in name for name in names for sign in signs)

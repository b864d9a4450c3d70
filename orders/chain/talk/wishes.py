"""Clauses behind an order that take nothing away and add nothing: handling, time, what it is for. Pure.

不要切 is a wish, 不要了 and 不要鸡蛋 are none. Nothing but the whole clause counts: 不要切片吐司 is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from orders.chain.line.token import MASK

_FOLK = (
    "(?:小孩|孩子|小朋友|宝宝|小宝|娃|老人|老人家|爸妈|爷爷奶奶"
    "|家里人|家人|老公|老婆|朋友|同事|亲戚|客人|儿子|女儿|孙子|孙女)"
)
_TOLD = re.compile(
    f"(?:给?我?家?的?{_FOLK}(?:们|都|最|很|今天)?(?:放假|回来|回家|来|来玩|来做客|爱吃|喜欢|喜欢吃|要吃|吃|喝|用|在家|馋|生日)[了的]?)"
    "|(?:周末|过年|过节|自己|自家|招待)?(?:走亲戚|送人|送礼|待客|招待客人|招待朋友|请客|聚餐|聚会|野餐|露营)[吃喝用]?的?"
    "|腿脚不便|腿脚不好|腿脚不方便|行动不便|行动不方便|(?:上次|以前|之前)?(?:买)?(?:的)?(?:质量|味道)?(?:很|真|超|太|特别|蛮|挺|都)?(?:好吃|不错|好用|新鲜|满意|灵)(?:了)?(?:的)?"
    "|(?:家里|上次的|都|已经|快|马上){0,2}(?:吃|用|喝)(?:完|光)了|新(?:搬来|来)的?(?:邻居)?"
    "|好期待|期待|支持(?:一下|团长|邻居)?|第一次(?:参团|跟团|接龙|买|团)|终于(?:开团|等到)了?|馋了|天热|天气热"
)
# 老太太要 五仁的: who at home wants it.
_AT_HOME = "(?:小孩|孩子|小朋友|宝宝|小宝|娃|老人家?|家里人|家人|老公|老婆|儿子|女儿|孙子|孙女)"
_WANTED_BY = re.compile(
    f"(?:我家|家里|我们家)?的?(?:{_AT_HOME}|老太太|老爷子|老头子?|老伴|媳妇|[大二小三]宝)们?(?:说|今天)?(?:就|最|也|很|特别|只|都)?(?:想?要|想吃|想喝|爱吃|爱喝|喜欢吃?|点名要)"
)
_CLAUSE = re.compile(f"[\u3400-\u9fff{MASK}]{{2,24}}")
_POLITE = "(?:谢谢|哦|噢|啊|哈|呀|啦|嘞|哟|拜托|谢谢团长)?"
_PLEASE = "(?:请|麻烦|记得|千万|一定)?"
# 不要压, 别切太碎, 不用剁; not a word of goods.
_HANDLED = re.compile(
    f"{_PLEASE}(?:不要|别|勿|不用|不必)(?:帮我|给我|太)?"
    "(?P<verb>切|压|剁|挤|摔|碰|按门铃|敲门|晒|剪|杀|拆|倒|斩)(?:开|碎|片|块|坏|到|掉|烂|箱|散|着)?(?:了)?"
    f"(?:太[大小薄厚碎熟生])?{_POLITE}"
)
# 不要辣, 不放葱: of what is no thing on offer.
_SPICED = re.compile(
    f"{_PLEASE}(?:不要|别|不)(?:太|放|加)(?P<verb>辣|咸|甜|油|葱|蒜|香菜|姜|冰)的?{_POLITE}"
)
_LATER = re.compile(
    f"{_PLEASE}(?:可以|能)?(?:晚|迟|早|慢)(?:一?点|些)儿?再?(?:送|拿|来拿|来取|取|送来|送到|没事|没关系)(?:也行|没事|没关系|都行|就行|好了|可以)?{_POLITE}"
)
# A question that does not ask about goods.
_BROUGHT = re.compile(
    "(?:腿脚不便|腿脚不好|腿脚不方便|行动不便|老人在家)?(?:能不能|能否|可不可以|可以|能|麻烦)?(?:帮忙)?送(?:上门|上来|上楼|到家|到门口)(?:一下)?[吗嘛么]?"
)
_AT_DOOR = re.compile(
    f"{_PLEASE}(?:放|搁|挂|摆)(?:在|到)?{MASK}+(?:室|家)?(?:的)?(?:门口|门前|门外|家门口)(?:的)?(?:鞋柜|鞋架|架子|柜子|椅子|凳子|地上|箱子|把手)?(?:上|里|旁边|旁|边上)?(?:就好|就行|即可)?{_POLITE}"
)
_DAY = "(?:早上|上午|中午|下午|傍晚|晚上|白天|周末|全天|一天)"
_FETCHED = re.compile(
    f"(?:(?:我|{_FOLK}|阿姨|保姆|钟点工|物业)?(?:自己)?(?:下班|等会|待会|晚上|回来)?(?:再)?(?:来|去|下楼|下来|过来)(?:拿|取))(?:就行|就好|可以)?{_POLITE}"
    f"|(?:早上|上午|中午|下午|傍晚|晚上|白天){_POLITE}|{_DAY}(?:都)?(?:不?在家|家里有人|有人在家)的?|(?:都|一直)?在家的?|家里有人|随时(?:都)?(?:可以|行|在家)"
    f"|{_DAY}(?:再)?(?:送|送来|来拿|来取)(?:就行|就好|可以|都行)?{_POLITE}"
    "|有事(?:微信|电话|打电话)?(?:联系)?我?|电话联系|(?:到了|送前|送之前|到货)(?:请)?(?:喊|叫|微信|打电话|电话|通知|说)(?:我|一声|一下)?(?:一声|一下)?"
)
# 杀好, 切块, 分开装: with nothing of that name on offer.
_PREPARED = re.compile(
    f"{_PLEASE}(?:帮忙|帮我)?(?:(?:请)?(?P<verb>杀|切|剁|斩|洗|刮|绑)(?:好|块|片|段|丝|丁|小块|大块|薄片|厚片|厚点|薄点|小点|大点|一下|干净)(?:绳子)?){{1,2}}{_POLITE}"
    f"|{_PLEASE}(?:帮我)?(?:分开|分两袋|单独)装{_POLITE}"
    f"|{_PLEASE}(?:要|挑|选|拣|拿)(?P<size>[宽大小红绿熟生肥瘦嫩老甜软硬厚薄公母雌雄热冷冰])一?点?儿?的{_POLITE}"
)
_FORMS = (_HANDLED, _SPICED, _LATER, _BROUGHT, _AT_DOOR, _FETCHED, _PREPARED)


def wanted_by_end(text: str, at: int) -> int:
    """Where 老太太要 ends that begins here; 0 if there is none."""
    match = _WANTED_BY.match(text, at)
    return match.end() if match is not None else 0


def wish_at(text: str, at: int, names: Collection[str], *, is_last: bool) -> int:
    """Where a clause of these ends that begins here; 0 if there is none. `names`: of all goods; `is_last`: goods and
    how many were said before.
    """
    clause = _CLAUSE.match(text, at)
    if clause is None:
        return 0
    words = clause[0]
    is_counted = text[clause.end() : clause.end() + 1].isalnum()
    if is_counted or (MASK in words and MASK not in text[:at]):
        return 0  # how many of something; the only door there is
    for form in _FORMS:
        match = form.fullmatch(words)
        if match is not None:
            told = [sign for sign in match.groupdict().values() if sign]
            is_goods = any(sign in name for name in names for sign in told)
            return 0 if is_goods else clause.end()
    return clause.end() if is_last and _TOLD.fullmatch(words) else 0

"""Clauses that are talk and order nothing: 家里有宝宝, 先不要送上楼, 明早能到吗, 给我妈冻起来的. Pure.

A clause is talk by its structure: nearly all of it are small words, at least one of them a verb, a pronoun, a time or
a place; nothing in it counts, orders, changes or refuses, and nothing names a thing to buy.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from communities.things import ends_as_a_thing, is_noun, names_a_thing
from orders.chain.talk.brackets import tells_a_kind
from orders.chain.talk.small_words import cover, is_small, is_spice, without_long
from orders.chain.talk.undoing import undoes

# What makes a clause more than talk: an order, a change, a refusal, a condition, a share.
_GRAVE = re.compile(
    "最好(?:是|要|来|换)|分(?!开|装|钟|量|享|别|类)|等通知|占个?[位坑]|[上前]面的?不?算|为准|重新?|忘|留|一人一|贵|便宜"
    "|同(?!事|学|意)|退|取消|撤|删|换|改|减|追加|补|另|错|漏[了订]|重复|作废|算了|不算|不要了|不需要|不订|不买|不用了|勿要|没了|没有|有了|不了$|不够"
    "|再(?!送|拿|取|来拿|来取|付|见|次感谢|次谢谢|打|联系|放|下去|下来|上来)"
    "|加(?!油|热|班|冰|微信|群)|(?<!有点)(?<!这么)(?<!那么)(?<!好)(?<!太)多(?!(?<=[人口子孩水汁叶西]多)$|(?:一?点)?的$|谢|放冰|放点冰|亏|关照|支持|包涵|谅解|担待|指教|多)|少(?!放|冰|糖)"
    "|还(?!在|没到|是(?:小|很|送|放|自|拿|楼)|不错|不会)|如|要是|若|万一|或|要么|的话|缺|剩"
    "|看看|下次|下回|改天|下周|下期|下一|暂|待定|等等|考虑|一样|同上|同款|照旧|半|各|每|全部|全要|都要|都来|其[他它余]|除"
    "|有吗|还有|有没有|多少|几(?!点|时)|库存|钱(?!.{0,4}(?:转|付|给|发))|元|优惠|价|至少|至多|最多|最少|以内|左右|大概|差不多|代(?!的$|购)|替(?!.{1,4}的$)"
    "|最后|别算|接错|写|发错(?!.*)"
)
# 上次的牛腱很嫩: of what was.
_CHINESE = re.compile("[\u3400-\u9fff]")
_PRAISE = re.compile(
    "(?:上次|上回|之前|以前|昨天|上周)(?:的|买的|那个)?.{1,8}(?:很|太|真|超|特别|蛮|挺|不错|好吃|好喝|好用|新鲜)"
)
# 不要发芽的, of what nobody wants.
_WITHOUT = re.compile("(?:不要|别要?|别给)(?:那种|太)?([\u3400-\u9fff]{1,4})的(?:哦|啊|哈|谢谢)?")
# 送长辈, 给孙子吃的: for whom it is, who lives there or does not.
_GIVEN = re.compile(
    "(?:送给?|孝敬|寄给|带给|给)(?![我你])([\u3400-\u9fff]{1,4}?)(?:的|[吃用喝买囤]的?)?"
)
# 要花苞多一点的: what kind of it.
_QUALITY = re.compile(
    "(?:要|挑|选|拣|拿)(?P<of>[\u3400-\u9fff]{0,4}?)[大小多少长短厚薄肥瘦嫩老熟生硬软甜新高矮宽窄粗细鲜红绿紧满]一?点儿?的?"
)
_TASTE = re.compile("(?:要|不要太|不太|[不微少中特免])[辣甜咸油酸麻](?:的|一点|一点的)?")
_WRITTEN = re.compile('写(?!错)(?:上|个|着|一下)?["“‘]?[^"”’\\d]{1,14}["”’]?$')
_COUNT = re.compile(
    r"(?:\d|[一二两俩三四五六七八九十百])\s?(?:个(?!人|月|小时|钟)|[份包袋盒箱瓶罐斤只条件提桶板把颗根块片听支双套样种串杯卷打对枚粒筐]|公斤|千克|kg|g|ml|升|l)"
)
# Digits that count days, hours, floors and people.
_TIMES = re.compile(
    r"\d{1,3}(?:(?::\d{2}|点\d{0,2}(?:分|半)?)(?:钟|前|后|以?前|以?后|左右)?|天|号(?:前|后|到|送)|楼|层|岁|分钟|小时|个月|个人|个小时|月|日|年|口人|周|点钟)"
    r"|一点(?:半|钟|前|后|到|送)|[二两三四五六七八九十][一二三四五六七八九十]{0,2}点(?:半)?(?:钟)?(?:前|后)?|[一二两三四五六七八九十]{1,3}(?:天|楼|层|岁|分钟|小时|个月|个人|个小时|口人|周)"
)
# To get something: followed by a thing it orders, followed by a verb or a quality it does not.
_GETTING = re.compile(
    "(?:想要|需要|要)(?!刚|新|放|送|拿|取|切|剁|斩|绞|杀|去|上班|出门|下楼|熟|新鲜|好|大[一的点]|小[一的点]|硬|软|嫩|甜|肥|瘦|母的|公的|吃|用|喝|煮|做|压|轻|小心|宽|厚|薄|红|绿|生|老[一的点]|敲|按|打|叫|早|晚|冻|冷藏|分开|到|回|隔离|上学|住院|看|急|谢|麻烦)"
    "|(?<![回下上过出起到送拿本原起])来(?!拿|取|的|了|不及|得及|玩|做客|家|我家|客人|亲戚)|买(?!的|过|了|菜|东西)|[订定](?!的|过)|想[吃喝用](?!$|[的了])|求(?!快|助)|团(?!长|友|购|里|员)|购"
)
_REFUSED = re.compile(
    "(?:不要(?:放|加)?|[别不少多](?:放|加)|不吃|不能吃|去掉|不带)(?:太多|一?点儿?)?的?([\u3400-\u9fff]{1,3})$"
)
_PURPOSE = re.compile(
    "(?:烧|煮|冲|泡(?![面椒菜芙])|做|炖|煲|炒|蒸|包)[\u3400-\u9fff]{1,4}[用吃喝]的?$"
)
_COOKED = re.compile(
    "[绞切剁斩]成?(?:肉|小|大|厚|薄|细|粗)?(?:丝|片|块|丁|段|末|糜|泥|馅|条|茸)|磨成?(?:细|粗)?粉"
    "|做[\u3400-\u9fff]{1,4}|包(?:饺子|馄饨|粽子|包子)|(?:炖|煲|煮|烧)(?:汤|粥|菜)[用吃喝]?的?|涮火?锅子?|(?:要|不要)带[\u3400-\u9fff]{1,2}的"
    "|(?:包|做|炖|煮|煲|烧|炒|下|煎|蒸|烤|泡(?![面椒菜芙])|冲|熬|拌)[\u3400-\u9fff]{1,4}(?:吃|用|喝|吃的|用的|喝的)"
)
_TOLD = "(?:不要|别|勿|不用|不必|先别|先不要)"
_HANDLING = "(?:[放送切压剁挤摔碰磕按敲打晒剪杀拆倒斩洗堆挂叫吵催丢弄给让扔抖磨混叠颠拿太有破坏烂碎冻]|上楼)"
_WISHED = re.compile(f"{_TOLD}{_HANDLING}")
_POLITE_START = re.compile("(?:家里|自己|周末|晚上|请|麻烦|拜托|帮我|帮忙|给我|可以|能){1,3}")
_POLITE_END = re.compile(
    "(?:谢谢|谢啦|多谢|感谢|辛苦了?|麻烦了|拜托了?|么么哒)?(?:团长|群主|大家|老板|您|你)?$"
)
# 各位明天来拿: said to everybody.
_EVERYBODY = re.compile("(?:各位|大家|邻居们|亲们)(?:邻居|家人|朋友)?们?")
# 大号的哈哈, 甜的呀: which of it, with a laugh.
_LAUGHED = re.compile("[\u3400-\u9fff]{1,3}的[呀哈嘻嘿啦]{1,4}")
_ASKS = re.compile("[吗嘛么?]$")
_DELIVERY = re.compile("到|送|拿|取|发货|开门|下班")
# Of so few signs none may be strange: 打火机.
_LEAST, _FEW, _SHARE = 3, 4, 0.5
_FEWEST, _SPOKEN_SHARE = 2, 0.35
_SPOKEN = re.compile("(?<![不有没要订买加来])了$|太.{1,3}了|急用|[很真]")


def is_talk(words: str, names: Collection[str]) -> bool:
    """Whether this clause, all between two breaks, is talk. `names`: of all goods on the menu, two signs and more."""
    words = _EVERYBODY.sub("", words.strip(), count=1) if _EVERYBODY.match(words) else words.strip()
    if undoes(words) or _LAUGHED.fullmatch(words):
        return False
    if _PRAISE.match(words) and not (_GRAVE.search(words) or re.search(r"\d", words)):
        return True
    refused = _REFUSED.search(words)
    if refused is not None and any(refused[1] in name for name in names):
        return False
    if any(name in words for name in names):
        return False
    return _is_talk(words)


def without_times(words: str) -> str:
    """With 今天 for 8点后, 三天, 80岁 and the like."""
    return _TIMES.sub("今天", words)


@lru_cache(maxsize=4_000)
def _is_talk(words: str) -> bool:
    bare = _WISHED.sub("放", _WRITTEN.sub("生日快乐", without_times(words)))
    if re.search(r"\d", bare) or _COUNT.search(bare) or _CHINESE.search(words) is None:
        return False
    wish = _POLITE_END.sub(
        "", _POLITE_START.sub("", bare, count=1) if _POLITE_START.match(bare) else bare
    )
    if any(is_form(one) for one in (bare, wish) for is_form in _FORMS):
        return True
    is_open = _REFUSED.search(bare) is None and len(words) >= _LEAST
    return is_open and not asks(bare) and _is_all_small(bare)


def _refuses_spice(words: str) -> bool:
    """不要葱, 少放点盐, with hardly a word before it."""
    match = _REFUSED.search(words)
    is_whole = match is not None and match.start() <= _FEWEST
    return (
        match is not None
        and is_whole
        and is_spice(match[1])
        and not names_a_thing(words[: match.start()])
    )


def _is_given(words: str) -> bool:
    match = _GIVEN.fullmatch(words)
    return match is not None and is_small(match[1]) and _GRAVE.search(words) is None


def _is_without(words: str) -> bool:
    match = _WITHOUT.fullmatch(words)
    if match is None or names_a_thing(match[1]) or ends_as_a_thing(match[1]):
        return False
    return not (tells_a_kind(match[1]) or _GRAVE.search(match[1]))


def _is_taste(words: str) -> bool:
    return _TASTE.fullmatch(words) is not None


def _is_cooked(words: str) -> bool:
    """切片, 切片涮锅."""
    first = _COOKED.match(words)
    return first is not None and (
        first.end() == len(words) or _COOKED.fullmatch(words, first.end()) is not None
    )


def _tells_of_quality(words: str) -> bool:
    match = _QUALITY.fullmatch(_POLITE_END.sub("", words))
    is_plain = match is not None and not (names_a_thing(match["of"]) or _GRAVE.search(match["of"]))
    return is_plain and len(words) > _LEAST


_FORMS = (_is_without, _refuses_spice, _is_given, _is_cooked, _is_taste, _tells_of_quality)


def asks(words: str) -> bool:
    """For something, or whether there is something; not when it comes."""
    if _GRAVE.search(words) or _GETTING.search(words) or "不要" in words:
        return True
    return _ASKS.search(words) is not None and not _DELIVERY.search(words)


def _is_all_small(words: str) -> bool:
    if names_a_thing(without_long(_COOKED.sub("做", words))):
        return False
    words = _PURPOSE.sub("做", words)
    covered, is_strong, rest = cover(words)
    if not is_strong or is_noun(rest) or any(ends_as_a_thing(sign) for sign in rest):
        return False
    share = _SPOKEN_SHARE if _SPOKEN.search(words) else _SHARE
    return covered >= (share if len(words) > _FEW else 1) * len(words)

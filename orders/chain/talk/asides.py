"""Clauses behind a complete order that tell how things are: 家里来客人啦, 双胞胎哈哈, 空桶4只已放门口. Pure.

A clause of its own is such an aside if it is spoken (a particle ends it, or somebody or a time begins it) and no sign
in it can order, take back, count, share, move or name a thing.
"""

from __future__ import annotations

import re
import unicodedata

from communities.persons import is_brand, is_food
from communities.things import ends_as_a_thing, names_a_thing
from orders.chain.names.menu import Menu
from orders.chain.talk.brackets import tells_a_kind
from orders.chain.talk.small_words import cover, is_spice, without_long
from orders.chain.talk.talk import asks, without_times
from orders.chain.talk.undoing import undoes

_PARTICLE = re.compile("(?:死了|了|啦|咯|喽|哟|呀|哈{1,4}|嘻嘻|嘿嘿|呜呜|嘤嘤){1,3}$")
_TRIED = re.compile(
    "[我想]{0,2}(?:对比|比较|尝|试吃|庆祝|犒劳自己|解馋|期待|支持)一下(?:[啦哈呀])?"
)
_TOLD_BY = re.compile(
    "(?:我家?|我们家?|家里|今[天晚]|明[天晚早]|早上|中午|下午|晚上|周末|孩子|宝宝|小孩)"
)
# Signs that may order, take back, change, share, pay, move, or say that something was had already.
_GRAVE = re.compile(
    "[不没别免罢错改换退撤消减加补少多另翻倍除各每全都半更替代帮给让送转付款钱价订买卖购接拿取领抢占等留停搬移升降缺漏欠算份号单同楼邻舍"
    "他她它借还拼合团批套]|别人|人家|过期|对门|隔壁|朋友的|家的|[订定]的?了|要(?!过|下雪|下雨|考试|开学|上班)"
)
_ONE_LEFT = re.compile("[只就]剩")
_AT_ONCE = re.compile("急{1,3}|[很好太]急|着急|急用|急需|救急|馋|饿")
_EMPTY = re.compile(
    "(?:还?有)?空[桶瓶箱盒筐罐](?:\\d{1,2}|[一二两三四五六七八九十]{1,2})?[只个桶瓶箱盒筐罐]?"
    "(?:已经?|都|就)?(?:放|摆|搁|在|挂)[\u3400-\u9fff]{1,6}"
)
_CHINESE = re.compile("[\u3400-\u9fff]{3,24}")
# 一勺, 一直: no count of what is sold; 一个 and whatever ends the clause is one.
_NUMERAL = re.compile("[一二两俩三四五六七八九十百](?![直起勺口点些下])")
_LEAST, _SHARE = 4, 0.5


def bare_clause(words: str) -> str:
    """Without the pictures at its end."""
    while words and (unicodedata.category(words[-1]) in {"So", "Sk"} or words[-1] in "~～.…"):
        words = words[:-1]
    return words


def is_aside(words: str, menu: Menu) -> bool:
    if _AT_ONCE.fullmatch(words):
        return True
    if undoes(words) or any(name in words for name in menu.words):
        return False
    if _EMPTY.fullmatch(words):
        return True
    if _names_goods(words, menu):
        return False
    said = _ONE_LEFT.sub("", without_times(words))
    if _CHINESE.fullmatch(said) is None or _GRAVE.search(said) or asks(said):
        return False
    return (
        not _NUMERAL.search(_PARTICLE.sub("", said))
        and _is_spoken(said)
        and not _tells_of_a_thing(said)
    )


def _names_goods(words: str, menu: Menu) -> bool:
    """By one sign, or nearly."""
    if any(sign in menu.short for sign in words):
        return True
    return menu.guesser.guess(_PARTICLE.sub("", words)) is not None


def _is_spoken(said: str) -> bool:
    """By its end, or by its beginning and small words in it."""
    if _TRIED.fullmatch(said):
        return True
    ending = _PARTICLE.search(said)
    if ending is not None and (ending.start() > 1 or cover(said[: ending.start()])[1]):
        return True
    begins = _TOLD_BY.match(said)
    covered = cover(said)[0]
    return begins is not None and len(said) >= _LEAST and covered >= _SHARE * len(said)


def _tells_of_a_thing(said: str) -> bool:
    body = _PARTICLE.sub("", said)
    rest = cover(body)[2]
    if (
        body.endswith("的")
        or names_a_thing(without_long(body))
        or ends_as_a_thing(body)
        or tells_a_kind(body)
    ):
        return True
    return is_brand(body) or is_food(rest) or is_spice(body)

"""What goods are for, and why no other kind: 在家做蛋糕, 摩卡壶用, 牙齿不好吃不了肉的. Pure.

Said behind goods and how many; nothing in it may be on the menu, nor what one cannot eat be in what was ordered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from communities.things import is_noun
from orders.chain.line.token import Token
from orders.chain.names.menu import Menu
from orders.chain.names.naming import plain
from orders.chain.talk.homely import FOLK
from orders.chain.talk.serving import ordered

_PART = "(?:牙齿?|牙口|肠?胃|血[糖压脂]|尿酸|痛风|膝盖|腰|腿脚?|眼睛|耳朵)"
_NOT_EATEN = re.compile(
    f"(?:{FOLK}的?)?{_PART}(?:不好|不行|疼|高)?(?:的)?(?:{FOLK})?[吃咬嚼喝]不(?:了|动|惯|得|来)(?:太|很)?(?P<of>[\u3400-\u9fff]{{1,3}}?)的?"
)
_MADE = re.compile(
    "(?:在家|自己|周末|今天|今晚|晚上|中午|明天|回家|准备|打算|用来|给(?:孩子|小孩|宝宝|老人|家里人)){1,3}做(?P<of>[\u3400-\u9fff]{1,4}?)(?:[用吃喝]的?|[啦哈呀])?"
)
_MEAL = frozenset({"饭", "菜", "汤", "粥", "早饭", "午饭", "晚饭", "早餐", "辅食", "点心", "甜品"})
_TOOL = re.compile("[\u3400-\u9fff]{0,3}(?:壶|锅|烤箱|[炸煎]锅|破壁机|面包机|豆浆机|咖啡机)用的?")


def tells_what_for(words: str, tokens: Sequence[Token], menu: Menu) -> bool:
    """`tokens`: those of the line before it."""
    if any(name in words for name in menu.words):
        return False
    uneaten = _NOT_EATEN.fullmatch(words)
    if uneaten is not None:
        said = [menu.goods[key] for key in ordered(tokens)]
        meant = plain("".join(f"{one.name}{one.spec}" for one in said))
        return bool(said) and not set(uneaten["of"]) & set(meant)
    made = _MADE.fullmatch(words)
    if made is not None:
        return is_noun(made["of"]) or made["of"] in _MEAL
    tool = _TOOL.fullmatch(words)
    return tool is not None and not any(words[:-1] in one.name for one in menu.goods.values())

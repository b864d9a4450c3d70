"""Words that say another thing of goods than their name does: 冰美式1 要热的, 拿铁2 冰1热1, 牛奶1 2个月. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from orders.chain.amounts.periods import is_by_time
from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

_MANNER = "(?:都|全|要|换|来|改|喝|[一二两三四五六\\d][杯份个])*"
_OTHERS = (
    ("冰", re.compile(f"{_MANNER}[热温烫][的饮]?")),
    ("热", re.compile(f"{_MANNER}(?:[冰冷凉][的饮块]?|加冰)")),
)
_SERVED = frozenset({"冰", "热", "温", "冷"})
_MONTHS = re.compile("([2-9]|1\\d|[二两三四五六七八九十])个月")
_BY_MONTH = frozenset({"月", "个月"})


def doubt_contrary(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> None:
    """Asked about, as either may be what is wanted."""
    goods, number = None, None
    for before, token in pairwise(tokens):
        if token.kind == Kind.GOODS and token.named is not None:
            if _is_bun(token, menu) or (goods is not None and _is_served(goods, token)):
                wanted.doubt("partly_named", words=token.text, goods=_name(token, menu))
            elif goods is not None and _is_one_of(goods, before, token, menu):
                wanted.doubt("which_number")
            goods = token
        elif token.kind == Kind.NUMBER:
            number = token
        elif token.kind == Kind.NOTE and goods is not None:
            words = token.text.strip("()[]【】")
            is_long = _MONTHS.fullmatch(words) is not None and _is_by_month(goods, number, menu)
            if is_long or _is_other(words, _name(goods, menu)):
                wanted.doubt("words_unexplained", words=words)


def _is_served(goods: Token, token: Token) -> bool:
    """冰1 behind 拿铁2: two of them with ice, or 冰美式? 冰1热1 by themselves are codes."""
    return token.text in _SERVED and goods.text not in _SERVED


def _is_bun(token: Token, menu: Menu) -> bool:
    """猪肉包子, 菜肉包 of 猪肉包 5斤, 蔬菜包 8斤: what one steams, and a bag of something."""
    said, name = token.text, _name(token, menu)
    is_other = (said.endswith("包子") and name.endswith("包")) or (
        said.endswith("肉包") and name.endswith("菜包") and "肉" not in name
    )
    return is_other and any("包子" in one.name or "肉" in one.name for one in menu.goods.values())


def _is_one_of(goods: Token, before: Token, token: Token, menu: Menu) -> bool:
    """一听无糖 behind 可乐2: one of those, or one more, where 无糖可乐 is on the menu."""
    is_glued = before.kind == Kind.NUMBER and before.end == token.start and bool(before.unit)
    first, second = _name(goods, menu), _name(token, menu)
    return is_glued and first != second and first in second and first not in token.text


def _is_by_month(goods: Token, number: Token | None, menu: Menu) -> bool:
    keys = goods.named.keys if goods.named is not None else ()
    is_said = number is not None and number.unit in _BY_MONTH
    return not is_said and any(is_by_time(menu.goods[key].unit) for key in keys)


def _is_other(words: str, name: str) -> bool:
    return any(sign in name and form.fullmatch(words) for sign, form in _OTHERS)


def _name(token: Token, menu: Menu) -> str:
    keys = token.named.keys if token.named is not None else ()
    return menu.goods[keys[0]].name if len(keys) == 1 else ""

"""Which thing on offer a line of a price list is about, and not which it only mentions. Pure.

B套餐 80元：A套餐全部，另加五花肉 is B套餐; 肉包（含蔬菜包） is 肉包; 番茄酱 is no 番茄.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from communities.persons import FOOD
from communities.things import ends_as_a_thing, names_a_thing
from orders.chain.line.folding import fold, low
from orders.chain.names.goods import Goods, Named, Trust
from orders.chain.names.menu import Menu
from orders.chain.names.naming import plain
from orders.chain.names.numbered import number_in

_SHORTEST = 2
_CHINESE = re.compile("[\u3400-\u9fff]")
_RUN = re.compile("[\u3400-\u9fff]*")
_BRACKET = re.compile(r"[(\[【][^)\]】]{0,60}[)\]】]")
_PRICE = re.compile(
    r"[¥￥]\s?\d{1,6}(?:\.\d{1,2})?|\d{1,6}(?:\.\d{1,2})?\s?(?:元|块钱|块(?!豆|肉)|rmb)"
)
# What follows is given along, is in it, or is compared with it.
_ENDS = re.compile("[:,;。=]|[送赠含配买]|比(?!萨|目)|另|内有|包括|共有")
# A套餐 in front: what stands behind its colon is in it.
_SET = re.compile("[(\\[【]?(?:[a-z]|[甲乙丙丁戊己庚辛])(?:套餐|套|款|餐)")
# 青菜2斤+番茄, 青菜、番茄: several things, none of which is the line's.
_ALSO = re.compile(
    "[^+&、,:;(\\d\u3400-\u9fff]?(?:\\d{1,4}[^+&、,:;\\s]{0,2})?\\s?[+&、]\\s?[\u3400-\u9fff]"
)
# 青菜约2斤, 鸡蛋一板: how much of it.
_COUNTED = re.compile("[一二两三四五六七八九十半每约净共大中小各]")
_PACKED = re.compile("[盒袋箱桶瓶罐包提套份装斤件板个只]{1,2}|礼盒|礼包|礼篮|套餐|组合|整箱|刺身")


@dataclass(frozen=True, slots=True)
class Meant:
    """`keys`: the goods a line is about, none where it tells of another thing; `over`: signs of its name that are not
    theirs.
    """

    keys: tuple[int, ...] = ()
    over: int = 0

    @property
    def key(self) -> int | None:
        return self.keys[0] if len(self.keys) == 1 else None


def is_set(line: str) -> bool:
    """A套餐 in front, code and all: what stands behind a colon is in it."""
    return _SET.match(low(fold(line))) is not None


def meant_by_line(text: str, menu: Menu, *, is_set: bool = False) -> Meant | None:
    """What a line is about, its code aside: the longest name in its head. None if its head names nothing on offer."""
    small = low(fold(text))
    best: tuple[Named, int] | None = None
    for start in _head(small, menu, is_set=is_set):
        named = menu.named_at(small, start)
        if named is None or named.end - start < _SHORTEST:
            continue
        if best is None or named.end - start > best[0].end - best[1]:
            best = named, start
    if best is None:
        return None
    named, start = best
    rest = _RUN.match(small, named.end)
    behind = rest[0] if rest is not None else ""
    if _ALSO.match(small, named.end) or _is_another(named, behind) or _is_unsure(named):
        return Meant()
    before = len(_CHINESE.findall(_BRACKET.sub("", small[:start])))
    return Meant(named.keys, before + (0 if _COUNTED.match(behind) else len(behind)))


def _is_unsure(named: Named) -> bool:
    return named.trust > Trust.GOOD and len(named.keys) == 1


def called_so(code: str, menu: Menu) -> int | None:
    """B of B套餐, 2 of 套餐二: what bears the code in its own name."""
    if code.isdigit():
        named = {number_in(plain(one.name)): one.key for one in menu.goods.values()}
        return named.get(int(code)) if int(code) else None
    return menu.letters.get(code)


def is_priced_so(fen: int | None, one: Goods) -> bool:
    return fen is None or fen == one.price_fen


def head_of(text: str, menu: Menu) -> str:
    """The words of a line before it tells what is in it, brackets and prices aside."""
    small = low(fold(text))
    return "".join(small[place] for place in _head(small, menu))


def _head(text: str, menu: Menu, *, is_set: bool = False) -> list[int]:
    """Places in a folded line at which the name of what it is about may begin."""
    places: list[int] = []
    at, is_named = 0, False
    while at < len(text):
        price = _PRICE.match(text, at)
        skipped = price or (_BRACKET.match(text, at) if is_named else None)
        if price is not None and is_named:
            break
        if skipped is not None:
            at = skipped.end()
            continue
        if _ENDS.match(text, at) and (is_named or is_set or text[at] not in ":。"):
            named = menu.named_at(text, at)
            if named is None or named.end - at < _SHORTEST:
                break
        places.append(at)
        is_named = is_named or _CHINESE.match(text, at) is not None
        at += 1
    return places


def _is_another(named: Named, behind: str) -> bool:
    """番茄酱 of 番茄, 豆沙包 of the 豆沙粽 on offer."""
    if not behind:
        return False
    if named.trust != Trust.EXACT:
        return True
    if _PACKED.fullmatch(behind) or _COUNTED.match(behind):
        return False
    return ends_as_a_thing(behind) or behind[-1] in FOOD or names_a_thing(behind)

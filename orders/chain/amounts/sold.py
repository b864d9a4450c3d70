"""What tells by how it is sold which thing is meant: 海苔两罐, 羊肉十串, 猫砂1箱 of the bag and the box. Pure."""

from __future__ import annotations

import re

from orders.chain.amounts.bulk import measures_in
from orders.chain.amounts.units import fits, packs
from orders.chain.line.folding import low
from orders.chain.line.token import Token
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.names.variants import family_of

_VESSELS = frozenset("瓶罐桶支提听卷")
_SKEWER = "串"
_FORMS = frozenset("串卷条块片棒")
_SEVERAL = 2
# Said of whatever is sold, or written where nothing is printed.
_ANY = frozenset({"", "份", "套", "组", "单"})
_WEIGHED = re.compile(r"\d\s?(?:g|kg|克|公斤|斤|两)|斤")


def is_sold_so(goods: Token, number: Token | None, menu: Menu) -> bool:
    """海苔两罐 of 海苔脆, 羊肉十串 of 羊肉串: what comes so is nothing that is only made of it. 羊肉15 too, where
    nothing on the menu is weighed. Not 牛奶2包 of 牛奶面包.
    """
    if number is None or goods.named is None:
        return False
    one = menu.goods[goods.named.keys[0]]
    is_called_so = one.unit in _FORMS and low(f"{goods.text}{one.unit}") in low(one.name)
    if number.unit == one.unit:
        return one.unit in _VESSELS or is_called_so
    return not number.unit and is_called_so and one.unit == _SKEWER and not _weighs(menu)


def told_by_unit(goods: Token, number: Token | None, menu: Menu) -> int | None:
    """猫砂1箱 of what comes by the bag and by the box: the one that is sold so, where the other cannot be. A box of
    可乐 2L and 330ml may be either; 椰青4个1箱 both.
    """
    keys = goods.named.keys if goods.named is not None else ()
    if number is None or not number.unit or len(keys) < _SEVERAL:
        return None
    is_beside = 0 <= number.start - goods.end <= 1 or 0 <= goods.start - number.end <= 1
    family = family_of(keys, menu.families)
    if not is_beside or family is None or all(measures_in(m) for m in family.marks.values()):
        return None
    offers = [menu.goods[key] for key in keys]
    sold = [one.key for one in offers if one.unit == number.unit]
    others = [one for one in offers if one.key not in sold]
    return sold[0] if len(sold) == 1 and not any(_may_be(number, one) for one in others) else None


def _may_be(number: Token, one: Goods) -> bool:
    words, unit = f"{one.name} {one.spec}".lower(), one.unit.lower()
    if packs(number.value, number.unit, unit, words) is not None:
        return True
    is_any = bool({number.unit, unit} & _ANY)
    return is_any and fits(number.unit, unit, words, one.name.lower())


def _weighs(menu: Menu) -> bool:
    return any(_WEIGHED.search(f"{one.name} {one.spec} {one.unit}") for one in menu.goods.values())

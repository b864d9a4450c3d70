"""What tells by how it is sold which thing is meant: 海苔两罐, 羊肉十串, 猫砂1箱 of the bag and the box. Pure."""

from __future__ import annotations

import re

from orders.chain.amounts.bulk import measures_in
from orders.chain.amounts.units import fits, packs
from orders.chain.line.token import Token
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.names.variants import family_of

_VESSELS = frozenset("瓶罐桶支提听卷")
_SKEWER = "串"
_SEVERAL = 2
_WEIGHED = re.compile(r"\d\s?(?:g|kg|克|公斤|斤|两)|斤")


def is_sold_so(number: Token | None, one: Goods, menu: Menu) -> bool:
    """海苔两罐 of 海苔脆, 羊肉十串 of 羊肉串: what comes so is nothing that is only made of it. 羊肉15 too, where
    nothing on the menu is weighed.
    """
    if number is None:
        return False
    ends_so = one.name.endswith(one.unit) and bool(one.unit)
    if number.unit == one.unit:
        return one.unit in _VESSELS or ends_so
    return not number.unit and ends_so and one.unit == _SKEWER and not _weighs(menu)


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
    return fits(number.unit, unit, words, one.name.lower())


def _weighs(menu: Menu) -> bool:
    return any(_WEIGHED.search(f"{one.name} {one.spec} {one.unit}") for one in menu.goods.values())

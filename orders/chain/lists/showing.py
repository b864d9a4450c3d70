"""What a list shows of the menu it is made from: all of it, a part, or nothing; with numbers or without. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from orders.chain.lists.layout import Layout
from orders.chain.lists.pricelist import named_keys
from orders.chain.names.menu import Menu
from orders.chain.names.naming import plain
from orders.chain.names.numbered import number_in

_FEW = 3


def shows_a_part(codes: Mapping[str, int | None], layout: Layout, menu: Menu) -> bool:
    """Some goods stand around the entries and others do not: nobody knows what 全部 is."""
    return 0 < len(_shown(codes, layout, menu)) < len(menu.goods)


def is_numbered(codes: Mapping[str, int | None], layout: Layout, menu: Menu) -> bool:
    """The list gives its goods numbers, or does not show them, so that the menu it is made from may."""
    if any(code.isdigit() for code in codes) or menu.only is not None:
        return True
    if any(number_in(plain(one.name)) for one in menu.goods.values()):
        return True
    shown = _shown({}, layout, menu)
    return len(shown) < min(_FEW, len(menu.goods))


def _shown(codes: Mapping[str, int | None], layout: Layout, menu: Menu) -> set[int]:
    """Goods that the lines around the entries name."""
    named = {key for _number, line in layout.around for key in named_keys(line, menu)}
    return named | {key for key in codes.values() if key is not None}

"""Whether a line tells what something costs. Pure."""

from __future__ import annotations

import re

from orders.chain.lists.marks import PRICE
from orders.chain.lists.menulines import meant_by_line
from orders.chain.names.menu import Menu

_LAST = re.compile(r"(?<![\d.*x×+])\s(\d{1,6}(?:\.\d{1,2})?)$")


def tells_price(line: str, menu: Menu | None) -> bool:
    """Of a folded line: 意式拼配 500g 88元, or 88 alone where that is what it costs."""
    if PRICE.search(line):
        return True
    last = _LAST.search(line)
    meant = meant_by_line(line[: last.start()], menu) if last and menu is not None else None
    if last is None or meant is None or meant.key is None or menu is None:
        return False
    return menu.goods[meant.key].price_fen == round(float(last[1]) * 100)

"""What a list says itself about its sums: 共26份, 合计 鸡蛋12份 牛奶5份. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orders.chain.entries import Total
from orders.chain.line.wanting import read_wanted
from orders.chain.names.menu import Menu

_SAYS = re.compile(
    r"(?:以上|截止|目前|现在|已)?(?:共计|合计|总计|总共|一共|小计|汇总|统计|共|total)\s{0,3}[:：]?\s{0,3}",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^(?:\d{1,9}\s{0,3}[单户人家]\s{0,3}[,，、]?\s{0,3})?(\d{1,6})\s{0,3}(?:份|件|个|套|箱|盒|包|袋|斤)?[\s。.!]*$"
)


def read_totals(lines: Iterable[tuple[int, str]], menu: Menu) -> list[Total]:
    """Totals in the lines around the entries. Of two about the same the later one counts."""
    totals: dict[int | None, Total] = {}
    for _number, line in lines:
        match = _SAYS.match(line.strip("( [【*"))
        if match is None:
            continue
        rest = line.strip("( [【*)】]")[match.end() :]
        whole = _WHOLE.match(rest)
        if whole is not None:
            totals[None] = Total(None, int(whole[1]))
            continue
        for one in read_wanted(rest, menu).lines:
            totals[one.goods] = Total(one.goods, one.quantity)
    return list(totals.values())

"""What is paid by the month or the week: 鲜牛奶2瓶 of what costs 135元/月 is two, as one comes each day. Pure."""

from __future__ import annotations

import re

_PERIODS = frozenset("天日周月季年") | {"星期", "礼拜", "半月", "半年", "季度", "学期", "个月"}
_THINGS = frozenset("瓶份盒袋杯包罐支听桶套")
# So many in a day nobody doubts; five or seven may be those of one week.
_MOST = 4


def is_by_time(sold: str) -> bool:
    return sold in _PERIODS


def comes_each_time(quantity: int, said: str, words: str) -> bool:
    """A few bottles or boxes: how many each time. What is weighed is asked about, and 2瓶 of 30瓶."""
    is_counted = re.search(rf"(?<![\d.])(?:[2-9]|\d{{2,3}})\s?{re.escape(said)}", words) is not None
    return said in _THINGS and quantity <= _MOST and not is_counted

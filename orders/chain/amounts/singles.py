"""What is sold one by one though the list only says 份: 可颂4个 is four of them. Pure."""

from __future__ import annotations

import re

from orders.chain.names.goods import Goods

_PIECES = frozenset("个只")
_NEUTRAL = frozenset({"", "份"})
# Baked one by one, and each dear enough to be sold so; what is small (小贝, 蛋挞, 泡芙) comes by the box.
_SINGLE = re.compile(
    "(?:可颂|牛角包|贝果|恰巴塔|司康|佛卡夏|肉桂卷|碱水结|碱水包|甜甜圈|汉堡|三明治|饭团|粢饭团|法棍|长棍|欧包|乡村面包)$"
)
_SMALL = re.compile(r"迷你|小|一口|[*×\d]|[一二两三四五六七八九十半][个只枚]|盒|袋|包装|组合|拼|礼")
_LEAST_FEN, _MOST_FEN = 500, 3500
# More of them nobody eats: a box of so many may be meant.
_MOST = 10


def comes_singly(quantity: int, said: str, one: Goods) -> bool:
    """Neither a count nor a pack is printed, and it costs what one of it costs."""
    name = one.name.strip()
    is_bare = not one.spec.strip() and one.unit in _NEUTRAL and not _SMALL.search(name)
    is_priced = _LEAST_FEN <= one.price_fen <= _MOST_FEN
    return (
        said in _PIECES
        and quantity <= _MOST
        and is_bare
        and is_priced
        and bool(_SINGLE.search(name))
    )

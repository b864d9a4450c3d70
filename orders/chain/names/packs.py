"""Words for a pack that one thing only is called by: 礼盒 of 八宝粽礼盒. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orders.chain.names.goods import Goods

_WORD = re.compile("礼盒|礼包|礼篮|礼袋|套装|组合|拼盘|套餐")
_GIFT = re.compile("礼|套|组合|拼")


def packs_called(goods: Iterable[Goods]) -> dict[str, int]:
    """Word → key, where it ends one name and nothing else on the menu is packed so or in the like."""
    offers = list(goods)
    packed = [one for one in offers if _GIFT.search(f"{one.name}{one.spec}{one.unit}")]
    if len(packed) != 1 or len(offers) == 1:
        return {}
    words = _WORD.findall(packed[0].name)
    is_end = bool(words) and packed[0].name.endswith(words[-1])
    return {words[0]: packed[0].key} if is_end and len(words) == 1 else {}

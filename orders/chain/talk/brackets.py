"""What stands in brackets behind goods: their own size, which is meant, a wish, or a kind nobody offers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from orders.chain.amounts.units import inner_counts, packs
from orders.chain.names.goods import Goods
from orders.chain.names.naming import plain

# Kinds and sizes of a thing: (B款), (大), (草莓味). What is wished of it is none: (熟点), (不要太辣).
_KIND = re.compile(
    r"(?<!付)款|[型码版]|味(?!道)|色$|装$|^[大中小特]号?$|^[A-Za-z]\d?$|[加去无低全脱][糖盐脂辣]|^[微中特]?辣$"
)
_INNER = re.compile("(\\d{1,3})([个只片包瓶罐盒枚听支条])")
_WISH = re.compile("[要挑选拣点别不切放送谢]|尽量|新鲜")
_AROUND = re.compile("那个|这个|那种|这种|的$")


def is_echo(inside: str, goods: Iterable[Goods]) -> bool:
    """牛排一份（10片）: words of the thing's own name or size."""
    words = _bare(inside)
    inner = _INNER.fullmatch(words)
    return len(words) > 1 and any(
        _holds(one, words) or (inner is not None and _is_in(int(inner[1]), inner[2], one))
        for one in goods
    )


def _is_in(count: int, unit: str, one: Goods) -> bool:
    """30个 of 30枚, 12 of 135g*12."""
    spec = plain(one.spec)
    found = packs(count, unit, one.unit, spec)
    return count in inner_counts(spec) or (found is not None and found[0] == 1)


def meant_by(inside: str, goods: Sequence[Goods]) -> int | None:
    """玉米（糯）: the one of several that these words tell from the others."""
    words = _bare(inside)
    keys = [one.key for one in goods if words and words in _bare(f"{one.name}{one.spec}")]
    return keys[0] if len(keys) == 1 else None


def tells_a_kind(inside: str) -> bool:
    return _KIND.search(inside) is not None and not _WISH.search(inside)


def _holds(one: Goods, words: str) -> bool:
    """In one stretch, its figures not cut off."""
    return (
        re.search(rf"(?<!\d){re.escape(words)}(?!\d)", _bare(f"{one.name} {one.spec}")) is not None
    )


def _bare(text: str) -> str:
    return re.sub(r"[\s()\[\]【】]+", "", _AROUND.sub("", plain(text)))

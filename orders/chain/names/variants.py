"""Goods with one name but for a size or a part: 蛋糕4寸 and 6寸, 红烧肉大份 and 小份, 公蟹 and 母蟹. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from orders.chain.amounts.units import MEASURES, UNITS, WEIGHTS
from orders.chain.line.folding import fold, low
from orders.chain.names.goods import Goods

_UNIT = "|".join(map(re.escape, sorted({*UNITS, *MEASURES}, key=len, reverse=True)))
_PACK = "[份号包盒袋瓶杯桶罐碗锅]"
_BEHIND = re.compile(
    rf"[(\[]?((?<![\d.])\d{{1,4}}(?:\.\d{{1,2}})?(?:{_UNIT})装?|整[箱件提盒袋]|单[个只瓶包盒袋罐支条份]"
    rf"|[大中小](?:{_PACK}|果)?|[公母雌雄]|[半一]打|(?:xxl|xl|nb|s|m|l)码?|[1-9]段)[)\]]?$"
)
_BEFORE = re.compile(rf"^([大中小](?:{_PACK}(?=.))?|[公母雌雄])(?=[\u3400-\u9fff])")
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)(\D+)")
_SHORTEST = 2
_MEASURED = WEIGHTS | {*MEASURES}


@dataclass(frozen=True, slots=True)
class Family:
    """`base`: the name without what tells one from another; `marks`: key → that, in small letters; `unit`: by which all
    are sold, if it is one.
    """

    base: str
    marks: Mapping[int, str]
    unit: str

    def meant(self, words: str) -> int | None:
        """小, 小份 or 4寸 of those that are called so; 大包 or 大的 of two sizes the larger."""
        said = words.removesuffix("的").removesuffix("装")
        keys = [key for key, mark in self.marks.items() if said and said in _forms(mark)]
        return keys[0] if len(keys) == 1 else self._by_size(said)

    def _by_size(self, said: str) -> int | None:
        sizes = {key: _SIZE.fullmatch(mark) for key, mark in self.marks.items()}
        told = [(Decimal(size[1]), size[2], key) for key, size in sizes.items() if size is not None]
        is_pair = len(self.marks) == len(told) == 2 and told[0][1] == told[1][1]
        # 大的鸡蛋 of 10枚 and 30枚 may be large eggs.
        bare = {"", "号"} if is_pair and told[0][1] in _MEASURED else set()
        packs = bare | {"份", self.unit or "份"}
        if not is_pair or said[:1] not in {"大", "小"} or said[1:] not in packs:
            return None
        return (max if said[0] == "大" else min)(told)[2]


def families(goods: Iterable[Goods]) -> dict[int, Family]:
    """By the key of each that has any, the family it is of."""
    found: dict[int, Family] = {}
    for pattern in (_BEHIND, _BEFORE):
        alike: dict[str, dict[int, str]] = defaultdict(dict)
        units: dict[int, str] = {}
        for one in goods:
            name = re.sub(r"\s", "", low(fold(one.name)))
            match = pattern.search(name)
            base = name[: match.start()] + name[match.end() :] if match is not None else ""
            if match is not None and len(base) >= _SHORTEST - (pattern is _BEFORE):
                alike[base][one.key] = match[1].removesuffix("装")
                units[one.key] = one.unit
        for base, marks in alike.items():
            if len(set(marks.values())) == len(marks) > 1:
                sold = {units[key] for key in marks}
                family = Family(base, marks, sold.pop() if len(sold) == 1 else "")
                found |= {key: family for key in marks if key not in found}
    return found


def family_of(keys: Collection[int], known: Mapping[int, Family]) -> Family | None:
    """That all of these are of; None where one is of none or of another."""
    mine = [known.get(key) for key in keys]
    return mine[0] if mine and all(one is not None and one is mine[0] for one in mine) else None


def _forms(mark: str) -> set[str]:
    """大 of 大份, m码 of m."""
    forms = {mark}
    if mark[0] in "大中小" and len(mark) > 1:
        forms.add(mark[0])
    if mark.isascii() and mark.isalpha():
        forms |= {f"{mark}码", f"{mark}号"}
    return forms

"""Units in which people count, and which of them may be said for another. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_ALIKE = (
    ("份", "套", "组", "单", "套餐", "人份", "份儿"),
    ("箱", "件"),
    ("包", "袋"),
    ("盒", "板", "托", "格"),
    ("个", "只", "颗", "粒", "枚", "头", "块"),
    ("瓶", "支"),
    ("罐", "听"),
    ("提", "连", "排"),
    ("条", "根", "支", "枝"),
    ("把", "捆", "扎", "束"),
    ("斤", "市斤"),
    ("公斤", "千克", "kg"),
    ("桶",),
    ("筐", "篮"),
    ("串",),
    ("片", "张"),
    ("杯", "碗"),
    ("双", "对"),
    ("卷",),
    ("打",),
    ("副", "挂"),
    ("棵", "株", "朵"),
    ("尾",),
    ("两",),
    ("克", "g"),
)
WEIGHTS = frozenset({"斤", "市斤", "公斤", "千克", "kg", "克", "g", "两"})
_GRAMS = {"斤": 500, "市斤": 500, "公斤": 1000, "千克": 1000, "kg": 1000, "克": 1, "g": 1, "两": 50}
# Never a number of things to buy, whatever the goods: they belong to a specification.
MEASURES = (
    "毫升",
    "ml",
    "升",
    "l",
    "克",
    "g",
    "mg",
    "cm",
    "mm",
    "厘米",
    "寸",
    "°",
    "度",
    "%",
)
UNITS = tuple(sorted({unit for group in _ALIKE for unit in group}, key=len, reverse=True))
INNER = frozenset("张枝枚瓶罐听粒片支个只颗包袋条根块卷抽头盒杯")
_WHOLE = frozenset({"份", "套", "组", "单", "套餐", "人份", "份儿"})
_CASES = frozenset("箱件提连排筐")
_BUNDLES = frozenset("提连排")
_VESSELS = frozenset("瓶罐听")
# 一打, 一对: as many as nobody sells here.
_SEVERAL_EACH = frozenset("打双对")
_PIECES = frozenset("张枝个只颗粒枚头块条根片支瓶罐听")


# A pack of so many: nobody counts packs by the word for what is in them.
_BIG, _HANDFUL, _ECHO = 6, 5, 4
# 土豆10斤 is two of 5斤; who says more than so many packs by what is in them is asked.
_FEW_PACKS = 4
# Said of nearly everything: 牛角包4个 may be four boxes, 条头糕4条 is one box of four.
_ANY_PIECE = frozenset("个只")
_MANY_PIECES = 3
_SEVERAL = re.compile(r"[*×x]\s?(?:[2-9]|\d{2})")
_LOAF = re.compile("(?:欧包|面包|吐司|土司|法棍|长棍|蛋糕|披萨)(?:$|[\\s(（约\\d])")
_PARTED = re.compile(r"[*×小]|迷你|一口|手撕|鸡蛋糕|斤|\d\s?[个只枚片]|kg")
_TIMES = re.compile(r"[*×]|x\s?\d")
_BARE_COUNT = re.compile(r"[*×x]\s?(\d{1,3})(?=$|[\s)/,])")
_COUNTED = re.compile(rf"(?<![\d.])(\d{{1,4}})\s{{0,3}}({'|'.join(map(re.escape, UNITS))})")


def fits(said: str, sold: str, spec: str) -> bool:
    """A number in the unit `said` counts what is sold by `sold`, and nothing inside of it (24瓶 of a 箱)."""
    is_whole = said in _PIECES and f"整{said}" in spec and sold in _WHOLE  # 整只白斩鸡1只
    if not said or said == sold or _are_alike(said, sold) or is_whole:
        return True
    if _is_inside(said, spec) or said in WEIGHTS or sold in WEIGHTS or said in _SEVERAL_EACH:
        return False
    is_bundle = {said, sold} & _BUNDLES and {said, sold} & {"箱", "件"}  # six, or twenty-four
    if (said in INNER and _SEVERAL.search(spec)) or is_bundle:
        return False  # 牛奶2瓶, where 950ml*2 is one
    if (said in _CASES) != (sold in _CASES) and not {said, sold} & (_WHOLE | {""}):
        return False
    if said in _PIECES and sold in _WHOLE | {""}:
        # A bottle of 3 kg is what is sold; an apple out of 5 斤 is not.
        return said in _VESSELS or _is_loaf(spec) or not any(unit in spec for unit in WEIGHTS)
    return said in _WHOLE or sold in _WHOLE | {""} or not {said, sold} & _PIECES


def _is_loaf(words: str) -> bool:
    """欧包 约450克: one loaf, which weighs so much."""
    return _LOAF.search(words) is not None and not _PARTED.search(words)


def packs(quantity: int, said: str, sold: str, words: str) -> tuple[int, bool] | None:
    """How many of what is sold hold `quantity` of the unit `said`, which the specification counts: 土豆10斤 is two of
    5斤. None where it does not, or nothing comes out whole; else (number, whether nobody would ask).
    """
    if not said or said == sold:
        return None
    if said in _GRAMS and sold in _GRAMS:
        whole, rest = divmod(quantity * _GRAMS[said], _GRAMS[sold])
        return None if rest or not whole else (whole, True)
    if _are_alike(said, sold):
        # 5袋 of a 包 with 5袋 in it: five of them, or one.
        return (1, False) if _holds(words, quantity, said) else None
    if said in INNER and sold not in INNER and _BIG <= quantity in inner_counts(words):
        return 1, True
    counts = re.findall(_COUNTED, words)
    for count, unit in counts:
        size, wanted = int(count), quantity
        if said in _GRAMS and unit in _GRAMS:
            size, wanted = size * _GRAMS[unit], quantity * _GRAMS[said]
        elif not _same(unit, said):
            continue
        if size and wanted % size == 0:
            is_echo = wanted == size >= _ECHO and said not in _ANY_PIECE
            is_vessel = said in _VESSELS | {"桶"} and size >= _ECHO and _TIMES.search(words)
            is_several = wanted > size >= _HANDFUL  # 大排10片 of 5片: nobody wants fifty
            is_pack = said in WEIGHTS or size >= _BIG or is_echo or is_several or bool(is_vessel)
            is_few = wanted == size or (
                wanted <= _FEW_PACKS * size and _is_all(said, counts, words)
            )
            return wanted // size, size == 1 or (is_pack and is_few)
    return None


def _holds(words: str, quantity: int, unit: str) -> bool:
    return re.search(rf"(?<![\d.]){quantity}\s?{re.escape(unit)}", words) is not None


def may_be_inside(quantity: int, said: str, sold: str) -> bool:
    """豆沙6只 of what is sold by 份: six, or the one of six."""
    return said in _PIECES - _VESSELS and sold in _WHOLE | {""} and quantity >= _MANY_PIECES


def inner_counts(words: str) -> set[int]:
    """How many of something unnamed are in one: 12 of 135g*12."""
    return {int(count) for count in _BARE_COUNT.findall(words)}


def _is_all(said: str, counts: Sequence[tuple[str, str]], words: str) -> bool:
    """The specification counts in this unit once, exactly, and not a part: 10包*8片 is more than 8片."""
    is_weight = said in WEIGHTS
    alike = [unit for _count, unit in counts if (unit in WEIGHTS) == is_weight]
    return len(alike) == 1 and "约" not in words and not (is_weight and _TIMES.search(words))


def _same(one: str, other: str) -> bool:
    return one == other or _are_alike(one, other)


def _are_alike(said: str, sold: str) -> bool:
    return any(said in group and sold in group for group in _ALIKE)


def _is_inside(said: str, spec: str) -> bool:
    """The specification counts so: 2袋, 4盒/份, 一袋; 垃圾袋 and 蔬菜包 are only called so."""
    return any(
        said in group and any(_counts(word, spec) for word in group if word != "人份")
        for group in _ALIKE
    )


@lru_cache(maxsize=20_000)
def _counts(unit: str, words: str) -> bool:
    return re.search(rf"[\d一两二三四五六七八九十半每/*]\s?{re.escape(unit)}", words) is not None

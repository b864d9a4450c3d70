"""Units in which people count, and which of them may be said for another. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ALIKE = (
    ("份", "套", "组", "单", "套餐", "份儿"),
    ("人份",),
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
    ("副",),
    ("扇",),
    ("尾",),
    ("朵", "枝", "支"),
    ("朵", "颗", "个"),
    ("刀",),
    ("打",),
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
INNER = frozenset("张枝朵枚瓶罐听粒片支个只颗包袋条根块卷抽头盒杯")
_WHOLE = frozenset({"份", "套", "组", "单", "套餐", "人份", "份儿"})
_CASES = frozenset("箱件提连排筐")
_WEIGHED = re.compile("斤|kg|\\dg")
_BUNCHES = frozenset("把捆扎束")
_VESSELS = frozenset("瓶罐听")
_BOXES, _BUNDLES = frozenset("箱件"), frozenset("提连排组")
_CUPS, _PACKED_IN = frozenset("杯碗"), frozenset("盒瓶袋包罐听桶箱提板")
_SHEETS, _PILLS = frozenset("盒板格"), re.compile("\\d\\s?[粒片丸s](?![a-z装])")
# 一打, 一对: as many as nobody sells here.
_SEVERAL_EACH = frozenset("打双对")
_PIECES = frozenset("张枝个只颗粒枚头块条根片支瓶罐听串朵尾")


# A pack of so many: nobody counts packs by the word for what is in them.
_BIG, _ECHO = 6, 4
# 土豆10斤 is two of 5斤; who says more than so many packs by what is in them is asked.
_FEW_PACKS = 4
# Said of nearly everything: 牛角包4个 may be four boxes, 条头糕4条 is one box of four.
_ANY_PIECE = frozenset("个只")
_MANY_PIECES = 3
# What stands before the door as one, whatever it is sold by.
_COUNTERS = frozenset("个只条块根支枝瓶罐听包袋盒桶")
_PACKS = frozenset("包袋盒")
_GRAM = re.compile(r"(?<![\d.])(\d{1,4})\s?(?:g|克|ml|毫升)(?![*x\d])")
_LIGHT = 300
_SMALL_THING = re.compile(r"\d\s?(?:l|升|ml|g|克)(?![a-z])|(?<!\d)[1-4](?:\.\d)?\s?斤")
_CASED = re.compile(r"[*x]\s?\d|\d\s?(?:瓶|罐|听|盒|包|袋|枚|个|只|板)|箱|件")
_SEVERAL = re.compile(r"[*×x]\s?(?:[2-9]|\d{2})")
# What comes in a box: 25g*30包.
_BOXED = re.compile(r"[*×x]\s?(?:[2-9]|\d{2,3})\s?[包袋片粒颗枚支条丸]")
_LOAF = re.compile("(?:欧包|面包|吐司|土司|法棍|长棍|蛋糕|披萨)(?:$|[\\s(（约\\d])")
_PARTED = re.compile(r"[*×小]|迷你|一口|手撕|鸡蛋糕|斤|\d\s?[个只枚片]|kg")
_TIMES = re.compile(r"[*×]|x\s?\d")
_BARE_COUNT = re.compile(r"[*×x]\s?(\d{1,3})(?=$|[\s)/,])")
_COUNTED = re.compile(rf"(?<![\d.])(\d{{1,4}})\s{{0,3}}({'|'.join(map(re.escape, UNITS))})")


def fits(said: str, sold: str, spec: str, name: str = "") -> bool:
    """A number in the unit `said` counts what is sold by `sold`, and nothing inside of it (24瓶 of a 箱).
    `spec` may have the name before it; `name` is that of a thing that says itself in what it comes (猫罐, 垃圾袋).
    """
    is_whole = said in _PIECES and f"整{said}" in spec and sold in _WHOLE  # 整只白斩鸡1只
    is_named_so = said == "个" and bool(sold) and name.endswith(sold)  # 炸鸡桶一个
    is_same = not said or said == sold
    if is_same or _is_another_pack(said, sold, spec):
        return is_same
    is_alone = sold in _WHOLE and said in _COUNTERS and comes_alone(said, spec, name)
    if _are_alike(said, sold) or is_whole or is_named_so or is_alone:
        return True
    if said in WEIGHTS or sold in WEIGHTS or _is_of_a_part(said, sold, spec):
        return False
    if said in _PIECES and sold in _WHOLE | {""}:
        # A bottle of 3 kg is what is sold; an apple out of 5 斤 is not.
        return said in _VESSELS or _is_loaf(spec) or not any(unit in spec for unit in WEIGHTS)
    return said in _WHOLE or sold in _WHOLE | {""} or not {said, sold} & _PIECES


def _is_another_pack(said: str, sold: str, spec: str) -> bool:
    """5袋 of a 包 that has bags in it, a 板 of pills, a 提 out of a 箱, a glass out of a bottle."""
    counted = rf"(?<![\d.])(?:[2-9]|\d{{2,}})\s?{re.escape(said)}(?!装)"
    if said not in WEIGHTS and re.search(counted, spec):
        return True
    if said in _SHEETS and sold in _SHEETS | {"瓶"}:
        return _PILLS.search(spec) is not None
    if said in _CUPS and sold in _PACKED_IN:
        return not _is_light(spec)
    if said in _BOXES and sold in _BUNDLES:
        return not _VESSELS.intersection(spec)  # a 提 of bottles is a box to many
    return said in _BUNDLES and sold in _BOXES


def _is_of_a_part(said: str, sold: str, spec: str) -> bool:
    """Counts what is inside, or several of them at once: 24瓶 of a 箱, 一打, a 箱 of what is sold by 6L."""
    if _is_inside(said, spec) or said in _SEVERAL_EACH:
        return True
    if said in INNER and _SEVERAL.search(spec) and not (said == "盒" and _BOXED.search(spec)):
        return True  # 牛奶2瓶, where 950ml*2 is one
    if said in _BUNCHES and sold not in _BUNCHES and "面" not in spec and _WEIGHED.search(spec):
        return True  # 3把 of 5斤, not of noodles
    if said in _CASES and sold in _WHOLE and re.search(r"\d\s?枚", spec):
        return True
    if said in _CASES and sold in _WHOLE:
        return _SMALL_THING.search(spec) is not None and not _CASED.search(spec)
    return (said in _CASES) != (sold in _CASES) and not {said, sold} & (_WHOLE | {""})


def comes_alone(said: str, spec: str, name: str) -> bool:
    """猫罐 85g: whoever counts them by 个 or 罐 counts what is sold; 垃圾袋 100只 by 包. Not 土豆 5斤 by 个."""
    size = spec.removeprefix(name)
    counted = {unit for _count, unit in _COUNTED.findall(size)} - WEIGHTS
    if _SEVERAL.search(size) or any(said == unit or _are_alike(said, unit) for unit in counted):
        return False
    if said in _PACKS and counted:
        return True  # packs of so many
    return not counted and (_is_light(size) or said in _PACKS) and bool(size.strip())


def _is_light(size: str) -> bool:
    weight = _GRAM.findall(size)
    return len(weight) == 1 and float(weight[0]) <= _LIGHT


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
        grams = quantity * _GRAMS[said]
        return (grams // _GRAMS[sold], True) if grams % _GRAMS[sold] == 0 else None
    if _are_alike(said, sold):
        # 5袋 of a 包 with 5袋 in it: five of them, or one.
        return (1, False) if _holds(words, quantity, said) else None
    if said in INNER and sold not in INNER:
        times = [count for count in inner_counts(words) if count >= _BIG and quantity % count == 0]
        if len(times) == 1:
            return quantity // times[0], True
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
            is_pack = (
                said in WEIGHTS
                or said == "人份"
                or size >= _BIG
                or wanted > size > _ECHO
                or is_echo
                or bool(is_vessel)
            )
            is_few = wanted // size in {1, quantity} or (
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
    return any(said in group and any(word in spec for word in group) for group in _ALIKE)

"""Goods named by one sign with its number glued to it: 蛋2, 🍕×2, 全2脱2. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from orders.chain.names.heads import OTHER_THINGS, without_other_heads
from orders.chain.names.kinds import PICTURES, kinds_of
from orders.chain.names.pieces import unwrapped

COUNTED = r"\s?[*xX+]?\s?(?:\d|[①-⑳]|[一二两俩三四五六七八九十])"
_CHINESE = re.compile("[\u3400-\u9fff]")
# Things themselves: 面 is no short 面粉.
_THINGS = frozenset(
    "菜瓜果蛋肉面奶油鱼虾鸡鸭鹅豆菇椒薯葱蒜茶酒糖盐水饼包糕粉汤酱醋纸橙桃梨莓枣蟹贝骨米粥饭饺粽笋藕参"
)
# Colours and the like may tell of any other thing.
_TELLING = frozenset("黑白红绿青黄紫蓝金银甜酸辣嫩干生熟酥脆咸臭糯冬秋春夏冷热冻鲜农土草野海山")
# Behind the name of an animal or a plant: a part of it, or a pack.
_OF_IT = frozenset(
    "肉腿翅爪胸排腩腱柳尾筋肋条块丁片卷骨里脊霖仔子头身中根全小大节尖掌肚肝心胗脯丝糜馅切仁叶段柄花只"
    "包箱盒袋份礼篮套餐装0123456789a-z ()（）"
)
# Signs that count, or that say something else.
_NO_NAMES = frozenset("一二三四五六七八九十两半各每要加来共第份个只号楼室栋幢单元弄支小大老阿新")


@dataclass(frozen=True, slots=True)
class Short:
    """The thing a sign stands for. A sure one is its picture, or what the thing is (蛋 of 鸡蛋); another may be a
    letter of a code that only the whole line shows (全2脱2).
    """

    key: int
    is_sure: bool
    is_code: bool = False


def short_names(names: Mapping[int, str], tails: Mapping[int, str]) -> dict[str, Short]:
    """Signs that stand in one name only, by key: its picture, its last sign, what it has before a tail that others
    share (甲套餐, 大馄饨), any other that is no food itself.
    """
    short: dict[str, Short] = {}
    codes = {names[key][0]: key for key, tail in tails.items() if len(tail) == len(names[key]) - 1}
    heads = {
        signs[-1]: key
        for key, name in names.items()
        if (signs := _CHINESE.findall(without_other_heads(unwrapped(name)).rstrip("头子")))
    }
    for sign, keys in _signs(names).items():
        if len(keys) != 1 or (sign in _NO_NAMES and sign not in codes):
            continue
        (key,) = keys
        is_code = codes.get(sign) == key
        is_first = names[key].startswith(sign) and sign not in _THINGS | _TELLING
        is_known = is_code or heads.get(sign) == key
        is_sure = is_known or is_first or unicodedata.category(sign) == "So"
        if is_sure or sign not in _THINGS:
            short[sign] = Short(key, is_sure, is_code)
    return short


def _signs(names: Mapping[int, str]) -> dict[str, set[int]]:
    """Each sign and picture with the goods it could stand for."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, name in names.items():
        for sign in _CHINESE.findall(without_other_heads(name)):
            found[sign].add(key)
        for picture, words in PICTURES.items():
            if any(word in name for word in words):
                found[picture].add(key)
    for picture in PICTURES.keys() & found.keys():
        if len(found[picture]) == 1 and not _shows(picture, names[next(iter(found[picture]))]):
            del found[picture]
    for noun, keys in kinds_of(names).items():
        if noun in found:
            found[noun] |= keys
    return found


def _shows(picture: str, name: str) -> bool:
    """The picture is the thing, not a sign in its name: 🐔 is 三黄鸡 and 鸡腿, but neither 鸡毛菜 nor 鸡蛋."""
    bare = OTHER_THINGS.sub("", name)
    return any(
        word in name
        if len(word) > 1
        else word in bare and _OF_IT.issuperset(bare.rpartition(word)[2])
        for word in PICTURES[picture]
    )


def counted_pattern(short: Mapping[str, Short]) -> re.Pattern[str]:
    """What follows a short name: its number, or other short names that share it (乙丙各1)."""
    signs = "".join(short)
    shared = rf"|[{re.escape(signs)}]{{0,12}}各" if signs else ""
    return re.compile(rf"{COUNTED}{shared}")

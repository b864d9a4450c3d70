"""Goods named by one sign with its number glued to it: 蛋2, 🍕×2, 全2脱2. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from communities.persons import FOOD
from orders.chain.kinds import PICTURES, kinds_of
from orders.chain.pieces import unwrapped

# Behind the sign, without a blank: how many.
COUNTED = r"的?\s?[*xX+]?\s?(?:\d|[①-⑳]|[一二两俩三四五六七八九十])"
_EMPTY = frozenset("子条儿")
_CHINESE = re.compile("[\u3400-\u9fff]")
# Signs that are things themselves: 面 is no short 面粉.
_THINGS = frozenset(
    "菜瓜果蛋肉面奶油鱼虾鸡鸭鹅豆菇椒薯葱蒜茶酒糖盐水饼包糕粉汤酱醋纸橙桃梨莓枣蟹贝骨米粥饭饺粽笋藕参"
)
# What a name may end with that people say for it: 姜 of 生姜, not 皮 of 豆腐皮.
_HEADS = (FOOD | _THINGS | frozenset("粽挞饼酥团姜丸柑滑鸽翅")) - frozenset(
    "皮片条块盒袋箱瓶罐桶套礼品装份斤款号种类味冰雪料食零调口用"
)
# Colours and the like may tell of any other thing.
_TELLING = frozenset("黑白红绿青黄紫蓝金银甜酸辣嫩干生熟酥脆咸臭糯冬秋春夏冷热冻鲜农土草野海山")
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
    heads = {_head(name): key for key, name in names.items()}
    for sign, keys in _signs(names).items():
        if len(keys) != 1 or (sign in _NO_NAMES and sign not in codes):
            continue
        (key,) = keys
        is_code = codes.get(sign) == key
        is_head = heads.get(sign) == key and sign in _HEADS
        is_head |= f"{sign}类" in names[key]  # D肉类套餐
        is_first = names[key].startswith(sign) and sign not in _THINGS | _TELLING
        is_sure = is_code or is_head or is_first or unicodedata.category(sign) == "So"
        if is_sure or sign not in _THINGS:
            short[sign] = Short(key, is_sure, is_code)
    return short


def _head(name: str) -> str:
    """The sign that says what it is: 蛋 of 鸡蛋礼盒, 橙 of 橙子, 面 of 鲜面条."""
    signs = _CHINESE.findall(unwrapped(name))
    return (signs[-2] if signs[-1] in _EMPTY and len(signs) > 1 else signs[-1]) if signs else ""


def _signs(names: Mapping[int, str]) -> dict[str, set[int]]:
    """Each sign and picture with the goods it could stand for."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, name in names.items():
        for sign in _CHINESE.findall(name.replace("洋葱", "洋")):  # nobody says 葱 for it
            found[sign].add(key)
        for picture, words in PICTURES.items():
            if any(word in name for word in words):
                found[picture].add(key)
    for noun, keys in kinds_of(names).items():
        if noun in found:
            found[noun] |= keys
    return found


def counted_pattern(short: Mapping[str, Short]) -> re.Pattern[str]:
    """What follows a short name: its number, or other short names that share it (乙丙各1)."""
    signs = "".join(short)
    shared = rf"|[{re.escape(signs)}]{{0,12}}各" if signs else ""
    return re.compile(rf"{COUNTED}{shared}")

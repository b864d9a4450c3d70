"""Goods named by one sign with its number glued to it: 蛋2, 🍕×2, 全2脱2. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from communities.persons import FOOD

# Kinds of one thing that do not bear its name.
_KINDS = {
    "西瓜": "西瓜 麒麟瓜 8424 早春红玉 特小凤",
    "葡萄": "葡萄 阳光玫瑰 巨峰 夏黑 红提 青提 黑提 提子",
    "苹果": "苹果 富士 嘎啦 花牛 冰糖心 蛇果",
    "橙子": "橙",
    "橘子": "橘 桔 沃柑 耙耙柑 丑八怪 椪柑 柑",
    "桃子": "桃",
    "梨": "梨",
    "瓜": "瓜",
    "樱桃": "樱桃 车厘子",
    "菠萝": "菠萝 凤梨",
    "番茄": "番茄 西红柿 圣女果 千禧",
    "土豆": "土豆 马铃薯",
    "红薯": "红薯 地瓜 山芋 番薯",
    "青菜": "青菜 上海青 鸡毛菜 小白菜 菜心 油菜",
    "牛奶": "牛奶 鲜奶 纯奶 特仑苏 金典",
    "酸奶": "酸奶 酸牛奶 安慕希 莫斯利安 优诺",
    "面包": "面包 吐司 贝果 欧包 可颂 餐包",
    "馄饨": "馄饨 云吞 抄手",
    "饺子": "饺",
    "猪肉": "猪 五花 前腿 后腿 里脊 大排 小排 肋排 肉糜 夹心",
    "牛肉": "牛",
    "鸡肉": "鸡腿 鸡翅 鸡胸 鸡爪 三黄鸡 老母鸡 童子鸡",
    "鱼": "鱼",
    "虾": "虾",
    "米": "米",
    "油": "油",
    "蛋": "蛋",
    "纸": "纸",
    "纸巾": "抽纸 面纸 卷纸 卫生纸 纸巾 厨房纸",
    "可乐": "可乐 可口 百事",
    "口罩": "口罩 N95 n95",
}
_PICTURES = {
    "🍕": "披萨 比萨",
    "🥤": "可乐 饮料 汽水 奶茶 果汁",
    "🥚": "蛋",
    "🥛": "奶",
    "🍎": _KINDS["苹果"],
    "🍏": _KINDS["苹果"],
    "🍊": f"{_KINDS['橘子']} 橙",
    "🍋": "柠檬",
    "🍌": "蕉",
    "🍉": "瓜 8424",
    "🍇": _KINDS["葡萄"],
    "🍓": "草莓",
    "🍒": _KINDS["樱桃"],
    "🍑": "桃",
    "🥭": "芒果",
    "🍍": _KINDS["菠萝"],
    "🥝": "猕猴桃 奇异果",
    "🍅": _KINDS["番茄"],
    "🍆": "茄",
    "🥔": _KINDS["土豆"],
    "🥕": "萝卜",
    "🌽": "玉米",
    "🥒": "瓜",
    "🥬": "菜",
    "🥦": "西兰花 花菜",
    "🍄": "菇",
    "🍞": _KINDS["面包"],
    "🥐": _KINDS["面包"],
    "🍰": "蛋糕 蛋挞 慕斯",
    "🐔": "鸡",
    "🍗": "鸡",
    "🐷": _KINDS["猪肉"],
    "🐮": "牛",
    "🥩": "牛 猪 羊 肉",
    "🐟": "鱼 鳕",
    "🦐": "虾",
    "🦀": "蟹",
    "🥟": "饺 馄饨 云吞",
    "🍚": "米",
    "🍜": "面",
    "🍺": "啤酒",
    "🧻": "纸",
    "😷": "口罩",
}
# Behind the sign, without a blank: how many.
COUNTED = r"\s?[*xX+]?\s?(?:\d|[①-⑳]|[一二两俩三四五六七八九十])"
_CHINESE = re.compile("[\u3400-\u9fff]")
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


def kinds_of(names: Mapping[int, str]) -> dict[str, set[int]]:
    """Nouns that could mean several of these things, by key."""
    found: dict[str, set[int]] = {}
    for noun, words in _KINDS.items():
        keys = {key for key, name in names.items() if any(w in name for w in words.split())}
        if len(keys) > 1:
            found[noun] = keys
    return found


def short_names(names: Mapping[int, str], tails: Mapping[int, str]) -> dict[str, Short]:
    """Signs that stand in one name only, by key: its picture, its last sign, what it has before a tail that others
    share (甲套餐, 大馄饨), any other that is no food itself.
    """
    short: dict[str, Short] = {}
    codes = {names[key][0]: key for key, tail in tails.items() if len(tail) == len(names[key]) - 1}
    heads = {signs[-1]: key for key, name in names.items() if (signs := _CHINESE.findall(name))}
    for sign, keys in _signs(names).items():
        if len(keys) != 1 or (sign in _NO_NAMES and sign not in codes):
            continue
        (key,) = keys
        is_code = codes.get(sign) == key
        is_head = heads.get(sign) == key and sign in FOOD
        is_sure = is_code or is_head or unicodedata.category(sign) == "So"
        if is_sure or sign not in FOOD:
            short[sign] = Short(key, is_sure, is_code)
    return short


def _signs(names: Mapping[int, str]) -> dict[str, set[int]]:
    """Each sign and picture with the goods it could stand for."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, name in names.items():
        for sign in _CHINESE.findall(name):
            found[sign].add(key)
        for picture, words in _PICTURES.items():
            if any(word in name for word in words.split()):
                found[picture].add(key)
    for noun, keys in kinds_of(names).items():
        if noun in found:
            found[noun] |= keys
    return found


def counted_pattern(short: Mapping[str, Short]) -> re.Pattern[str]:
    """What follows a short name: its number, or other short names that share it (乙丙各1)."""
    codes = "".join(sign for sign, one in short.items() if one.is_code)
    shared = rf"|[{re.escape(codes)}]*各" if codes else ""
    return re.compile(rf"{COUNTED}{shared}")

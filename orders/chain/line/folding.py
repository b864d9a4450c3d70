"""Text as chats carry it, brought to one form: width, signs that multiply, figures in circles, unseen marks. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CIRCLED = {chr(0x2460 + n): n + 1 for n in range(20)}
_KEYCAP = "\u20e3"
_TIMES = set("×✖✕⨯╳∗＊✗")
_DASHES = set("–—―－‐‑‒﹣−")
_DARK_CIRCLES = {
    chr(start + n): chr(0x2460 + n) for start in (0x2776, 0x2780, 0x278A) for n in range(10)
}
_TRADITIONAL = str.maketrans(
    "號樓兩個雞鴨鵝龍棟單層樣買來訂謝麵蘋魚蝦份條顆隻塊雙斤壺罐盤箱餅糰湯鹽醬齋滷葉蔥薑豬馬驢羅蔔番茄筍蠔參紅綠黃團長師爺媽傑",
    "号楼两个鸡鸭鹅龙栋单层样买来订谢面苹鱼虾份条颗只块双斤壶罐盘箱饼团汤盐酱斋卤叶葱姜猪马驴罗卜番茄笋蚝参红绿黄团长师爷妈杰",
) | str.maketrans("歺氿", "餐酒")  # as they were written for some years; they are nothing else
# One blank says what a hundred say, and no pattern has to go through a hundred from each of them.
_BLANKS = re.compile(r"[ \n]{2,}")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(text: str) -> str:
    """The text in plain width; × for every sign that multiplies is *, every dash is -, ❶ and 1️⃣ are ①, a run of
    blanks is one of them.
    """
    folded = "".join(map(_fold_one, text))
    if _KEYCAP in folded:
        for figure in range(1, 10):
            folded = folded.replace(f"{figure}{_KEYCAP}", chr(0x2460 + figure - 1))
    return _BLANKS.sub(_one_blank, folded.translate(_TRADITIONAL))


def _one_blank(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


def low(text: str) -> str:
    """Small letters, and never another length: positions stay."""
    return text.translate(_LOWER)


@lru_cache(maxsize=20_000)
def _fold_one(sign: str) -> str:  # noqa: PLR0911 -- one line per kind of sign
    if sign in "\n\t" or (sign.isascii() and sign.isprintable()):
        return " " if sign == "\t" else sign
    if sign in _TIMES:
        return "*"
    if sign in _DASHES:
        return "-"
    if sign in CIRCLED:
        return sign
    if sign in _DARK_CIRCLES:
        return _DARK_CIRCLES[sign]
    if sign == "🔟":
        return "⑩"
    category = unicodedata.category(sign)
    if category in {"Cf", "Cc", "Mn", "Co", "Cn", "Cs"}:
        return ""
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    return unicodedata.normalize("NFKC", sign)

"""Numbers that ran together: 牛奶12号401 may be one milk and house 2. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from communities.addresses.index import Index
from communities.addresses.matching import match
from communities.addresses.pieces import BARE, NAME, Piece
from communities.addresses.reading import Reading, Window
from communities.persons import is_food, is_plain_name, person_at

_UNITS = (
    r"份|斤|公斤|千克|克|毫升|升|kg|g|ml|l|箱|盒|袋|瓶|罐|只|个|件|套|元|块|块钱|圆|两|支|条|串|颗|粒|角|提|桶|板|托|把|捆|听|杯|双|对|卷|"
    r"片|枚|头|朵|人|位|天|次|包|张|岁|点|分|月|年|日|大|小|成人|儿童|半"
)
_NUMERALS = "一二三四五六七八九十百两半俩仨"
# After a quantity with its unit, or one in Chinese, a number begins anew: 鸡蛋2份12号401.
_COUNTED = re.compile(rf"(?:[\d{_NUMERALS}]\s?(?:{_UNITS})|(?<!统)[{_NUMERALS}])$", re.IGNORECASE)
# Behind a room these make its last digits a quantity, a day, an hour: 3-1012份.
_PIECES = "份斤箱盒袋瓶罐只个件套"
_BEHIND = re.compile(
    rf"\s?[{_PIECES}]|[支条串颗粒角提桶板托把捆听杯双对卷片枚头朵]|包(?!阿|先生|女士|老师|叔|姐|哥|奶奶|师傅|家)|"
    r"(?:大|小|成人|儿童|月)\d|点|:\d\d(?!\d)|[.*x]\d",
    re.IGNORECASE,
)
# Words before an address, of which nobody orders any.
_BEFORE_PLACES = re.compile(
    r"(?:地址|住址|门牌|房号|室号|楼号|我家|住家|住在?|位于|送[到至往]?|寄[到至]|帮|替|代|给|[我他她]是|业主|住户|老人|邻居|居民|隔壁|志愿者|已[付转下]|付款|转账|"
    r"(?<!超)(?<!菜)市|[县镇乡]|[\u4e00-\u9fff]区|街道|公路|小区|新村|花园|公寓|家园|大厦|苑)$"
)
_TITLED = re.compile(
    r"(?:(?<!牛)(?<!酸)(?<!羊)奶奶|阿姨|叔叔|爷叔|伯伯|爷爷|外[婆公]|阿[婆公]|老伯|先生|女士|小姐|(?<!太)太太|老师|(?<!康)师傅|医生|"
    r"同学|(?<!老干)[妈爸]{2}|宝[妈爸])$"
)
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z]+$")
# Goods without a quantity, and then a number; with one before them they have their own: 2份蔬菜包 14号303.
_GOODS = re.compile(r"([\u3400-\u9fff]+) $")
_TOLD = re.compile(
    rf"(?:^|[\s,.;])(?:\d+|[{_NUMERALS}])\s?(?:{_UNITS})?[\u3400-\u9fff]+ $", re.IGNORECASE
)
_LATIN_NAME = re.compile(r"(?<![A-Za-z])[A-Z][a-z]+$")


def is_glued(reading: Reading, window: Window) -> bool:
    """A quantity before the address, or behind, may be a part of its number, and without it somebody else is meant."""
    if reading.is_field:
        return False
    return _begins_glued(reading, window) or _ends_glued(reading, window)


def _begins_glued(reading: Reading, window: Window) -> bool:
    pieces = reading.pieces[window.first : window.after]
    head = pieces[0]
    if not _may_be_quantity(reading, window.first):
        return False
    for shorter in _without_first_digits(head):
        rest = [shorter, *pieces[1:]]
        order = reading.turned(rest) if window.is_reversed else rest
        read = match(order, reading.asked)
        if read is not None and read.doors:
            return True
    return False


def _may_be_quantity(reading: Reading, place: int) -> bool:
    """The number sticks to a word that may be something to order."""
    head = reading.pieces[place]
    if head.lead >= 0 or (place > 0 and reading.pieces[place - 1].end == head.start):
        return False
    before = reading.text[: head.start]
    if re.search(r"\d\.$", before):
        return True
    if before.endswith(" "):
        goods = _GOODS.search(before)
        if goods is None or _TOLD.search(before) or _COUNTED.search(before[:-1]):
            return False
        return "货" in goods[1] or is_food(goods[1])
    if before.endswith((":", "=")):
        before = before[:-1].rstrip(" ")
    worded = before.rstrip("".join(sign for sign in set(before) if _is_picture(sign)))
    if not worded.strip(" ,.:;()[]") or (worded == before and not _WORD.search(before)):
        return False
    return not _is_no_goods(worded, reading.index)


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) in {"So", "Sk", "Cn", "Co"} and sign != "\ufffc"


def _is_no_goods(before: str, index: Index) -> bool:
    """What stands there is a person, a part of an address, or a quantity that is complete."""
    if _COUNTED.search(before) or _BEFORE_PLACES.search(before):
        return True
    found = _WORD.search(before)
    if found is None:
        return False
    word = found[0]
    if before[: found.start()][-1:].isdecimal() and (unit := re.match(_UNITS, word)):
        word = word[unit.end() :]
    if _TITLED.search(word) or _LATIN_NAME.search(word) or is_plain_name(word):
        return True
    if person_at(word, 0) == len(word):
        return True
    return len(word) > 1 and any(name.startswith(word) for name in index.names)


def _without_first_digits(piece: Piece) -> Iterator[Piece]:
    digits = re.match(r"\d*", piece.value)
    for place in range(1, digits.end() if digits else 0):
        if piece.value[place] != "0":
            yield replace(piece, value=piece.value[place:])


def _ends_glued(reading: Reading, window: Window) -> bool:
    """3组12号套餐 is the twelfth, and nobody's door; 3-1012份 may be two portions for 101."""
    last = reading.pieces[window.after - 1]
    behind = reading.text[last.end :]
    if last.kind == NAME and last.value[-1:].isdecimal():
        return behind[:1] in set(_PIECES)
    if last.kind != BARE or window.is_reversed:
        return False
    if behind.startswith("号"):
        return True
    rooms = reading.index.rooms[window.match.doors[0].house_id]
    has_shorter = any(last.value[:-count] in rooms for count in (1, 2))
    return has_shorter and _BEHIND.match(behind) is not None

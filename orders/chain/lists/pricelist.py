"""The price list of a group buy as chat text: read out of a list's beginning, and written for a chat. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from orders.chain.amounts.numerals import chinese_number
from orders.chain.line.folding import CIRCLED, fold, low
from orders.chain.lists.menulines import called_so, head_of, is_priced_so, is_set, meant_by_line
from orders.chain.names.goods import Goods, Named, Trust
from orders.chain.names.menu import Menu


@dataclass(frozen=True, slots=True)
class Priced:
    """A line of a price list. `code`: the letter or figure people will write; `price_fen` None where none stands."""

    line: int
    code: str
    name: str
    spec: str
    unit: str
    price_fen: int | None
    text: str


_CODE = re.compile(
    r"^(?:[(【\[]\s{0,3}([A-Za-z]{1,2}\d{0,2}|\d{1,3})\s{0,3}[)】\]]|([A-Za-z]{1,2}\d{0,2})\s{0,3}(?:[.、:：)】\-]|\s)|([甲乙丙丁戊己庚辛])\s{0,3}[.、:：)]|([A-Za-z])(?:套餐|套|款|餐)\s{0,3}[.、:：\-]?|(\d{1,3})\s{0,3}[.、:：)】号](?!\d)|([一二三四五六七八九十]{1,2})[.、:：])\s{0,3}"
)
_UNIT = r"(?:\s{0,3}(?:[/每一]\s{0,3}(?P<unit>[^\s\d,，。;；()（）]{1,3})))?"
_PRICE = re.compile(
    r"(?:价格|单价|团购价|售价|价)?\s{0,3}[:：]?\s{0,3}(?:[¥￥]\s{0,3}(?P<a>\d{1,6}(?:\.\d{1,2})?)\s{0,3}(?:元|块)?"
    r"|(?P<c>\d{1,4}块\d)(?!\d)|(?P<b>\d{1,6}(?:\.\d{1,2})?)\s{0,3}(?:元|块钱|块(?!豆|肉)|rmb))"
    + _UNIT,
    re.IGNORECASE,
)
# 鸡毛菜13, 鸡蛋 32一板: a price only beside lines that say so.
_BARE = re.compile(
    r"(?P<b>(?<![\d.])\d{1,4}(?:\.\d{1,2})?)(?:\s{0,3}(?:[/每一]\s{0,3}(?P<unit>[^\s\d,，。;；()（）]{1,2})))?\s{0,3}$"
)
_NO_PRICE = re.compile(r"\d[点:：月日号期楼弄]|\d{7}|第\d|[点截]")
_SLASH = re.compile(
    r"(?<![\d.])(?P<b>\d{1,6}(?:\.\d{1,2})?)\s{0,3}/\s{0,3}(?P<unit>[份箱盒袋包瓶个只斤提套桶板件])"
)
_SPEC = re.compile(
    r"[(（\[【](?P<in>[^)）\]】]{1,60})[)）\]】]|(?P<out>约?\d{1,9}(?:\.\d{1,9})?\s{0,3}(?:ml|l|g|kg|毫升|升|克|斤|枚|只|个|瓶|罐|包|片|支|袋|盒|粒|抽|卷|寸|条|根|颗|串|块(?![钱\d]|一)|双|尾|杯|把|人份)(?:装|左右|/[^\s\d]{1,2})?(?:\s{0,3}[*x×]\s{0,3}\d{1,9}\s{0,3}[^\s\d,，]{0,2}){0,4})",
    re.IGNORECASE,
)
_ENDS = " ~。!,，、🙏🌹"
_CHINESE = re.compile("[\u3400-\u9fff]")
_BEFORE = re.compile(r"(?<![\da-z.])(\d{1,2}|[a-z]|[①-⑳])\s?[.、:：)号]?\s?$")
_NEAR = 4
_LETTERED = re.compile(r"(?:^|[\s，,、;；|/])([A-Z])[.、:：]?\s?(?=[\u3400-\u9fff])")
_FEWEST = 3
# Less exact than any line that names its goods.
_FAR = 99
_LISTED = re.compile("([①-⑳]|\\d{1,2}(?![\\d.]\\d))[.、:：)）号]?\\s?([^\\d\\s].{1,60})")
_NAME = re.compile("[\u3400-\u9fff]{2,12}")
_LAST_NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)(?:元|块)?\s{0,3}$")
_BULLETS = " -·•*~>▪◆●○■□✅👉🔸🔹🔺📌"
_FORM = re.compile(
    "(0\\d|\\d{1,2}/ (?=\\D)|[【\\[]\\d{1,2}[】\\]]|[\U0001f300-\U0001faff])\\s{0,3}[.、:：]?\\s{0,3}(.{2,80})"
)
_PARTS = re.compile("(?=[①-⑳])|(?<=[元份斤箱盒袋包板])\\s{0,3}[;；,，]\\s{0,3}(?=[A-Za-z][.、:：])")


def read_prices(
    lines: Iterable[tuple[int, str]], *, bare_before: int | None = None
) -> list[Priced]:
    """The lines that name goods with a price or behind a letter: `A:… 58元/份`, `1) … 58元`, `①鸡蛋30枚 25元`.

    A figure at the end is a price too (鸡毛菜13) in the line beside one that says so, before the line `bare_before`.
    """
    parts = [
        (n, _without_courtesy(part.strip()))
        for n, text in lines
        for part in _PARTS.split(fold(text))
    ]
    found = [_read_one(number, text) for number, text in parts]
    for order in (range(1, len(parts)), range(len(parts) - 2, -1, -1)):
        for place in order:
            beside = found[place - 1] if order.step > 0 else found[place + 1]
            number, text = parts[place]
            is_before = bare_before is None or number < bare_before
            if found[place] is None and is_before and beside and beside.price_fen is not None:
                found[place] = _read_one(number, text, is_bare=True)
    return _with_real_codes([one for one in found if one is not None])


def _without_courtesy(text: str) -> str:
    """鸡毛菜13 🙏: the price is the end all the same."""
    text = text.rstrip(_ENDS)
    for words in ("谢谢团长", "谢谢", "辛苦了"):
        text = text.removesuffix(words).rstrip(_ENDS)
    return text


def _with_real_codes(found: list[Priced]) -> list[Priced]:
    """A1 … A2 … are codes; one alone is a name (A4 paper)."""
    coded = [one for one in found if len(one.code) > 1 and one.code[0].isalpha()]
    if len(coded) != 1:
        return found
    return [
        replace(one, code="", name=f"{one.code} {one.name}") if one is coded[0] else one
        for one in found
    ]


def _read_one(number: int, text: str, *, is_bare: bool = False) -> Priced | None:
    code, rest = _code_of(text)
    price = _PRICE.search(rest) or _SLASH.search(rest)
    if price is None and is_bare and not _NO_PRICE.search(rest):
        price = _BARE.search(rest)
    if price is None and not code[:1].isalpha():
        return None
    unit, fen = "", None
    if price is not None:
        groups = price.groupdict()
        amount = groups.get("a") or (groups.get("c") or "").replace("块", ".") or price["b"]
        yuan, _dot, cents = amount.partition(".")
        fen = int(yuan) * 100 + int((cents + "00")[:2])
        unit = (price["unit"] or "").strip()
        rest = rest[: price.start()] + " " + rest[price.end() :]
    spec_match = _SPEC.search(rest)
    spec = (spec_match["in"] or spec_match["out"]).strip() if spec_match else ""
    name = (rest[: spec_match.start()] + " " + rest[spec_match.end() :]) if spec_match else rest
    name = re.sub(r"\s+", " ", name).strip(" ,，。;；:：-=、.~")
    if not name or len(name) > 80 or not re.search("[\u3400-\u9fffA-Za-z]", name):
        return None
    return Priced(number, code, name, spec[:60], unit or _unit_in(spec), fen, text)


def _code_of(text: str) -> tuple[str, str]:
    if text and text[0] in CIRCLED:
        return str(CIRCLED[text[0]]), text[1:].lstrip(" .、:：)")
    match = _CODE.match(text)
    if match is None:
        return "", text
    code = next(group for group in match.groups() if group)
    number = chinese_number(code, 0)
    if number is not None and number[1] == len(code):
        code = str(number[0])
    return code.upper(), text[match.end() :]


def _unit_in(spec: str) -> str:
    match = re.search(r"/\s{0,3}([^\s\d/]{1,2})$", spec)
    return match[1] if match else ""


def codes_of(priced: Sequence[Priced], menu: Menu) -> dict[str, int | None]:
    """What the letters and figures of the list's own menu stand for; None where it is nothing on offer for certain."""
    codes: dict[str, int | None] = {}
    exact: dict[str, int] = {}
    for one in priced:
        if one.code:
            key, over = _bound(one, menu)
            codes[one.code] = key if codes.get(one.code, key) == key else None
            exact[one.code] = over
    for code, key in list(codes.items()):
        others = [exact[other] for other, its in codes.items() if its == key and other != code]
        if others and min(others) <= exact[code]:
            codes[code] = None  # one thing has one code: that of the line that is called just so
    return codes


def _bound(one: Priced, menu: Menu) -> tuple[int | None, int]:
    """(what a line with a code is about, how many signs of its name are not the name of that)."""
    rest, own = _code_of(one.text)[1], called_so(one.code, menu)
    meant = meant_by_line(rest, menu, is_set=is_set(one.text))
    if own is not None:
        is_other = meant is not None and meant.key not in {None, own}
        return (None if is_other else own), 0
    if meant is None:
        return _priced_so(one, menu), _FAR
    key = meant.key
    if key is None and meant.keys:
        told = match_goods(f"{one.name} {one.spec}", menu)
        key = told if told in meant.keys else None
    if key is None or (meant.over and not is_priced_so(one.price_fen, menu.goods[key])):
        return None, _FAR
    return key, meant.over


def _priced_so(one: Priced, menu: Menu) -> int | None:
    """The one thing of this price, where the line has words of its name too."""
    name = head_of(_code_of(one.text)[1], menu)
    pairs = {name[place : place + 2] for place in range(len(name) - 1)}
    keys = [
        goods.key
        for goods in menu.goods.values()
        if goods.price_fen == one.price_fen and any(pair in low(fold(goods.name)) for pair in pairs)
    ]
    return keys[0] if len(keys) == 1 else None


def shown_codes(lines: Iterable[tuple[int, str]], menu: Menu) -> dict[str, int | None]:
    """The figures before goods on offer, counted from 1 or A on, whatever prices they have: 1三文鱼88 2带鱼49."""
    codes: dict[str, int | None] = {}
    for _number, line in lines:
        text = low(fold(line))
        for start, key in _named_in(text, menu):
            before = _BEFORE.search(text, max(0, start - 6), start)
            if before is None or key in codes.values():
                continue
            code = before[1].upper()
            if not code.isalpha():
                code = str(CIRCLED[code] if code in CIRCLED else int(code))
            if code == (chr(ord("A") + len(codes)) if code.isalpha() else str(len(codes) + 1)):
                codes[code] = key
    return codes if len(codes) > 1 and len({code.isalpha() for code in codes}) == 1 else {}


def inline_codes(lines: Iterable[tuple[int, str]], menu: Menu) -> dict[str, int | None]:
    """A炸酱料包29 B韭菜盒子18: letters in a row from A on in one line, each before words for one thing on offer."""
    for _number, line in lines:
        parts = _LETTERED.split(fold(line))[1:]
        letters, texts = parts[::2], parts[1::2]
        if len(letters) < _FEWEST or letters != [chr(ord("A") + n) for n in range(len(letters))]:
            continue
        keys = [_meant(text, menu) for text in texts]
        known = [key for key in keys if key is not None]
        if len(known) == len(set(known)) and 2 * len(known) > len(keys):
            return dict(zip(letters, keys, strict=True))
    return {}


def listed_codes(lines: Iterable[tuple[int, str]], menu: Menu) -> dict[str, int | None]:
    """① 成人N95 48, ② 儿童N95 45: lines numbered from 1 on, each with words for one thing on offer, and its price."""
    keys: list[int | None] = []
    for _number, line in lines:
        match = _LISTED.match(fold(line).strip(_BULLETS))
        code = match[1] if match is not None else ""
        number = CIRCLED.get(code) or (int(code) if code.isdigit() else 0)
        if match is not None and number == len(keys) + 1 and _LAST_NUMBER.search(match[2]):
            keys.append(_meant(match[2], menu))
    known = [key for key in keys if key is not None]
    if len(keys) < _FEWEST or len(known) != len(set(known)) or 2 * len(known) <= len(keys):
        return {}
    return {str(number): key for number, key in enumerate(keys, start=1)}


def _meant(text: str, menu: Menu) -> int | None:
    """The one thing that the words after a letter mean, by their name or by name and price."""
    meant = meant_by_line(text, menu)
    key = meant.key if meant is not None else None
    name = _NAME.match(low(text).strip())
    if key is None and name is not None:
        key = menu.guesser.guess(name[0])
        price = _LAST_NUMBER.search(text)
        if key is None and price is not None and (meant is None or meant.keys):
            fen = round(float(price[1]) * 100)
            key = _priced_so(Priced(0, "", name[0], "", "", fen, text), menu)
    return key


def printed_forms(lines: Iterable[tuple[int, str]], menu: Menu) -> dict[str, int]:
    """01, 【1】 and 🥐 before goods on offer, as the list prints them: each names the goods behind it."""
    forms: dict[str, set[int]] = {}
    for _number, line in lines:
        match = _FORM.match(low(fold(line)).strip(_BULLETS))
        near = _named_in(match[2], menu) if match is not None else ()
        keys = {key for start, key in near if start < _NEAR}
        key = keys.pop() if len(keys) == 1 else None
        if match is not None and key is not None:
            forms.setdefault(match[1], set()).add(key)
    owners = [key for keys in forms.values() for key in keys]
    return {
        form: next(iter(keys))
        for form, keys in forms.items()
        if len(keys) == 1 and owners.count(next(iter(keys))) == 1
    }


def named_keys(line: str, menu: Menu) -> set[int]:
    """Goods that the line surely names."""
    return {key for _start, key in _named_in(low(fold(line)), menu)}


def _named_in(text: str, menu: Menu) -> Iterable[tuple[int, int]]:
    at = 0
    while at < len(text):
        named = menu.named_at(text, at)
        if named is None or named.trust > Trust.GOOD or named.end - at < 2:
            at += 1
            continue
        yield at, named.keys[0]
        at = named.end


def with_specs(
    menu: Menu, priced: Sequence[Priced], codes: Mapping[str, int | None]
) -> list[Goods]:
    """Goods without a specification take the one that the list's own menu has: 豆沙青团6只 28."""
    if all(one.spec for one in menu.goods.values()):
        return list(menu.goods.values())
    specs: dict[int, str] = {}
    for one in priced:
        key = codes[one.code] if one.code in codes else _named_by(one, menu)
        if key is not None and one.spec:
            specs.setdefault(key, one.spec)
    return [replace(one, spec=one.spec or specs.get(one.key, "")) for one in menu.goods.values()]


def _named_by(one: Priced, menu: Menu) -> int | None:
    meant = meant_by_line(one.text, menu)
    return meant.key if meant is not None else None


def match_goods(text: str, menu: Menu) -> int | None:
    """The one thing on offer that a line of a menu names, brands and sizes around it aside."""
    folded = low(fold(text))
    best: tuple[int, Trust, tuple[int, ...]] | None = None
    for start in range(len(folded)):
        named = menu.named_at(folded, start)
        if named is not None and named.end - start >= 2 and _is_whole(named, folded):
            rank = (named.end - start, named.trust, named.keys)
            if best is None or rank[0] > best[0]:
                best = rank
    if best is None or best[1] > Trust.GOOD or len(best[2]) != 1:
        return None
    return best[2][0]


def _is_whole(named: Named, text: str) -> bool:
    """豆沙 of 豆沙包 is not the 豆沙粽 on offer."""
    return named.trust == Trust.EXACT or not _CHINESE.match(text, named.end)


def differing_prices(
    priced: Sequence[Priced], codes: Mapping[str, int | None], goods: Sequence[Goods]
) -> list[tuple[Priced, Goods]]:
    """Lines of the menu whose price is not the group buy's."""
    by_key = {one.key: one for one in goods}
    return [
        (one, by_key[key])
        for one in priced
        if one.price_fen is not None
        and (key := codes.get(one.code)) is not None
        and by_key[key].price_fen != one.price_fen
    ]

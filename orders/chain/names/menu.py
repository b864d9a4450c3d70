"""What is on offer and every way to name it: in full, shortened, by letter, by short number, by its emoji. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from orders.chain.amounts.units import MEASURES, UNITS
from orders.chain.line.folding import fold, low
from orders.chain.line.shortening import counted_pattern, short_names
from orders.chain.names.english import english_names
from orders.chain.names.goods import Goods, Named, Trust
from orders.chain.names.guessing import Guesser
from orders.chain.names.kinds import kinds_of
from orders.chain.names.naming import Names, core_of, plain, shared_tails
from orders.chain.names.numbered import number_in
from orders.chain.names.packs import packs_called
from orders.chain.names.pieces import is_ready_made
from orders.chain.names.size_letters import size_letters
from orders.chain.names.variants import families

_MEASURED = "|".join(map(re.escape, (*sorted({*UNITS, *MEASURES}, key=len, reverse=True),)))
# Goods' names that are surely no piece of an address.
_PLAIN_NAME = re.compile(
    "(?:(?!单元|[号楼室幢栋弄门座村组队区零一二三四五六七八九十百甲乙丙丁])[\u3400-\u9fff]){2,}"
    "|(?:[\\d一二三四五六七八九]号?|[a-z])?(?:套餐|套装|组合)[a-z\\d一二三四五六七八九]?"
)
_LETTERED = re.compile("[A-Za-z](?=[\u3400-\u9fff])")
_DRINK = re.compile(
    "咖啡|拿铁|美式|澳白|摩卡|卡布|奶茶|果茶|柠檬茶|豆浆|甘露|奶昔|冰沙|果汁|酸梅汤|气泡|可乐|[Ll]atte|[Cc]offee"
)
_CHINESE = re.compile("[\u3400-\u9fff]")
_COUNTS = re.compile(f"[一二两俩三四五六七八九十半各要来再和跟加共的]|{_MEASURED}")
_CODE = re.compile(r"(?:套餐|套装|组合|款)?([A-Z])(?:套餐|套装|组合|款|餐|类|包|档|[.、: )]|$)")


# 蔬菜A套餐.
_CODE_INSIDE = re.compile("[\u3400-\u9fff]([A-Z])(?:套餐|套装|组合|款|餐|包|$)")


class Menu:
    """All names of what is on offer, looked up from the left, the longest first.

    `codes` are the letters and figures of the list itself ("A", "①"): goods' keys, None for goods nobody offers. They
    count more than the short numbers. `is_numbered` is false where the list shows its goods and no numbers: then
    3号 may be anything. `is_part`: the list shows some of the goods and not others.
    `forms` are codes as the list prints them (01, 【1】, 🥐), which are nothing else.
    """

    def __init__(
        self,
        goods: Sequence[Goods],
        codes: Mapping[str, int | None] | None = None,
        *,
        is_numbered: bool = True,
        is_part: bool = False,
        forms: Mapping[str, int] | None = None,
    ) -> None:
        self.goods = {one.key: one for one in goods}
        self.codes: dict[str, int | None] = dict(codes or {})
        self.numbers, self.is_numbered = self._numbers(), is_numbered
        self.is_part = is_part
        self.only = goods[0] if len(goods) == 1 else None
        self.families = families(goods)
        self.unit = _unit_pattern(goods)
        cores = {one.key: core_of(plain(one.name)) for one in goods}
        tails = shared_tails(cores)
        self.short = short_names(cores, tails)
        self.counted = counted_pattern(self.short)
        self._first: dict[str, list[tuple[str, tuple[int, ...], Trust]]] = {}
        names = Names(tails, is_ready_made(cores.values()), len(goods))
        for one in goods:
            names.add(one)
        self.letters = self._letters()
        signs = "".join(code for code in self.letters if len(code) == 1)
        self._coded = re.compile(
            rf"(?<= )[{signs}{signs.lower()}]\d{{1,2}}(?![\d号楼-])" if signs else r"(?!)"
        )
        names.add_codes(self.letters)
        names.add_forms(forms or {})
        whole = {one.key: plain(one.name) for one in goods}
        names.add_synonyms(cores)
        names.add_nouns(cores)
        names.add_plain(cores)
        names.prefer_heads()
        names.doubt_cut_sizes()
        names.found |= {word: (Trust.GOOD, {key}) for word, key in packs_called(goods).items()}
        for family in self.families.values():
            names.share(family.base, set(family.marks))
        names.add_kinds(kinds_of(whole))
        names.add_english(english_names(whole))
        self.has_drinks = any(_DRINK.search(one.name) for one in goods)
        self.guesser = Guesser(goods, names.found)
        self.words = tuple(text for text in names.found if len(text) > 1 and _CHINESE.match(text))
        for text, (trust, keys) in names.found.items():
            kept = trust if len(keys) == 1 else Trust.SEVERAL
            self._first.setdefault(text[0], []).append((text, tuple(sorted(keys)), kept))
        for entries in self._first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def _letters(self) -> dict[str, int]:
        """Letter codes that stand for goods on offer, as capitals."""
        letters = {
            code: key for code, key in self.codes.items() if code[:1].isalpha() and key is not None
        }
        taken = set(letters.values())
        for one in self.goods.values():
            match = _CODE.match(fold(one.name)) or _CODE_INSIDE.search(fold(one.name))
            if match and one.key not in taken:
                letters.setdefault(match[1], one.key)
        whole = {one.key: plain(one.name) for one in self.goods.values()}
        return {**size_letters(whole), **self._first_letters(), **letters}

    def _first_letters(self) -> dict[str, int]:
        """A蔬菜, B鸡蛋, C水果: letters in a row from A on, each before a name."""
        found = {
            fold(one.name)[0].upper(): one.key
            for one in self.goods.values()
            if _LETTERED.match(fold(one.name))
        }
        is_row = sorted(found) == [chr(ord("A") + n) for n in range(len(found))]
        return found if is_row and len(found) > 1 else {}

    def _numbers(self) -> dict[int, int]:
        """Short number → key: those of the list itself, else those of the group buy."""
        own = {int(code): key for code, key in self.codes.items() if code.isdigit()}
        short = {one.number: one.key for one in self.goods.values()}
        if all(short.get(number) == key for number, key in own.items()):
            named = {number_in(plain(one.name)): one.key for one in self.goods.values()}
            named.pop(0, None)
            return named or short  # a part of the desk's own menu was pasted along
        return {number: key for number, key in own.items() if key is not None}

    def named_at(self, text: str, start: int) -> Named | None:
        """What is named at this place of a folded, small-lettered text."""
        for words, keys, trust in self._first.get(text[start : start + 1], ()):
            if not text.startswith(words, start):
                continue
            end = start + len(words)
            if (
                words[0].isascii()
                and words[0].isalpha()
                and not _stands_alone(text, start, end, words)
            ):
                continue
            if len(words) == 1 and _CHINESE.match(text, end) and not _COUNTS.match(text, end):
                continue  # 米粒, 阿米尔
            if (
                words[0].isdigit()
                and start
                and (text[start - 1].isdigit() or text[start - 1] == ".")
            ):
                continue
            # A11: one of A1, or one of A11?
            is_cut = words[-1].isdigit() and text[end : end + 1].isdigit()
            return Named(keys, max(trust, Trust.PARTLY) if is_cut else trust, end)
        return None

    def names_any(self, text: str) -> bool:
        """Goods are named somewhere in a folded text, by more than one sign or by one and its number."""
        small = low(text)
        for at in range(len(small)):
            named = self.named_at(small, at)
            if named is not None and (named.end - at > 1 or self.counted.match(text, named.end)):
                return True
            if text[at] in self.short and self.counted.match(text, at + 1):
                return True
        return False

    def hidden(self, text: str) -> str:
        """The text with the names of goods made one harmless sign: 7-401 套餐1 is a door, and so is 7-203 f2.
        Places stay.
        """
        text = self._coded.sub(lambda match: "货" * len(match[0]), text)
        small, signs, at = low(text), list(text), 0
        while at < len(small):
            named = self.named_at(small, at)
            is_figure = small[at].isdigit() and at > 0 and small[at - 1] == " "
            if (
                named is None
                or named.end - at < 2
                or not (is_figure or _PLAIN_NAME.fullmatch(small, at, named.end))
            ):
                at += 1
                continue
            signs[at : named.end] = "货" * (named.end - at)
            at = named.end
        return "".join(signs)


def _unit_pattern(goods: Sequence[Goods]) -> re.Pattern[str]:
    """Units people count in, and those that only this menu sells by (卡, 尾)."""
    sold = {low(fold(one.unit)).strip() for one in goods} - {""}
    return re.compile("|".join(map(re.escape, sorted({*UNITS, *sold}, key=len, reverse=True))))


def _stands_alone(text: str, start: int, end: int, words: str) -> bool:
    """A Latin name or letter code is no piece of a longer Latin word."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isascii() and (before.isalpha() or before in "._'@"):
        return False
    if not words[-1].isascii() or not (after.isascii() and after.isalpha()):
        return True
    return after == "x" and text[end + 1 : end + 2].isdigit()

"""What is on offer, and every way to name it: in full, shortened, by letter, by short number, by its emoji. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from communities.persons import FOOD, is_brand
from orders.chain.english import english_names
from orders.chain.folding import CIRCLED, fold, low
from orders.chain.kinds import kinds_of
from orders.chain.shortening import counted_pattern, short_names
from orders.chain.units import MEASURES, UNITS


@dataclass(frozen=True, slots=True)
class Goods:
    """An offer. `key` is the caller's; `most` what a household may have, `left` what there is (None: no limit)."""

    key: int
    number: int
    name: str
    spec: str = ""
    unit: str = ""
    price_fen: int = 0
    aliases: tuple[str, ...] = ()
    most: int | None = None
    left: int | None = None


class Trust(IntEnum):
    """How well a text names a thing. Above GOOD a person has to look."""

    EXACT = 0
    GOOD = 1
    PARTLY = 2
    SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A piece of text that names goods: `keys` has more than one member where it could be several."""

    keys: tuple[int, ...]
    trust: Trust
    end: int


_MEASURED = "|".join(map(re.escape, (*sorted({*UNITS, *MEASURES}, key=len, reverse=True),)))
_SPEC = re.compile(
    rf"[(\[【（].{{0,60}}?[)\]】）]|约?\d{{1,9}}(?:\.\d{{1,9}})?\s{{0,3}}(?:{_MEASURED})(?:\s{{0,3}}[*/x]\s{{0,3}}\d{{0,9}}(?:{_MEASURED})?){{0,4}}"
)
# Goods' names that are surely no piece of an address.
_PLAIN_NAME = re.compile(
    "(?:(?![号楼室幢栋弄门单元座村组队区零一二三四五六七八九十百甲乙丙丁])[\u3400-\u9fff]){2,}"
    "|[a-z]?(?:套餐|套装|组合)[a-z]?"
)
# 套餐1 is 套餐一.
_FIGURES = dict(zip("123456789一二三四五六七八九", "一二三四五六七八九123456789", strict=True))
_RUN = re.compile("[\u3400-\u9fff]+|[a-z]{2,}")
_CHINESE = re.compile("[\u3400-\u9fff]")
_COUNTS = re.compile(f"[一二两俩三四五六七八九十半各要来再和跟加共的]|{_MEASURED}")
_CODE = re.compile(r"(?:套餐|套装|组合|款)?([A-Z])(?:套餐|套装|组合|款|餐|类|包|档|[.、: )]|$)")
_CODE_FORMS = ("{}套餐", "套餐{}", "{}套装", "{}款", "{}餐", "{}套", "{}组合", "组合{}", "{}号")
# A thing with this taken off its name is the same thing: 蔬菜包 is 蔬菜. With anything else it may be another (牛肉丸).
_WRAPPINGS = (
    *("套餐", "组合", "礼包", "大礼包", "礼盒", "礼篮", "大礼盒", "整箱"),
    *("包", "箱", "盒", "袋", "份", "装", "桶", "瓶", "提", "套", "篮"),
    *("柳", "段", "块", "扒"),
)
# With one of these in front it is another thing: 小番茄, 土鸡蛋 is still an egg, 盐汽水.
_TELLING = frozenset("小黑白红绿青黄紫甜酸辣嫩干生熟盐酥脆咸臭糯冬秋春冷热冻")
_COMMON = frozenset(
    """
    新鲜 有机 进口 本地 散装 精品 优质 特级 上海 崇明 农家 国产 东北 山东 云南 海南
    无锡 正宗 当季 现货 每日 大份 小份 整箱 组合 礼盒
    """.split()  # noqa: SIM905 -- words read better as words
)
# What is made out of something else: 番茄酱 is no 番茄.
_MADE = frozenset(
    "丸酱醋油粉干汁糖饼糕酒汤肠片条丝脯松罐卷酥露膏茶奶饭面粥串翅腿脚爪头皮骨排胗心肝馅馒饺馄饨粽豆蛋"
)


class Menu:
    """All names of what is on offer, looked up from the left, the longest first.

    `codes` are the letters and figures of the list itself ("A", "①"): goods' keys, None for goods nobody offers. They
    count more than the short numbers.
    """

    def __init__(
        self, goods: Sequence[Goods], codes: Mapping[str, int | None] | None = None
    ) -> None:
        self.goods = {one.key: one for one in goods}
        self.codes: dict[str, int | None] = dict(codes or {})
        self.numbers = self._numbers()
        self.only = goods[0] if len(goods) == 1 else None
        self.unit = _unit_pattern(goods)
        tails = _shared_tails(goods)
        self.short = short_names({one.key: _core(low(fold(one.name))) for one in goods}, tails)
        self.counted = counted_pattern(self.short)
        self._first: dict[str, list[tuple[str, tuple[int, ...], Trust]]] = {}
        names = _Names(tails)
        for one in goods:
            names.add(one)
        self.letters = self._letters()
        names.add_codes(self.letters)
        names.add_kinds(kinds_of({one.key: low(fold(one.name)) for one in goods}))
        names.add_english(english_names({one.key: low(fold(one.name)) for one in goods}))
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
            match = _CODE.match(fold(one.name))
            if match and one.key not in taken:
                letters.setdefault(match[1], one.key)
        return letters

    def _numbers(self) -> dict[int, int]:
        """Short number → key: those of the list itself, else those of the group buy."""
        own = {int(code): key for code, key in self.codes.items() if code.isdigit()}
        short = {one.number: one.key for one in self.goods.values()}
        if all(short.get(number) == key for number, key in own.items()):
            return short  # a part of the desk's own menu was pasted along
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

    def hidden(self, text: str) -> str:
        """The text with the names of goods made one harmless sign: 7-401 套餐1 is a door.
        Places stay.
        """
        small, signs, at = low(text), list(text), 0
        while at < len(small):
            named = self.named_at(small, at)
            if (
                named is None
                or named.end - at < 2
                or not _PLAIN_NAME.fullmatch(small, at, named.end)
            ):
                at += 1
                continue
            signs[at : named.end] = "货" * (named.end - at)
            at = named.end
        return "".join(signs)


def _shared_tails(goods: Sequence[Goods]) -> dict[int, str]:
    """What a thing is, where others on the menu are it too: beside 三鲜水饺 and 韭菜水饺 people say 三鲜."""
    cores = {one.key: re.sub(r"\s", "", _core(low(fold(one.name)))) for one in goods}
    tails: dict[int, str] = {}
    for key, core in cores.items():
        for other, name in cores.items():
            length = 0
            while other != key and length < min(len(core), len(name)) - 1:
                if core[-length - 1] != name[-length - 1]:
                    break
                length += 1
            if length >= 2 and length > len(tails.get(key, "")):
                tails[key] = core[-length:]
    return tails


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


@dataclass
class _Names:
    """Text → (how well it names, which goods). A better name is never spoilt by a worse one."""

    tails: Mapping[int, str]
    found: dict[str, tuple[Trust, set[int]]] = field(default_factory=dict)

    def add(self, one: Goods) -> None:
        name, spec = low(fold(one.name)).strip(), low(fold(one.spec)).strip()
        for text in _variants(name):
            self._put(text, Trust.EXACT, one.key)
        self._put(_without_brackets(name), Trust.GOOD, one.key)
        if spec and not _is_count(spec, low(fold(one.unit)).strip()):
            for text in (f"{name}{spec}", f"{name} {spec}", f"{name}({spec})"):
                for variant in _variants(text):
                    self._put(variant, Trust.EXACT, one.key)
        for alias in one.aliases:
            self._put(low(fold(alias)).strip(), Trust.EXACT, one.key)
        for sign in name:
            if unicodedata.category(sign) == "So" and sign not in CIRCLED:
                self._put(sign, Trust.GOOD, one.key)
        self._add_pieces(_core(name), one.key)
        for inside in re.findall(r"[(\[【]([\u3400-\u9fff]{2,8})(?=[\d)\]】])", name):
            self._put(inside, Trust.GOOD, one.key)
        for inside in re.findall(r"[(\[【]([大中小男女甜咸辣])[)\]】]", name):
            self._put(inside, Trust.GOOD, one.key)

    def _add_pieces(self, core: str, key: int) -> None:
        runs = _RUN.findall(core)
        joined = "".join(runs)
        if len(joined) >= 2:
            is_whole = joined == re.sub(r"\s", "", core)
            self._put(joined, Trust.EXACT if is_whole else Trust.GOOD, key)
        for part in re.findall(r"[a-z]{1,4}\d{2,}|(?<!\d)\d{3,}(?=[\u3400-\u9fff])", core):
            self._put(part, Trust.GOOD, key)  # N95, 8424
        for run in runs:
            if run.isascii():
                self._put(run, Trust.GOOD, key)
                continue
            tail = self.tails.get(key, "")
            told = len(run) - len(tail) if tail and run.endswith(tail) else 0
            for start in range(len(run)):
                for end in range(start + 2, len(run) + 1):
                    trust = _trust_in(run[start:end], run, start, end)
                    if start < told and end < len(run) and run[start:end] not in _COMMON:
                        trust = Trust.GOOD
                    self._put(run[start:end], trust, key)

    def add_codes(self, letters: Mapping[str, int]) -> None:
        for letter, key in letters.items():
            small = letter.lower()
            self._put(small, Trust.EXACT, key)
            for form in _CODE_FORMS:
                self._put(form.format(small), Trust.EXACT, key)

    def add_kinds(self, kinds: Mapping[str, set[int]]) -> None:
        """西瓜 is any of 麒麟瓜 and 8424西瓜, unless one is called just so."""
        for noun, keys in kinds.items():
            known = self.found.get(noun)
            if known is not None and known[0] != Trust.EXACT and keys - known[1]:
                self.found[noun] = (Trust.SEVERAL, known[1] | keys)

    def add_english(self, words: Mapping[str, set[int]]) -> None:
        """Beside what the goods are called themselves."""
        for word, keys in words.items():
            self.found.setdefault(word, (Trust.GOOD, set(keys)))

    def _put(self, text: str, trust: Trust, key: int) -> None:
        if not text:
            return
        known = self.found.get(text)
        if known is None or (trust == Trust.EXACT < known[0]):
            self.found[text] = (trust, {key})
        elif known[0] == Trust.EXACT < trust:
            return
        else:
            known[1].add(key)
            self.found[text] = (
                min(trust, known[0]) if known[1] == {key} else max(trust, known[0]),
                known[1],
            )


def _variants(name: str) -> Iterable[str]:
    """A name with its brackets and blanks, and without them."""
    bare = re.sub(r"[\s()\[\]【】《》\"'“”]+", "", name)
    yield name
    yield re.sub(r"\s+", "", name)
    if name[-1:] in _FIGURES and not name[-2:-1].isdigit():
        yield f"{name[:-1]}{_FIGURES[name[-1]]}"
    if bare != name:
        yield bare


def _is_count(spec: str, unit: str) -> bool:
    """`1颗` of what is sold by 颗: behind the name it is how many are wanted."""
    return bool(unit) and re.fullmatch(rf"约?\d{{1,9}}\s{{0,3}}{re.escape(unit)}", spec) is not None


def _without_brackets(name: str) -> str:
    bare = re.sub(r"[(\[【].{0,60}?[)\]】]", "", name).strip()
    return bare if len(bare) >= 2 else ""


def _core(name: str) -> str:
    """A name without what stands in brackets and without its specification."""
    core = _SPEC.sub(" ", name).strip()
    return core if len(core) >= 2 else name


def _trust_in(piece: str, run: str, start: int, end: int) -> Trust:
    """How well a piece of a name names it: its end is what it is, its beginning may be something else."""
    if piece == run or is_brand(piece):
        return Trust.GOOD
    if start == 0 and run[end:] in _WRAPPINGS and piece not in _COMMON - {"组合", "礼盒"}:
        return Trust.GOOD
    if piece in _COMMON:
        return Trust.PARTLY
    if end == len(run) or run[end:] in _WRAPPINGS:
        return Trust.PARTLY if start and run[start - 1] in _TELLING else Trust.GOOD
    if start == 0:
        is_thing = piece[-1] in FOOD or run[-1] in _MADE
        return Trust.PARTLY if is_thing else Trust.GOOD
    return Trust.PARTLY

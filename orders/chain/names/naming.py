"""Every text that names a thing on offer, and how well, decided from the menu alone. Pure.

A text names a thing for certain if nothing else on the menu bears it and if it cannot be something to buy by itself
(orders.chain.names.pieces).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orders.chain.amounts.units import MEASURES, UNITS
from orders.chain.line.folding import CIRCLED, fold, low
from orders.chain.names.goods import Goods, Trust
from orders.chain.names.kinds import KINDS, OWN, SAME
from orders.chain.names.numbered import number_forms
from orders.chain.names.pieces import (
    FOOD_HEADS,
    OTHER_THINGS,
    is_wrapping,
    pieces,
    rewrapped,
    short_forms,
)
from orders.chain.names.synonyms import called_else

_MEASURED = "|".join(map(re.escape, (*sorted({*UNITS, *MEASURES}, key=len, reverse=True),)))
_SPEC = re.compile(
    rf"[(\[【（].{{0,60}}?[)\]】）]|(?<![a-z\d])约?\d{{1,9}}(?:\.\d{{1,9}})?\s{{0,3}}(?:{_MEASURED})(?:\s{{0,3}}[*/x]\s{{0,3}}\d{{0,9}}(?:{_MEASURED})?){{0,4}}"
)
# 套餐1 is 套餐一.
_FIGURES = dict(zip("123456789一二三四五六七八九", "一二三四五六七八九123456789", strict=True))
_PLAIN = ("普通", "原味", "正常", "经典")
_RUN = re.compile("[\u3400-\u9fff]+|[a-z]{2,}")
_HALF, _SEVERAL = 2, 3
_CODE_FORMS = (
    "{}套餐",
    "套餐{}",
    "{}套装",
    "{}款",
    "{}餐",
    "{}套",
    "{}组合",
    "组合{}",
    "{}号",
    "{}包",
    "{}码",
)


@dataclass
class Names:
    """Text → (how well it names, which goods). A better name is never spoilt by a worse one."""

    tails: Mapping[int, str]
    is_ready: bool = False
    size: int = 0
    found: dict[str, tuple[Trust, set[int]]] = field(default_factory=dict)
    # Text → goods → what stands behind it in their name.
    rests: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, one: Goods) -> None:
        name, spec = plain(one.name), plain(one.spec)
        for text in _variants(name):
            self._put(text, Trust.EXACT, one.key)
        self._put(_without_brackets(name), Trust.GOOD, one.key)
        if spec and not _is_count(spec, plain(one.unit)):
            for text in (f"{name}{spec}", f"{name} {spec}", f"{name}({spec})"):
                for variant in _variants(text):
                    self._put(variant, Trust.EXACT, one.key)
        for text in number_forms(name):
            self._put(text, Trust.EXACT, one.key)
        for alias in one.aliases:
            self._put(plain(alias), Trust.EXACT, one.key)
        self._add_signs(name, one.key)
        self._add_pieces(core_of(name), one.key)
        self._add_inside(name, one.key)

    def _add_signs(self, name: str, key: int) -> None:
        """Its picture; 95口罩, 75酒精, 84."""
        for sign in name:
            if unicodedata.category(sign) == "So" and sign not in CIRCLED:
                self._put(sign, Trust.GOOD, key)
        for figures, words in re.findall(r"(?<![\d.])(\d{2,3})%?([\u3400-\u9fff]{2,8})", name):
            self._put(figures + words, Trust.GOOD, key)  # 95口罩, 75酒精
            if name.startswith(figures):
                self._put(figures, Trust.GOOD, key)  # 84

    def _is_usual(self, tail: str) -> bool:
        """Three kinds of 粽, half of what is on offer, or a word like 棒冰: then 豆沙 is 豆沙粽, 绿豆 绿豆棒冰."""
        alike = sum(other[-1:] == tail[-1:] for other in self.tails.values())
        return len(tail) > 1 or alike >= _SEVERAL or alike * _HALF >= self.size

    def _add_inside(self, name: str, key: int) -> None:
        """What stands in brackets tells one from another: 垃圾袋（大）, 元气森林（白桃）."""
        for inside in re.findall(r"[(\[【]([\u3400-\u9fff]{2,8})(?=[\d)\]】])", name):
            self._put(inside, Trust.GOOD, key)
        for inside in re.findall(r"[(\[【]([大中小男女甜咸辣])号?[)\]】]", name):
            bare = _without_brackets(name)
            for text in (
                inside,
                *(f"{inside}{bare[place:]}" for place in range(len(bare))),
                *(f"{inside}{bare}", f"{inside}号{bare}", f"{bare}{inside}号") * bool(bare),
            ):
                self._put(text, Trust.GOOD, key)
            if inside in "大中小":
                self._put(f"{inside}号", Trust.GOOD, key)

    def _add_pieces(self, core: str, key: int, *, is_short: bool = True) -> None:
        runs = _RUN.findall(core)
        joined = "".join(runs)
        if len(joined) >= 2:
            is_whole = joined == re.sub(r"\s", "", core)
            self._put(joined, Trust.EXACT if is_whole else Trust.GOOD, key)
        self._add_marks(core, key)
        for run in runs:
            if run.isascii():
                self._put(run, Trust.GOOD, key)
                continue
            tail = self.tails.get(key, "")
            is_usual = self.is_ready or self._is_usual(tail)
            for piece, trust in pieces(run, tail, is_ready=self.is_ready, is_usual=is_usual):
                self._put(piece, trust, key)
                rest = run[run.index(piece) + len(piece) :]
                self.rests[piece][key] = rest
            for piece in rewrapped(run):
                self._put(piece, Trust.GOOD, key)
            for piece, trust in short_forms(run) if is_short else ():
                self._put(piece, trust, key)

    def _add_marks(self, core: str, key: int) -> None:
        """3段, A4, J级, N95, 8424."""
        for part in re.findall(r"\d段", core):
            self._put(part, Trust.GOOD, key)  # 3段 of milk powder
            self._put(f"{_FIGURES.get(part[0], part[0])}段", Trust.GOOD, key)
        for part in re.findall(r"^[a-z]\d(?=[\u3400-\u9fff])", core):
            self._put(part, Trust.GOOD, key)  # A4
        for part in re.findall(r"(?<![a-z])[a-z]{1,3}[级号码款型]", core):
            self._put(part, Trust.GOOD, key)  # J级
        for part in re.findall(r"[a-z]{1,4}\d{2,}|(?<!\d)\d{3,}(?=[\u3400-\u9fff])", core):
            self._put(part, Trust.GOOD, key)  # N95, 8424

    def add_codes(self, letters: Mapping[str, int]) -> None:
        for letter, key in letters.items():
            small = letter.lower()
            self._put(small, Trust.EXACT, key)
            for form in _CODE_FORMS:
                self._put(form.format(small), Trust.EXACT, key)

    def add_forms(self, forms: Mapping[str, int]) -> None:
        for form, key in forms.items():
            self.found[form] = (Trust.EXACT, {key})

    def prefer_heads(self) -> None:
        """草鸡 is 散养草鸡 beside 草鸡蛋, which is no 草鸡: what it is stands at the end."""
        for text, (trust, keys) in self.found.items():
            rests = self.rests.get(text, {})
            heads = {key for key in keys if not rests.get(key, "?")}
            others = {rests.get(key, "") for key in keys - heads}
            if len(heads) == 1 and others and others <= OTHER_THINGS and trust != Trust.EXACT:
                self.found[text] = (Trust.GOOD, heads)

    def doubt_cut_sizes(self) -> None:
        """草莓大 beside 草莓 and 草莓大福: large ones may be meant."""
        for text, (trust, keys) in self.found.items():
            known = self.found.get(text[:-1]) if text[-1] in "大中小" else None
            if known is not None and known[0] == Trust.EXACT < trust and not known[1] & keys:
                self.found[text] = (Trust.SEVERAL, keys | known[1])

    def share(self, base: str, keys: set[int]) -> None:
        """泰国椰青 is the box of 9 as well as the single one, where only the one has its size cut off."""
        known = self.found.get(base)
        if known is not None and known[1] < keys:
            self.found[base] = (Trust.SEVERAL, set(keys))

    def add_kinds(self, kinds: Mapping[str, set[int]]) -> None:
        """西瓜 is any of 麒麟瓜 and 8424西瓜, unless one is called just so."""
        for noun, keys in kinds.items():
            known = self.found.get(noun)
            if known is None and len(noun) > 1:
                self.found[noun] = (Trust.SEVERAL, set(keys))
            elif known is not None and known[0] != Trust.EXACT and keys - known[1]:
                self.found[noun] = (Trust.SEVERAL, known[1] | keys)

    def add_synonyms(self, cores: Mapping[int, str]) -> None:
        """What the goods are called with other words, where nothing on the menu is called so itself."""
        others = Names(self.tails, self.is_ready, self.size)
        for key, core in cores.items():
            for called, word in called_else(core):
                one = Names(self.tails, self.is_ready, self.size)
                one._add_pieces(called, key, is_short=False)
                if any(sign.isascii() for sign in word):
                    others.add_lettered(called, word, key)
                for text, (trust, _keys) in one.found.items():
                    if word in text:
                        # 咸鸭蛋 is nobody's word for what is made of 咸蛋黄.
                        is_made_of = self.is_ready and text == word and not called.endswith(word)
                        others._put(text, Trust.PARTLY if is_made_of else trust, key)
        for text, named in others.found.items():
            self.found.setdefault(text, named)

    def add_lettered(self, called: str, word: str, key: int) -> None:
        """维c of 维c泡腾片, whose letter no run of signs has."""
        rest = called.removeprefix(word)
        if called.startswith(word) and (not rest or rest == "片" or is_wrapping(rest)):
            self._put(word, Trust.GOOD, key)

    def add_nouns(self, cores: Mapping[int, str]) -> None:
        """橙子 is 脐橙, where nothing else on the menu is one: what the thing is stands at the end of its name."""
        for noun in SAME:
            keys = {key for key, core in cores.items() if any(word in core for word in KINDS[noun])}
            heads = {key for key in keys if cores[key].endswith(OWN.get(noun, KINDS[noun]))}
            if len(keys) == 1 and heads and not any(noun in core for core in cores.values()):
                self.found.setdefault(noun, (Trust.GOOD, set(keys)))

    def add_plain(self, cores: Mapping[int, str]) -> None:
        """普通可乐 is 可乐 beside 无糖可乐, where nothing else is called plain."""
        if any(word in core for word in _PLAIN for core in cores.values()):
            return
        for key, core in cores.items():
            for tail in {core, core[-2:]} if len(core) >= 2 else ():
                alike = [n for other, n in cores.items() if other != key and n.endswith(tail)]
                if alike and all(n.endswith(core) and n != core for n in alike):
                    self.found |= {f"{word}{tail}": (Trust.GOOD, {key}) for word in _PLAIN}

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


def plain(text: str) -> str:
    return low(fold(text)).strip()


def core_of(name: str) -> str:
    """A name without what stands in brackets and without its specification."""
    core = _SPEC.sub(" ", name).strip()
    return core if len(core) >= 2 else name


def shared_tails(cores: Mapping[int, str]) -> dict[int, str]:
    """What a thing is, where others on the menu are it too: beside 三鲜水饺 and 韭菜水饺 people say 三鲜."""
    bare = {key: re.sub(r"\s", "", core) for key, core in cores.items()}
    tails: dict[int, str] = {}
    for key, core in bare.items():
        for other, name in bare.items():
            length = 0
            while other != key and length < min(len(core), len(name)) - 1:
                if core[-length - 1] != name[-length - 1]:
                    break
                length += 1
            is_tail = length >= 2 or (
                length == 1 and len(core) > 2 < len(name) and core[-1] in FOOD_HEADS - {"卷"}
            )
            if is_tail and length > len(tails.get(key, "")):
                tails[key] = core[-length:]
    return tails


def _variants(name: str) -> Iterable[str]:
    """A name with its brackets and blanks, and without them."""
    bare = re.sub(r"[\s()\[\]【】《》\"'“”]+", "", name)
    yield name
    yield re.sub(r"\s+", "", name)
    if name[-1:] in _FIGURES and not name[-2:-1].isdigit():
        yield f"{name[:-1]}{_FIGURES[name[-1]]}"
    if bare != name:
        yield bare
    if re.match("[1-9]号", name):  # 五号电池
        yield f"{_FIGURES[name[0]]}{name[1:]}"


def _is_count(spec: str, unit: str) -> bool:
    """`1颗` of what is sold by 颗, `1只` of whatever: behind the name it is how many are wanted."""
    if re.fullmatch("约?1\\s?[个只条颗块根枚串棵]", spec):
        return True
    return bool(unit) and re.fullmatch(rf"约?\d{{1,9}}\s{{0,3}}{re.escape(unit)}", spec) is not None


def _without_brackets(name: str) -> str:
    bare = re.sub(r"[(\[【].{0,60}?[)\]】]", "", name).strip()
    return bare if len(bare) >= 2 else ""

"""Every text that names a thing on offer, and how well, decided from the menu alone. Pure.

A text names a thing for certain if nothing else on the menu bears it and if it cannot be something to buy by itself.
What keeps the end of a name keeps what the thing is (鸭蛋 of 咸鸭蛋, 蛋黄粽 of 蛋黄肉粽). What drops it keeps what tells the
thing from others (豆沙 of 豆沙粽): enough where others on the menu end so, or where the words are no thing (海盐 of 海盐卷,
not 牛肉 of 牛肉丸).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from communities.persons import FOOD, is_brand
from communities.things import is_noun, names_a_thing
from orders.chain.codes import number_forms
from orders.chain.folding import CIRCLED, fold, low
from orders.chain.goods import Goods, Trust
from orders.chain.kinds import KINDS, SAME
from orders.chain.units import MEASURES, UNITS

_MEASURED = "|".join(map(re.escape, (*sorted({*UNITS, *MEASURES}, key=len, reverse=True),)))
_SPEC = re.compile(
    rf"[(\[【（].{{0,60}}?[)\]】）]|约?\d{{1,9}}(?:\.\d{{1,9}})?\s{{0,3}}(?:{_MEASURED})(?:\s{{0,3}}[*/x]\s{{0,3}}\d{{0,9}}(?:{_MEASURED})?){{0,4}}"
)
# 套餐1 is 套餐一.
_FIGURES = dict(zip("123456789一二三四五六七八九", "一二三四五六七八九123456789", strict=True))
_RUN = re.compile("[\u3400-\u9fff]+|[a-z]{2,}")
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
)
# A thing with this taken off its name is the same thing: 蔬菜包 is 蔬菜. With anything else it may be another (牛肉丸).
_WRAPPINGS = (
    *("套餐", "组合", "礼包", "大礼包", "礼盒", "礼篮", "大礼盒", "整箱"),
    *("包", "箱", "盒", "袋", "份", "装", "桶", "瓶", "提", "套", "篮"),
    *("柳", "段", "块", "扒", "排", "肉", "刺身"),
    *("试剂", "试剂盒", "胶囊", "缓释胶囊", "颗粒", "口服液"),
)
# With one of these in front it is another thing: 臭豆腐, 酸奶, 冻豆腐. 小番茄 and 咸鸭蛋 stay what they are.
_CHANGING = frozenset("酸辣臭熟干酥脆冻腌盐")
# Behind the name of a thing these make another one: 草鸡蛋 is no 草鸡. 咖啡豆 is 咖啡.
_OTHER_THINGS = frozenset(
    {"蛋", "面包", "蛋糕", "饭", "面", "饼", "酱", "醋", "汤", "丸", "糕", "粥", "酒", "干"}
)
_COMMON = frozenset(
    """
    新鲜 有机 进口 本地 散装 精品 优质 特级 上海 崇明 农家 国产 东北 山东 云南 海南
    无锡 正宗 当季 现货 每日 大份 小份 整箱 组合 礼盒 家庭 全家 双人 单人 早餐 中式 西式 手工
    """.split()  # noqa: SIM905 -- words read better as words
)
# Ready to eat: a menu of nothing else sells no 草莓 beside its 草莓蛋糕.
_READY = re.compile(
    "(?:(?:奶黄|豆沙|叉烧|肉|流沙|生煎|汤)包|蛋糕|面包|吐司|贝果|欧包|泡芙|蛋挞|小贝|可颂|餐包|饼干|曲奇|慕斯|披萨|汉堡|馄饨|水饺|饺子|汤圆|汤团|青团|粽子|粽|小笼|小笼包|包子"
    "|烧卖|月饼|奶茶|拿铁|提拉米苏|卷|饼|糕|团|酥|馒头|春卷|长棍|牛角|挞)$"
)
# Longer runs are sentences, whose pieces name nothing.
_LONG_RUN = 14


@dataclass
class Names:
    """Text → (how well it names, which goods). A better name is never spoilt by a worse one."""

    tails: Mapping[int, str]
    is_ready: bool = False
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
        for sign in name:
            if unicodedata.category(sign) == "So" and sign not in CIRCLED:
                self._put(sign, Trust.GOOD, one.key)
        for figures, words in re.findall(r"(?<![\d.])(\d{2,3})%?([\u3400-\u9fff]{2,8})", name):
            self._put(figures + words, Trust.GOOD, one.key)  # 95口罩, 75酒精
            if name.startswith(figures):
                self._put(figures, Trust.GOOD, one.key)  # 84
        self._add_pieces(core_of(name), one.key)
        for inside in re.findall(r"[(\[【]([\u3400-\u9fff]{2,8})(?=[\d)\]】])", name):
            self._put(inside, Trust.GOOD, one.key)
        for inside in re.findall(r"[(\[【]([大中小男女甜咸辣])号?[)\]】]", name):
            bare = _without_brackets(name)
            for text in (
                inside,
                *(f"{inside}{bare}", f"{inside}号{bare}", f"{bare}{inside}号") * bool(bare),
            ):
                self._put(text, Trust.GOOD, one.key)
            if inside in "大中小":
                self._put(f"{inside}号", Trust.GOOD, one.key)

    def _add_pieces(self, core: str, key: int, *, is_short: bool = True) -> None:
        runs = _RUN.findall(core)
        joined = "".join(runs)
        if len(joined) >= 2:
            is_whole = joined == re.sub(r"\s", "", core)
            self._put(joined, Trust.EXACT if is_whole else Trust.GOOD, key)
        for part in re.findall(r"\d段", core):
            self._put(part, Trust.GOOD, key)  # 3段 of milk powder
        for part in re.findall(r"[a-z]{1,4}\d{2,}|(?<!\d)\d{3,}(?=[\u3400-\u9fff])", core):
            self._put(part, Trust.GOOD, key)  # N95, 8424
        for run in runs:
            if run.isascii():
                self._put(run, Trust.GOOD, key)
                continue
            for piece, trust in _pieces(run, self.tails.get(key, ""), is_ready=self.is_ready):
                self._put(piece, trust, key)
                rest = run[run.index(piece) + len(piece) :]
                self.rests[piece][key] = rest
            for piece, trust in _short_forms(run) if is_short else ():
                self._put(piece, trust, key)

    def add_codes(self, letters: Mapping[str, int]) -> None:
        for letter, key in letters.items():
            small = letter.lower()
            self._put(small, Trust.EXACT, key)
            for form in _CODE_FORMS:
                self._put(form.format(small), Trust.EXACT, key)

    def prefer_heads(self) -> None:
        """草鸡 is 散养草鸡 beside 草鸡蛋, which is no 草鸡: what it is stands at the end."""
        for text, (trust, keys) in self.found.items():
            rests = self.rests.get(text, {})
            heads = {key for key in keys if not rests.get(key, "?")}
            others = {rests.get(key, "") for key in keys - heads}
            if len(heads) == 1 and others and others <= _OTHER_THINGS and trust != Trust.EXACT:
                self.found[text] = (Trust.GOOD, heads)

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
        others = Names(self.tails, self.is_ready)
        for key, core in cores.items():
            for called in _called_else(core):
                others._add_pieces(called, key, is_short=False)
        for text, named in others.found.items():
            self.found.setdefault(text, named)

    def add_nouns(self, cores: Mapping[int, str]) -> None:
        """橙子 is 脐橙, where nothing else on the menu is one: what the thing is stands at the end of its name."""
        for noun in SAME:
            keys = {key for key, core in cores.items() if any(word in core for word in KINDS[noun])}
            heads = {key for key in keys if cores[key].endswith(KINDS[noun])}
            if len(keys) == 1 and heads and not any(noun in core for core in cores.values()):
                self.found.setdefault(noun, (Trust.GOOD, set(keys)))

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
                length == 1 and len(core) > 2 < len(name) and core[-1] in FOOD_HEADS
            )
            if is_tail and length > len(tails.get(key, "")):
                tails[key] = core[-length:]
    return tails


# One sign that says what the thing is: 粽 of 豆沙粽 and 鲜肉粽.
FOOD_HEADS = frozenset("粽面饼糕饺茶酒卷饭粥汤酥团挞冻")


def is_ready_made(cores: Iterable[str]) -> bool:
    """Nothing on the menu but what is eaten as it comes."""
    names = list(cores)
    return len(names) > 1 and all(_READY.search(name) for name in names)


def _pieces(run: str, tail: str, *, is_ready: bool) -> Iterable[tuple[str, Trust]]:
    """Parts of a name in one stretch, with how well each names it."""
    told = len(run) - len(tail) if tail and run.endswith(tail) else 0
    for start in range(len(run)):
        for end in range(start + 2, len(run) + 1):
            piece = run[start:end]
            trust = _trust_in(piece, run, start, end, is_ready=is_ready)
            if start < told and end < len(run) and (piece not in _COMMON or end == told):
                trust = Trust.GOOD
            yield piece, trust


def _short_forms(run: str) -> Iterable[tuple[str, Trust]]:
    """A part of a name and its last sign: 蛋黄粽 of 蛋黄肉粽."""
    if len(run) > _LONG_RUN or is_noun(run[-2:]) or run[-1] not in FOOD_HEADS:
        return
    for start in range(len(run)):
        for end in range(start + 2, len(run) - 1):
            piece = run[start:end]
            short = piece + run[-1]
            if short not in run:
                yield short, Trust.PARTLY if is_noun(short) or piece in _COMMON else Trust.GOOD


def _trust_in(piece: str, run: str, start: int, end: int, *, is_ready: bool) -> Trust:
    """How well a piece of a name names it: its end is what it is, its beginning may be something else."""
    if piece == run or is_brand(piece):
        return Trust.GOOD
    if start == 0 and run[end:] in _WRAPPINGS and piece not in _COMMON - {"组合", "礼盒"}:
        return Trust.GOOD
    if piece in _COMMON:
        return Trust.PARTLY
    if end == len(run) or run[end:] in _WRAPPINGS:
        return Trust.PARTLY if start and run[start - 1] in _CHANGING else Trust.GOOD
    if any(word in piece for word in KINDS.get(run[end:], ())):
        return Trust.GOOD  # 吐司面包, 富士苹果
    is_thing = names_a_thing(piece) or piece in KINDS or piece[-1] in FOOD - {"盐"}
    return Trust.PARTLY if is_thing and not is_ready else Trust.GOOD


def _called_else(core: str) -> Sequence[str]:
    """What it is called with another word for the same thing: 西红柿 for 番茄."""
    names: list[str] = []
    for words in _SYNONYMS:
        said = next((word for word in words if word in core), None)
        if said is not None:
            names += [core.replace(said, word) for word in words if word not in core]
    return names


# Words for one and the same thing.
_SYNONYMS = tuple(
    tuple(sorted(words.split("/"), key=len, reverse=True))
    for words in """
    番茄/西红柿 土豆/马铃薯/洋芋 皮蛋/松花蛋 奇异果/猕猴桃 樱桃/车厘子 西兰花/西蓝花/花椰菜 花蛤/蛤蜊 水饺/饺子 长棍/法棍/法棍面包
    凤梨/菠萝 红薯/山芋/地瓜/番薯 卷心菜/包菜/包心菜/圆白菜 欧包/面包 馄饨/云吞 披萨/比萨 茭白/茭瓜 橘子/桔子 小笼/小笼包 香菜/芫荽
    酸奶/酸牛奶 吐司/土司/切片面包 芝士/奶酪 黄瓜/青瓜 尿不湿/纸尿裤/尿片/尿布 抽纸/抽取式面纸 卷纸/卫生纸/厕纸 荸荠/马蹄 莴笋/莴苣
    豆角/豇豆 丝瓜/天罗 百叶/千张 粢饭/糍饭 大排/猪大排 小排/猪小排 肋排/猪肋排 前腿/前腿肉 后腿/后腿肉 五花/五花肉 夹心/夹心肉 鸡胸/鸡胸肉 里脊/里脊肉
    牛腩/牛腩肉 牛腱/牛腱子/牛腱肉 咸鸭蛋/咸蛋
    """.split()  # noqa: SIM905 -- words read better as words
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

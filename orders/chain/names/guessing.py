"""Which goods are meant by words that name none exactly: 豆腐砂, 饺皮, 虾人, 巅锋猫罐. Pure.

Only where one thing on the menu fits and nothing else is called so: 芥菜 is no 荠菜.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from communities.things import is_noun
from orders.chain.names.goods import Goods, Trust
from orders.chain.names.kinds import KINDS
from orders.chain.names.likeness import (
    IDLE,
    OF_KINDS,
    is_all_alike,
    is_another,
    is_drawn,
    is_light,
    odd_place,
    pairs,
)
from orders.chain.names.sounds import sound_alike, sound_near

_BARE = re.compile(r"[^\u3400-\u9fffa-z\d]+")
_LINKED = re.compile("那个|这个|那种|这种|那款|的|来|要|[装款]$")
_THAT = re.compile("那个|这个|那种|那款")
_ANIMALS = frozenset("牛羊猪鸡鸭鹅兔鱼虾")
_LATIN = re.compile("[a-z]+")
# With 子 behind them these are what they were.
_CALLED_SO = frozenset("蹄爪腱翅腿膀肘肚桃橙柚桔橘李杏柿椰包饺粽丸鸽")
_SET = re.compile("套餐|套装|组合|礼包|拼盘")
_SHORTEST, _LONGEST = 2, 10
# From so many signs on one of them may be any other sign, if it tells nothing.
_LONG = 4


class Guesser:
    """Built once for a menu; what was asked before is known."""

    def __init__(self, goods: Iterable[Goods], found: Mapping[str, tuple[Trust, set[int]]]) -> None:
        self._full = {one.key: _BARE.sub("", f"{one.name}{one.spec}".lower()) for one in goods}
        self._cores = {one.key: _BARE.sub("", one.name.lower()) for one in goods}
        self._parts = {
            one.key: {part for part in _BARE.split(one.spec.lower()) if len(part) >= _SHORTEST}
            for one in goods
        }
        self._ends = {
            one.key: {run[-1] for run in _BARE.split(one.name.lower()) if run} for one in goods
        }
        self._by_length: dict[int, list[tuple[str, set[int]]]] = defaultdict(list)
        for text, (trust, keys) in found.items():
            if trust <= Trust.GOOD and len(keys) == 1 and len(text) >= _SHORTEST:
                self._by_length[len(text)].append((text, keys))
        self._known: dict[str, int | None] = {}

    def guess(self, words: str) -> int | None:
        """The key of the one thing these folded small-lettered words can mean."""
        if words not in self._known:
            self._known[words] = self._guess(words)
        return self._known[words]

    def holds(self, words: str, key: int) -> bool:
        """All signs of these words stand in the thing's name, in their order."""
        return is_drawn(words, self._cores[key])

    def specified(self, words: str) -> int | None:
        """榴莲 where one thing has just this in its specification, and nothing else has it at all."""
        keys = [key for key, full in self._full.items() if words in full]
        return keys[0] if len(keys) == 1 and words in self._parts[keys[0]] else None

    def _alive(self, words: str) -> int | None:
        """活虾 of 活基围虾, where nothing else is a shrimp."""
        if len(words) != _SHORTEST or words[0] != "活":
            return None
        signs = KINDS.get(words[1], (words[1],))
        keys = [key for key, core in self._cores.items() if any(sign in core for sign in signs)]
        core = self._cores[keys[0]] if len(keys) == 1 else ""
        return keys[0] if core.startswith("活") and core.endswith(words[1]) else None

    def _guess(self, words: str) -> int | None:
        bare = _BARE.sub("", _LINKED.sub("", words))
        if words.endswith("的") and len(bare) >= _SHORTEST:
            keys = [key for key, full in self._full.items() if bare in full]
            return keys[0] if len(keys) == 1 else None
        if not _SHORTEST <= len(bare) <= _LONGEST or bare.isdigit() or is_noun(bare):
            return None
        if words != bare and _THAT.search(words):
            return self._holding(f"{bare}套餐")  # 鲈鱼那个
        ways = (self._typed, self._drawn, self._lightened, self._turned, self._holding, self._alive)
        found = next((key for way in ways if (key := way(bare)) is not None), None)
        return self._typed(words) if found is None and words == f"{bare}装" else found

    def _lightened(self, words: str) -> int | None:
        """牛肉丸 of 牛丸, 羊肉卷 of 羊卷: a sign too many, which tells nothing."""
        keys: set[int] = set()
        for place, sign in enumerate(words):
            is_inside = 0 < place < len(words) - 1 or sign == "儿" or _ends_lightly(words)
            is_inside |= sign == "肉" and any(
                core.endswith(words[:-1]) and _ANIMALS & set(core) for core in self._cores.values()
            )
            if sign in IDLE and is_inside and place and len(words) > _SHORTEST:
                less = words[:place] + words[place + 1 :]
                for text, owners in self._by_length.get(len(less), ()):
                    keys |= owners if text == less else set()
                drawn = self._drawn(less)
                keys |= {drawn} if drawn is not None else set()
        return keys.pop() if len(keys) == 1 else None

    def _typed(self, words: str) -> int | None:
        """One sign is another: one that sounds alike, or, in a long name, any that tells nothing."""
        keys: set[int] = set()
        for text, owners in self._by_length.get(len(words), ()):
            if is_all_alike(words, text):
                keys |= owners
                continue
            place = odd_place(words, text)
            if place is None or any(is_noun(pair) and pair not in text for pair in pairs(words)):
                continue
            is_whole = len(words) >= _LONG and self._ends_as_whole(text, owners)
            is_inside = 0 < place < len(words) - 1
            alike = sound_near if len(words) > _SHORTEST else sound_alike
            is_open = is_whole and is_inside and text[place] not in OF_KINDS
            if is_open or (alike(words[place], text[place]) and self._is_word(text, owners)):
                keys |= owners
        return keys.pop() if len(keys) == 1 else None

    def _is_word(self, text: str, owners: set[int]) -> bool:
        """Two signs that are a word, and no piece of one: 虾仁, not 厘子 of 车厘子, which 栗子 sounds like; or a brand
        before the word, 巅峰 of 巅峰猫罐.
        """
        if len(text) > _SHORTEST or is_noun(text):
            return True
        cores = [self._cores[key] for key in owners]
        return all(core.startswith(text) and len(core) - len(text) != 1 for core in cores)

    def _ends_as_whole(self, text: str, owners: set[int]) -> bool:
        """The text has all of the name, or its end, which says what the thing is."""
        return all(self._cores[key].endswith(text) for key in owners)

    def _drawn(self, words: str) -> int | None:
        """All signs of it stand in one name, in their order, from its first sign or to its last."""
        keys = [key for key, full in self._full.items() if is_drawn(words, full)]
        if len(keys) != 1 or words in self._cores[keys[0]]:
            return None  # what a piece of a name in one stretch means is known (orders.chain.names.pieces)
        core = self._cores[keys[0]]
        is_anchored = core.endswith(words[-1]) or core.startswith(words[0])
        is_enough = is_drawn(words, core) and len(words) * 4 >= len(_LATIN.sub("", core))
        if len(words) == _SHORTEST and words not in core and not is_light(words, core):
            return None
        return keys[0] if is_anchored and is_enough and not is_another(words, core) else None

    def _turned(self, words: str) -> int | None:
        """云南豆 of 咖啡豆 云南: two pieces of one name, the other way round."""
        if len(words) <= _SHORTEST:
            return None
        keys: set[int] = set()
        for cut in range(1, len(words)):
            first, second = words[:cut], words[cut:]
            keys |= {
                key
                for key, core in self._cores.items()
                if second in core
                and first in core
                and not Counter(words) - Counter(core)
                and all(len(part) > 1 or part in self._ends[key] for part in (first, second))
            }
        if len(keys) != 1:
            return None
        key = keys.pop()
        return None if is_another(words, self._cores[key]) else key

    def _holding(self, words: str) -> int | None:
        """土豆萝卜那个套餐, 宫保鸡丁: what is in one set of several."""
        inside = _SET.sub("", words)
        is_told = inside != words
        keys = [key for key, full in self._full.items() if inside in full]
        if len(inside) < _SHORTEST or len(keys) != 1 or not _SET.search(self._full[keys[0]]):
            return None
        is_part = inside in self._parts[keys[0]] and not is_noun(inside)
        return keys[0] if is_part or is_told else None


def _ends_lightly(words: str) -> bool:
    """牛腱子, 水蜜桃子; 西瓜子 and 番茄子 are seeds."""
    return words.endswith("子") and words[-2] in _CALLED_SO

"""The steps that cut goods out of a line: by name, by letter, by number, by one sign. Pure."""

from __future__ import annotations

import re

from communities.persons import person_at
from orders.chain.line import codes
from orders.chain.line.folding import CIRCLED, low
from orders.chain.line.token import MASK, Kind, Token
from orders.chain.names.goods import Named, Trust
from orders.chain.names.kinds import KINDS, PICTURES
from orders.chain.names.menu import Menu
from orders.chain.names.naming import plain
from orders.chain.names.variants import family_of
from orders.chain.talk.lexicon import WORDS

_GLUED = re.compile(r"[*xX+]?\d")
_FIGURES = "一二三四五六七八九十123456789"
_NUMERALS = re.compile("[一二三四五六七八九十1-9]{1,6}(?=\\s?(?:各|都|每))")
_LETTERS = re.compile(r"[A-Z]{2,6}(?![A-Za-z])|[a-z]{2,6}(?=\s?各)")


class GoodsCutter:
    """Each step looks at one place and returns where its token ends, or 0 if it knows nothing there."""

    def __init__(self, text: str, menu: Menu, *, is_request: bool = False) -> None:
        self.text, self.low, self.menu = text, low(text), menu
        self.is_request = is_request
        self.indices = 0
        self.shared_to = 0
        self.sold = {one.unit.lower() for one in menu.goods.values()}
        self.tokens: list[Token] = []

    def _add(self, token: Token) -> int:
        token.text = token.text or self.text[token.start : token.end]
        self.tokens.append(token)
        return token.end

    @property
    def _last(self) -> Token | None:
        return self.tokens[-1] if self.tokens else None

    def _is_glued_to_text(self, at: int) -> bool:
        last = self._last
        return last is not None and last.kind == Kind.TEXT and last.end == at

    def _is_letter(self, *places: int) -> bool:
        """Latin letters stand at these places."""
        signs = [self.text[place : place + 1] for place in places]
        return all(sign.isascii() and sign.isalpha() for sign in signs)

    def _is_behind_digit(self, at: int) -> bool:
        return at > 0 and self.text[at - 1] in "0123456789."

    def _goods(self, at: int) -> int:
        named = self.menu.named_at(self.low, at)
        if named is None:
            return 0
        end = named.end + (self.text[named.end : named.end + 1] == "装")
        if end > named.end:
            named = self._as_it_sounds(at, end, named)
        return (
            self._numbered_run(at, end)
            or self._together(at, end, named)
            or self._goods_at(at, end, named)
        )

    def _as_it_sounds(self, at: int, end: int, named: Named) -> Named:
        """嘉庭装 of a brand 嘉庭 beside 家庭装: either."""
        other = self.menu.guesser.guess(self.low[at:end])
        if other is None or other in named.keys:
            return named
        return Named((*named.keys, other), Trust.SEVERAL, named.end)

    def _numbered_run(self, at: int, end: int) -> int:
        """套餐一二各一份: the first and the second."""
        run = _NUMERALS.match(self.text, end)
        if run is None or self.text[end - 1] not in _FIGURES:
            return 0
        kind = self.low[at : end - 1]
        found = [self.menu.named_at(f"{kind}{sign}", 0) for sign in self.low[end - 1 : run.end()]]
        if not all(one is not None and one.end == len(kind) + 1 for one in found):
            return 0
        for place, one in enumerate(found, start=end - 1):
            if one is not None:
                start = at if place == end - 1 else place
                self._goods_at(start, place + 1, one)
        return run.end()

    def _goods_at(self, start: int, end: int, named: Named) -> int:
        return self._add(Token(Kind.GOODS, start, end, "", named=named))

    def _together(self, at: int, end: int, named: Named) -> int:
        """光明 and 牛奶 side by side: together they name one."""
        last = self._last
        of = last if last is not None and last.text == "的" and last.end == at else None
        if (
            last is not None
            and last.text == " "
            and len(self.tokens) > 1
            and self.low[at:end].isascii()
        ):
            of, last = last, self.tokens[-2]  # skim milk
            at = of.start if last.text.isascii() else at
            if at != of.start:
                return 0
        elif of is not None and len(self.tokens) > 1:  # 荠菜的大馄饨
            last, at = self.tokens[-2], of.start
        if last is None or last.named is None or last.end != at:
            return 0
        if last.text == self.text[at:end] and not last.text.isalnum():
            return 0  # 🥐🥐
        both = set(last.named.keys) & set(named.keys)
        if len(both) > 1 and of is None and self._is_one_name(last, end, both):
            last.end, last.text = end, self.text[last.start : end]
            last.named = Named(tuple(sorted(both)), Trust.SEVERAL, end)
            return end
        if len(both) != 1 or self._are_two(last, at, end, named):
            return 0
        last.named, last.end = Named(tuple(both), Trust.GOOD, end), end
        last.text = self.text[last.start : end]
        if of is not None:
            self.tokens.pop()
        return end

    def _is_one_name(self, last: Token, end: int, keys: set[int]) -> bool:
        """草莓蛋糕 of 草莓奶油蛋糕4寸 and 6寸: what both words name is one thing in sizes."""
        words = self.low[last.start : end]
        is_drawn = all(self.menu.guesser.holds(words, key) for key in keys)
        return is_drawn and family_of(keys, self.menu.families) is not None

    def _are_two(self, last: Token, at: int, end: int, named: Named) -> bool:
        """大米香米: each says what a thing is, and no name has them side by side."""
        first, second = self.low[last.start : last.end], self.low[at:end]
        are_heads = first[-1] == second[-1] and (first in KINDS or second in KINDS)
        names = [low(self.menu.goods[key].name) for key in named.keys]
        return are_heads and not any(first + second in name for name in names)

    def _letters(self, at: int) -> int:
        """AB各1: letters in a row, each a code; Z1Z2各1; E鸡1, where E is the hen."""
        letters = self.menu.letters
        if at and self.text[at - 1].isascii() and self.text[at - 1].isalnum():
            return 0
        found = codes.run_of_codes(self.text, at, letters)
        for code in found:
            named = Named((letters[code],), Trust.GOOD, at + len(code))
            at = self._goods_at(at, named.end, named)
        if found:
            return at
        labelled = codes.labelled_code(self.text, at)
        if labelled is not None and labelled[0] in letters:
            return self._labelled(at, *labelled)
        if self.text[at].upper() not in letters:
            return 0
        run = _LETTERS.match(self.text, at)
        if run is None or not all(sign.upper() in letters for sign in run[0]):
            return 0
        for place, sign in enumerate(run[0], start=at):
            self._goods_at(place, place + 1, Named((letters[sign.upper()],), Trust.GOOD, place + 1))
        return run.end()

    def _labelled(self, at: int, code: str, words: str) -> int:
        """E鸡: the code with a piece of the name that it stands for. C鸡, where C is 土鸡蛋, may be the hen."""
        key, said = self.menu.letters[code], low(words)
        names = {n: plain(one.name) for n, one in self.menu.goods.items()}
        ends = {n for n, name in names.items() if name.endswith(said)}
        is_its = said in names[key] and (key in ends or not ends)
        end = at + len(code) + len(words)
        return self._goods_at(at, end, Named((key,), Trust.GOOD, end)) if is_its else 0

    def _short(self, at: int) -> int:
        """蛋2, 🍕×2: one sign, and how many."""
        short = self.menu.short.get(self.text[at])
        if short is None and self._shows_another(at):
            return self._add(Token(Kind.TEXT, at, at + 1, ""))
        if (
            short is None
            or self._is_glued_to_text(at)
            or not (self.menu.counted.match(self.text, at + 1) or self._ends_a_count(at))
        ):
            return 0
        last = self._last
        is_beside = last is not None and last.end == at
        if last is not None and is_beside and last.kind == Kind.WORD:
            return 0
        if last is not None and is_beside and last.kind == Kind.GOODS and len(last.text) > 1:
            return 0
        trust = Trust.GOOD if short.is_sure else Trust.PARTLY
        return self._goods_at(at, at + 1, Named((short.key,), trust, at + 1))

    def _shows_another(self, at: int) -> bool:
        """🐔2 of a list of rice: the picture of what is not on offer, and how many."""
        last = self._last
        is_behind = last is not None and last.kind == Kind.GOODS and last.end == at
        is_counted = _GLUED.match(self.text, at + 1) is not None
        return self.text[at] in PICTURES and is_counted and not is_behind

    def _ends_a_count(self, at: int) -> bool:
        """2个瓜, 一袋米: the sign stands alone behind its number."""
        last = self._last
        is_counted = last is not None and last.kind == Kind.NUMBER and last.end == at
        return is_counted and bool(last and last.unit) and not self.text[at + 1 : at + 2].isalnum()

    def _circled(self, at: int) -> int:
        if self.text[at] not in CIRCLED:
            return 0
        last = self._last
        is_behind = last is not None and last.kind == Kind.GOODS and last.end == at
        is_number = is_behind and not any(code.isdigit() for code in self.menu.codes)
        if is_number or (is_behind and self.menu.unit.match(self.low, at + 1)):
            return self._number_at(at, at + 1, CIRCLED[self.text[at]])  # 凤爪③份
        key = self.menu.numbers.get(CIRCLED[self.text[at]])
        if key is None:
            return self._add(Token(Kind.TEXT, at, at + 1, ""))
        return self._goods_at(at, at + 1, Named((key,), self._coded_trust, at + 1))

    def _coded(self, at: int) -> int:
        """3号2份, 3*2, 1、3各1: two of number 3. Behind goods 3*2 is none: 鸡蛋3*2 nobody can know."""
        is_torn = self.text[at].isdigit() and self._is_behind_digit(at)
        if is_torn or not self.menu.numbers:
            return 0
        ranged = self._ranged(at)
        if ranged:
            return ranged
        found = codes.said_code(self.text, at)
        if found is None and at < self.shared_to:
            found = codes.plain_code(self.text, at)
        elif found is None and self._may_begin_code(at) and not self._waits_for_number():
            found = codes.paired_code(self.text, at)
            self.shared_to = 0 if found else codes.shared_codes(self.text, at)
            if self.shared_to:
                found = codes.plain_code(self.text, at)
        if found is None:
            return 0
        called = self._called_so(self.text[at : found[1]])
        key = self.menu.numbers.get(found[0])
        if called:
            is_other = str(found[0]) in self.menu.codes and called != {key}
            keys = tuple(sorted(called | {key} if is_other and key is not None else called))
            trust = Trust.GOOD if len(keys) == 1 else Trust.SEVERAL
            return self._goods_at(at, found[1], Named(keys, trust, found[1]))
        if key is None:
            return 0
        return self._goods_at(at, found[1], Named((key,), self._coded_trust, found[1]))

    def _ranged(self, at: int) -> int:
        """1-7各一份 behind the door, where the menu has all of these numbers."""
        found = codes.ranged_codes(self.text, at)
        if found is None or not self._may_begin_code(at) or MASK not in self.text[:at]:
            return 0
        first, last, end = found
        keys = [self.menu.numbers.get(number) for number in range(first, last + 1)]
        if not all(keys) or self._waits_for_number():
            return 0
        for key in filter(None, keys):
            self._goods_at(at, end, Named((key,), self._coded_trust, end))
        return end

    def _called_so(self, words: str) -> set[int]:
        """5号: goods whose name begins so are meant, 5号电池, whatever has the number 5."""
        if not words.endswith("号"):
            return set()
        return {key for key, one in self.menu.goods.items() if one.name.startswith(words)}

    @property
    def _coded_trust(self) -> Trust:
        return Trust.GOOD if self.menu.is_numbered else Trust.PARTLY

    def _waits_for_number(self) -> bool:
        """Goods were named last: a number behind them is how many."""
        last = next((token for token in reversed(self.tokens) if token.kind != Kind.BREAK), None)
        return last is not None and last.kind in {Kind.GOODS, Kind.SPEC}

    def _may_begin_code(self, at: int) -> bool:
        """At the beginning, behind a blank or another sign, or where another number ends: 一1二1."""
        last = self._last
        return (
            last is None
            or last.end < at
            or last.kind in {Kind.BREAK, Kind.MASK, Kind.NUMBER, Kind.WORD}
        )

    def _goods_begin(self, at: int) -> bool:
        """Goods are named here, by more than one sign, or behind a blank."""
        gap = at + (self.text[at : at + 1] == " ")
        named = self.menu.named_at(self.low, gap)
        return named is not None and named.end - gap > 1

    def _begins_a_word(self, at: int) -> bool:
        """Another sign follows that neither names goods nor tells how they are wanted."""
        behind = self.text[at : at + 1]
        is_sign = bool(behind) and "\u3400" <= behind <= "\u9fff"
        return (
            is_sign and behind not in WORDS and self.menu.named_at(self.low, at) is None
        ) or behind == "合"

    def _number_at(self, start: int, end: int, value: int) -> int:
        """With the unit behind it, and the sign before it."""
        gap = end + (self.text[end : end + 1] == " ")
        unit = self.menu.unit.match(self.low, gap)
        if unit is not None and self.menu.named_at(self.low, gap) is not None:
            unit = None
        if unit is not None and gap > end and self._begins_a_word(unit.end()):
            unit = None  # 米粉1 组合
        if unit is not None and person_at(self.text, gap):
            unit = None  # 虾仁1 张阿姨
        last = self._last
        signed = last is not None and last.kind == Kind.BREAK and last.text in {"*", "+", "-", "="}
        sign = last.text if last is not None and signed else ""
        end = unit.end() if unit else end
        name = unit[0] if unit else ""
        return self._add(Token(Kind.NUMBER, start, end, "", value=value, unit=name, sign=sign))

"""A line of a chat list cut into tokens: goods, numbers, words that change them, and what nothing explains. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from communities.persons import is_name, is_titled, person_at
from orders.chain.amounts import amounts
from orders.chain.amounts.numerals import SIGNS, chinese_number
from orders.chain.line.clauses import COUNTS, SERIOUS, STRONG, ClauseCutter
from orders.chain.line.token import MASK, Kind, Token
from orders.chain.names.goods import Named, Trust
from orders.chain.names.menu import Menu
from orders.chain.talk import brackets
from orders.chain.talk.emoticons import EMOTICONS
from orders.chain.talk.kitchen import wish_end
from orders.chain.talk.lexicon import WORDS
from orders.chain.talk.remarks import is_remark
from orders.chain.talk.serving import shared_end

_WEAK = set(" \\:：=_#@^\"'“”‘’.")
_BRACKETS = 32
_COUNT = re.compile(r"\s?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})")


def tokens_of(text: str, menu: Menu) -> list[Token]:
    """Tokens of a folded text in which addresses and phones are masked, every sign of it in one of them."""
    return _Cutter(text, menu).cut()


class _Cutter(ClauseCutter):
    """Each step looks at one place and returns where its token ends, or 0 if it knows nothing there."""

    def cut(self) -> list[Token]:
        steps = (
            self._mask,
            self._registered,
            self._request,
            self._mention,
            self._kin,
            self._wanted_by,
            self._goods,
            self._served,
            self._kinds,
            self._coded,
            self._letters,
            self._person,
            self._circled,
            self._money,
            self._spec,
            self._sum,
            self._brackets,
            self._number,
            self._word,
            self._numeral,
            self._short,
            self._break,
        )
        at = 0
        while at < len(self.text):
            at = next((end for step in steps if (end := step(at))), 0) or self._text(at)
        return self.tokens

    def _mask(self, at: int) -> int:
        end = at
        while end < len(self.text) and self.text[end] == MASK:
            end += 1
        return self._add(Token(Kind.MASK, at, end, "")) if end > at else 0

    def _number(self, at: int) -> int:
        match = amounts.NUMBER.match(self.text, at)
        if match is None:
            return 0
        if self._ends_a_nickname(at, match):
            return match.end()
        if self._is_index(at, match):
            return self._add(Token(Kind.BREAK, at, match.end() + 1, " ", unit="1"))
        kind, end = "", match.end()
        if "." in match[0]:
            kind = "fraction"
        elif len(match[0]) > 6:
            kind = "digits"
        elif amounts.AFTER_NUMBER.match(self.text, end):
            kind, end = "digits", end + 1
        if kind:
            return self._add(Token(Kind.TEXT, at, end, "", unit=kind))
        return self._number_at(at, end, int(match[0]))

    def _ends_a_nickname(self, at: int, match: re.Match[str]) -> bool:
        """小王88: nobody wants 88 without saying of what, where there are several goods."""
        last = self._last
        is_alone = self.text[match.end() : match.end() + 1] in {" ", MASK, ""}
        if last is None or self.menu.only is not None or not is_alone or len(match[0]) < 2:
            return False
        if not self._is_glued_to_text(at) or not is_name(last.text):
            return False
        last.text, last.end = self.text[last.start : match.end()], match.end()
        return True

    def _is_index(self, at: int, match: re.Match[str]) -> bool:
        """1.牛奶2箱 2.苹果1份: a list inside of the line, counted from 1 on."""
        number = match[0].rstrip(".")
        is_open = at == 0 or self.text[at - 1] in STRONG or self.text[at - 1] in f" {MASK}"
        end = at + len(number)
        if not is_open or self.text[end : end + 1] not in {".", "、"}:
            return False
        if number != str(self.indices + 1) or not self._goods_begin(end + 1):
            return False
        self.indices += 1
        return True

    def _numeral(self, at: int) -> int:
        """三 is a number before a unit, before the end, or behind goods; in 张三 or 五花肉 it is none."""
        found = chinese_number(self.text, at) if self.text[at] in SIGNS else None
        if found is None or (self._is_glued_to_text(at) and not self._ends_a_name()):
            return 0
        value, end = found
        if self.menu.unit.match(self.low, end) or self.menu.named_at(self.low, end) is not None:
            return self._number_at(at, end, value)
        is_last = (
            end == len(self.text)
            or self.text[end] in STRONG | _WEAK | {MASK}
            or unicodedata.category(self.text[end]) == "So"
        )
        return self._number_at(at, end, value) if is_last and self._calls_for_number() else 0

    def _ends_a_name(self) -> bool:
        last = self._last
        if last is None:
            return False
        return is_titled(last.text) or (is_name(last.text) and last.text[0] in "小老阿")

    def _calls_for_number(self) -> bool:
        last = next((token for token in reversed(self.tokens) if token.text != " "), None)
        if last is None:
            return False
        return (
            last.kind == Kind.GOODS
            or last.text in {"*", "+"}
            or last.unit in {"each", "add", "change", "filler"}
        )

    def _person(self, at: int) -> int:
        """李先生 is a name, whatever 先 means elsewhere."""
        end = 0 if self._is_glued_to_text(at) else person_at(self.text, at)
        return self._add(Token(Kind.TEXT, at, end, "")) if end else 0

    def _word(self, at: int) -> int:
        for word, kind in WORDS.get(self.low[at], ()):
            if not self.low.startswith(word, at):
                continue
            if self._is_letter(at) and (
                self._is_letter(at + len(word)) or (at and self._is_letter(at - 1))
            ):
                continue  # the end of Amanda
            if len(word) == 1 and kind == "filler" and self._is_glued_to_text(at):
                return 0
            if word == "半" and self._is_in_a_name(at):
                return 0
            return self._add(Token(Kind.WORD, at, at + len(word), "", unit=kind))
        return 0

    def _is_in_a_name(self, at: int) -> bool:
        """半夏: neither a number before it nor a unit or goods behind it."""
        last, behind = self._last, self.text[at + 1 : at + 2]
        if (last is not None and last.kind == Kind.NUMBER) or not behind.isalpha():
            return False
        is_counted = self.menu.unit.match(self.low, at + 1) is not None
        return not (is_counted or self.menu.named_at(self.low, at + 1) or behind in self.menu.short)

    def _brackets(self, at: int) -> int:
        """A remark (熟点) as one token; brackets that hold goods, numbers or a change of mind are only signs."""
        if self.text[at] not in "()[]【】":
            return 0
        ends = [self.text.find(sign, at, at + _BRACKETS) for sign in ")]】"]
        end = min((place for place in ends if place > at), default=0)
        if self.text[at] in "([【" and end:
            words = self.text[at + 1 : end]
            if self.text[at] == "[" and words in EMOTICONS and not self.menu.names_any(words):
                return self._add(Token(Kind.BREAK, at, end + 1, "", unit="0"))
            if self._made_end(words):
                return self._add(Token(Kind.NOTE, at, end + 1, ""))
            inside = _Cutter(words, self.menu).cut()
            if self._is_of_goods(words, inside):
                return self._add(Token(Kind.SPEC, at, end + 1, "", unit="echo"))
            if not any(token.kind in COUNTS or token.unit in SERIOUS for token in inside):
                said = is_remark(words, inside, self.tokens, self.menu)
                kind = Kind.NOTE if said else Kind.TEXT
                return self._add(
                    Token(kind, at, end + 1, "", unit="kind" if kind == Kind.TEXT else "")
                )
        return self._add(Token(Kind.BREAK, at, at + 1, "", unit="0"))

    def _made_end(self, words: str) -> bool:
        """(不要榨菜), (一个三分糖一个全糖), and nothing else in it."""
        ends = (
            wish_end(words, 0, self.tokens, self.menu),
            shared_end(words, 0, self.tokens, self.menu),
        )
        return len(words) in ends

    def _is_of_goods(self, words: str, inside: Sequence[Token]) -> bool:
        """The brackets only say again, or tell for certain, what was named last."""
        last = next((token for token in reversed(self.tokens) if token.kind == Kind.GOODS), None)
        if last is None or last.named is None or any(t.unit in SERIOUS for t in inside):
            return False
        goods = [self.menu.goods[key] for key in last.named.keys]
        if len(goods) > 1:
            key = brackets.meant_by(words, goods)
            if key is not None:
                last.named = Named((key,), Trust.GOOD, last.end)
            return key is not None
        return brackets.is_echo(words, goods)

    def _break(self, at: int) -> int:
        sign = self.text[at]
        strength = ""
        if sign in "._" and self._is_glued_to_text(at) and self._is_letter(at - 1, at + 1):
            return 0  # Coco.W
        if sign == "/" and self._is_between_code_and_number(at):
            strength = "0"  # 03/1
        elif sign == "," and self._goes_on_counting(at):
            strength = "1"
        elif sign in STRONG:
            strength = "3" if sign == "\n" else "2"
        elif sign in _WEAK:
            strength = "1"
        elif sign in "*+-" or unicodedata.category(sign) in {"So", "Sk", "Me", "Sm"}:
            strength = "0"
        elif sign in "xX" and self._stands_between(at):
            self._mark_counted()
            return self._add(Token(Kind.BREAK, at, at + 1, " ", unit="0"))
        elif sign in "xX" and self.text[at + 1 : at + 3].lstrip()[:1].isdigit():
            return self._add(Token(Kind.BREAK, at, at + 1, "*", unit="0"))
        return self._add(Token(Kind.BREAK, at, at + 1, "", unit=strength)) if strength else 0

    def _goes_on_counting(self, at: int) -> bool:
        """五仁的，两个: how many of what was named last, and nothing behind it."""
        is_named = len(self.tokens) > 1 and self.tokens[-2].kind == Kind.GOODS
        count = _COUNT.match(self.text, at + 1)
        is_only = sum(token.kind == Kind.GOODS for token in self.tokens) == 1
        if not (is_named and is_only) or self.tokens[-1].text != "的" or count is None:
            return False
        unit = self.menu.unit.match(self.low, count.end())
        return unit is not None and self.text[unit.end() : unit.end() + 1] in {"", ",", "\n", "。"}

    def _is_between_code_and_number(self, at: int) -> bool:
        last = self._last
        is_code = last is not None and last.kind == Kind.GOODS and last.text.isascii()
        return (
            is_code and last is not None and last.end == at and self.text[at + 1 : at + 2].isdigit()
        )

    def _mark_counted(self) -> None:
        for token in self.tokens[-2:]:
            if token.kind == Kind.NUMBER:
                token.sign = "*"

    def _stands_between(self, at: int) -> bool:
        """2 x Fresh milk: behind a number and before goods."""
        last = next((token for token in reversed(self.tokens) if token.text != " "), None)
        is_behind = last is not None and last.kind == Kind.NUMBER
        return is_behind and self.text[at + 1 : at + 2] == " " and self._goods_begin(at + 1)

    def _text(self, at: int) -> int:
        last = self._last
        if last is not None and self._is_glued_to_text(at) and not last.unit:
            last.text, last.end = self.text[last.start : at + 1], at + 1
            return at + 1
        return self._add(Token(Kind.TEXT, at, at + 1, ""))

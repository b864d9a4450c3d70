"""A line of a chat list cut into tokens: goods, numbers, words that change them, and what nothing explains. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from communities.persons import is_name, is_titled, person_at
from communities.things import names_a_thing
from orders.chain import amounts, brackets
from orders.chain.cutting import GoodsCutter
from orders.chain.folding import low
from orders.chain.goods import Named, Trust
from orders.chain.lexicon import GRAVE, TALK, WORDS
from orders.chain.menu import Menu
from orders.chain.numerals import SIGNS, chinese_number
from orders.chain.talk import is_talk
from orders.chain.token import MASK, Kind, Token
from orders.chain.wishes import wish_at

_STRONG = set(",，、;；。/|&\n～~!！·•…")
_WEAK = set(" \\:：=_#@^\"'“”‘’.")
_BRACKETS = 32
_CLAUSE = re.compile(r"[^\d,，。;；、!！?？\n\x00()]{3,24}")
_HANDED = re.compile(
    r"[放送挂搁](?:到|在|上|下|楼|门|家|进|保安|物业|快递)|放[^\d]{1,6}[上里外口下旁边]"
    "|[挑选拣].{0,4}[大小好熟生甜新]|[熟生大小软硬嫩甜]一?点|新鲜|日期.{0,3}[好新]"
    "|下楼拿|下来拿|下去拿|自己[来去]?拿|敲门|打电话|按门铃"
)
# 咸肉要瘦一点的1份: between the goods and how many.
_HOW = re.compile("[要挑选][\u3400-\u9fff]{1,8}?的(?=[\\d一两二三四五六七八九十])")
# 送到我妈家: another household.
_ELSEWHERE = re.compile("[妈爸婆公姐哥弟妹友]家|隔壁|对门")


def tokens_of(text: str, menu: Menu) -> list[Token]:
    """Tokens of a folded text in which addresses and phones are masked, every sign of it in one of them."""
    return _Cutter(text, menu).cut()


class _Cutter(GoodsCutter):
    """Each step looks at one place and returns where its token ends, or 0 if it knows nothing there."""

    def cut(self) -> list[Token]:
        steps = (
            self._mask,
            self._request,
            self._goods,
            self._coded,
            self._letters,
            self._person,
            self._circled,
            self._priced,
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

    def _request(self, at: int) -> int:
        """腿脚不好请送上来, 放楼下架子就好: a clause about the handing out, and nothing else in it."""
        before = self.text[at - 1 : at]
        is_open = not before or before in _STRONG or before in f" {MASK}"
        last = self._last
        is_behind = last is not None and last.kind == Kind.NUMBER and last.end == at
        how = _HOW.match(self.text, at)
        is_named = last is not None and last.kind == Kind.GOODS and last.end == at
        if how is not None and is_named and self._is_talk(how[0], at):
            return self._add(Token(Kind.NOTE, at, how.end(), ""))
        if self.is_request or not (is_open or is_behind):
            return 0
        end = self._wish(at) or (self._handed(at) if is_open else 0)
        return self._add(Token(Kind.NOTE, at, end, "")) if end else 0

    def _handed(self, at: int) -> int:
        match = _CLAUSE.match(self.text, at)
        if match is None or not _HANDED.search(match[0]) or TALK.search(match[0]):
            return 0
        if names_a_thing(match[0]) or _ELSEWHERE.search(match[0]):
            return 0
        if any(self.menu.named_at(self.low, place) for place in range(at, match.end())):
            return 0
        inside = _Cutter(match[0], self.menu, is_request=True).cut()
        if any(token.kind in _COUNTS or token.unit in _SERIOUS for token in inside):
            return 0
        return match.end()

    def _wish(self, at: int) -> int:
        """不要切, 晚点送, behind the goods 走亲戚用: nothing else is in it."""
        is_said = any(token.kind == Kind.NUMBER for token in self.tokens)
        end = wish_at(
            self.text, at, [one.name for one in self.menu.goods.values()], is_last=is_said
        )
        is_named = any(self.menu.named_at(self.low, place) for place in range(at, end))
        return 0 if is_named else end

    def _priced(self, at: int) -> int:
        """268的来一份: the only thing on offer that costs so much."""
        match = amounts.PRICED.match(self.low, at)
        if match is None or self._is_behind_digit(at):
            return 0
        fen = amounts.fen_of(match[1])
        keys = [key for key, one in self.menu.goods.items() if one.price_fen == fen]
        if len(keys) != 1 or fen < amounts.LEAST_FEN:
            return 0
        return self._goods_at(at, match.end(), Named((keys[0],), Trust.GOOD, match.end()))

    def _money(self, at: int) -> int:
        match = amounts.MONEY.match(self.low, at)
        if match is None or (match["c"] is None and self._is_behind_digit(at)):
            return 0
        if match[0].endswith("块") and ("块" in self.sold or self._says_size(match[0])):
            return 0
        fen = amounts.fen_of(match["a"] or match["b"] or match["c"])
        return self._add(Token(Kind.MONEY, at, match.end(), "", value=fen))

    def _says_size(self, words: str) -> bool:
        """冷砖10块 of what has 10块 in it: no money."""
        last = self._last
        keys = last.named.keys if last is not None and last.named is not None else ()
        specs = [re.sub(r"\s", "", low(self.menu.goods[key].spec)) for key in keys]
        return bool(specs) and all(re.search(rf"(?<![\d.]){words}", spec) for spec in specs)

    def _spec(self, at: int) -> int:
        match = amounts.MEASURE.match(self.low, at) or amounts.PACKED.match(self.low, at)
        if match is None or self._is_behind_digit(at):
            return 0
        number = amounts.NUMBER.match(self.low, at)
        if number is not None and (
            self._goods_begin(number.end()) or self._code_begins(number.end())
        ):
            return 0  # 大排2 瓶装酱油1, A3 G2
        unit = amounts.sold_by(self.low, at, self.menu.unit)
        if unit in self.sold and match[0].endswith(unit) and match[0][: -len(unit)].isdigit():
            return 0
        return self._add(Token(Kind.SPEC, at, self._end_of_size(match[0], at), ""))

    def _end_of_size(self, size: str, at: int) -> int:
        """牛奶1L*2, of what is sold by 1L: two of them."""
        base, times, _number = size.partition("*")
        specs = [re.sub(r"\s", "", low(one.spec)) for one in self.menu.goods.values()]
        specs = [spec for spec in specs if base in spec]
        is_counted = bool(specs) and not any("*" in spec for spec in specs)
        return at + len(base if times and is_counted else size)

    def _code_begins(self, at: int) -> bool:
        """A letter of the menu, which is a measure elsewhere, and its number; or such a letter behind a blank."""
        gap = at + (self.text[at : at + 1] == " ")
        if self.text[gap : gap + 1].upper() not in self.menu.letters:
            return False
        return gap > at or re.match(r"[*xX+]?\s?\d", self.text[gap + 1 :]) is not None

    def _sum(self, at: int) -> int:
        """共3份, 合计75; behind a number =75 is a sum too."""
        match = amounts.SUM.match(self.text, at)
        if match is None and self._last is not None and self._last.kind == Kind.NUMBER:
            match = amounts.EQUALS.match(self.text, at)
        return self._add(Token(Kind.SUM, at, match.end(), "", value=int(match[1]))) if match else 0

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
        is_open = at == 0 or self.text[at - 1] in _STRONG or self.text[at - 1] in f" {MASK}"
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
            or self.text[end] in _STRONG | _WEAK | {MASK}
            or unicodedata.category(self.text[end]) == "So"
        )
        return self._number_at(at, end, value) if is_last and self._calls_for_number() else 0

    def _ends_a_name(self) -> bool:
        last = self._last
        if last is None:
            return False
        return is_titled(last.text) or (is_name(last.text) and last.text[0] in "小老阿")

    def _calls_for_number(self) -> bool:
        last = self._last
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
            if len(word) == 1 and kind == "filler" and self._is_glued_to_text(at):
                return 0
            if kind == "half" and self._is_in_a_name(at):
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
            if self._is_talk(words, at + 1):
                return self._add(Token(Kind.NOTE, at, end + 1, ""))
            inside = _Cutter(words, self.menu).cut()
            if self._is_of_goods(words, inside):
                return self._add(Token(Kind.SPEC, at, end + 1, "", unit="echo"))
            if not any(token.kind in _COUNTS or token.unit in _SERIOUS for token in inside):
                kind = Kind.TEXT if brackets.tells_a_kind(words) else Kind.NOTE
                return self._add(
                    Token(kind, at, end + 1, "", unit="kind" if kind == Kind.TEXT else "")
                )
        return self._add(Token(Kind.BREAK, at, at + 1, "", unit="0"))

    def _is_talk(self, words: str, start: int) -> bool:
        names = [one.name for one in self.menu.goods.values()]
        named = [self.menu.named_at(self.low, place) for place in range(start, start + len(words))]
        return is_talk(words, names) and not any(
            one is not None and one.trust != Trust.PARTLY for one in named
        )

    def _is_of_goods(self, words: str, inside: Sequence[Token]) -> bool:
        """The brackets only say again, or tell for certain, what was named last."""
        last = next((token for token in reversed(self.tokens) if token.kind == Kind.GOODS), None)
        if last is None or last.named is None or any(t.unit in _SERIOUS for t in inside):
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
        if sign in _STRONG:
            strength = "3" if sign == "\n" else "2"
        elif sign in _WEAK:
            strength = "1"
        elif sign in "*+-" or unicodedata.category(sign) in {"So", "Sk", "Me", "Sm"}:
            strength = "0"
        elif sign in "xX" and self._stands_between(at):
            return self._add(Token(Kind.BREAK, at, at + 1, " ", unit="0"))
        elif sign in "xX" and self.text[at + 1 : at + 3].lstrip()[:1].isdigit():
            return self._add(Token(Kind.BREAK, at, at + 1, "*", unit="0"))
        return self._add(Token(Kind.BREAK, at, at + 1, "", unit=strength)) if strength else 0

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


_COUNTS = frozenset({Kind.GOODS, Kind.NUMBER, Kind.MASK, Kind.MONEY, Kind.SUM})
_SERIOUS = GRAVE | {"digits", "fraction"}

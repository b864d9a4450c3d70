"""The steps that cut clauses out of a line: wishes, talk, how many kinds, how a drink is served. Pure."""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod

from communities.persons import is_name
from communities.things import names_a_thing
from orders.chain.line.measuring import SizeCutter
from orders.chain.line.token import MASK, Kind, Token
from orders.chain.talk.asides import bare_clause, is_aside
from orders.chain.talk.callnames import is_called
from orders.chain.talk.homely import is_said_of_home, tells_of_payment, without_folk
from orders.chain.talk.kitchen import wish_end
from orders.chain.talk.lexicon import GRAVE, TALK
from orders.chain.talk.petnames import phrase_end
from orders.chain.talk.purposes import tells_what_for
from orders.chain.talk.registered import registered_end
from orders.chain.talk.serving import served_end, shared_end
from orders.chain.talk.talk import is_talk
from orders.chain.talk.undoing import undoes
from orders.chain.talk.wishes import wanted_by_end, wish_at

STRONG = set(",，、;；。/|&\n～~!！·•…")
COUNTS = frozenset({Kind.GOODS, Kind.NUMBER, Kind.MASK, Kind.MONEY, Kind.SUM})
SERIOUS = GRAVE | {"digits", "fraction"}
_ALL_KINDS = re.compile(
    r"(?:[一二两三四五六七八九十]|\d{1,2})(?:个?品种|[种样款])"
    r"(?:水果|蔬菜|东西|菜|口味|点心|海鲜|零食|饮料|面包)?(?=\s?(?:都|全|各|每|[,，]))"
)
_KIN = re.compile("[\u3400-\u9fff]{1,3}(?:妈妈|爸爸|奶奶|爷爷|[妈爸姐哥妹姨叔婶])(?![^\\s,，:：])")
_MENTION = re.compile("@[\u3400-\u9fffA-Za-z·_]{1,12}(?= |$|\n)")
_TALK_CLAUSE = re.compile(r"[^,，。;；、!！?？~\n\x00()\[\]【】 ]{1,40}[?？]?")
_ORDERED = frozenset({Kind.GOODS, Kind.NUMBER})
_CLAUSE = re.compile(r"[^\d,，。;；、!！?？\n\x00()]{3,24}")
_HANDED = re.compile(
    r"[放送挂搁](?:到|在|上|下|楼|门|家|进|保安|物业|快递)|放[^\d]{1,6}[上里外口下旁边柜]"
    "|[挑选拣].{0,4}[大小好熟生甜新]|[熟生大小软硬嫩甜]一?点|新鲜|日期.{0,3}[好新]"
    "|下楼拿|下来拿|下去拿|自己[来去]?拿|敲门|打电话|按门铃"
)


class ClauseCutter(SizeCutter):
    """Each step looks at one place and returns where its token ends, or 0 if it knows nothing there."""

    @abstractmethod
    def cut(self) -> list[Token]:
        """All tokens of the text."""

    def _is_open(self, at: int) -> bool:
        """A clause may begin here."""
        before = self.text[at - 1 : at]
        return not before or before in STRONG or before in f" {MASK}" or self._is_after_sign(at)

    def _registered(self, at: int) -> int:
        """(独居,志愿者代), 代登记: who wrote it down."""
        is_open = self.text[at] in "([【" or self._is_open(at)
        end = registered_end(self.text, at) if is_open and not self.is_request else 0
        return self._add(Token(Kind.NOTE, at, end, "")) if end else 0

    def _request(self, at: int) -> int:
        """腿脚不好请送上来, 放楼下架子就好: a clause about the handing out, and nothing else in it."""
        last = self._last
        is_open = self._is_open(at)
        is_behind = last is not None and last.kind == Kind.NUMBER and last.end == at
        if self.is_request or not (is_open or is_behind):
            return 0
        end = self._wish(at) or (self._handed(at) if is_open else 0) or self._talk(at)
        end = end or (self._aside(at) or self._said(at) if is_open else 0) or self._made(at)
        end += end > 0 and self.text[end : end + 1] == "?"
        if end and tells_of_payment(self.text[at:end]):
            return self._add(Token(Kind.WORD, at, end, "", unit="claim"))
        return self._add(Token(Kind.NOTE, at, end, "")) if end else 0

    def _is_after_sign(self, at: int) -> bool:
        """Behind 🎉, or behind 群主: and the like."""
        last = self._last
        if last is None or last.kind != Kind.BREAK or last.end != at:
            return False
        is_colon = last.text == ":" and len(self.tokens) > 1 and self.tokens[-2].kind == Kind.WORD
        return is_colon or unicodedata.category(last.text[-1]) == "So"

    def _aside(self, at: int) -> int:
        """家里来客人啦, behind goods and how many; behind a blank nothing may follow."""
        match = _TALK_CLAUSE.match(self.text, at)
        last = next((t for t in reversed(self.tokens) if t.kind in _ORDERED), None)
        if match is None or last is None or last.kind != Kind.NUMBER:
            return 0
        words = bare_clause(match[0])
        is_last = not self.text[match.end() :].strip(f" {MASK}!！~。")
        if self.text[at - 1] == " " and not is_last:
            return 0
        if not words or self._is_somebody(words):
            return 0
        said = without_folk(words)
        is_told = is_aside(said, self.menu) or tells_what_for(words, self.tokens, self.menu)
        return at + len(words) if is_told else 0

    def _said(self, at: int) -> int:
        """过敏了, 也送上门: wherever it stands."""
        match = _TALK_CLAUSE.match(self.text, at)
        words = bare_clause(match[0]) if match is not None else ""
        return at + len(words) if words and is_said_of_home(words, self.menu) else 0

    def _handed(self, at: int) -> int:
        match = _CLAUSE.match(self.text, at)
        if match is None or not _HANDED.search(match[0]) or TALK.search(match[0]):
            return 0
        if names_a_thing(match[0]) or undoes(match[0]):
            return 0
        if any(self.menu.named_at(self.low, place) for place in range(at, match.end())):
            return 0
        inside = type(self)(match[0], self.menu, is_request=True).cut()
        if any(token.kind in COUNTS or token.unit in SERIOUS for token in inside):
            return 0
        return match.end()

    def _kinds(self, at: int) -> int:
        """四样各一: how many kinds."""
        match = _ALL_KINDS.match(self.text, at)
        if match is None or self._is_glued_to_text(at) or self._is_behind_digit(at):
            return 0
        return self._add(Token(Kind.WORD, at, match.end(), "", unit="kinds"))

    def _mention(self, at: int) -> int:
        """@小李: somebody is called."""
        match = _MENTION.match(self.text, at)
        if match is None or self.menu.names_any(match[0]):
            return 0
        return self._add(Token(Kind.NOTE, at, match.end(), ""))

    def _kin(self, at: int) -> int:
        """馒头妈, 三只猫的家 behind the door, whatever is on offer."""
        match = _KIN.match(self.text, at)
        tokens = self.tokens[-2:]
        is_behind = len(tokens) > 1 and tokens[0].kind == Kind.MASK and tokens[1].text in {" ", "-"}
        phrase = phrase_end(self.text, at) if is_behind else 0
        if phrase:
            return self._add(Token(Kind.NOTE, at, phrase, ""))
        if match is None or not is_behind or match[0] == "老干妈":
            return 0
        return self._add(Token(Kind.TEXT, at, match.end(), ""))

    def _wanted_by(self, at: int) -> int:
        """老太太要, before goods."""
        before = self.text[at - 1 : at]
        is_open = not before or before in STRONG or before in f" {MASK}"
        end = wanted_by_end(self.text, at) if is_open else 0
        if not end or self.menu.named_at(self.low, end) is None:
            return 0
        return self._add(Token(Kind.WORD, at, end, "", unit="filler"))

    def _served(self, at: int) -> int:
        """热, 少冰 of what one drinks."""
        end, is_long = served_end(self.text, at, self.menu) if self.menu.has_drinks else (0, False)
        if not end:
            return 0
        last = self._last
        is_open = last is None or last.kind != Kind.TEXT or last.end < at
        behind = self.text[end : end + 1]
        is_end = not (behind.isalnum() or "\u3400" <= behind <= "\u9fff")
        is_end |= is_long and (
            behind.isdigit() or self.menu.unit.match(self.low, end + 1) is not None
        )
        if not is_open or self._is_cut_short(at, end):
            return 0
        if not is_end and self.text[at] in "都全统一":
            return 0  # 都要热草莓
        if not (is_end or self.menu.named_at(self.low, end) is not None):
            return 0
        return self._add(Token(Kind.NOTE, at, end, ""))

    def _is_cut_short(self, at: int, end: int) -> bool:
        """少冰美式: goods begin inside of 少冰."""
        inside = (self.menu.named_at(self.low, place) for place in range(at + 1, end))
        return any(named is not None and named.end > end for named in inside)

    def _made(self, at: int) -> int:
        """鸡帮忙斩块, 一个三分糖一个全糖: how what was ordered is made."""
        return shared_end(self.text, at, self.tokens, self.menu) or wish_end(
            self.text, at, self.tokens, self.menu
        )

    def _talk(self, at: int) -> int:
        """家里有宝宝, 明早能到吗: a clause that orders nothing."""
        match = _TALK_CLAUSE.match(self.text, at)
        if match is None or self._is_somebody(match[0]):
            return 0
        words = bare_clause(match[0])
        said = without_folk(words.rstrip("?？"))
        return at + len(words) if is_talk(said, self.menu.words) else 0

    def _is_somebody(self, words: str) -> bool:
        """张阿姨; not 谢谢啦, 周三我不在家."""
        is_said = words.startswith("谢谢") or words.endswith("在家")
        return not is_said and (is_name(words) or is_called(words))

    def _wish(self, at: int) -> int:
        """不要切, 晚点送, behind the goods 走亲戚用: nothing else is in it."""
        is_said = any(token.kind == Kind.NUMBER for token in self.tokens)
        end = wish_at(
            self.text, at, [one.name for one in self.menu.goods.values()], is_last=is_said
        )
        is_named = any(self.menu.named_at(self.low, place) for place in range(at, end))
        return 0 if is_named else end

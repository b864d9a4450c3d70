"""The steps that cut money, sizes and sums out of a line. Pure."""

from __future__ import annotations

import re

from orders.chain.amounts import amounts
from orders.chain.amounts.bulk import is_of
from orders.chain.amounts.units import WEIGHTS
from orders.chain.line.cutting import GoodsCutter
from orders.chain.line.folding import low
from orders.chain.line.token import Kind, Token

_COUNTED_SIZE = re.compile(
    r"(\d{1,4}(?:\.\d{1,2})?(?:kg|g|公斤|千克|克|斤|l|升|ml|毫升))\d{1,2}[^\d/装]{1,2}$"
)
# Nothing that comes in so many 寸 is several in one.
_COUNTED_INCHES = re.compile(r"(\d{1,2}(?:\.5)?寸)\d{1,2}[^\d/装]$")
_GOES_ON = re.compile(r"\s{0,3}[*x]?\s{0,3}[\d一二两三四五六七八九十]")
_WEIGHT = re.compile(r"\d{1,3}\.\d{1,2}\s?(?:kg|公斤|千克|斤)")
_GRAMS = re.compile(r"\d{2,5}\s?(?:g|克)")


class SizeCutter(GoodsCutter):
    """Each step looks at one place and returns where its token ends, or 0 if it knows nothing there."""

    def _money(self, at: int) -> int:
        match = amounts.MONEY.match(self.low, at)
        if match is None or (
            match["c"] is None and match["d"] is None and self._is_behind_digit(at)
        ):
            return 0
        if match[0].endswith("块") and (
            "块" in self.sold or self._says_blocks() or self._counts_blocks(match[0])
        ):
            return 0
        fen = amounts.fen_of(match["a"] or match["b"] or match["c"] or match["d"])
        return self._add(Token(Kind.MONEY, at, match.end(), "", value=fen))

    def _counts_blocks(self, words: str) -> bool:
        """黄油2块 of what costs 42: no money."""
        last = self._last
        keys = last.named.keys if last is not None and last.named is not None else ()
        prices = [self.menu.goods[key].price_fen for key in keys]
        return (
            bool(prices)
            and words[:-1].isdigit()
            and not any(int(words[:-1]) * 100 % price == 0 for price in prices if price)
        )

    def _says_blocks(self) -> bool:
        """冷砖10块 of what has 10块 in it: no money."""
        last = self._last
        keys = last.named.keys if last is not None and last.named is not None else ()
        specs = [re.sub(r"\s", "", low(self.menu.goods[key].spec)) for key in keys]
        return bool(specs) and all(re.search(r"\d块", spec) for spec in specs)

    def _spec(self, at: int) -> int:
        match = (
            amounts.MEASURE.match(self.low, at)
            or amounts.PACKED.match(self.low, at)
            or self._known_weight(at)
        )
        if match is None or self._is_behind_digit(at):
            return 0
        number = amounts.NUMBER.match(self.low, at)
        if number is not None and (
            self._goods_begin(number.end()) or self._code_begins(number.end())
        ):
            return 0  # 大排2 瓶装酱油1, A3 G2
        if self._is_bought_by_weight(match[0]):
            return 0
        unit = amounts.sold_by(self.low, at, self.menu.unit)
        if unit in self.sold and match[0].endswith(unit) and match[0][: -len(unit)].isdigit():
            return 0
        return self._add(Token(Kind.SPEC, at, self._end_of_size(match[0], at), ""))

    def _is_bought_by_weight(self, words: str) -> bool:
        """1000克 of what is sold by 斤: how much is wanted."""
        last = self._last
        if last is None or last.named is None or not _GRAMS.fullmatch(words):
            return False
        return all(self.menu.goods[key].unit in WEIGHTS for key in last.named.keys)

    def _known_weight(self, at: int) -> re.Match[str] | None:
        """1.8kg of what is 1.8kg."""
        match = _WEIGHT.match(self.low, at)
        return (
            match
            if match is not None and any(is_of(match[0], one) for one in self.menu.goods.values())
            else None
        )

    def _end_of_size(self, size: str, at: int) -> int:
        """牛奶1L*2, of what is sold by 1L: two of them."""
        inches = _COUNTED_INCHES.match(size)
        if inches is not None:
            return at + inches.end(1)
        counted = _COUNTED_SIZE.match(size)
        if counted is not None and not _GOES_ON.match(self.text, at + len(size)):
            return at + counted.end(1)  # 大米10kg1袋
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

"""Short numbers and quantities as a hand types them during a telephone call: `12*2 5 7x3`. Pure.

A comma, a full stop or a new line ends a product. `12*2`, `12x2`, `12×2` and `12号2份` are two of number 12; a number
alone is one of it; two numbers alone on their line are number and quantity. Three and more without a sign between them
could be read in two ways and are not read at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

MAX_TEXT = 2000
MAX_QUANTITY = 9999
_SIGN = r"[*xX×✕✖乘:]"
_UNIT = r"(?:份|个|袋|盒|包|瓶|箱|斤|条|只|块|板|桶|棵|把|罐|提|件)?"
_ENDS = re.compile(r"[,;、。+\n\r]+")
_AROUND_SIGN = re.compile(rf"\s*{_SIGN}\s*")
_BOUND = re.compile(rf"#?(\d{{1,6}})号?\*(\d{{1,6}}){_UNIT}|#?(\d{{1,6}})号(\d{{1,6}}){_UNIT}")
_ALONE = re.compile(r"#?(\d{1,6})号?")
_COUNT = re.compile(rf"(\d{{1,6}}){_UNIT}")


@dataclass(frozen=True)
class Wrong:
    """A part that was not read, and why: `unclear` (in two ways), `strange` (in none), `zero`, `many`."""

    text: str
    why: str


@dataclass
class Shorthand:
    """`wanted`: short number → pieces, in the order of typing; a number that stands twice is added up."""

    wanted: dict[int, int] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def take(self, text: str, number: int, quantity: int) -> None:
        total = self.wanted.get(number, 0) + quantity
        if quantity < 1:
            self.wrong.append(Wrong(text, "zero"))
        elif total > MAX_QUANTITY:
            self.wrong.append(Wrong(text, "many"))
        else:
            self.wanted[number] = total


def read_shorthand(text: str) -> Shorthand:
    """What the text asks for. Nothing is guessed: a part that is not clear is in `wrong` and nowhere else."""
    found = Shorthand()
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT])
    for part in _ENDS.split(plain):
        _read(found, _AROUND_SIGN.sub("*", part.strip()))
    if len(text) > MAX_TEXT:
        found.wrong.append(Wrong(text[MAX_TEXT:][:20], "strange"))
    return found


def write_shorthand(wanted: dict[int, int]) -> str:
    """`12*2 5`: what read_shorthand reads as the same."""
    if not any(quantity > 1 for quantity in wanted.values()):
        return ", ".join(map(str, wanted))
    return " ".join(f"{n}*{q}" if q > 1 else str(n) for n, q in wanted.items())


def _read(found: Shorthand, part: str) -> None:
    tokens = part.split()
    bound = [_BOUND.fullmatch(token) for token in tokens]
    alone = [_ALONE.fullmatch(token) for token in tokens]
    if not any(bound) and len(tokens) == 2 and alone[0] and (count := _COUNT.fullmatch(tokens[1])):
        found.take(part, int(alone[0][1]), int(count[1]))
        return
    if not any(bound) and len(tokens) > 2 and all(alone):
        found.wrong.append(Wrong(part, "unclear"))
        return
    for token, pair, single in zip(tokens, bound, alone, strict=True):
        if pair:
            found.take(token, int(pair[1] or pair[3]), int(pair[2] or pair[4]))
        elif single:
            found.take(token, int(single[1]), 1)
        else:
            found.wrong.append(Wrong(token, "strange"))

"""What a specification (规格) says about weight and pieces: `约500g*2`, `2斤4盒`, `一箱四个约14斤`. Knows no Django.

Nothing is guessed: where two readings are possible (a range, several goods in one pack) there is no weight, and so no
price to compare.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from config.kernel.money import round_half_up

JIN = 500
MAX_GRAMS = 10_000_000
_GRAMS = {"公斤": 1000, "千克": 1000, "kg": 1000, "市斤": 500, "斤": 500, "两": 50, "克": 1, "g": 1}
_COUNTED = "个只盒袋包瓶罐听支枚条片块根颗粒串卷桶板托双束棵把头杯张朵篮筐箱件套份提组"
# Of these one holds the others: 一箱四个 are four.
_HOLDING = "箱件套份提组筐篮板托"
_NUMERAL = {
    **{sign: value for value, sign in enumerate("一二三四五六七八九", start=1)},
    "两": 2,
    "俩": 2,
}

_CHINESE = r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两俩半]"
_NUMBER = rf"(?:\d{{1,7}}(?:\.\d{{1,4}})?|{_CHINESE})"
_WEIGHT_UNIT = r"公斤|千克|kg|市斤|斤|两|克|g(?![a-z])"
_TOKEN = re.compile(
    rf"(?P<weight>{_NUMBER})\s*(?P<unit>{_WEIGHT_UNIT})(?P<half>半)?"
    rf"|(?P<volume>{_NUMBER})\s*(?:ml|毫升|升|l(?![a-z]))"
    rf"|(?P<count>{_NUMBER})\s*(?P<counted>[{_COUNTED}])"
    rf"|(?P<bare>\d{{1,5}})(?![\d.%])"
    r"|(?P<times>\*)|(?P<net>净重|净含量)|(?P<plus>\+)"
)
_ABOUT = re.compile(r"约|左右|上下|以上|≈|±|～|~")
_DEVIATION = re.compile(r"±\s*\d+(?:\.\d+)?\s*(?:%|公斤|千克|kg|斤|两|克|g)?")
_RANGE = re.compile(
    rf"{_NUMBER}\s*(?:{_WEIGHT_UNIT})?\s*[-~～至到]\s*{_NUMBER}\s*(?:{_WEIGHT_UNIT})"
)


@dataclass(frozen=True)
class Spec:
    """`grams` of one sales unit in all, `pieces` in it; None: not said, or not clearly. `is_about`: 约."""

    grams: int | None = None
    pieces: int | None = None
    is_about: bool = False


@dataclass(frozen=True)
class _Group:
    """What `*` ties together: `500g*2`. A count that stands alone has a factor and no grams."""

    grams: Fraction | None
    pieces: Fraction
    holds: bool
    is_net: bool
    is_product: bool


def parse_spec(text: str) -> Spec:
    """Read a specification; what it does not say, or not clearly, is None."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = plain.translate(dict.fromkeys(map(ord, "x×✕✖"), "*"))
    is_about = _ABOUT.search(plain) is not None
    plain = _DEVIATION.sub(" ", plain)
    if _RANGE.search(plain):
        return Spec(is_about=True)
    if "+" in plain:
        return Spec(is_about=is_about)
    groups = _groups(plain)
    return Spec(_grams(groups), _pieces(groups), is_about)


def grams_sold(*, spec: str, unit: str) -> int | None:
    """Grams of one sales unit: of the unit itself (sold by 斤), else of the specification; None if unknown."""
    by_weight = _GRAMS.get(unicodedata.normalize("NFKC", unit).strip().lower())
    return by_weight or parse_spec(spec).grams


def price_per_jin_fen(*, price_fen: int, spec: str, unit: str) -> int | None:
    """The price of 500 g in fen, half up, to compare goods by; None where no weight is known."""
    grams = grams_sold(spec=spec, unit=unit)
    return round_half_up(Fraction(price_fen * JIN, grams)) if grams else None


def _number(text: str) -> Fraction:
    if text[0].isdigit():
        return Fraction(text)
    if text == "半":
        return Fraction(1, 2)
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        return Fraction(_NUMERAL.get(tens, 1) * 10 + _NUMERAL.get(ones, 0))
    return Fraction(_NUMERAL[text])


def _groups(text: str) -> list[_Group]:
    """Tokens in their order; a factor without a unit counts only beside `*`."""
    groups: list[_Group] = []
    is_net, joins = False, False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if match["times"]:
            joins = bool(groups)
        elif match["net"]:
            is_net = True
        elif kind is not None:
            part = _part(match, is_net=is_net)
            is_net = False
            if joins:
                part = _tied(groups.pop(), part)
            joins = False
            groups.append(part)
    return [group for group in groups if group.is_product or group.grams or not _is_bare(group)]


def _is_bare(group: _Group) -> bool:
    """A number without a unit and without a sign beside it: a size, a brand, anything."""
    return group.pieces < 0


def _part(match: re.Match[str], *, is_net: bool) -> _Group:
    if match["weight"]:
        times = _number(match["weight"]) + (Fraction(1, 2) if match["half"] else 0)
        return _Group(times * _GRAMS[match["unit"]], Fraction(1), False, is_net, False)
    if match["count"]:
        holds = match["counted"] in _HOLDING
        return _Group(None, _number(match["count"]), holds, False, False)
    if match["bare"]:
        return _Group(None, -Fraction(match["bare"]), False, False, False)
    return _Group(None, Fraction(1), True, False, False)


def _tied(left: _Group, right: _Group) -> _Group:
    """Two weights beside one `*` are no sum of anything: the weight is lost."""
    grams = None
    pieces = abs(left.pieces) * abs(right.pieces)
    if (left.grams is None) != (right.grams is None):
        grams = (left.grams or right.grams or 0) * abs(
            right.pieces if left.grams is not None else left.pieces
        )
    return _Group(grams, pieces, False, left.is_net or right.is_net, True)


def _grams(groups: list[_Group]) -> int | None:
    weighed = [group for group in groups if group.grams]
    chosen = [group for group in weighed if group.is_net] or weighed
    found = {group.grams for group in chosen}
    if len(found) != 1:
        return None
    grams = round_half_up(found.pop() or Fraction(0))
    return grams if 0 < grams <= MAX_GRAMS else None


def _pieces(groups: list[_Group]) -> int | None:
    tied = [group.pieces for group in groups if group.is_product]
    alone = [g.pieces for g in groups if not g.is_product and g.grams is None and not g.holds]
    found = set(tied or alone)
    if not found:
        return 1 if any(group.grams for group in groups) else None
    pieces = found.pop()
    if found or pieces.denominator != 1 or not 0 < pieces <= MAX_GRAMS:
        return None
    return int(pieces)

"""One word for several goods: A1～A3, 三种青团各1, 四样各一份, 除了草莓其他各1. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.amounts.numerals import chinese_number
from orders.chain.entries import Wanted
from orders.chain.line.excepting import all_but, plain_number
from orders.chain.line.ranges import fill_ranges, one_of, trust_codes
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

_KINDS = re.compile(
    r"(?:[前上]面|以上|这)?([一二两三四五六七八九十]|\d{1,2})(?:个?品种|[种样款])(?:水果|蔬菜|东西|菜|口味|点心|海鲜|零食|饮料|面包)?"
)
# Of so many goods nobody takes one each without looking.
_MANY_GOODS, _FEW_GOODS = 12, 8
# What may hold other things of the menu.
_SET = re.compile("套餐|套装")
_SAYS_ALL = frozenset({"每样", "每种", "每个", "每样来", "每种来"})


def spread(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """The tokens with one for each thing that is meant; what is not certain about that goes to `wanted`."""
    trust_codes(tokens)
    result = fill_ranges(_turned(tokens), menu, wanted)
    result = _kinds(result, menu, wanted)
    result = all_but(result, menu, wanted)
    return _everything(result, menu, wanted)


def _turned(tokens: Sequence[Token]) -> list[Token]:
    """1 each is each 1."""
    result = list(tokens)
    for place, token in enumerate(result):
        before = place - 1 - (place > 0 and result[place - 1].text == " ")
        if token.text == "each" and before >= 0 and result[before].kind == Kind.NUMBER:
            result[before], result[place] = token, result[before]
    return result


def _kinds(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """馄饨各1 is one of every kind; certain where the line says how many there are, or all bear the word at the end."""
    result: list[Token] = []
    rest = list(tokens)
    for place, token in enumerate(rest):
        keys = token.named.keys if token.named is not None else ()
        if token.kind != Kind.GOODS or len(keys) < 2 or not _each_follows(rest, place):
            result.append(token)
            continue
        says_all = result and result[-1].kind == Kind.WORD and result[-1].text in _SAYS_ALL
        if says_all and not menu.is_part:
            result.pop()
        elif result and (_count(result[-1]) == len(keys) or _counts(result[-1]) == len(keys)):
            result.pop()
            _drop_all(rest, place)
        elif place + 1 < len(rest) and _count(rest[place + 1]) == len(keys):
            rest[place + 1].kind = Kind.NOTE
        else:
            names = "、".join(menu.goods[key].name for key in keys)
            wanted.doubt("several_goods", words=token.text, goods=names)
        result += [one_of(token, key) for key in keys]
    return result


def _drop_all(rest: list[Token], place: int) -> None:
    """三个套餐都要，各1: nothing more is meant by 都要."""
    for token in rest[place + 1 : place + 4]:
        if token.kind == Kind.WORD and token.unit == "all":
            token.kind = Kind.NOTE


def _each_follows(tokens: Sequence[Token], place: int) -> bool:
    behind = [t for t in tokens[place + 1 :] if t.kind != Kind.BREAK and not _count(t)]
    if behind and behind[0].unit == "all":
        behind.pop(0)
    return bool(behind) and behind[0].kind == Kind.WORD and behind[0].unit == "each"


def _count(token: Token) -> int:
    """四样: how many kinds."""
    match = _KINDS.fullmatch(token.text.strip()) if token.kind in {Kind.TEXT, Kind.WORD} else None
    if match is None:
        return 0
    found = chinese_number(match[1], 0)
    return found[0] if found else int(match[1])


def _counts(token: Token) -> int:
    """三个套餐各一份: so many kinds."""
    return token.value if token.kind == Kind.NUMBER and token.unit == "个" else 0


def _is_all_of_one(tokens: Sequence[Token], number: Token) -> bool:
    """全部一份, without another word: one of each. Of 全部2份 nobody knows."""
    before = next((t for t in tokens if t.end == number.start), None)
    return before is not None and before.text == "全部" and number.value == 1


def _everything(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """全要各一, 四样各一份: every thing on the menu. Certain where each is said, of a few things, none in another."""
    numbers = [t for t in tokens if t.kind == Kind.NUMBER]
    words = {t.unit: t.text for t in tokens if t.kind == Kind.WORD}
    says_each = {t.text for t in tokens if t.kind == Kind.WORD and t.unit == "each"}
    counts = [count for t in tokens if (count := _count(t))]
    if (
        not ({"all", "each"} & set(words) or counts)
        or len(numbers) != 1
        or len(menu.goods) < 2
        or len(menu.goods) > _MANY_GOODS
        or any(t.kind == Kind.GOODS for t in tokens)
    ):
        return list(tokens)
    every = [t for key in menu.goods for t in (one_of(numbers[0], key), plain_number(numbers[0]))]
    sets = [_SET.search(one.name) is not None for one in menu.goods.values()]
    is_said = "each" in words and ("all" in words or bool(says_each & _SAYS_ALL))
    is_said |= words.get("all") == "每样都"
    is_said |= _is_all_of_one(tokens, numbers[0]) or (counts == [len(menu.goods)] and bool(words))
    # 全部各一份 means the sets too, whatever is in them.
    is_plain = "all" in words and words.get("each", "").startswith("各")
    is_mixed = len(sets) > _FEW_GOODS or (any(sets) and not all(sets))
    if (
        not is_said
        or menu.is_part
        or (is_mixed and not is_plain and counts != [len(menu.goods)])
        or (counts and counts != [len(menu.goods)])
    ):
        wanted.doubt("everything", words=words.get("all") or words.get("each") or "")
    kept = [t for t in tokens if t.unit not in {"each", "all", "kinds"} and not _count(t)]
    place = kept.index(numbers[0])
    return [*kept[:place], *every, *kept[place + 1 :]]

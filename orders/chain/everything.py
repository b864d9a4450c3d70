"""Everything on the menu, or all but some: 全要各一, 每样一份, 4样各1, 除了椰子都要一份. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from orders.chain.entries import Wanted
from orders.chain.kinds import KINDS
from orders.chain.menu import Menu
from orders.chain.numerals import chinese_number
from orders.chain.ranges import one_of
from orders.chain.token import Kind, Token

# Of so many goods nobody takes one each without looking.
_MANY_GOODS, _FEW_GOODS = 12, 8
# What may hold other things of the menu.
_SET = re.compile("套餐|套装")
_KINDS = re.compile(r"([一二两三四五六七八九十]|\d{1,2})(?:种|样|款)")
_KIND_WORDS = frozenset("样种款")
_CATEGORIES = {"水果": KINDS["果"], "蔬菜": KINDS["菜"], "青菜": KINDS["菜"], "肉": KINDS["肉"]}
_SAYS_ALL = frozenset({"每样", "每种", "每个"})


def everything(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """全要各一, 每样一份, 4样各1, 除了椰子都要一份: every thing on the menu, or all but some.

    Certain where each is said, of a few things, none in another; one of each where no number stands.
    """
    words = {t.unit: t.text for t in tokens if t.kind == Kind.WORD}
    if not {"all", "each"} & set(words) or not 1 < len(menu.goods) <= _MANY_GOODS:
        return list(tokens)
    rest, is_counted = _without_category(tokens, menu)
    excepted = _excepted(rest)
    numbers = [t for t in rest if t.kind == Kind.NUMBER]
    goods = [t for t in rest if t.kind == Kind.GOODS]
    is_bare = not numbers and "all" in words
    if not (len(numbers) == 1 or is_bare) or [id(t) for t in goods] != [id(t) for t in excepted]:
        return list(tokens)
    number = numbers[0] if numbers else _one(rest)
    left = [key for key in menu.goods if all(key not in _keys(t) for t in excepted)]
    every = [t for key in left for t in (one_of(number, key), replace(number, sign=""))]
    sets = [_SET.search(one.name) is not None for one in menu.goods.values()]
    is_said = is_counted or ("each" in words and ("all" in words or words["each"] in _SAYS_ALL))
    is_plain = words.get("all") not in {None, "全套"} | ({"都要"} if not excepted else set())
    is_said |= is_plain and number.value == 1
    is_one_each = all(len(_keys(t)) == 1 for t in excepted)
    if not (is_said and is_one_each) or len(sets) > _FEW_GOODS or (any(sets) and not all(sets)):
        wanted.doubt("everything", words=words.get("all") or words["each"])
    kept = [
        t
        for t in rest
        if not (t.kind == Kind.WORD and t.unit in {"each", "all", "except"}) and t not in excepted
    ]
    place = kept.index(number) if numbers else len(kept)
    return [*kept[:place], *every, *kept[place + 1 :]]


def _excepted(tokens: Sequence[Token]) -> list[Token]:
    """The goods right behind 除了, before everything else is said."""
    start = next((n for n, t in enumerate(tokens) if t.unit == "except"), len(tokens))
    found: list[Token] = []
    for token in tokens[start + 1 :]:
        if token.kind == Kind.WORD and token.unit in {"each", "all"}:
            return found
        if token.kind == Kind.GOODS:
            found.append(token)
        elif token.kind == Kind.NUMBER:
            break
    return []


def _one(tokens: Sequence[Token]) -> Token:
    said = next(t for t in tokens if t.kind == Kind.WORD and t.unit == "all")
    return Token(Kind.NUMBER, said.end, said.end, "1", value=1)


def _keys(token: Token) -> Sequence[int]:
    return token.named.keys if token.named is not None else ()


def _without_category(tokens: Sequence[Token], menu: Menu) -> tuple[list[Token], bool]:
    """Without 4样 where the menu has four things, and without 水果 where all are fruit; whether it was said."""
    names = [one.name for one in menu.goods.values()]
    kept: list[Token] = []
    is_said = False
    for place, token in enumerate(tokens):
        before = kept[-1] if kept else None
        is_kinds = (
            token.text in _KIND_WORDS
            and before is not None
            and before.kind == Kind.NUMBER
            and before.end == token.start
        )
        if is_kinds and before is not None and before.value == len(names):
            kept.pop()
        elif kinds_in(token) == len(names) or (
            token.kind == Kind.TEXT
            and token.text in _CATEGORIES
            and all(any(word in name for word in _CATEGORIES[token.text]) for name in names)
            and each_follows(tokens, place)
        ):
            pass
        else:
            kept.append(token)
            continue
        is_said = True
    return kept, is_said


def each_follows(tokens: Sequence[Token], place: int) -> bool:
    """各 stands behind this place, but for how many kinds there are."""
    behind = next((t for t in tokens[place + 1 :] if t.text != " " and not kinds_in(t)), None)
    return behind is not None and behind.kind == Kind.WORD and behind.unit == "each"


def kinds_in(token: Token) -> int:
    """三种, 4样: so many kinds; else 0."""
    match = _KINDS.fullmatch(token.text.strip()) if token.kind == Kind.TEXT else None
    if match is None:
        return 0
    found = chinese_number(match[1], 0)
    return found[0] if found else int(match[1])

"""Words beside a number that name no goods by themselves, read with what is around: 5kg米1袋, 巅锋猫罐2. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from orders.chain.amounts.bulk import is_of
from orders.chain.amounts.numerals import chinese_number
from orders.chain.amounts.units import WEIGHTS
from orders.chain.line.folding import low
from orders.chain.line.lone_sizes import SIGNS, lone_size
from orders.chain.line.pictures import count_pictures, without_echoes
from orders.chain.line.token import Kind, Token
from orders.chain.names.goods import Named, Trust
from orders.chain.names.menu import Menu
from orders.chain.names.variants import family_of

_COUNTED = re.compile("^(.{1,12}?)([一二两三四五六七八九十]{1,3})([^一二两三四五六七八九十]{0,2})$")
_FILLED = frozenset({"的", "那个", "这个", "装"})


def resolve(tokens: Sequence[Token], menu: Menu) -> list[Token]:
    """The tokens with one for the goods where several together, or words nothing explains, can mean one thing only."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        lone = lone_size(tokens, place, menu)
        if lone is not None:
            result.append(_goods([tokens[place]], lone))
            place += 1
            continue
        end = _chunk(tokens, place)
        found = _resolved(tokens, place, end, menu) if end > place else None
        if found is None:
            result.append(tokens[place])
            place += 1
            continue
        if found[1]:
            result.pop()
        result += found[0]
        place = end
    return without_echoes(count_pictures(result))


def _chunk(tokens: Sequence[Token], place: int) -> int:
    """Where the run of words ends that begins here, glued to each other."""
    first = tokens[place]
    if place and tokens[place - 1].end == first.start and _is_words(tokens[place - 1]):
        return place
    end = place
    while end < len(tokens) and _is_words(tokens[end]):
        if end > place and tokens[end].start != tokens[end - 1].end:
            break
        end += 1
    return end


def _is_words(token: Token) -> bool:
    return (
        (token.kind == Kind.TEXT and token.unit in {"", "circled"})
        or token.kind == Kind.GOODS
        or (token.kind == Kind.WORD and token.text in _FILLED)
        or (token.kind == Kind.WORD and token.unit == "filler" and len(token.text) == 1)
    )


def _is_sure(token: Token) -> bool:
    named = token.named
    return named is not None and named.trust <= Trust.GOOD and len(named.keys) == 1


def _resolved(
    tokens: Sequence[Token], place: int, end: int, menu: Menu
) -> tuple[list[Token], bool] | None:
    """(tokens for the chunk, whether the size before it is a part of it)."""
    chunk = tokens[place:end]
    if all(_is_sure(token) for token in chunk):
        return None
    size = tokens[place - 1] if place and tokens[place - 1].end >= chunk[0].start - 1 else None
    found = None
    if size is not None and _is_size(size):
        found = _read(chunk, lambda words: _sized(words, size, menu), menu)
    if found is not None:
        return found, True
    key = _variant(tokens[:place], chunk, menu) if _is_counted(tokens, place, end) else None
    if key is not None:
        return [_goods(chunk, key)], False
    if any(token.kind == Kind.TEXT for token in chunk):
        is_counted = _is_counted(tokens, place, end)
        found = _read(chunk, menu.guesser.guess, menu, is_counted=is_counted)
    return (found, False) if found is not None else None


def _read(
    chunk: Sequence[Token],
    meant: Callable[[str], int | None],
    menu: Menu,
    *,
    is_counted: bool = True,
) -> list[Token] | None:
    """The goods of a chunk, or the goods and the number that ends it."""
    words = "".join(low(token.text) for token in chunk)
    key = meant(words) if is_counted else None
    if key is None and is_counted:
        key = _half_known(chunk, menu)
    if key is not None:
        return [_goods(chunk, key)]
    counted = _COUNTED.match(words)
    if counted is None or (counted[3] and not menu.unit.fullmatch(counted[3])):
        return None
    key = meant(counted[1])
    return _with_number(chunk, counted, key) if key is not None else None


def _variant(before: Sequence[Token], chunk: Sequence[Token], menu: Menu) -> int | None:
    """大包猫粮 of two bags; 小1 behind 红烧肉大1."""
    texts = [token for token in chunk if token.kind == Kind.TEXT]
    named = [token.named for token in chunk if token.named is not None]
    if len(chunk) == 1 and named and named[0].trust > Trust.GOOD:
        texts, named = [chunk[0]], []  # 小份2 behind 土豆大份1, of 土豆 and 黄瓜
    if len(texts) != 1 or len(named) + len(texts) != len(chunk):
        return None
    if not named:
        last = [t.named for t in before if t.named is not None][-1:]
        named = [one for one in last if one.trust <= Trust.GOOD]
    keys = named[0].keys if len(named) == 1 else ()
    family = family_of(keys, menu.families)
    is_whole = family is not None and (len(texts) == len(chunk) or len(keys) == len(family.marks))
    return family.meant(low(texts[0].text)) if is_whole and family is not None else None


def _half_known(chunk: Sequence[Token], menu: Menu) -> int | None:
    """巅锋猫罐, 榴莲冰皮: each part means one and the same thing, or is its specification."""
    keys = {
        token.named.keys[0]
        if token.named is not None and _is_sure(token)
        else menu.guesser.guess(low(token.text)) or menu.guesser.specified(low(token.text))
        for token in chunk
    }
    return keys.pop() if len(chunk) > 1 and len(keys) == 1 else None


def _goods(chunk: Sequence[Token], key: int) -> Token:
    text = "".join(token.text for token in chunk)
    named = Named((key,), Trust.GOOD, chunk[-1].end)
    return Token(Kind.GOODS, chunk[0].start, chunk[-1].end, text, named=named)


def _with_number(chunk: Sequence[Token], counted: re.Match[str], key: int) -> list[Token]:
    start, cut, end = chunk[0].start, chunk[0].start + len(counted[1]), chunk[-1].end
    found = chinese_number(counted[2], 0)
    text = "".join(token.text for token in chunk)
    value = found[0] if found is not None and found[1] == len(counted[2]) else 0
    goods = Token(Kind.GOODS, start, cut, counted[1], named=Named((key,), Trust.GOOD, cut))
    number = Token(Kind.NUMBER, cut, end, text[len(counted[1]) :], value=value, unit=counted[3])
    return [goods, number]


def _is_counted(tokens: Sequence[Token], place: int, end: int) -> bool:
    """A number stands beside it, or 各."""
    before = next((t for t in reversed(tokens[:place]) if t.text not in SIGNS), None)
    after = next((t for t in tokens[end:] if t.text not in SIGNS), None)
    if after is not None and (after.kind in {Kind.NUMBER, Kind.SPEC} or after.unit == "each"):
        return True
    return before is not None and before.kind == Kind.NUMBER


def _is_size(token: Token) -> bool:
    return token.kind == Kind.SPEC or (token.kind == Kind.NUMBER and token.unit in WEIGHTS)


def _sized(words: str, size: Token, menu: Menu) -> int | None:
    """5kg米: the one rice of that size."""
    bare = re.sub("[的装]", "", words)
    said = f"{size.value}{size.unit}" if size.kind == Kind.NUMBER else size.text
    keys = [
        one.key
        for one in menu.goods.values()
        if is_of(said, one) and menu.guesser.holds(bare, one.key)
    ]
    return keys[0] if len(keys) == 1 and bare else None

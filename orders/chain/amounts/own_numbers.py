"""Numbers before goods that are the goods' own number on the list: 白菜 3鸡腿1, where 3 is 鸡腿. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

_REAL = frozenset({Kind.GOODS, Kind.NUMBER})
_HELD = frozenset({Kind.GOODS, Kind.SPEC})


def without_own_numbers(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """The tokens of a line without its goods' own numbers, where all have one and how many besides: 3鸡腿1 5面包2.

    Where such a number may be how many, that is asked: 3鸡腿 5面包. Nobody can tell one 1 from another.
    """
    own, is_shown = _own_numbers(menu)
    if _are_all_own(tokens, own) and is_shown:
        wanted.doubt("which_number")
        return list(tokens)
    places = [place for place in range(len(tokens)) if _is_own(tokens, place, own)]
    if not places:
        return list(tokens)
    dropped = {id(tokens[place]) for place in places}
    real = [token for token in tokens if token.kind in _REAL]
    is_told = is_shown or len(places) > 1
    if (
        is_told
        and len(real) == 3 * len(places)
        and all(
            id(first) in dropped and second.kind == Kind.GOODS and third.kind == Kind.NUMBER
            for first, second, third in zip(real[::3], real[1::3], real[2::3], strict=True)
        )
    ):
        return [token for token in tokens if id(token) not in dropped]
    if is_told and any(tokens[place].value > 1 for place in places):
        wanted.doubt("which_number")
    return list(tokens)


def _own_numbers(menu: Menu) -> tuple[Mapping[int, int], bool]:
    """(number → goods, whether the list shows them)."""
    shown = {int(code): key for code, key in menu.codes.items() if code.isdigit() and key}
    if shown or menu.only is not None or not menu.is_numbered:
        return shown, True
    return menu.numbers, False


def _are_all_own(tokens: Sequence[Token], own: Mapping[int, int]) -> bool:
    """1西瓜5香蕉, glued: each number is that of the goods behind it, and so not surely how many."""
    real = [token for token in tokens if token.kind in _REAL]
    pairs = list(zip(real[::2], real[1::2], strict=False))
    return (
        len(real) == 2 * len(pairs) > 2
        and any(number.value > 1 for number, _goods in pairs)
        and all(
            number.kind == Kind.NUMBER
            and not (number.unit or number.sign)
            and goods.named is not None
            and goods.named.keys == (own.get(number.value),)
            for number, goods in pairs
        )
    )


def _is_own(tokens: Sequence[Token], place: int, own: Mapping[int, int]) -> bool:
    """A bare number right before the goods it stands for, which is not glued to goods before it."""
    number = tokens[place]
    if number.kind != Kind.NUMBER or number.unit or number.sign or number.value not in own:
        return False
    goods = next((t for t in tokens[place + 1 : place + 3] if t.text != " "), None)
    if goods is None or goods.named is None or goods.named.keys != (own[number.value],):
        return False
    before = next((t for t in reversed(tokens[:place]) if t.text != " "), None)
    is_held = before is not None and before.kind in _HELD
    if before is not None and is_held and before.end == number.start:
        return False  # 白菜3鸡腿1
    return goods.start == number.end or not is_held

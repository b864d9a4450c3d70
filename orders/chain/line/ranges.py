"""Codes of a list: A1～A3 is all of them, 全2脱2 explains itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.names.goods import Named, Trust
from orders.chain.names.menu import Menu


def trust_codes(tokens: Sequence[Token]) -> None:
    """全2脱2: where every thing is named by one sign, the signs are a code that explains itself."""
    goods = [t for t in tokens if t.kind == Kind.GOODS]
    if len(goods) < 2 or any(len(t.text) > 1 or t.text.isdigit() for t in goods):
        return
    for token in goods:
        if token.named is not None and token.named.trust == Trust.PARTLY:
            token.named = replace(token.named, trust=Trust.GOOD)


def fill_ranges(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Token]:
    """The tokens with those of the codes between; codes in another order go to `wanted`."""
    codes = {key: code for code, key in menu.letters.items()}
    figures = {key: str(number) for number, key in menu.numbers.items()}
    result: list[Token] = []
    for token in tokens:
        result.append(token)
        if len(result) < 3 or token.kind != Kind.GOODS or result[-2].text not in {"~", "-"}:
            continue
        is_figures = result[-3].text.isdigit() and token.text.isdigit()
        known = figures if is_figures else codes
        first, last = _code(result[-3], known), _code(token, known)
        between = _between(first, last, menu, is_figures=is_figures)
        if not between:
            if first and last:
                wanted.doubt("each_unclear")
            continue
        result[-2:-1] = [one_of(token, key) for key in between]
    return result


def _code(token: Token, codes: dict[int, str]) -> str:
    named = token.named
    is_code = named is not None and len(named.keys) == 1 and token.text.isascii()
    return codes.get(named.keys[0], "") if is_code and named is not None else ""


def _between(first: str, last: str, menu: Menu, *, is_figures: bool) -> list[int]:
    """The goods whose codes stand between two of the menu's, in its order; none where the order is another."""
    if not first or not last:
        return []
    if is_figures:
        numbers = range(int(first) + 1, int(last))
        return [menu.numbers[n] for n in numbers] if all(n in menu.numbers for n in numbers) else []
    order = [code for code in menu.letters if code[1:].isdigit() or len(code) == 1]
    order.sort(key=lambda code: (code[0], int(code[1:] or 0)))
    if first not in order or last not in order:
        return []
    return [menu.letters[code] for code in order[order.index(first) + 1 : order.index(last)]]


def one_of(token: Token, key: int) -> Token:
    """A token that names this thing in the place of another."""
    named = Named((key,), Trust.GOOD, token.end)
    return replace(token, kind=Kind.GOODS, named=named, unit="", sign="", value=0)

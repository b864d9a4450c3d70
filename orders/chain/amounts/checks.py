"""What a line says itself about its sum, in pieces or money: it confirms what was read or makes it doubtful. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

_REAL = frozenset({Kind.GOODS, Kind.NUMBER})
# Less than that may be a quantity, whatever it comes to in yuan.
_LEAST_YUAN = 10


def without_sums(tokens: Sequence[Token], menu: Menu) -> list[Token]:
    """Without what each of the goods comes to, said behind its number: 鸡蛋1(35)牛奶2(36)."""
    real = [token for token in tokens if token.kind in _REAL]
    sums = {
        id(third)
        for first, second, third in zip(real, real[1:], real[2:], strict=False)
        if _comes_to(first, second, third, menu)
    }
    return [token for token in tokens if id(token) not in sums]


def _comes_to(goods: Token, number: Token, amount: Token, menu: Menu) -> bool:
    if goods.named is None or number.kind != Kind.NUMBER or amount.kind != Kind.NUMBER:
        return False
    is_bare = not amount.unit and amount.value >= _LEAST_YUAN
    prices = [menu.goods[key].price_fen for key in goods.named.keys]
    return is_bare and [number.value * price for price in prices] == [amount.value * 100]


def without_total(
    tokens: Sequence[Token], menu: Menu, read: Callable[[Sequence[Token], Menu], Wanted]
) -> list[Token]:
    """Without the last number, where it is one too many and just what all the others come to: 洗衣液2 洗洁精2，118."""
    real = [token for token in tokens if token.kind in _REAL]
    last = real[-1] if len(real) > 1 else None
    if last is None or last.kind != Kind.NUMBER or last.unit or last.value < _LEAST_YUAN:
        return list(tokens)
    rest = [token for token in tokens if token is not last]
    found = read(rest, menu)
    if found.remarks or _fen(found, menu) != last.value * 100:
        return list(tokens)
    return rest


def compare_sums(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> None:
    """共3份, 共75元 against what was read."""
    prices = {line.goods: menu.goods[line.goods].price_fen for line in wanted.lines}
    parts = {line.quantity * prices[line.goods] for line in wanted.lines}
    pieces = sum(line.quantity for line in wanted.lines)
    fen = _fen(wanted, menu)
    for token in tokens:
        is_counted = not token.text.rstrip()[-1:].isdigit()  # 共3份
        if token.kind == Kind.SUM and token.value not in (
            {pieces} if is_counted else {pieces, fen / 100}
        ):
            wanted.doubt("sum_differs", said=token.value, found=pieces)
        if token.kind == Kind.MONEY:
            allowed = {fen} | parts | (set(prices.values()) if "/" in token.text else set())
            if token.value not in allowed:
                wanted.doubt("money_differs", said=token.text)


def _fen(wanted: Wanted, menu: Menu) -> int:
    return sum(line.quantity * menu.goods[line.goods].price_fen for line in wanted.lines)

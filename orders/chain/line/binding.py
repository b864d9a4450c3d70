"""Which number belongs to which goods: behind them or before them, the same way through the whole line. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu

# (goods, number); either may be missing, which makes the line doubtful.
Pair = tuple[Token | None, Token | None]


def bind(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> list[Pair]:
    """Pairs of a line's goods, numbers, breaks and 各; remarks on what is not certain go to `wanted`."""
    if any(t.kind == Kind.WORD for t in tokens):
        return _bind_each(tokens, wanted)
    if menu.only is not None and not any(t.kind == Kind.GOODS for t in tokens):
        return [(None, t) for t in tokens if t.kind == Kind.NUMBER]
    for strength in (9, 2, 1):
        parts = _parts(tokens, strength)
        shapes = [_shape(part) for part in parts]
        if any(shapes) and all(_is_right(s) or _is_left(s) for s in shapes if s):
            return [pair for part in parts if _shape(part) for pair in _bind_part(part, wanted)]
    return _bind_loosely(tokens, wanted)


def _bind_part(part: Sequence[Token], wanted: Wanted) -> list[Pair]:
    real = [t for t in part if t.kind != Kind.BREAK]
    is_right = _is_right(_shape(part))
    wanted.is_right |= is_right
    wanted.is_left |= not is_right
    wanted.has_bare |= _has_bare(part)
    if _crosses(part):
        wanted.doubt("which_number")
    pairs = zip(real[::2], real[1::2], strict=True)
    return [(first, second) if is_right else (second, first) for first, second in pairs]


def _bind_loosely(tokens: Sequence[Token], wanted: Wanted) -> list[Pair]:
    """Best guess, each number to the goods before it; always doubtful."""
    pairs: list[Pair] = []
    real = [t for t in tokens if t.kind in {Kind.GOODS, Kind.NUMBER}]
    for token in real:
        if token.kind == Kind.GOODS:
            pairs.append((token, None))
        elif pairs and pairs[-1][1] is None:
            pairs[-1] = (pairs[-1][0], token)
        else:
            pairs.append((None, token))
    if len({t.kind for t in real}) == 2:
        wanted.doubt("which_number")
    return pairs


def _bind_each(tokens: Sequence[Token], wanted: Wanted) -> list[Pair]:
    """A、B各1; 各一份:A、B. Numbers before that belong to goods before that."""
    real = [t for t in tokens if t.kind != Kind.BREAK]
    place = next(i for i, t in enumerate(real) if t.kind == Kind.WORD)
    before, after = real[:place], real[place + 1 :]
    if not after or after[0].kind != Kind.NUMBER or any(t.kind == Kind.WORD for t in after):
        wanted.doubt("each_unclear")
        return _bind_loosely(real, wanted)
    number, rest = after[0], after[1:]
    shared: list[Token] = []
    while before and before[-1].kind == Kind.GOODS:
        shared.insert(0, before.pop())
    if not shared:
        while rest and rest[0].kind == Kind.GOODS and (len(rest) < 2 or rest[1].kind == Kind.GOODS):
            shared.append(rest.pop(0))
    if len(shared) < 2:
        wanted.doubt("each_unclear")
    pairs: list[Pair] = [(goods, number) for goods in shared]
    for part in (before, rest):
        shape = _shape(part)
        if _is_right(shape) or _is_left(shape):
            # 2份A B各1: whose are the two? Only goods that keep their number behind them are certain.
            pairs += _bind_part(part, wanted)
            if part is before and _is_left(shape):
                wanted.doubt("which_number")
        elif part:
            wanted.doubt("which_number")
            pairs += _bind_loosely(part, wanted)
    return pairs


def _parts(tokens: Sequence[Token], strength: int) -> list[list[Token]]:
    """The tokens cut at every break of at least this strength; blanks and colons are of strength 1."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == Kind.BREAK and int(token.unit or 0) >= strength:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _shape(tokens: Sequence[Token]) -> str:
    return "".join("G" if t.kind == Kind.GOODS else "N" for t in tokens if t.kind != Kind.BREAK)


def _is_right(shape: str) -> bool:
    return bool(shape) and shape == "GN" * (len(shape) // 2)


def _is_left(shape: str) -> bool:
    return bool(shape) and shape == "NG" * (len(shape) // 2)


def _has_bare(part: Sequence[Token]) -> bool:
    """A number that neither a unit nor a sign nor the goods themselves hold: `2 生抽`."""
    real = [t for t in part if t.kind != Kind.BREAK]
    if all(t.text.isascii() for t in real if t.kind == Kind.GOODS):
        return False  # 2 skim milk, 1 brie
    glued = all(a.end == b.start for a, b in zip(real[::2], real[1::2], strict=False))
    return not glued and any(t.kind == Kind.NUMBER and not t.unit and not t.sign for t in real)


def _crosses(part: Sequence[Token]) -> bool:
    """A pair is torn by a stronger break than the one that holds its number to the next goods: 鸡蛋，2份牛奶，3份."""
    gaps: list[int] = []
    strongest, seen = 0, False
    for token in part:
        if token.kind == Kind.BREAK:
            strongest = max(strongest, int(token.unit or 0))
            continue
        if seen:
            gaps.append(strongest)
        seen, strongest = True, 0
    inside, outside = gaps[::2], gaps[1::2]
    return any(gap >= 2 for gap in inside) or (bool(outside) and max(inside) > 1 >= min(outside))

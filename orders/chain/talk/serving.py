"""How what one drinks or eats is served: 三分糖, 少冰, 一个三分糖一个全糖, 两份都要热牛奶. Pure.

It names nothing on the menu but what the line has ordered, and no count but the one that was said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu
from orders.chain.names.naming import plain

_SUGAR = "[无少半低微多去全]糖|[一二三四五六七八九1-9]分[糖甜]|(?:标准|正常)(?:糖|甜度?)|不加糖|不要糖浆?|不加糖浆"
_ICE = "[少多去免微加无走]冰|(?:标准|正常)冰|不加冰|不要冰块?|常温"
_ALL = "(?:都要?|全部?要?|统一|一律|要)?"
_SERVED = re.compile(f"{_ALL}(?:{_SUGAR}|{_ICE}){{1,2}}的?")
_LUKE = re.compile("(?:都|全)?要?[冰热温][的饮]?")
_SAID = re.compile(f"{_SUGAR}|{_ICE}")
_EACH = re.compile(
    f"(\\d{{1,2}}|[一二两三四五六])[个杯份](?:{_SUGAR}|{_ICE}|[冰热温]的?)(?:[,，、 ](?=[一二两三四五六\\d]))?"
)
_FIGURES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_BOTH = re.compile(
    "(\\d{1,2}|[一二两三四五六])[份杯碗个只]都?(?:要|来)[冰热温冷]的?([\u3400-\u9fff]{0,4})"
)


def served_end(text: str, at: int, menu: Menu) -> tuple[int, bool]:
    """(where such words end that begin here or 0, whether they are so long that a number may follow)."""
    match = _SERVED.match(text, at)
    if match is None:
        luke = _LUKE.match(text, at)
        return (luke.end() if luke is not None else 0), False
    names = [plain(one.name) for one in menu.goods.values()]
    if any(said in name for said in _SAID.findall(match[0]) for name in names):
        return 0, False  # 可乐无糖, beside 无糖可乐
    return match.end(), True


def ordered(tokens: Sequence[Token]) -> dict[int, int]:
    """How many of each were said so far, the goods before their number."""
    said: dict[int, int] = {}
    key = None
    for token in tokens:
        if token.kind == Kind.GOODS and token.named is not None:
            key = token.named.keys[0] if len(token.named.keys) == 1 else None
        elif token.kind == Kind.NUMBER and key is not None:
            said[key] = said.get(key, 0) + token.value
            key = None
    return said


def shared_end(text: str, at: int, tokens: Sequence[Token], menu: Menu) -> int:
    """Where 一个三分糖一个全糖 or 两份都要热牛奶 ends, if the number is the one that was said; else 0."""
    said = ordered(tokens)
    return (_split_end(text, at, tokens) or _both_end(text, at, said, menu)) if said else 0


def _split_end(text: str, at: int, tokens: Sequence[Token]) -> int:
    """波霸奶茶2，一个三分糖一个全糖: as many as were said last."""
    last = next((t for t in reversed(tokens) if t.kind == Kind.NUMBER), None)
    end, count = at, 0
    while (part := _EACH.match(text, end)) is not None:
        count += _FIGURES.get(part[1]) or int(part[1])
        end = part.end()
    is_apart = not text[end : end + 1].isalnum()
    return end if count > 1 and is_apart and last is not None and last.value == count else 0


def _both_end(text: str, at: int, said: dict[int, int], menu: Menu) -> int:
    """两份都要热牛奶, of two sets that have milk in them."""
    both = _BOTH.match(text, at)
    if both is None or text[both.end() : both.end() + 1].isalnum():
        return 0
    count, of = _FIGURES.get(both[1]) or int(both[1]), both[2]
    holds = {key for key, one in menu.goods.items() if of in plain(f"{one.name} {one.spec}")}
    named = menu.named_at(of, 0) if of else None
    is_other = named is not None and not set(named.keys) <= said.keys()
    sums = {said[key] for key in holds & said.keys()} if of else {sum(said.values())}
    return both.end() if count in sums and not is_other else 0

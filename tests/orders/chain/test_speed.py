"""A list of 2,000 lines is read while a person waits, and nothing that can be pasted takes more than its length does.

Times are the processor's: other work on the machine does not count.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator

import pytest

import orders.chain
import orders.intake
from orders.chain.amounts.numerals import chinese_number
from orders.chain.line.folding import fold
from orders.chain.line.wanting import read_wanted
from orders.chain.lists.doors import Doors, without_phones
from orders.chain.lists.layout import lay_out
from orders.chain.lists.pricelist import match_goods, read_prices
from orders.chain.lists.totals import read_totals
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.reading import read_chain
from tests.orders.chain.corpus import Corpus, corpora

_RUNS = (
    *(
        " ",
        "\n",
        "1",
        "一",
        "十",
        "二三",
        "a",
        "A",
        "鸡",
        "区",
        "各",
        "加",
        "🍎",
        "①",
        "(",
        "[",
        "「",
    ),
    *(
        "+1",
        "1+",
        "1.1",
        "1 ",
        "a ",
        "鸡 ",
        "1-",
        "-",
        "*",
        "1*1",
        ".",
        "、",
        ",",
        ":",
        "/",
        "~",
        "=",
    ),
    *(
        "1ml",
        "1斤",
        "1瓶*1",
        "ab1:",
        "1月",
        "1号",
        "元",
        "/份",
        "共3",
        "张",
        "放门口",
        "鸡蛋",
        "鸡蛋1",
        "2-301",
    ),
)
_BEFORE = ("", "1", "a", "鸡蛋1", "约", "(")
_BEHIND = ("", "x", "b1:", "!")
_MENU = Menu(corpora()[0].goods)
_DOORS = Doors(corpora()[0].register)


def _long(corpus: Corpus, lines: int) -> str:
    doors = [
        f"{h.number}-{d.room}" for h in corpus.houses for d in corpus.doors if d.house_id == h.id
    ]
    wishes = ("蔬菜包2份 鸡蛋1板", "张阿姨 牛奶、苹果各1", "大豆油一桶，谢谢", "猪肉礼盒 x2")
    return "\n".join(
        f"{n}. {doors[n % len(doors)]} {wishes[n % len(wishes)]}" for n in range(1, lines + 1)
    )


def _seconds(read: Callable[[], object], rounds: int = 1) -> float:
    best = 99.0
    for _round in range(rounds):
        started = time.process_time()
        read()
        best = min(best, time.process_time() - started)
    return best


def _grows(
    read: Callable[[str], object], text: Callable[[int], str], length: int, times: int = 3
) -> float:
    """Seconds above what is allowed for a text of twice the length: so many times those for one, and 3 ms."""

    def above(rounds: int) -> float:
        twice = _seconds(lambda: read(text(2 * length)), rounds)
        return twice - times * _seconds(lambda: read(text(length)), rounds) - 0.003

    return above(1) if above(1) < 0 else above(3)


def _run(before: str, run: str, behind: str) -> Callable[[int], str]:
    return lambda length: before + (run * length)[:length] + behind


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of the package holds, by its name."""
    for package in (orders.chain, orders.intake):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{found.name}.{name}", value
    yield "Menu.unit", _MENU.unit
    yield "Menu.counted", _MENU.counted


def test_read_chain_of_two_thousand_lines_takes_less_than_two_seconds() -> None:
    corpus = corpora()[0]
    text = _long(corpus, 2_000)
    entries: list[int] = []

    def read() -> None:
        entries.append(len(read_chain(text, corpus.goods, corpus.register).entries))

    assert min(_seconds(read), 2) < 2 or _seconds(read) < 2
    assert entries[0] == 2_000


def test_search_any_pattern_takes_what_the_length_takes() -> None:
    slow = [
        (name, before, run, behind)
        for name, pattern in _patterns()
        for run in _RUNS
        for before, behind in zip(_BEFORE, (*_BEHIND, "元", "/"), strict=True)
        if _seconds(lambda: pattern.search(_run(before, run, behind)(600))) > 0.001  # noqa: B023
        and _grows(pattern.search, _run(before, run, behind), 600) > 0
    ]

    assert slow == []


_READERS: dict[str, Callable[[str], object]] = {
    "fold": fold,
    "lay_out": lambda text: lay_out(text, _DOORS),
    "read_prices": lambda text: read_prices([(1, text), (2, text)]),
    "read_wanted": lambda text: read_wanted(text, _MENU),
    "read_totals": lambda text: read_totals([(1, f"共{text}")], _MENU),
    "match_goods": lambda text: match_goods(text, _MENU),
    "without_phones": without_phones,
    "chinese_number": lambda text: [chinese_number(text, at) for at in range(len(text))],
    "Menu": lambda text: Menu([Goods(1, 1, text[:60], text[:60])]),
}


@pytest.mark.parametrize("reader", _READERS.values(), ids=_READERS.keys())
def test_read_anything_takes_what_the_length_takes(reader: Callable[[str], object]) -> None:
    # A line is 400 signs at most, so its square is no harm: 28 ms for 340 of them. Its cube would be.
    slow = [run for run in _RUNS if _grows(reader, _run("鸡蛋1", run, "x"), 170, times=5) > 0]

    assert slow == []


def test_read_prices_of_hostile_lines_stays_quick() -> None:
    blanks = f"鸡蛋1{' ' * 385}x"

    assert _seconds(lambda: read_prices([(n, blanks) for n in range(250)])) < 1
    assert _seconds(lambda: read_chain("\n".join([blanks] * 250), _GOODS, _REGISTER)) < 1


_GOODS, _REGISTER = corpora()[0].goods, corpora()[0].register


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        "1. " + "鸡蛋2份 " * 2_500,
        "1. 2-301 鸡蛋1板\n" + "鸡蛋 2\n" * 1_000,
        "1.1" * 7_000,
        "一" * 20_000,
        "1. 2-301 " + "各" * 9_000,
        "「" * 9_000 + "\n" + "#接龙\n" * 1_000,
        "\n".join("2-301 鸡蛋1板、3-402 鸡蛋1板、" * 20 for _ in range(10)),
    ],
    ids=lambda text: text[:6],
)
def test_read_chain_of_hostile_text_stays_quick(text: str) -> None:
    assert _seconds(lambda: read_chain(text, _GOODS, _REGISTER)) < 1

"""What people and programs do to a list on its way: other widths, blanks, marks nobody sees, courtesies, line ends."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.chain.reading import read_chain
from tests.orders.chain.corpus import Corpus, corpora
from tests.orders.chain.scoring import score

_WIDE = str.maketrans("0123456789,:()", "０１２３４５６７８９，：（）")
_SIGNS = "0123456789-.、:号楼室*+xA各一二两半份斤「」#接龙例 \n张鸡蛋\x00🐔①不要改同上"
_TIME = re.compile(r"\d\W{0,6}[:：]\W{0,6}\d+\W*$")
_UNSEEN = "\u200b\u200d\ufe0f\u2060\ufeff"


def _wide(line: str, _chance: random.Random) -> str:
    return line.translate(_WIDE)


def _blanks(line: str, _chance: random.Random) -> str:
    return line.replace(" ", "\u3000")


def _doubled(line: str, _chance: random.Random) -> str:
    return line.replace(" ", "  ")


def _unseen(line: str, chance: random.Random) -> str:
    return "".join(
        sign + (chance.choice(_UNSEEN) if chance.random() < 0.2 else "") for sign in line
    )


def _thanks(line: str, chance: random.Random) -> str:
    if _TIME.search(line):  # above a message there is no courtesy
        return line
    return (
        line + chance.choice([" 谢谢", "🙏", "，谢谢团长", " 辛苦了🌹", "。", " ~"])
        if line
        else line
    )


def _edges(line: str, chance: random.Random) -> str:
    return chance.choice([" ", "\u3000", "\t"]) + line + chance.choice([" ", "\r", "\xa0"])


_NOISES: list[Callable[[str, random.Random], str]] = [
    _wide,
    _blanks,
    _doubled,
    _unseen,
    _thanks,
    _edges,
]


def _noisy(corpus: Corpus, noises: list[Callable[[str, random.Random], str]], seed: int) -> str:
    chance = random.Random(seed)
    lines = corpus.text.split("\n")
    for noise in noises:
        lines = [noise(line, chance) if chance.random() < 0.5 else line for line in lines]
    return "\n".join(lines)


@cache
def unflagged(corpus: Corpus) -> int:
    """Without noise."""
    chain = read_chain(corpus.text, corpus.goods, corpus.register, home=corpus.home)
    return score(corpus, chain).unflagged


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    which=st.integers(0, len(corpora()) - 1),
    noises=st.lists(st.sampled_from(_NOISES), min_size=1, max_size=3, unique=True),
    seed=st.integers(0, 2**32),
)
def test_read_chain_with_noise_stays_right(
    which: int, noises: list[Callable[[str, random.Random], str]], seed: int
) -> None:
    corpus = corpora()[which]
    text = _noisy(corpus, noises, seed)

    result = score(corpus, read_chain(text, corpus.goods, corpus.register, home=corpus.home))

    assert result.wrong == []
    assert result.lost == []
    assert result.unflagged >= 0.85 * unflagged(corpus), result.flagged


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(
        alphabet="0123456789-.、:号楼室*+xA各一二两半份斤「」#接龙例 \n张鸡蛋\x00🐔①不要改同上",
        max_size=200,
    )
)
def test_read_chain_reads_anything(text: str) -> None:
    corpus = corpora()[0]

    chain = read_chain(text, corpus.goods, corpus.register)

    assert all(line.quantity >= 1 for entry in chain.entries for line in entry.lines)
    assert all(entry.household is not None for entry in chain.in_state("ok"))

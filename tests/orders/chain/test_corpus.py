"""The lists of lists/, read: never wrong without a flag, nothing lost, and few flags where none is needed."""

from __future__ import annotations

import pytest

from orders.chain.reading import read_chain
from tests.orders.chain.corpus import Corpus, corpora
from tests.orders.chain.scoring import Score, score

_ALL = pytest.mark.parametrize("corpus", corpora(), ids=lambda corpus: corpus.name)


def scored(corpus: Corpus) -> Score:
    return score(corpus, read_chain(corpus.text, corpus.goods, corpus.register, home=corpus.home))


@_ALL
def test_read_chain_unflagged_lines_are_all_right(corpus: Corpus) -> None:
    result = scored(corpus)

    assert result.wrong == []
    assert result.lost == []


@_ALL
def test_read_chain_clear_lines_are_hardly_ever_flagged(corpus: Corpus) -> None:
    result = scored(corpus)

    assert result.unflagged >= 0.9 * result.clear, result.flagged


def test_corpus_holds_enough_lines() -> None:
    expected = [one for corpus in corpora() for one in corpus.expected]

    assert len(expected) >= 300
    assert sum(not one.is_clear for one in expected) >= 80

"""Print how the lists of the corpus are read: python -m tests.orders.chain [name]."""

from __future__ import annotations

import sys

from orders.chain.reading import read_chain
from tests.orders.chain.corpus import corpora
from tests.orders.chain.scoring import score


def main() -> None:
    names = sys.argv[1:]
    for corpus in corpora():
        if names and not any(name in corpus.name for name in names):
            continue
        chain = read_chain(corpus.text, corpus.goods, corpus.register, home=corpus.home)
        result = score(corpus, chain)
        print(f"== {corpus.name}: clear {result.clear}, of them unflagged {result.unflagged}")
        for problem in result.problems:
            print("  ", problem)
        print("   around:", len(chain.around), [r.code for r in chain.remarks], chain.totals)


if __name__ == "__main__":
    main()

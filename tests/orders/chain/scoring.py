"""How a reading of a list compares with what a careful reader makes of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from config.kernel.intake.kinds import OK
from orders.chain.entries import Action, Chain, Entry
from tests.orders.chain.corpus import Corpus, Expected


@dataclass
class Score:
    """`wrong`: unflagged and not right, which must never be; `lost`: an entry that is nowhere; `flagged`: right lines
    a person has to look at without need.
    """

    clear: int = 0
    unflagged: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [
            *(f"WRONG {one}" for one in self.wrong),
            *(f"LOST {one}" for one in self.lost),
            *(f"flagged {one}" for one in self.flagged),
        ]


def score(corpus: Corpus, chain: Chain) -> Score:
    result = Score()
    read: dict[int, list[Entry]] = defaultdict(list)
    for entry in chain.entries:
        read[entry.piece.line].append(entry)
    for expected in corpus.expected:
        result.clear += expected.is_clear
        entries = read.get(expected.line)
        if not entries:
            result.lost.append(f"{expected.line}: {expected}")
            continue
        _compare(corpus, entries.pop(0), expected, result)
    for entries in read.values():
        result.wrong += [f"no entry: {_told(corpus, one)}" for one in entries if one.verdict == OK]
    return result


def _compare(corpus: Corpus, entry: Entry, expected: Expected, result: Score) -> None:
    lines = {line.goods: line.quantity for line in entry.lines}
    is_right = (
        expected.is_clear
        and lines == expected.lines
        and corpus.door_of(entry.household) == expected.door
        and entry.action == Action.ORDER
    )
    if entry.verdict != OK:
        if expected.is_clear:
            result.flagged.append(_told(corpus, entry))
    elif is_right:
        result.unflagged += 1
    else:
        result.wrong.append(f"{_told(corpus, entry)}, meant {expected}")


def _told(corpus: Corpus, entry: Entry) -> str:
    reasons = [f"{r.code}{dict(r.params) or ''}" for r in entry.remarks if r.level != OK]
    door = corpus.door_of(entry.household)
    lines = {line.goods: line.quantity for line in entry.lines}
    return f"{entry.piece.line} {entry.piece.text!r} → {door} {lines} {entry.verdict} {reasons}"

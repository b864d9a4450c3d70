"""Group buys of the past, as plain values: the same ones each time. Knows no Django."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from seeds.qibao.estates import SEED

# The last one closed then; the others before it, six a day, and never longer ago than this.
LAST = datetime(2022, 5, 31, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
_STEP = timedelta(hours=4)
_LONGEST = timedelta(days=60)
_OPEN_FOR = timedelta(hours=26)
# These last ones are not settled yet.
UNSETTLED = 6
_CANCELLED_EVERY = 13
_JOINS = 0.5
_SHARE = (10, 35)
_MENU = (12, 40)


@dataclass(frozen=True, slots=True)
class Round:
    """`organiser` counts from 0; `communities` are positions, the leading one first; `shop` and `menu` choose the
    supplier and how many of his goods; `share` of the households ordered, in per cent.
    """

    number: int
    organiser: int
    communities: tuple[int, ...]
    shop: float
    menu: int
    share: int
    opens_at: datetime
    closes_at: datetime
    status: str


def rounds(count: int, organisers: Sequence[Sequence[int]]) -> list[Round]:
    """Oldest first. `organisers`: for each the positions of his communities, which lead in turn."""
    chance = random.Random(f"{SEED} rounds")
    step = min(_STEP, _LONGEST / max(1, count))
    turns: dict[int, int] = {}
    made = []
    for number in range(1, count + 1):
        who = (number - 1) % len(organisers)
        own = organisers[who]
        leading = own[turns.get(who, 0) % len(own)]
        turns[who] = turns.get(who, 0) + 1
        others = [position for position in own if position != leading and chance.random() < _JOINS]
        closes_at = LAST - step * (count - number)
        made.append(
            Round(
                number=number,
                organiser=who,
                communities=(leading, *others),
                shop=chance.random(),
                menu=chance.randint(*_MENU),
                share=chance.randint(*_SHARE),
                opens_at=closes_at - _OPEN_FOR,
                closes_at=closes_at,
                status=_status(number, count),
            )
        )
    return made


def _status(number: int, count: int) -> str:
    if number > count - UNSETTLED:
        return "closed"
    return "cancelled" if number % _CANCELLED_EVERY == 0 else "settled"


def choose_shop(serving: Mapping[int, Sequence[int]], done: Round) -> int:
    """The id of the supplier of a round: one that serves all its communities. `serving`: position → ids."""
    common = set.intersection(*(set(serving[position]) for position in done.communities))
    ids = sorted(common)
    return ids[int(done.shop * len(ids))]

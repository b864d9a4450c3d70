"""By which road each wish comes: most over REST, some by telephone, some in the chat's list, one found late.

Knows no Django. Whoever has a mishap of the API orders over the API.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seeds.demo.baskets import CAPPED, LIMITED, Mishap, Wishes
from seeds.wanping.plan import Home

BY_PHONE = 12
BY_CHAIN = 11


@dataclass(frozen=True)
class Roads:
    """The wishes of all households that order, each in one of the four."""

    rest: list[Wishes]
    phone: list[Wishes]
    chain: list[Wishes]
    late: Wishes


def share_out(wishes: Sequence[Wishes]) -> Roads:
    """The late one needs care and wants nothing that may be gone by then; care homes telephone before others do."""
    free = [wish for wish in wishes if wish.mishap is Mishap.NONE]
    late = next(
        wish for wish in free if wish.home.needs_care and not {CAPPED, LIMITED} & wish.basket.keys()
    )
    # One list of one chat: the whole compound's, in the order of the doors.
    others = sorted(
        (wish for wish in free if wish is not late), key=lambda wish: not wish.home.needs_care
    )
    phone = others[:BY_PHONE]
    chain = others[-BY_CHAIN:]
    taken = [late, *phone, *chain]
    rest = [wish for wish in wishes if not any(wish is one for one in taken)]
    return Roads(rest, phone, chain, late)


def door_of(home: Home) -> str:
    """As somebody says it on the telephone."""
    return f"{home.building}-{home.room}"

"""Order multiples (DESIGN §7; the same rows as docs/consolidation.md and the tests). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


def ordered_quantity(
    *, wanted: int, tolerance: int = 0, multiple: int = 1, minimum: int = 1
) -> int:
    """How many pieces to order, all in the same unit.

    Below the minimum even with all tolerance: 0. Tolerance that lifts the wish to the minimum: the minimum. Else whole
    multiples, one more if the remainder and the tolerance fill it; never a multiple made of tolerance alone.
    """
    if wanted <= 0 or wanted + tolerance < minimum:
        return 0
    if wanted < minimum:
        return minimum
    full, remainder = divmod(wanted, multiple)
    if remainder and remainder + tolerance >= multiple:
        full += 1
    return full * multiple


class Wanted(NamedTuple):
    """One order line's wish."""

    line_id: int
    quantity: int
    tolerance: int = 0


def hand_round(ordered: int, wishes: Sequence[Wanted]) -> dict[int, int]:
    """Pieces for each line, in the order of the wishes: wanted first, tolerance after; line id → pieces.

    The sum is min(ordered, everything wanted and tolerated); nobody gets more than wanted + tolerance.
    """
    left, shares = ordered, {}
    for wish in wishes:
        shares[wish.line_id] = min(wish.quantity, left)
        left -= shares[wish.line_id]
    for wish in wishes:
        extra = min(wish.tolerance, left)
        shares[wish.line_id] += extra
        left -= extra
    return shares

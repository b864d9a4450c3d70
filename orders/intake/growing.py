"""A list that is pasted again and again is one list, grown older."""

from __future__ import annotations

from collections.abc import Iterable, Set
from itertools import groupby
from operator import attrgetter

from orders.intake.memory import Taken

# A list goes on with an earlier one if it names at least this part of its households.
_CONTINUED_SHARE = 0.5


def goes_on(homes: Set[int], earlier: Set[int]) -> bool:
    """A list that names `homes` is the one that named `earlier`, grown older."""
    return len(homes & earlier) >= _CONTINUED_SHARE * len(earlier)


def newest_lists(rows: Iterable[Taken]) -> dict[int, set[int]]:
    """List → households it names, without the lists that a later one goes on with. `rows` as in `remembered`."""
    found: dict[int, set[int]] = {}
    for upload, one_list in groupby(rows, attrgetter("upload")):
        homes = {row.household for row in one_list}
        found = {other: named for other, named in found.items() if not goes_on(homes, named)}
        found[upload] = homes
    return found

"""Households that an earlier list has and this one no more: asked about, where this is the same list grown older."""

from __future__ import annotations

from collections.abc import Collection

from orders.intake.columns import ListRow
from orders.intake.growing import goes_on
from orders.intake.world import World
from orders.states import WindowStatus

# Below this part of rows with known goods, or above this part of households that order elsewhere, a list may be another
# group buy's.
KNOWN_SHARE, ELSEWHERE_SHARE = 0.5, 0.3


def continued(there: Collection[int], world: World) -> set[int]:
    """Earlier lists that a list with these households goes on with."""
    return {upload for upload, homes in world.lists.items() if goes_on(set(there), homes)}


def missing_rows(there: Collection[int], world: World) -> list[ListRow]:
    """A question for each household with an order that is in a list this one goes on with, and not in this one. Nothing
    is ever cancelled by itself.
    """
    lists = continued(there, world)
    named = {home for upload in lists for home in world.lists[upload]}
    return [
        ListRow(text="—", address=world.door_of[household], how="gone")
        for household in world.before
        if household in named - set(there)
        and household in world.door_of
        and any(order.is_placed for order in world.orders.get(household, ()))
    ]


def not_asked(there: Collection[int], world: World) -> int:
    """Households with lines in earlier lists only, that this list goes on with or not."""
    return len(world.before.keys() - set(there))


def is_doubted(*, known: float, homes: Collection[int], world: World) -> bool:
    """Something will be asked about the list as a whole: by the part of its entries with known goods, by its
    households, by the group buy itself.
    """
    elsewhere = len(world.elsewhere & set(homes))
    return (
        known < KNOWN_SHARE
        or elsewhere > ELSEWHERE_SHARE * len(set(homes))
        or world.window.status != WindowStatus.OPEN
    )

"""Yesterday's list, pasted into today's group buy: the same goods for the same doors, whose round is over by now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta

from orders.intake.world import World
from orders.models import Order, OrderLine, OrderWindow
from orders.states import OrderStatus

# Households have their habits, whole lists have not.
FEWEST, SHARE = 3, 0.5
_LATELY = timedelta(days=7)

_Wish = tuple[int, frozenset[tuple[int, int]]]


def list_of_before(rows: Iterable[dict[str, object]], world: World) -> tuple[str, int, int] | None:
    """(title of a group buy of last week, rows that are just what a list brought into it, rows), where that is more
    than half of them. `rows` are the values of what would be new here. Three statements at most.
    """
    wishes = [wish for row in rows if (wish := _wish_of(row, world)) is not None]
    found: Counter[int] = Counter()
    before = _before(world)
    for wish in wishes:
        found.update(before.get(wish, ()))
    ((window, count),) = found.most_common(1) or [(0, 0)]
    if count < FEWEST or count <= SHARE * len(wishes):
        return None
    title = OrderWindow.objects.values_list("title", flat=True).get(pk=window)
    return title, count, len(wishes)


def _wish_of(row: dict[str, object], world: World) -> _Wish | None:
    household, lines = row.get("household"), row.get("lines")
    if not isinstance(household, int) or not isinstance(lines, list) or row.get("how") != "place":
        return None
    known = [(world.by_offer.get(line[0]), line[1]) for line in lines]
    goods = frozenset((offer.product_id, number) for offer, number in known if offer is not None)
    return (household, goods) if goods else None


def _before(world: World) -> dict[_Wish, set[int]]:
    """Wish → group buys into which a list brought it. Two statements."""
    since = world.window.opens_at - _LATELY
    orders = Order.objects.filter(
        community=world.joined.community_id,
        channel=Order.Channel.CHAIN,
        status=OrderStatus.PLACED,
        window__closes_at__gte=since,
        window__supplier=world.window.supplier_id,
    ).exclude(window=world.joined.window_id)
    lines: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for order, product, quantity in OrderLine.objects.filter(
        order__in=orders.values("pk")
    ).values_list("order_id", "offer__product_id", "quantity"):
        lines[order].add((product, quantity))
    found: dict[_Wish, set[int]] = defaultdict(set)
    for order, window, household in orders.values_list("pk", "window_id", "household_id"):
        found[household, frozenset(lines[order])].add(window)
    return found

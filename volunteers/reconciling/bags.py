"""Pick lists and bags against allocations: every piece is in one bag, every bag is on one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from communities.models import Building, Household
from communities.natural import natural_key
from volunteers.models import Bag, BagLine, PickList
from volunteers.reconciling.comparison import Comparison, total
from volunteers.reconciling.demand import Demand, Line
from volunteers.reconciling.revisions import Revision
from volunteers.states import CURRENT


def read_lists(window_id: int) -> list[PickList]:
    """All lists of a window, superseded ones too, building by building."""
    lists = PickList.objects.filter(window=window_id).select_related(
        "building", "supplier_order", "window"
    )
    return list(lists.order_by("building__sort_key", "revision", "pk"))


def is_current(pick_list: PickList) -> bool:
    return pick_list.status in CURRENT


def compare_pick_lists(
    comparison: Comparison, released: Revision, demand: Demand, lists: Sequence[PickList]
) -> None:
    """Each building that gets something has one list. A list that was begun under an earlier revision is kept.

    `lists` are the current ones.
    """
    placed = [row for row in demand.rows if row.status == "placed" and row.line_id is not None]
    gets = [row for row in placed if row.allocated]
    labels = dict(
        Building.objects.filter(pk__in={row.building_id for row in gets}).values_list("pk", "label")
    )
    begun = {row.building_id for row in lists if row.supplier_order_id != released.order.pk}
    comparison.equal(
        _("buildings"),
        sorted(labels.values()),
        sorted(row.building.label for row in lists if row.building_id in labels),
    )
    for pick_list in lists:
        here = comparison.within(pick_list.building.label)
        if pick_list.building_id in begun:
            here.note(
                _("Picking began under an earlier revision; it is not compared with this one.")
            )
        else:
            own = [row for row in placed if row.building_id == pick_list.building_id]
            _compare_contents(here, pick_list, own, demand)


def _compare_contents(
    comparison: Comparison, pick_list: PickList, rows: Sequence[Line], demand: Demand
) -> None:
    """Every line of every bag, and what each household is to pay."""
    doors = {row.household_id: row.door for row in rows}
    prices = {row.offer_id: row.price_fen for row in rows}
    lines = BagLine.objects.filter(bag__pick_list=pick_list).select_related("bag")
    found = total(((line.bag.household_id, line.offer_id), line.quantity) for line in lines)
    expected = _expected(pick_list, rows, found)
    comparison.each(
        expected, found, lambda key: f"{doors.get(key[0], '?')} {demand.name_of(key[1])}"
    )
    due = {bag.household_id: bag.amount_due_fen for bag in pick_list.bags.all()}
    comparison.within(_("amount due (fen)")).each(
        total(
            (household, pieces * prices[offer]) for (household, offer), pieces in expected.items()
        ),
        due,
        lambda household: doors.get(household, "?"),
    )
    _compare_with_orders(comparison.within(_("as ordered (fen)")), rows, due)


def _expected(
    pick_list: PickList, rows: Sequence[Line], found: Mapping[tuple[int, int], int]
) -> dict[tuple[int, int], int]:
    """Pieces by household and offer.

    What was taken off after this release is still in the bags until the next one is released.
    """
    gets = [row for row in rows if row.allocated]
    expected = total(((row.household_id, row.offer_id), row.allocated or 0) for row in gets)
    if pick_list.revision == pick_list.window.demand_revision:
        return expected
    dropped = [row for row in rows if row.is_dropped]
    for key, pieces in total(((r.household_id, r.offer_id), r.quantity) for r in dropped).items():
        before = expected.get(key, 0) + pieces
        if found.get(key) == before:
            expected[key] = before
    return expected


def _compare_with_orders(comparison: Comparison, rows: Sequence[Line], due: dict[int, int]) -> None:
    """Where a household gets exactly what it ordered, it pays the totals it confirmed."""
    for household, group in groupby(
        sorted(rows, key=lambda row: row.household_id), key=lambda row: row.household_id
    ):
        own = list(group)
        if all(row.allocated == row.quantity for row in own):
            orders = {row.order_id: row.order_total_fen for row in own}
            comparison.equal(own[0].door, sum(orders.values()), due.get(household))


def compare_sums(comparison: Comparison, pick_list: PickList) -> None:
    """A list within itself: bags in natural order, their sums, the list's sums."""
    bags = list(
        Bag.objects.filter(pick_list=pick_list).prefetch_related("lines").order_by("position")
    )
    rooms = dict(Household.objects.filter(bags__pick_list=pick_list).values_list("pk", "room"))
    comparison.equal(
        _("order of the bags"), list(range(1, len(bags) + 1)), [b.position for b in bags]
    )
    comparison.equal(
        _("order of the rooms"),
        sorted((bag.room for bag in bags), key=natural_key),
        [bag.room for bag in bags],
    )
    for bag in bags:
        here = comparison.within(f"{bag.position} {bag.room}")
        lines = list(bag.lines.all())
        here.equal(_("room"), rooms.get(bag.household_id), bag.room)
        here.equal(_("pieces"), sum(line.quantity for line in lines), bag.pieces)
        due = sum(line.quantity * line.price_fen for line in lines)
        here.equal(_("amount due (fen)"), due, bag.amount_due_fen)
    comparison.equal(_("bags"), len(bags), pick_list.bag_count)
    comparison.equal(_("pieces"), sum(bag.pieces for bag in bags), pick_list.pieces)
    comparison.equal(_("total (fen)"), sum(bag.amount_due_fen for bag in bags), pick_list.total_fen)


def compare_grand_totals(
    comparison: Comparison, released: Revision, demand: Demand, lists: Sequence[PickList]
) -> None:
    """From the orders to the bags in four steps: pieces and fen. Only where nothing is in between."""
    if released.order.revision != released.order.window.demand_revision:
        return
    if any(row.supplier_order_id != released.order.pk for row in lists):
        return
    lines = released.all_lines
    gets = [row for row in demand.wanted if row.allocated]
    pieces, fen = (
        sum(row.allocated or 0 for row in gets),
        sum((row.allocated or 0) * row.price_fen for row in gets),
    )
    here = comparison.within(_("grand total"))
    if all(line.ordered == line.wanted for line in lines):
        here.equal(
            _("ordered (fen)"), sum(row.quantity * row.price_fen for row in demand.wanted), fen
        )
        here.equal(_("supplier's order (fen)"), released.order.total_fen, fen)
        here.equal(_("supplier's order, pieces"), released.order.pieces, pieces)
    here.equal(_("bags (fen)"), fen, sum(row.total_fen for row in lists))
    here.equal(_("bags, pieces"), pieces, sum(row.pieces for row in lists))

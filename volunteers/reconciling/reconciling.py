"""One look at a whole round, from a single snapshot of the database."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from orders.models import OrderWindow
from orders.states import WindowStatus
from volunteers.models import PickList
from volunteers.reconciling.bags import (
    compare_grand_totals,
    compare_pick_lists,
    compare_sums,
    is_current,
    read_lists,
)
from volunteers.reconciling.comparison import Comparison, Result
from volunteers.reconciling.demand import Demand, read_demand
from volunteers.reconciling.orders import compare_orders
from volunteers.reconciling.papers import compare_files
from volunteers.reconciling.revisions import (
    Revision,
    compare_allocations,
    compare_snapshot,
    compare_with_orders,
    is_released,
    read_revisions,
)
from volunteers.reconciling.sheets import compare_sheets


def reconcile(window: OrderWindow) -> Result:
    """Compare everything there is of a round; something that ought to be there and is not is a mismatch.

    Opens its own transaction, which sees one moment of the database and can write nothing. Before the
    cutoff only the orders are compared.
    """
    comparison = Comparison(Result())
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _compare(comparison, OrderWindow.objects.get(pk=window.pk))
    return comparison.result


def _compare(comparison: Comparison, window: OrderWindow) -> None:
    demand = read_demand(window.pk)
    revisions = read_revisions(window.pk)
    compare_orders(comparison, demand)
    if window.status == WindowStatus.CLOSED:
        newest = revisions[-1].order.revision if revisions else None
        comparison.equal(_("newest revision"), window.demand_revision, newest)
    for revision in revisions:
        here = comparison.within(_("revision %(n)d") % {"n": revision.order.revision})
        compare_snapshot(here, revision)
        if revision.order.revision == window.demand_revision:
            compare_with_orders(here, revision, demand)
        compare_files(here, revision, revisions)
    lists = read_lists(window.pk)
    for pick_list in lists:
        here = comparison.within(
            _("pick list %(building)s, revision %(n)d")
            % {"building": pick_list.building.label, "n": pick_list.revision}
        )
        compare_sums(here, pick_list)
        compare_sheets(here, pick_list)
    for revision in filter(is_released, revisions):
        _compare_released(comparison, revision, demand, list(filter(is_current, lists)))


def _compare_released(
    comparison: Comparison, released: Revision, demand: Demand, lists: Sequence[PickList]
) -> None:
    """`lists` are the current ones."""
    compare_allocations(comparison, released, demand)
    compare_pick_lists(comparison.within(_("pick lists")), released, demand, lists)
    compare_grand_totals(comparison, released, demand, lists)

"""Orders within themselves: totals, prices, caps, limits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from volunteers.reconciling.comparison import Comparison, total
from volunteers.reconciling.demand import Demand, Line


def compare_orders(comparison: Comparison, demand: Demand) -> None:
    """Each order against its own lines, each line against its offer, each cap against what is taken."""
    here = comparison.within(_("orders"))
    for _order, rows in groupby(demand.rows, key=lambda row: row.order_id):
        _compare_order(here, demand, list(rows))
    _compare_caps(here.within(_("taken of what was available")), demand)
    _compare_limits(here.within(_("limit per household")), demand)


def _compare_order(comparison: Comparison, demand: Demand, rows: Sequence[Line]) -> None:
    first = rows[0]
    here = comparison.within(f"{first.number} {first.door}")
    lines = [row for row in rows if row.line_id is not None]
    here.equal(_("has lines"), True, bool(lines))
    here.equal(
        _("total (fen)"), sum(row.quantity * row.price_fen for row in lines), first.order_total_fen
    )
    for row in lines:
        offer = demand.offers.get(row.offer_id)
        where = here.within(demand.name_of(row.offer_id))
        where.equal(_("price (fen)"), offer and offer.price_fen, row.price_fen)


def _compare_caps(comparison: Comparison, demand: Demand) -> None:
    pieces = total((row.offer_id, row.quantity) for row in demand.wanted)
    capped = [offer for offer in demand.offers.values() if offer.cap is not None]
    for offer in capped:
        comparison.equal(demand.name_of(offer.id), pieces.get(offer.id, 0), offer.taken)
        comparison.equal(
            f"{demand.name_of(offer.id)} ≤ {offer.cap}", True, offer.taken <= (offer.cap or 0)
        )


def _compare_limits(comparison: Comparison, demand: Demand) -> None:
    limits = {
        offer.id: offer.household_limit
        for offer in demand.offers.values()
        if offer.household_limit is not None
    }
    wanted = [row for row in demand.wanted if row.offer_id in limits]
    # Two communities may both have a 1号楼 101.
    doors = {row.household_id: row.door for row in wanted}
    taken = total(((row.household_id, row.offer_id), row.quantity) for row in wanted)
    for (household, offer_id), pieces in taken.items():
        limit = limits[offer_id]
        comparison.equal(
            f"{doors[household]} {demand.name_of(offer_id)} {pieces} ≤ {limit}",
            True,
            pieces <= limit,
        )

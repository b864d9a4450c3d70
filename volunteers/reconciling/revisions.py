"""The consolidated order: does it add up to what was ordered, and to itself; does everybody get it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from communities.models import Community
from orders.consolidation.rounding import ordered_quantity
from orders.models import SupplierOrder, SupplierOrderLine, SupplierOrderSection
from orders.states import SupplierOrderStatus
from volunteers.reconciling.comparison import Comparison, total
from volunteers.reconciling.demand import Demand, Line, OfferRow, households


@dataclass(frozen=True)
class Revision:
    """A revision with its snapshot: sections in the order in which papers print them, lines by section id."""

    order: SupplierOrder
    sections: tuple[SupplierOrderSection, ...]
    lines: dict[int, tuple[SupplierOrderLine, ...]]

    @property
    def all_lines(self) -> tuple[SupplierOrderLine, ...]:
        return tuple(line for section in self.sections for line in self.lines[section.pk])


def read_revisions(window_id: int) -> list[Revision]:
    """All revisions of a window, oldest first. Three statements for each."""
    orders = SupplierOrder.objects.filter(window=window_id).order_by("revision")
    return [_read(order) for order in orders]


def _read(order: SupplierOrder) -> Revision:
    sections = tuple(order.sections.order_by("community_name", "pk"))
    lines = order.lines.order_by("position", "pk")
    return Revision(
        order,
        sections,
        {
            section.pk: tuple(line for line in lines if line.section_id == section.pk)
            for section in sections
        },
    )


def compare_snapshot(comparison: Comparison, revision: Revision) -> None:
    """A revision within itself: lines make sections, sections make the whole."""
    order, lines = revision.order, revision.all_lines
    for section in revision.sections:
        here = comparison.within(section.community_name)
        own = revision.lines[section.pk]
        here.equal(_("pieces"), sum(line.ordered for line in own), section.pieces)
        here.equal(
            _("total (fen)"), sum(line.ordered * line.price_fen for line in own), section.total_fen
        )
        for line in own:
            here.within(f"{line.position} {line.name}").equal(
                _("amount (fen)"), line.ordered * line.price_fen, line.amount_fen
            )
    comparison.equal(_("pieces"), sum(line.ordered for line in lines), order.pieces)
    comparison.equal(
        _("total (fen)"), sum(line.ordered * line.price_fen for line in lines), order.total_fen
    )
    comparison.equal(
        _("households"), sum(section.households for section in revision.sections), order.households
    )


def compare_with_orders(comparison: Comparison, revision: Revision, demand: Demand) -> None:
    """The newest revision against what stands now: per community and product, then the whole."""
    wanted = demand.wanted
    comparison.equal(_("order lines"), len(wanted), revision.order.order_lines)
    comparison.equal(_("households"), households(wanted), revision.order.households)
    sections = {section.community_id: section for section in revision.sections}
    names = dict(
        Community.objects.values_list("pk", "name").filter(joined__window=revision.order.window_id)
    )
    for community_id in sorted({*sections, *(row.community_id for row in wanted)}):
        here = comparison.within(names.get(community_id, community_id))
        rows = [row for row in wanted if row.community_id == community_id]
        section = sections.get(community_id)
        here.equal(_("households"), households(rows), section.households if section else None)
        lines = revision.lines[section.pk] if section else ()
        _compare_lines(here, rows, lines, demand)


def _compare_lines(
    comparison: Comparison,
    rows: Sequence[Line],
    lines: Sequence[SupplierOrderLine],
    demand: Demand,
) -> None:
    pieces = total((row.offer_id, row.quantity) for row in rows)
    more = total((row.offer_id, row.tolerance) for row in rows)
    by_offer = {line.offer_id: line for line in lines}
    for offer in demand.offers.values():
        if offer.id not in pieces and offer.id not in by_offer:
            continue
        here = comparison.within(demand.name_of(offer.id))
        line = by_offer.get(offer.id)
        wanted, tolerance = pieces.get(offer.id), more.get(offer.id)
        here.equal(_("wanted"), wanted, line and line.wanted)
        here.equal(_("tolerance"), tolerance, line and line.tolerance)
        if line is not None and wanted is not None and tolerance is not None:
            here.equal(_("ordered"), _rounded(offer, wanted, tolerance), line.ordered)
            here.equal(_("price (fen)"), offer.price_fen, line.price_fen)
            here.equal(_("short number"), offer.short_number, line.position)


def _rounded(offer: OfferRow, wanted: int, tolerance: int) -> int:
    return ordered_quantity(
        wanted=wanted, tolerance=tolerance, multiple=offer.order_multiple, minimum=offer.minimum
    )


def compare_allocations(comparison: Comparison, released: Revision, demand: Demand) -> None:
    """Every line of an order that stands has an allocation; per product they make what was ordered.

    Where orders were taken off after this release, the sums belong to the revision that follows.
    """
    here = comparison.within(_("allocations"))
    for row in demand.rows:
        if row.line_id is None or row.status != "placed":
            continue
        where = here.within(f"{row.number} {row.door}", demand.name_of(row.offer_id))
        if row.is_dropped:
            where.equal(_("taken off"), 0, row.allocated)
            continue
        where.equal(_("released with"), released.order.pk, row.released_by)
        offer = demand.offers[row.offer_id]
        if offer.order_multiple == 1 and offer.minimum == 1:
            where.equal(_("gets"), row.quantity, row.allocated)
        else:
            most = row.quantity + row.tolerance
            where.within(_("gets")).equal(f"≤ {most}", True, (row.allocated or 0) <= most)
    _compare_sums(here, released, demand)


def _compare_sums(comparison: Comparison, released: Revision, demand: Demand) -> None:
    newest = released.order.window.demand_revision
    if released.order.revision != newest:
        comparison.note(
            _("Revision %(revision)d is not released yet; sums are compared after it is.")
            % {"revision": newest}
        )
        return
    communities = {section.pk: section.community_id for section in released.sections}
    gets = total(((row.community_id, row.offer_id), row.allocated or 0) for row in demand.wanted)
    most = total(
        ((row.community_id, row.offer_id), row.quantity + row.tolerance) for row in demand.wanted
    )
    ordered = {
        (communities[line.section_id], line.offer_id): line.ordered for line in released.all_lines
    }
    # A minimum may be more than anybody wants: what is over belongs to nobody yet.
    handed_out = {key: min(pieces, most.get(key, 0)) for key, pieces in ordered.items()}
    here = comparison.within(_("sum"))
    here.each(handed_out, gets, lambda key: demand.name_of(key[1]))


def is_released(revision: Revision) -> bool:
    return bool(revision.order.status == SupplierOrderStatus.RELEASED)

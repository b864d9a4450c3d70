"""The stored sheets of a pick list, read back from their bytes, against its bags."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from orders.files.found import UnreadableFile
from volunteers.models import Bag, PickList, PickListFile
from volunteers.reconciling.comparison import Comparison, total
from volunteers.reconciling.papers import compare_bytes
from volunteers.sheets.figures import BagBack, PickBack
from volunteers.sheets.reading import read_picks
from volunteers.sheets.writing import PICK_WRITERS
from volunteers.states import PickListStatus

# The paper font lacks a character of a room's name.
_LACKING = "□"


def compare_sheets(comparison: Comparison, pick_list: PickList) -> None:
    """It has every sheet and no other; its hash; every bag and every line in it."""
    if pick_list.filed_at is None and pick_list.status == PickListStatus.SUPERSEDED:
        return
    bags = list(
        Bag.objects.filter(pick_list=pick_list)
        .prefetch_related("lines__offer")
        .order_by("position")
    )
    files = list(pick_list.files.order_by("kind", "format"))
    comparison.equal(
        _("sheets"),
        sorted(f"{kind} {form}" for kind, form in PICK_WRITERS),
        sorted(f"{file.kind} {file.format}" for file in files),
    )
    for file in files:
        _compare_sheet(comparison.within(file.name), pick_list, bags, file)


def _compare_sheet(
    comparison: Comparison, pick_list: PickList, bags: Sequence[Bag], file: PickListFile
) -> None:
    content = compare_bytes(comparison, file.content, size=file.size, sha256=file.sha256)
    try:
        found = read_picks(file.kind, file.format, content)
    except UnreadableFile as error:
        comparison.fail(_("can be read"), str(error))
        return
    _compare_whole(comparison, pick_list, bags, found)
    comparison.equal(_("bags"), len(bags), len(found.bags))
    for bag, back in zip(bags, found.bags, strict=False):
        _compare_bag(comparison.within(f"{bag.position} {bag.room}"), bag, back)


def _compare_whole(
    comparison: Comparison, pick_list: PickList, bags: Sequence[Bag], found: PickBack
) -> None:
    comparison.equal(_("number"), pick_list.supplier_order.number, found.number)
    comparison.equal(_("revision"), pick_list.revision, found.revision)
    comparison.equal(_("wave"), pick_list.wave, found.wave)
    comparison.equal(_("pieces"), sum(bag.pieces for bag in bags), found.pieces)
    comparison.equal(_("total (fen)"), sum(bag.amount_due_fen for bag in bags), found.total_fen)
    products = total(
        (line.offer.short_number, line.quantity) for bag in bags for line in bag.lines.all()
    )
    comparison.within(_("products")).each(products, found.lines)


def _compare_bag(comparison: Comparison, bag: Bag, found: BagBack) -> None:
    lines = {line.offer.short_number: (line.quantity, line.amount_fen) for line in bag.lines.all()}
    names = {line.offer.short_number: line.offer.name for line in bag.lines.all()}
    comparison.each(lines, found.lines, lambda position: f"{position} {names.get(position, '?')}")
    comparison.equal(_("pieces"), bag.pieces, found.pieces)
    comparison.equal(_("amount due (fen)"), bag.amount_due_fen, found.amount_due_fen)
    if _LACKING not in found.room:
        comparison.equal(_("room"), "".join(bag.room.split()), found.room)

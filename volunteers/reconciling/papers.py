"""The stored files of a revision, read back from their bytes, against its snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from orders.files import writing
from orders.files.figures import DifferenceBack, ReadBack, SectionBack
from orders.files.found import UnreadableFile
from orders.files.reading import read_back, read_difference
from orders.models import OrderFile, SupplierOrderLine
from orders.states import UNRELEASED
from volunteers.reconciling.comparison import Comparison, total
from volunteers.reconciling.revisions import Revision

# position → (ordered, fen)
Figures = dict[int, tuple[int, int]]


def compare_files(
    comparison: Comparison, revision: Revision, revisions: Sequence[Revision]
) -> None:
    """Every file there must be and no other; its hash; every figure in it."""
    order = revision.order
    if order.filed_at is None:
        if order.status in UNRELEASED or order.released_at is not None:
            comparison.fail(_("files"), None)
        return
    earlier = _earlier(revision, revisions)
    stored = {(file.kind, file.format): file for file in order.files.all()}
    expected = [(OrderFile.Kind.ORDER, form) for form in writing.ORDER_WRITERS]
    if earlier is not None:
        expected += [(OrderFile.Kind.DIFFERENCE, form) for form in writing.DIFFERENCE_WRITERS]
    comparison.equal(
        _("files"),
        sorted(f"{kind} {form}" for kind, form in expected),
        sorted(f"{kind} {form}" for kind, form in stored),
    )
    for (kind, form), file in stored.items():
        here = comparison.within(file.name)
        content = compare_bytes(here, file.content, size=file.size, sha256=file.sha256)
        if kind == OrderFile.Kind.ORDER:
            _compare_order_file(here, revision, form, content)
        elif earlier is not None:
            _compare_difference_file(here, (earlier, revision), form, content)


def compare_bytes(
    comparison: Comparison, content: bytes | memoryview, *, size: int, sha256: str
) -> bytes:
    """The bytes, after their length and hash."""
    whole = bytes(content)
    comparison.equal(_("bytes"), size, len(whole))
    comparison.equal("SHA-256", sha256, hashlib.sha256(whole).hexdigest())
    return whole


def _earlier(revision: Revision, revisions: Sequence[Revision]) -> Revision | None:
    """The last one released before it."""
    before = [
        other
        for other in revisions
        if other.order.revision < revision.order.revision and other.order.released_at is not None
    ]
    return before[-1] if before else None


def _compare_order_file(
    comparison: Comparison, revision: Revision, form: str, content: bytes
) -> None:
    try:
        found = read_back(form, content)
    except UnreadableFile as error:
        comparison.fail(_("can be read"), str(error))
        return
    order = revision.order
    comparison.equal(_("number"), order.number, found.number)
    comparison.equal(_("revision"), order.revision, found.revision)
    _compare_table(
        comparison.within(_("totals")), revision.all_lines, order.households, found.totals
    )
    _compare_sections(comparison, revision, found)


def _compare_sections(comparison: Comparison, revision: Revision, found: ReadBack) -> None:
    """One community alone repeats the totals and has no table of its own."""
    sections = revision.sections if len(revision.sections) > 1 else ()
    comparison.equal(_("tables of communities"), len(sections), len(found.sections))
    for section, table in zip(sections, found.sections, strict=False):
        here = comparison.within(section.community_name)
        _compare_table(here, revision.lines[section.pk], section.households, table)


def _compare_table(
    comparison: Comparison,
    lines: Sequence[SupplierOrderLine],
    households: int,
    table: SectionBack,
) -> None:
    names = {line.position: line.name for line in lines}
    figures = _by_position(lines)
    comparison.each(figures, table.lines, lambda position: f"{position} {names.get(position, '?')}")
    comparison.equal(_("pieces"), sum(pieces for pieces, _fen in figures.values()), table.pieces)
    comparison.equal(
        _("total (fen)"), sum(fen for _pieces, fen in figures.values()), table.total_fen
    )
    comparison.equal(_("households"), households, table.households)


def _compare_difference_file(
    comparison: Comparison, pair: tuple[Revision, Revision], form: str, content: bytes
) -> None:
    old, new = pair
    try:
        found = read_difference(form, content)
    except UnreadableFile as error:
        comparison.fail(_("can be read"), str(error))
        return
    comparison.equal(_("number"), new.order.number, found.number)
    comparison.equal(
        _("revision"),
        (old.order.revision, new.order.revision),
        (found.old_revision, found.revision),
    )
    changes = _changes(_by_position(old.all_lines), _by_position(new.all_lines))
    comparison.within(_("totals")).each(changes, found.lines)
    _compare_changed_sections(comparison, old, new, found)


def _compare_changed_sections(
    comparison: Comparison, old: Revision, new: Revision, found: DifferenceBack
) -> None:
    before, after = _by_community(old), _by_community(new)
    names = [*after, *(name for name in before if name not in after)]
    tables = {name: _changes(before.get(name, {}), after.get(name, {})) for name in names}
    expected = {name: table for name, table in tables.items() if table}
    if len(old.sections) == 1 and len(new.sections) == 1:
        expected = {}
    comparison.equal(_("tables of communities"), len(expected), len(found.sections))
    for (name, table), other in zip(expected.items(), found.sections, strict=False):
        comparison.within(name).each(table, other)


def _by_community(revision: Revision) -> dict[str, Figures]:
    return {
        section.community_name: _by_position(revision.lines[section.pk])
        for section in revision.sections
    }


def _by_position(lines: Sequence[SupplierOrderLine]) -> Figures:
    pieces = total((line.position, line.ordered) for line in lines)
    fen = total((line.position, line.ordered * line.price_fen) for line in lines)
    return {position: (pieces[position], fen[position]) for position in sorted(pieces)}


def _changes(
    old: Mapping[int, tuple[int, int]], new: Mapping[int, tuple[int, int]]
) -> dict[int, tuple[int, int, int]]:
    """position → (old pieces, new pieces, change in fen), where something changes."""
    none = (0, 0)
    pairs = {
        position: (old.get(position, none), new.get(position, none))
        for position in sorted({*old, *new})
    }
    return {
        position: (was[0], now[0], now[1] - was[1])
        for position, (was, now) in pairs.items()
        if was != now
    }

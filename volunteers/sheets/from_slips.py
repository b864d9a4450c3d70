"""The slips of a building, read by the place of each printed character."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from orders.files import labels as papers
from orders.files.found import Found, FoundRow, FoundTable, UnreadableFile, fen, row_kind
from orders.files.from_pdf import FOOTER_BELOW, read_footer, rows_in
from orders.files.geometry import MARGIN, Span
from orders.files.ink import Ink, read_pages
from orders.files.labels import pattern
from volunteers.sheets.slips import AMOUNT, FRAME, INSET, POSITION, QUANTITY


def read_slips(
    content: bytes, keys: Mapping[str, str], footers: Sequence[re.Pattern[str]]
) -> Found:
    """One table: a heading for each bag, with its sums, and its lines.

    UnreadableFile for a slip without sums or with a wrong sum of its amounts.
    """
    found = Found(tables=[FoundTable()])
    rows = found.tables[0].rows
    pages = read_pages(content)
    for number, inks in enumerate(pages, start=1):
        found.facts = read_footer(inks, footers, found.facts, (number, len(pages)))
        body = [ink for ink in inks if ink.y >= FOOTER_BELOW]
        for frame in (0, 1):
            _read_frame(rows, body, slip_spans(frame), keys)
    _check_complete(rows)
    return found


def slip_spans(frame: int) -> list[Span]:
    """The columns of the left (0) or right (1) slip of a page."""
    # A character stands exactly on the left edge, or a rounding error before it.
    left = MARGIN + frame * FRAME + INSET - 1
    right = left + FRAME - 2 * INSET
    return [
        Span("position", left, left + POSITION),
        Span("goods", left + POSITION, right - AMOUNT - QUANTITY),
        Span("quantity", right - AMOUNT - QUANTITY, right - AMOUNT),
        Span("amount", right - AMOUNT, right),
    ]


def _read_frame(
    rows: list[FoundRow], inks: Sequence[Ink], spans: Sequence[Span], keys: Mapping[str, str]
) -> None:
    for cells, _ in rows_in(inks, spans):
        first = cells["position"]
        kind = row_kind(first, keys)
        if kind == "group":
            # Each part of a long slip has the heading again.
            if not rows or _open_bag(rows)["position"] != first:
                rows.append(FoundRow("group", {"position": first, "goods": cells["goods"]}))
        elif kind == "line":
            _open_bag(rows)
            rows.append(FoundRow("line", cells))
        elif kind == "total" or keys.get(first) == "due":
            _place_sum(_open_bag(rows), cells, kind == "total")


def _open_bag(rows: Sequence[FoundRow]) -> FoundRow:
    for row in reversed(rows):
        if row.kind == "group":
            return row
    raise UnreadableFile("figures before the first slip")


def _place_sum(bag: FoundRow, cells: Mapping[str, str], is_total: bool) -> None:
    key = "total" if is_total else "amount"
    if key in bag.cells:
        raise UnreadableFile(f"slip {bag['position']} has two sums")
    if is_total:
        bag.cells |= {"quantity": cells["quantity"], "total": cells["amount"]}
    else:
        bag.cells["amount"] = _due("".join(cells[key] for key in ("goods", "quantity", "amount")))


def _due(printed: str) -> str:
    for labels in (papers.ZH_HANS, papers.EN):
        match = re.fullmatch(pattern(labels.yuan, amount=r"([0-9,]+\.[0-9]{2})"), printed)
        if match:
            return match[1]
    raise UnreadableFile(f"no amount due: {printed!r}")


def _check_complete(rows: Sequence[FoundRow]) -> None:
    amounts: dict[str, int] = {}
    for row in rows:
        if row.kind == "group":
            bag = row["position"]
            amounts[bag] = fen(row["total"])
        else:
            amounts[bag] -= fen(row["amount"])
    wrong = {bag: rest for bag, rest in amounts.items() if rest}
    if wrong:
        raise UnreadableFile(f"slips do not add up: {wrong}")

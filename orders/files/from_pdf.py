"""Facts and tables out of a PDF of `as_pdf`, by the place of each printed character.

Only the columns of figures carry a result. Their edges are the widths of `document.Column`, so a
name that wraps, shrinks or looks like a figure stays in its own column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from orders.files.document import Column
from orders.files.found import Found, FoundRow, FoundTable, UnreadableFile, row_kind
from orders.files.geometry import Span, column_spans
from orders.files.ink import SAME_ROW, Ink, from_left, read_pages, rows_of, text_of

FOOTER_BELOW = 44.0
_MARKER = re.compile(r"■(?:\d+/\d+)?")
# A gap this wide ends a table's title; its sums stand beyond it.
_TITLE_GAP = 24.0


def read_pdf(
    content: bytes,
    columns: Sequence[Column],
    keys: Mapping[str, str],
    footers: Sequence[re.Pattern[str]],
) -> Found:
    """The tables with `columns`; facts are the named groups of a footer, equal on all pages."""
    spans = column_spans(columns)
    found = Found()
    pages = read_pages(content)
    for number, inks in enumerate(pages, start=1):
        found.facts = read_footer(inks, footers, found.facts, (number, len(pages)))
        body = [ink for ink in inks if ink.y >= FOOTER_BELOW]
        _read_body(found, rows_in(body, spans), keys)
    return found


def read_footer(
    inks: Sequence[Ink],
    footers: Sequence[re.Pattern[str]],
    before: dict[str, str],
    page: tuple[int, int],
) -> dict[str, str]:
    """The facts below a page: the same as `before` on the pages before it, and the right number."""
    below = text_of(from_left(ink for ink in inks if ink.y < FOOTER_BELOW))
    match = next(filter(None, (footer.fullmatch(below) for footer in footers)), None)
    if match is None:
        raise UnreadableFile(f"no footer of ours: {below!r}")
    facts = match.groupdict()
    if (facts.pop("page"), facts.pop("pages")) != (str(page[0]), str(page[1])):
        raise UnreadableFile(f"page {page[0]} of {page[1]} is numbered otherwise")
    if before and before != facts:
        raise UnreadableFile("pages of different papers")
    return facts


def rows_in(
    inks: Sequence[Ink], spans: Sequence[Span]
) -> Iterator[tuple[dict[str, str], list[Ink]]]:
    """Rows by the baselines in the first column, as text of each column and as characters."""
    first = spans[0]
    for head in rows_of(ink for ink in inks if first.left <= ink.x < first.right):
        middle = sum(ink.y for ink in head) / len(head)
        beside = from_left(ink for ink in inks if abs(ink.y - middle) <= SAME_ROW)
        cells = {
            span.key: text_of(ink for ink in beside if span.left <= ink.x < span.right)
            for span in spans
        }
        yield cells, [ink for ink in beside if ink.x >= first.right]


def _read_body(
    found: Found, rows: Iterable[tuple[dict[str, str], list[Ink]]], keys: Mapping[str, str]
) -> None:
    """Rows of one page. Figures count only beneath a heading, which every page repeats."""
    beneath_heading = False
    table = FoundTable()
    for cells, beside in rows:
        first = next(iter(cells.values()))
        kind = row_kind(first, keys)
        if _MARKER.fullmatch(first):
            # It counts once its heading follows: very large words may begin like a marker.
            table = FoundTable(marker=first, title=_title(beside))
        elif keys.get(first) == "position":
            beneath_heading = True
            if not found.tables or found.tables[-1].marker != table.marker:
                found.tables.append(table)
        elif beneath_heading and kind:
            found.tables[-1].rows.append(FoundRow(kind, cells))


def _title(beside: Sequence[Ink]) -> str:
    for index, (ink, after) in enumerate(pairwise(beside), start=1):
        if after.x - ink.x > _TITLE_GAP:
            return text_of(beside[:index])
    return text_of(beside)

"""The figures of a stored file, out of its bytes alone, for the comparison line by line.

Every reader adds up what it found and works the checksum out again: a file that contradicts
itself raises UnreadableFile, it is never half read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from orders.files import difference_layout, order_layout
from orders.files.document import Column
from orders.files.figures import (
    DifferenceBack,
    ReadBack,
    SectionBack,
    difference_checksum,
    order_checksum,
)
from orders.files.found import (
    Found,
    FoundRow,
    FoundTable,
    UnreadableFile,
    check_sums,
    fen,
    integer,
)
from orders.files.from_csv import read_csv
from orders.files.from_json import read_order_json
from orders.files.from_pdf import read_pdf
from orders.files.from_text import read_difference_text, read_order_text
from orders.files.from_xlsx import read_xlsx
from orders.files.labels import EN, ZH_HANS, Labels, keys_by_label, pattern

_KEYS = keys_by_label(ZH_HANS, EN)


def read_back(form: str, content: bytes) -> ReadBack:
    """The figures of an order file in `form` (xlsx, csv, json, pdf, txt), in either language.

    UnreadableFile when anything in it cannot be placed, does not add up or fails its checksum.
    """
    if form == "json":
        return read_order_json(content)
    if form == "txt":
        return read_order_text(content)
    return _order(_find(form, content, order_layout.paper_columns))


def read_difference(form: str, content: bytes) -> DifferenceBack:
    """The figures of a difference file in `form` (xlsx, csv, pdf, txt). UnreadableFile as above."""
    if form == "txt":
        return read_difference_text(content)
    return _difference(_find(form, content, difference_layout.paper_columns))


def _find(form: str, content: bytes, columns: Callable[[Labels], tuple[Column, ...]]) -> Found:
    if form == "xlsx":
        return read_xlsx(content, _KEYS)
    if form == "csv":
        return read_csv(content, _KEYS)
    if form == "pdf":
        return read_pdf(content, columns(ZH_HANS), _KEYS, footers())
    raise UnreadableFile(f"no reader for {form!r}")


def footers() -> list[re.Pattern[str]]:
    """The footer of `as_pdf` in each language, without white space."""
    return [
        re.compile(
            pattern(labels.number)
            + r"(?P<number>[\w.#/-]+?)·(?P<revision_label>[^·]+)·"
            + pattern(labels.checksum)
            + r"(?P<checksum>[0-9a-f]{16})"
            + pattern(labels.page, page=r"(?P<page>\d+)", pages=r"(?P<pages>\d+)")
        )
        for labels in (ZH_HANS, EN)
    ]


def _order(found: Found) -> ReadBack:
    number = found.fact("number")
    revision = _only(_integers(found.fact("revision_label")))
    tables = [_section(table) for table in found.tables]
    _check_markers(found.tables)
    code = order_checksum(number, revision, tables)
    _check_code(found, code)
    return ReadBack(number, revision, tables[0], tuple(tables[1:]), code)


def _difference(found: Found) -> DifferenceBack:
    number = found.fact("number")
    revisions = _integers(found.fact("revision_label"))
    if len(revisions) != 2:
        raise UnreadableFile(f"no two revisions: {found.fact('revision_label')!r}")
    revision, old = revisions
    _check_markers(found.tables)
    tables = [_changes(table) for table in found.tables]
    code = difference_checksum(number, (old, revision), tables)
    _check_code(found, code)
    return DifferenceBack(number, revision, old, tables[0], tuple(tables[1:]), code)


def _section(table: FoundTable) -> SectionBack:
    *rows, total = _lines_and_total(table)
    lines = {
        integer(row["position"]): (integer(row["ordered"]), fen(row["amount"])) for row in rows
    }
    if len(lines) != len(rows):
        raise UnreadableFile("a position stands twice")
    section = SectionBack(
        households=_households(total.cells.get("goods") or total["name"]),
        lines=lines,
        pieces=integer(total["ordered"]),
        total_fen=fen(total["amount"]),
        community_name=table.title,
    )
    check_sums(section.lines, section.pieces, section.total_fen)
    return section


def _changes(table: FoundTable) -> Mapping[int, tuple[int, int, int]]:
    *rows, total = _lines_and_total(table)
    lines: dict[int, tuple[int, int, int]] = {}
    for row in [*rows, total]:
        old, new, delta = (integer(row[key]) for key in ("old_ordered", "new_ordered", "delta"))
        if new - old != delta:
            raise UnreadableFile(f"{old} to {new} is not {delta}")
        if row is not total:
            lines[integer(row["position"])] = (old, new, fen(row["delta_amount"]))
    sums = [integer(total["old_ordered"]), integer(total["new_ordered"])]
    sums.append(fen(total["delta_amount"]))
    added = [sum(figures[column] for figures in lines.values()) for column in range(3)]
    if len(lines) != len(rows) or sums != added:
        raise UnreadableFile(f"the changes do not add up to {sums}")
    return lines


def _lines_and_total(table: FoundTable) -> list[FoundRow]:
    kinds = [row.kind for row in table.rows]
    if kinds[-1:] != ["total"] or any(kind != "line" for kind in kinds[:-1]):
        raise UnreadableFile("a table must be lines and one total")
    return table.rows


def _check_markers(tables: list[FoundTable]) -> None:
    sections = len(tables) - 1
    expected = ["■", *(f"■{n}/{sections}" for n in range(1, sections + 1))] if sections else [""]
    if [table.marker for table in tables] != expected:
        raise UnreadableFile(f"tables {[table.marker for table in tables]}, not {expected}")


def _check_code(found: Found, code: str) -> None:
    printed = found.fact("checksum").replace(" ", "")
    if printed != code:
        raise UnreadableFile(f"checksum {printed} is printed, the figures give {code}")


def _households(counts: str) -> int:
    for labels in (ZH_HANS, EN):
        match = re.search(pattern(labels.households, n=r"(\d+)"), counts.replace(" ", ""))
        if match:
            return int(match.group(1))
    raise UnreadableFile(f"no number of households in {counts!r}")


def _integers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"[0-9]+", text)]


def _only(numbers: list[int]) -> int:
    if len(numbers) != 1:
        raise UnreadableFile(f"one revision expected, found {numbers}")
    return numbers[0]

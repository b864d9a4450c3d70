"""The figures of a stored pick list or its slips, out of the bytes alone.

As with the order: what contradicts itself raises UnreadableFile, nothing is half read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.files import labels as papers
from orders.files.found import Found, FoundRow, FoundTable, UnreadableFile, fen, integer
from orders.files.from_pdf import read_pdf
from orders.files.from_xlsx import read_xlsx
from orders.files.ink import without_space
from orders.files.labels import pattern
from orders.files.reading import footers
from volunteers.sheets import labels as words
from volunteers.sheets.figures import BagBack, PickBack, pick_back
from volunteers.sheets.from_slips import read_slips
from volunteers.sheets.layout import paper_columns

_KEYS = words.keys_by_pick_label()


def read_picks(kind: str, form: str, content: bytes) -> PickBack:
    """The figures of a `picks` (xlsx, pdf) or `slips` (pdf) file, in either language."""
    if (kind, form) == ("slips", "pdf"):
        found = read_slips(content, _KEYS, footers())
        return _whole(found, _bags(found.tables[0].rows))
    if kind != "picks" or form not in {"xlsx", "pdf"}:
        raise UnreadableFile(f"no reader for {kind!r} as {form!r}")
    found = (
        read_xlsx(content, _KEYS)
        if form == "xlsx"
        else read_pdf(content, paper_columns(words.ZH_HANS), _KEYS, footers())
    )
    return _list(found)


def _list(found: Found) -> PickBack:
    if len(found.tables) != 2:
        raise UnreadableFile(f"{len(found.tables)} tables, not products and rooms")
    products, rooms = found.tables
    *rows, total = _with_total(rooms)
    picks = _whole(found, _bags(rows))
    if (integer(total["quantity"]), fen(total["amount"])) != (picks.pieces, picks.total_fen):
        raise UnreadableFile("the rooms do not add up to their total")
    *lines, total = _with_total(products)
    picked = {integer(line["position"]): integer(line["quantity"]) for line in lines}
    if {key: quantity for key, quantity in picked.items() if quantity} != picks.lines:
        raise UnreadableFile("the products are not the sum of the rooms")
    if len(picked) != len(lines) or integer(total["quantity"]) != picks.pieces:
        raise UnreadableFile("the products do not add up to their total")
    return picks


def _whole(found: Found, bags: Sequence[BagBack]) -> PickBack:
    revision, wave = _revision_and_wave(found.fact("revision_label"))
    picks = pick_back(found.fact("number"), revision, wave, bags)
    printed = found.fact("checksum").replace(" ", "")
    if printed != picks.checksum:
        raise UnreadableFile(f"checksum {printed} is printed, the figures give {picks.checksum}")
    expected = [(n, len(bags)) for n in range(1, len(bags) + 1)]
    if [(bag.sequence, bag.of) for bag in bags] != expected:
        raise UnreadableFile(f"bags are missing or twice: {[bag.sequence for bag in bags]}")
    return picks


def _revision_and_wave(printed: str) -> tuple[int, int]:
    """Of `第1版（2号楼 第1批）`. A building may hold digits, so both are known by their words."""
    for paper, labels in ((papers.ZH_HANS, words.ZH_HANS), (papers.EN, words.EN)):
        expression = pattern(
            paper.aside,
            main=pattern(paper.revision, n=r"([0-9]+)"),
            aside=".*?" + pattern(labels.wave, n=r"([0-9]+)"),
        )
        match = re.fullmatch(expression, without_space(printed))
        if match:
            return int(match[1]), int(match[2])
    raise UnreadableFile(f"no revision and wave: {printed!r}")


def _bags(rows: Sequence[FoundRow]) -> list[BagBack]:
    blocks: list[list[FoundRow]] = []
    for row in rows:
        # A heading comes again where its lines go on.
        if row.kind == "group" and not (blocks and blocks[-1][0]["position"] == row["position"]):
            blocks.append([row])
        elif row.kind == "line" and blocks:
            blocks[-1].append(row)
        elif row.kind != "group":
            raise UnreadableFile(f"a row that belongs to no room: {row.cells}")
    return [_bag(heading, lines) for heading, *lines in blocks]


def _bag(heading: FoundRow, lines: Sequence[FoundRow]) -> BagBack:
    sequence, of = heading["position"].split("/")
    found = {
        integer(line["position"]): (integer(line["quantity"]), fen(line["amount"]))
        for line in lines
    }
    pieces = integer(heading["quantity"])
    if len(found) != len(lines) or sum(quantity for quantity, _ in found.values()) != pieces:
        raise UnreadableFile(f"bag {sequence} does not hold {pieces} pieces")
    room = heading.cells.get("goods") or heading.cells.get("name", "")
    return BagBack(int(sequence), int(of), found, pieces, fen(heading["amount"]), room)


def _with_total(table: FoundTable) -> list[FoundRow]:
    if [row.kind for row in table.rows].count("total") != 1 or table.rows[-1].kind != "total":
        raise UnreadableFile("a table must end with its one total")
    return table.rows

"""From the bytes of an order list to rows: what it is shows itself, its name is not believed."""

from __future__ import annotations

import re

from config.kernel.intake.parsing import sniff
from config.kernel.intake.parsing.delimited import decode, delimiter_of
from config.kernel.intake.parsing.limits import MAX_BYTES
from config.kernel.intake.parsing.table import IntakeError, Note, Table
from orders.intake.chat import rows_of_chat
from orders.intake.columns import table_of
from orders.intake.headings import ALIASES
from orders.intake.sheets import rows_of_sheet
from orders.intake.world import world_of

_HEADINGS = re.compile(
    "|".join(re.escape(word) for words in ALIASES.values() for word in words if len(word) > 1)
)


def read_list(subject_id: int, content: bytes) -> Table:
    """A workbook or csv is read in a child process; text is decoded, cut into entries and read here, in linear time.

    Raises IntakeError.
    """
    if len(content) > MAX_BYTES:
        raise IntakeError("file_too_big", limit=MAX_BYTES // (1024 * 1024))
    world = world_of(subject_id)
    if sniff.kind_of(content) == sniff.TEXT:
        text, encoding = decode(content)
        if not _is_csv(text):
            rows, notes = rows_of_chat(text.replace("\r\n", "\n").replace("\r", "\n"), world)
            if encoding != "utf-8-sig":
                notes.insert(0, Note("read_as", {"encoding": encoding.upper()}))
            return table_of(rows, notes)
    rows, notes = rows_of_sheet(content, world)
    if not rows:
        raise IntakeError("no_rows")
    return table_of(rows, notes)


def _is_csv(text: str) -> bool:
    """One of the first lines is a row of at least two headings."""
    sign = delimiter_of(text)
    for line in text.splitlines()[:20]:
        cells = [cell.strip(' "\ufeff') for cell in line.split(sign)]
        if (
            len(cells) > 1
            and sum(_HEADINGS.match(cell) is not None for cell in cells) >= 1
            and _is_header(cells)
        ):
            return True
    return False


def _is_header(cells: list[str]) -> bool:
    """No cell with a quantity: 1. 2-301 张阿姨,鸡蛋2份 is a line of a chat."""
    return not any(re.search(r"\d\s{0,3}[份盒箱袋包板斤]", cell) for cell in cells)

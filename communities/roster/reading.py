"""The rows of a roster's file: those of sums are nobody's home."""

from __future__ import annotations

from dataclasses import replace

from communities.roster.cells import is_total
from communities.roster.columns import COLUMNS
from config.kernel.intake.parsing.table import IntakeError, Note, Table
from config.kernel.intake.reader import read_table


def read_roster(_community_id: int, content: bytes) -> Table:
    """Raises IntakeError as read_table does."""
    table = read_table(content, aliases={column.name: column.aliases for column in COLUMNS})
    sums = [row for row in table.rows if is_total(row.cells)]
    if not sums:
        return table
    rows = tuple(row for row in table.rows if row not in sums)
    if not rows:
        raise IntakeError("no_rows")
    note = Note("totals", {"count": len(sums), "rows": [str(row.number) for row in sums[:20]]})
    return replace(table, rows=rows, warnings=(*table.warnings, note))

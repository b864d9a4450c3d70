"""The fields of a row of an order list, whatever it was read from. No Django."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from config.kernel.intake.kinds import Column
from config.kernel.intake.parsing.table import Note, Row, Table
from orders.chain.entries import Remark

COLUMNS = (
    Column("line", ("行",)),
    Column("number", ("接龙号",)),
    Column("text", ("原文",)),
    Column("address", ("房号",)),
    Column("goods", ("商品",)),
    Column("how", ("做法",)),
    Column("remarks", ("疑问",)),
    Column("wished", ("时间",)),
    Column("note", ("备注",)),
    Column("reason", ("补单原因",)),
    Column("mark", ("标记",)),
)
NAMES = tuple(column.name for column in COLUMNS)
HEADINGS = tuple(column.aliases[0] for column in COLUMNS)
TIMES = "×"
ITEMS = "；"


@dataclass
class ListRow:
    """One household's wish as it was understood. `address` and `goods` can be mended: the words of a door, and
    `name×quantity` joined by ；. `how` is what the words ask for: empty, add, update or cancel; `gone` for an order of
    an earlier list that this one has no more. `reason` is why it comes after the cutoff; `mark` is `memory.mark_of`.
    """

    text: str
    address: str = ""
    goods: str = ""
    line: str = ""
    number: str = ""
    how: str = ""
    wished: str = ""
    note: str = ""
    reason: str = ""
    mark: str = ""
    remarks: list[tuple[str, Remark]] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        values = {name: getattr(self, name) for name in NAMES if name != "remarks"}
        values["remarks"] = json.dumps(
            [[field_, one.code, dict(one.params), one.level] for field_, one in self.remarks],
            ensure_ascii=False,
        )
        return tuple(values[name] for name in NAMES)


def remarks_of(text: str) -> list[tuple[str, Remark]]:
    """What `cells` wrote: (field, remark) pairs."""
    return [
        (name, Remark(code, params, level))
        for name, code, params, level in json.loads(text or "[]")
    ]


def table_of(rows: Sequence[ListRow], notes: Sequence[Note]) -> Table:
    return Table(
        format="csv",
        header=HEADINGS,
        header_row=0,
        rows=tuple(Row(number, row.cells()) for number, row in enumerate(rows, start=1)),
        columns={name: place for place, name in enumerate(NAMES)},
        warnings=tuple(notes),
    )


def item_text(name: str, quantity: int | str) -> str:
    return f"{name}{TIMES}{quantity}"

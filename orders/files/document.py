"""A paper before it is set: facts, tables and the very large words. Media only lay it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ColumnKind = Literal[
    "integer", "signed", "yuan", "signed_yuan", "text", "goods", "blank", "tick", "bar"
]
RowKind = Literal["line", "group", "band", "total"]


@dataclass(frozen=True, slots=True)
class Goods:
    """A product's name with its size and a remark in smaller type."""

    name: str
    spec: str
    note: str = ""


# Quantities and fen are int; None is an empty cell.
Cell = int | str | Goods | None


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is what a reader calls the column. `points`: width on paper, 0 takes the rest."""

    key: str
    label: str
    kind: ColumnKind
    points: float = 0
    strong: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column key. A `group` opens a block that stays on one page, a `band` only names."""

    kind: RowKind
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value. Facts with an empty value are not printed."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """`marker` (`■`, `■1/3`) starts a table on paper and tells its reader so; empty for the only one."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    marker: str = ""
    title: str = ""
    facts: tuple[Fact, ...] = ()
    headline: tuple[str, ...] = ()
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """`shout` is set in very large type; `alarm` sets it white on black. `code` is the checksum."""

    language: str
    title: str
    number: str
    revision_words: str
    moment: datetime
    code: str
    tables: tuple[Table, ...]
    facts: tuple[Fact, ...] = ()
    headline: tuple[str, ...] = ()
    shout: str = ""
    shout_note: str = ""
    alarm: bool = False
    remark: str = field(default="")

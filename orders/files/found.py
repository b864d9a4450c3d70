"""What a reader finds in a file before anybody says what it means: facts and tables of text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orders.files.wording import fen_of

_OF = re.compile(r"[0-9]+/[0-9]+")


class UnreadableFile(ValueError):
    """The bytes are not a file that this project wrote, or their figures contradict each other."""


@dataclass(slots=True)
class FoundRow:
    """Cells by column key, as printed."""

    kind: Literal["line", "group", "total"]
    cells: dict[str, str]

    def __getitem__(self, key: str) -> str:
        try:
            return self.cells[key]
        except KeyError as error:
            raise UnreadableFile(f"a {self.kind} row has no {key}") from error


@dataclass(slots=True)
class FoundTable:
    """A table in its order; `title` names whom it is for."""

    marker: str = ""
    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    rows: list[FoundRow] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """Everything a reader found. Facts of the whole file by key."""

    facts: dict[str, str] = field(default_factory=dict)
    tables: list[FoundTable] = field(default_factory=list)

    def fact(self, key: str) -> str:
        try:
            return self.facts[key]
        except KeyError as error:
            raise UnreadableFile(f"the file does not say its {key}") from error


def row_kind(first: str, keys: Mapping[str, str]) -> Literal["line", "group", "total"] | None:
    """What a row is, by the text of its first cell; None when it is no row of figures."""
    if first.isascii() and first.isdigit():
        return "line"
    if keys.get(first) == "totals":
        return "total"
    return "group" if _OF.fullmatch(first) else None


def check_sums(lines: Mapping[int, tuple[int, int]], pieces: int, total_fen: int) -> None:
    """UnreadableFile when lines of (ordered, amount_fen) do not add up to the printed sums."""
    ordered = sum(quantity for quantity, _ in lines.values())
    amount = sum(amount_fen for _, amount_fen in lines.values())
    if (ordered, amount) != (pieces, total_fen):
        raise UnreadableFile(f"lines make {ordered}, {amount} fen, not {pieces}, {total_fen} fen")


def integer(printed: str) -> int:
    """A whole number with or without sign. UnreadableFile for anything else."""
    if re.fullmatch(r"[+-]?[0-9]+", printed) is None:
        raise UnreadableFile(f"{printed!r} is no whole number")
    return int(printed)


def fen(printed: str) -> int:
    """Fen of an amount with two decimals, with or without sign. UnreadableFile otherwise."""
    try:
        return fen_of(printed.removeprefix("+"))
    except ValueError as error:
        raise UnreadableFile(str(error)) from error

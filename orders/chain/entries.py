"""What a chat list was read to be. Pure values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from communities.addresses.located import Located
from config.kernel.intake.kinds import DOUBTFUL, OK, REFUSED, SEVERITY


class Action(StrEnum):
    """What an entry asks for. Everything but ORDER stands on what was ordered before, and needs a yes."""

    ORDER = "order"
    ADD = "add"
    CHANGE = "change"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Remark:
    """A reason: a code, what fills its sentence, and what it means for the entry (ok, doubtful, refused)."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict, hash=False)
    level: str = DOUBTFUL


@dataclass(frozen=True, slots=True)
class Line:
    """`quantity` pieces of the goods with this key."""

    goods: int
    quantity: int


@dataclass(slots=True)
class Wanted:
    """What the words of an entry ask for, the address aside."""

    lines: list[Line] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    action: Action = Action.ORDER
    label: str = ""
    note: str = ""
    is_paid: bool = False
    # A name stands behind the door; words that may be one where the list has names there.
    is_named: bool = False
    nicknames: list[str] = field(default_factory=list)
    # Words in a name's place that tell of goods nobody offers: 方糖, 石榴.
    lookalikes: list[str] = field(default_factory=list)
    # Goods before their number, after it, or neither way: for the comparison with the whole list.
    is_left: bool = False
    is_right: bool = False
    has_bare: bool = False

    def doubt(self, code: str, **params: str | int) -> None:
        self._add(Remark(code, params))

    def refuse(self, code: str, **params: str | int) -> None:
        self._add(Remark(code, params, REFUSED))

    def note_(self, code: str, **params: str | int) -> None:
        self._add(Remark(code, params, OK))

    def _add(self, remark: Remark) -> None:
        if remark not in self.remarks:
            self.remarks.append(remark)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a list that stands for one household: `line` is the number of its first line in the text, `index`
    the number written before it, `marks` what its place in the list made doubtful. A loose one belongs to nothing
    above it. `sender`: who wrote it, where a chat tells.
    """

    line: int
    text: str
    index: int | None = None
    marks: tuple[str, ...] = ()
    is_loose: bool = False
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece, read. `verdict` is ok, doubtful or refused; only an ok one may be taken without a look."""

    piece: Piece
    located: Located
    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...]
    action: Action = Action.ORDER
    label: str = ""
    note: str = ""
    phone: str = ""
    is_paid: bool = False

    @property
    def verdict(self) -> str:
        return max((remark.level for remark in self.remarks), key=SEVERITY.index, default=OK)

    @property
    def household(self) -> int | None:
        return self.located.household_id


@dataclass(frozen=True, slots=True)
class Total:
    """A total that the list states itself: of the goods, or (None) of everything."""

    goods: int | None
    quantity: int


@dataclass(frozen=True, slots=True)
class Chain:
    """A list, read: `around` are the lines that are no entries, with their numbers."""

    entries: tuple[Entry, ...]
    around: tuple[tuple[int, str], ...]
    codes: Mapping[str, int | None]
    totals: tuple[Total, ...]
    remarks: tuple[Remark, ...] = ()

    def in_state(self, verdict: str) -> Sequence[Entry]:
        return [entry for entry in self.entries if entry.verdict == verdict]

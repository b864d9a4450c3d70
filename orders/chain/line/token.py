"""What a line is cut into. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orders.chain.names.goods import Named

# Stands for every sign of an address or a phone number.
MASK = "\x00"


class Kind(Enum):
    GOODS = "goods"
    NUMBER = "number"
    SPEC = "spec"
    BREAK = "break"
    WORD = "word"
    MONEY = "money"
    SUM = "sum"
    TEXT = "text"
    NOTE = "note"
    MASK = "mask"


@dataclass(slots=True)
class Token:
    """A piece of a line. `value`: a number, or fen. `unit`: of a number; the kind of a word; the strength of a break,
    0 to 3. `sign`: what stands before a number, one of * + - = or nothing.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: int = 0
    unit: str = ""
    sign: str = ""
    named: Named | None = None

"""Lines behind an empty line that belong to nobody's order: 店员说明天下午4点左右送 below the last entry. Pure."""

from __future__ import annotations

from orders.chain.entries import Action, Piece, Wanted
from orders.chain.line.folding import fold
from orders.chain.line.wanting import read_wanted
from orders.chain.names.menu import Menu

_BLANK = "after_blank"


def marks_of(piece: Piece, menu: Menu) -> tuple[str, ...]:
    """Its marks, but for the empty line where all below the first line is talk."""
    lines = piece.text.split("\n")[1:]
    if _BLANK in piece.marks and lines and all(_is_idle(line, menu) for line in lines):
        return tuple(mark for mark in piece.marks if mark != _BLANK)
    return piece.marks


def _is_idle(line: str, menu: Menu) -> bool:
    """Nothing but notes: no goods, nobody's name, no question."""
    wanted: Wanted = read_wanted(fold(line), menu)
    is_order = wanted.action != Action.ORDER or wanted.is_paid
    return bool(wanted.note) and not (wanted.lines or wanted.remarks or wanted.label or is_order)

"""One text being read: its pieces, the windows over them, and how an answer is made of a window. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from communities.addresses.index import Index, index_of
from communities.addresses.located import Certainty, Located, Reason
from communities.addresses.masking import hide_numbers
from communities.addresses.matching import Asked, Match, match
from communities.addresses.pieces import (
    AREAS,
    BARE,
    DOORWAY,
    HOUSE,
    NAME,
    ROOM,
    STOREY,
    UNIT,
    Piece,
    cut,
)
from communities.addresses.register import Door, Register
from communities.addresses.signs import Plain, plain

MOST = 5  # 500弄 2支弄 58号 1单元 902
_TIGHT = re.compile(r"\s*-+\s*|")
_MINUS = re.compile(r"\s+-")
_BLANK = re.compile(r"\s+")
_LOOSE = re.compile(r"(?:[\s\-,、;.:/_~·|\\()\[\]'\"和与及跟&或]|或者|还是)+")


@dataclass(frozen=True, slots=True)
class Window:
    """Some pieces in a row, and what they mean."""

    first: int
    after: int
    match: Match
    # 301室2号楼: read from behind.
    is_reversed: bool = False

    def holds(self, other: Window) -> bool:
        return self.first <= other.first and other.after <= self.after and self != other


def crosses(one: Window, other: Window) -> bool:
    return one.first < other.after and other.first < one.after


def led(piece: Piece) -> int:
    return piece.start if piece.lead < 0 else piece.lead


class Reading:
    """One text against one register. `is_field`: it holds an address and nothing else."""

    def __init__(
        self, text: str, register: Register, home: Collection[int], *, is_field: bool
    ) -> None:
        self.index: Index = index_of(register)
        self.asked = Asked(self.index, register.rules, frozenset(home))
        self.is_field = is_field
        self.plain: Plain = plain(text)
        self.text = hide_numbers(self.plain.text)
        self.pieces: list[Piece] = cut(self.text, self.index.words)

    def windows(self) -> list[Window]:
        windows: list[Window] = []
        for first in range(len(self.pieces)):
            if self._is_floor(first):
                continue
            context = tuple(p for p in self.pieces[:first] if p.kind in AREAS)
            for after in range(first + 1, min(first + MOST, len(self.pieces)) + 1):
                if after - first > 1 and self.joint(after - 1) == "cut":
                    break
                windows += self._window(first, after, context)
        return windows

    def _window(self, first: int, after: int, context: tuple[Piece, ...]) -> list[Window]:
        pieces = tuple(self.pieces[first:after])
        is_tight = all(self.joint(place) == "tight" for place in range(first + 1, after))
        read = match(pieces, self.asked, is_tight=is_tight)
        is_placed = len(pieces) > 1 or pieces[0].is_long or pieces[0].kind in {HOUSE, NAME}
        if (
            context
            and is_placed
            and (read is None or read.reason == Reason.LANE_MISSING or not read.doors)
        ):
            read = match(context + pieces, self.asked) or read
        if read is not None and read.doors:
            return [Window(first, after, read)]
        windows = [Window(first, after, read)] if read is not None else []
        if len(pieces) > 1 and self._may_be_reversed(pieces):
            back = match(self.turned(pieces), self.asked)
            if back is not None and back.doors:
                windows.append(Window(first, after, back, is_reversed=True))
        return windows

    def _may_be_reversed(self, pieces: tuple[Piece, ...]) -> bool:
        head, rest = pieces[0], pieces[1:]
        if head.kind in {UNIT, DOORWAY} and rest[-1].kind == HOUSE:
            return True  # 2单元501 3幢
        if self.is_field and rest[-1].kind in AREAS and head.kind in {HOUSE, ROOM, BARE}:
            return True  # 12号3组
        if rest[-1].kind == NAME and len(pieces) == 2 and head.kind in {BARE, HOUSE, ROOM}:
            return True  # 12号商铺
        if head.kind not in {ROOM, BARE} or not (head.is_long or head.kind == ROOM):
            return False
        return all(piece.kind in {HOUSE, UNIT, DOORWAY, NAME, BARE} for piece in rest)

    def turned(self, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        """From behind: 501室 2单元 3幢, or with its house last: 2单元501 3幢."""
        if pieces[0].kind in {UNIT, DOORWAY}:
            return (pieces[-1], *pieces[:-1])
        return (*reversed(pieces[1:]), pieces[0])

    def _is_floor(self, place: int) -> bool:
        """In 8号2楼 the 2楼 is no house."""
        if place == 0 or self.pieces[place].kind != STOREY:
            return False
        return self.pieces[place - 1].kind == HOUSE and self.joint(place) == "tight"

    def joint(self, place: int) -> str:
        """How a piece hangs on the one before it: tight (2号301, 2-301), blank, loose (2号, 301), or cut."""
        gap = self.pieces[place].gap
        if _MINUS.fullmatch(gap) and not self.pieces[place].is_long:
            return "cut"  # 2-301 -1: one less
        if _TIGHT.fullmatch(gap):
            return "tight"
        if _BLANK.fullmatch(gap):
            return "blank"
        return "loose" if _LOOSE.fullmatch(gap) else "cut"

    def begins(self, place: int) -> bool:
        return not self.text[: led(self.pieces[place])].strip(" ,.:、;()[]")

    def spans(self, windows: list[Window]) -> tuple[tuple[int, int], ...]:
        taken: set[int] = set()
        for window in windows:
            pieces = self.pieces[window.first : window.after]
            areas = [p for p in self.pieces[: window.first] if p.kind in AREAS]
            for piece in areas:
                taken |= set(range(led(piece), piece.end))
            taken |= set(range(led(pieces[0]), pieces[-1].end))
        spans: list[tuple[int, int]] = []
        for place in sorted(taken):
            start, end = self.plain.span(place, place + 1)
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return tuple(spans)

    def params(self, window: Window, reason: Reason) -> dict[str, str]:
        params = {"room": window.match.room}
        if window.match.ways:
            house = window.match.ways[0].house
            params["building"] = house.label or house.number
        else:
            said = [p.value for p in self.pieces[window.first : window.after - 1]]
            params["building"] = "-".join(said)
        if window.match.floor:
            params["floor"] = window.match.floor
        if reason in {Reason.LANE_UNKNOWN, Reason.OTHER_PLACE}:
            params |= self._said(window)
        return params

    def _said(self, window: Window) -> dict[str, str]:
        """The lane that was said, and the last word before the address: the name of the other place."""
        areas = [piece for piece in self.pieces[: window.first] if piece.kind in AREAS]
        head = areas[0] if areas else self.pieces[window.first]
        words = self.text[: led(head)].split()
        lane = "".join(f"{piece.value}{piece.kind}" for piece in areas)
        return {"lane": lane or "?", "place": words[-1][-20:] if words else "?"}

    def answer(
        self, best: Window, reason: Reason, doors: tuple[Door, ...], windows: list[Window]
    ) -> Located:
        door = doors[0]
        is_sure = reason == Reason.FOUND
        if len(windows) > 1 and is_sure:
            windows = sorted(windows, key=lambda window: window.first)
        return Located(
            Certainty.SURE if is_sure else Certainty.DOUBTFUL,
            reason,
            household_id=door.id if is_sure else None,
            building_id=door.house_id if is_sure or len({d.house_id for d in doors}) == 1 else None,
            room=door.room if is_sure or len({d.room for d in doors}) == 1 else best.match.room,
            candidates=() if is_sure else tuple(d.id for d in doors)[:8],
            spans=self.spans(windows),
            params=self.params(best, reason),
        )

    def strength(self, window: Window) -> int:
        pieces = self.pieces[window.first : window.after]
        return sum(2 if piece.kind != BARE else 1 for piece in pieces) + any(
            p.is_long for p in pieces
        )

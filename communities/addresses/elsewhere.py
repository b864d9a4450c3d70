"""Whether the name of another street or compound stands before an address. Pure."""

from __future__ import annotations

import re

from communities.addresses.misspelt import is_misspelt
from communities.addresses.pieces import (
    AREAS,
    DOORWAY,
    HOUSE,
    LANE,
    ROOM,
    STOREY,
    SUB_LANE,
    UNIT,
    Piece,
    squeezed,
)
from communities.addresses.reading import Reading, Window

_PLACED = frozenset({HOUSE, ROOM, UNIT, DOORWAY, LANE, SUB_LANE, STOREY})
_STREET = re.compile(r"[\u4e00-\u9fff](?:公路|大道|路|街|巷)$")
_ESTATE = re.compile(
    r"([\u4e00-\u9fff]{1,8}(?:小区|新村|花苑|花园|公寓|家园|名邸|华庭|公馆|苑|坊|里|村|城|邸|庭))\s?$"
)


def is_other_place(reading: Reading, window: Window) -> bool:
    """The name of another street or compound stands right before the address."""
    head = reading.pieces[window.first]
    first = next((p for p in reading.pieces[: window.first] if p.kind in _PLACED | AREAS), head)
    return any(
        _is_strange_street(reading, piece) or _is_strange_estate(reading, piece)
        for piece in (first, head)
    )


def _is_strange_street(reading: Reading, piece: Piece) -> bool:
    if piece.kind not in {LANE, HOUSE} or piece.after_own or not reading.index.streets:
        return False
    before = reading.text[: piece.start].rstrip()
    if _STREET.search(before) is None:
        return False
    is_lane = any(e.kind == piece.kind and e.value == piece.value for e in reading.index.own)
    return not any(
        is_misspelt(before[-len(street) :], street, is_confirmed=is_lane)
        for street in reading.index.streets
    )


def _is_strange_estate(reading: Reading, piece: Piece) -> bool:
    estate = _ESTATE.search(reading.text[: piece.start])
    if estate is None or piece.after_own or not reading.index.names:
        return False
    return not _is_own_name(reading, estate[1])


def _is_own_name(reading: Reading, name: str) -> bool:
    name = squeezed(name)
    return any(
        name in own or name.endswith(own) or is_misspelt(name[-len(own) :], own)
        for own in reading.index.names
    )

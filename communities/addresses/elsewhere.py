"""Whether the name of another street or compound stands before an address. Pure."""

from __future__ import annotations

import re

from communities.addresses.index import Element
from communities.addresses.misspelt import is_misspelt
from communities.addresses.pieces import (
    AREAS,
    DOORWAY,
    HOUSE,
    LANE,
    NAME,
    ROOM,
    STOREY,
    SUB_LANE,
    UNIT,
    Piece,
    squeezed,
)
from communities.addresses.reading import Reading, Window, led
from communities.addresses.register import Register

_PLACED = frozenset({HOUSE, ROOM, UNIT, DOORWAY, LANE, SUB_LANE, STOREY})
_STREET = re.compile(r"[\u4e00-\u9fff](?:公路|大道|路|街|巷)$")
_ESTATE = re.compile(
    r"([\u4e00-\u9fff]{1,8}(?:小区|新村|花苑|花园|公寓|家园|名邸|华庭|公馆|苑|坊|里|村|城|邸|庭))\s?$"
)
# Villages, phases and quarters go by numbers and sides: 曹杨九村 is not 曹杨八村, 西区 not 东区.
_ONE_OF_SEVERAL = re.compile(
    r"(?:(?<![第\d])\d{1,2}|[东南西北])\s?(?:村|期|街坊|区)(?:小区)?[\s,.;:、()-]*$"
)


def is_other_place(reading: Reading, window: Window) -> bool:
    """The name of another street or compound stands right before the address."""
    head = reading.pieces[window.first]
    if _is_another_of_several(reading, window.first):
        return True
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


def foreign_place(text: str, register: Register) -> str:
    """The other compound or street that stands before an address, be its house in the register or not: 宛平北苑.

    A street is foreign only to a register that has houses, none of them in a lane of this number: those of a compound
    may lie at two streets.
    """
    reading = Reading(text, register, (), is_field=True)
    for place, piece in enumerate(reading.pieces):
        is_lane = Element(piece.kind, piece.value) in reading.index.elements
        is_street = bool(reading.index.ways) and not (piece.kind == LANE and is_lane)
        if (
            _is_another_of_several(reading, place)
            or _is_strange_estate(reading, piece)
            or (is_street and _is_strange_street(reading, piece))
        ):
            return reading.text[: piece.start].strip(" ,.:;")
        if piece.kind in _PLACED:
            break
    return ""


def _is_another_of_several(reading: Reading, place: int) -> bool:
    """What the register divides its houses by is judged with them; this is what it knows nothing of."""
    before = reading.text[: led(reading.pieces[place])]
    found = _ONE_OF_SEVERAL.search(before)
    if found is None or any(
        piece.kind in AREAS | {NAME} and piece.end > found.start()
        for piece in reading.pieces[:place]
    ):
        return False
    said = re.match(r"\w+?[村期坊区]", squeezed(found[0]))
    words = said[0] if said else ""
    own = {*reading.index.names, *(words for words, _meant in reading.asked.rules.lanes)}
    return not any(re.search(rf"(?<!\d){words}", name) for name in own)


def _is_own_name(reading: Reading, name: str) -> bool:
    name = squeezed(name)
    return any(
        name in own or name.endswith(own) or is_misspelt(name[-len(own) :], own)
        for own in reading.index.names
    )

"""An address taken apart without knowing the compound: for a roster that tells of its buildings first. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from communities.addresses.masking import hide_numbers
from communities.addresses.matching import floor_of
from communities.addresses.pieces import (
    AREAS,
    BARE,
    DOORWAY,
    HOUSE,
    LANE,
    ROOM,
    STOREY,
    UNIT,
    Piece,
    Vocabulary,
    cut,
    squeezed,
)
from communities.addresses.signs import plain
from communities.addresses.suffixes import ANY_SUFFIX

_WORDS = Vocabulary(values=ANY_SUFFIX, kinds=AREAS)
_LANE = re.compile(r"(\d+)弄")


class Parts(NamedTuple):
    """Without 弄, 号楼, 单元, 室; `lane` may be 1177弄2支弄 or 3组."""

    lane: str
    number: str
    unit: str
    room: str


def parts_of(text: str) -> Parts | None:
    """500弄56号602, 3幢2单元502, 5-2-301. None for what lacks house or room, goes on behind, or may be a floor (3楼301)
    or anything (2 301).
    """
    signs = hide_numbers(squeezed(plain(text).text))
    pieces = cut(signs, _WORDS)
    if not pieces or pieces[-1].end != len(signs) or any(p.gap.strip("-") for p in pieces[1:]):
        return None
    areas = [piece for piece in pieces if piece.kind in AREAS]
    rest = pieces[len(areas) :]
    if pieces[: len(areas)] != areas or not _is_whole(rest) or any(p.loose for p in rest):
        return None
    unit = rest[1].value if len(rest) == 3 else ""
    return Parts(_lane(signs, areas), rest[0].value, unit, rest[-1].value)


def lanes_in(address: str) -> frozenset[str]:
    """The compound's own: 500 in 紫龙路500弄."""
    return frozenset(_LANE.findall(plain(address).text))


def _is_whole(pieces: Sequence[Piece]) -> bool:
    if len(pieces) not in {2, 3}:
        return False
    house, room = pieces[0], pieces[-1]
    if house.kind not in {HOUSE, STOREY, BARE} or room.kind not in {ROOM, BARE}:
        return False
    if house.kind == STOREY and floor_of(room.value) == house.value:
        return False
    if len(pieces) == 3 and pieces[1].kind not in {UNIT, DOORWAY, BARE}:
        return False
    return all(piece.kind != BARE or "-" in after.gap for piece, after in pairwise(pieces))


def _lane(signs: str, areas: Sequence[Piece]) -> str:
    if len(areas) == 1 and areas[0].kind == LANE:
        return areas[0].value
    return signs[areas[0].start : areas[-1].end] if areas else ""

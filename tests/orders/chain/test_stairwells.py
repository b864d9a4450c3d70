"""Lists of one building with stairwells."""

from __future__ import annotations

import pytest

from communities.addresses.register import Door, House, Register
from orders.chain.names.goods import Goods
from orders.chain.reading import read_chain

_UNITS = tuple(House(unit, "3", unit=str(unit)) for unit in range(1, 6))
_OTHERS = (House(7, "7"), House(8, "5"))
_ROOMS = [f"{floor}0{room}" for floor in range(1, 7) for room in (1, 2)]
_GOODS = [Goods(1, 1, "细面", "", "斤", 500), Goods(2, 2, "烤麸", "", "盒", 1200)]


def _read(rows: str, houses: tuple[House, ...]) -> dict[str, str]:
    """First words of each entry → where it goes; ? is asked."""
    doors = tuple(Door(100 * h.id + n, h.id, r) for h in houses for n, r in enumerate(_ROOMS))
    names = {
        d.id: f"{h.number}-{h.unit}-{d.room}" for h in houses for d in doors if d.house_id == h.id
    }
    text = "\n".join(f"{n}. {row}" for n, row in enumerate(rows.split("|"), start=1))
    chain = read_chain(text, _GOODS, Register(houses, doors), home=[house.id for house in _UNITS])
    return {
        one.piece.text.split()[0]: names[one.household]
        if one.household and not one.remarks
        else "?"
        for one in chain.entries
    }


@pytest.mark.parametrize(
    ("rows", "houses", "said", "found"),
    [
        ("1-101 细面1|2-201 细面1|4-301 细面2|5-402 烤麸1|2-302 烤麸2", _UNITS, "3-602", "3-3-602"),
        # too few; another way to write it; a room that the unit has not; another building
        ("1-101 细面1|2-201 细面1|4-301 细面2|5-402 烤麸1", _UNITS, "3-602", "?"),
        ("2-101 细面1|2-201 细面1|2-301 细面2|2-402 烤麸1|2-302 烤麸2", _UNITS, "3-602", "?"),
        ("1-101 细面1|2-201 细面1|4-301 细面2|5-402 烤麸1|3-2-302 烤麸2", _UNITS, "3-602", "?"),
        (
            "1-101 细面1|2-201 细面1|4-301 细面2|5-402 烤麸1|2-302 烤麸2|3号501 细面1",
            _UNITS,
            "3-602",
            "?",
        ),
        ("1-101 细面1|2-201 细面1|4-301 细面2|5-402 烤麸1|2-302 烤麸2", _UNITS, "3-702", "?"),
        (
            "1-101 细面1|2-201 细面1|4-301 细面2|7-402 烤麸1|2-302 烤麸2",
            (*_UNITS, *_OTHERS),
            "3-602",
            "?",
        ),
        (
            "1-101 细面1|2-201 细面1|4-301 细面2|5-402 烤麸1|2-302 烤麸2",
            (*_UNITS, *_OTHERS),
            "3-602",
            "?",
        ),
    ],
)
def test_read_chain_two_numbers_are_unit_and_room_where_all_write_so(
    rows: str, houses: tuple[House, ...], said: str, found: str
) -> None:
    read = _read(f"{rows}|{said} 细面1", houses)

    assert read[said] == found

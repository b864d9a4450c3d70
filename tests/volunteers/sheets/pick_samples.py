"""Pick sheets to write: small by hand, and any that hypothesis can think of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from hypothesis import strategies as st

from tests.orders.files.samples import SHANGHAI, any_text
from volunteers.sheets.content import BagLine, BagSheet, PickLine, PickSheet


def make_bag_line(position: int, quantity: int = 2, **fields: object) -> BagLine:
    """青菜 at 3.90 unless told otherwise."""
    line = BagLine(position, "青菜（上海青）", "500g/袋", "袋", quantity, quantity * 390)
    return replace(line, **fields)  # type: ignore[arg-type]  # any field of a line


def make_bag(room: str, lines: Sequence[BagLine], *, door: bool = False) -> BagSheet:
    """A bag that `make_picks` will number; it owes what its lines cost."""
    return BagSheet(
        sequence=1,
        of=1,
        building_label="2号楼",
        room=room,
        lines=tuple(lines),
        pieces=sum(line.quantity for line in lines),
        amount_due_fen=sum(line.amount_fen for line in lines),
        door=door,
    )


def make_picks(bags: Sequence[BagSheet], **fields: object) -> PickSheet:
    """The sheet of these bags in their order, with the products they add up to."""
    numbered = tuple(
        replace(bag, sequence=sequence, of=len(bags)) for sequence, bag in enumerate(bags, start=1)
    )
    sheet = PickSheet(
        window_title="联华 4月21日 周四 第3团",
        supplier_name="联华超市辛耕路店",
        community_name="宛平南苑",
        building_label="2号楼",
        wave=1,
        revision=1,
        closes_at=datetime(2022, 4, 21, 12, 0, tzinfo=SHANGHAI),
        deliver_on=date(2022, 4, 22),
        order_number="LH-20220421-3",
        lines=_products(numbered),
        bags=numbered,
        pieces=sum(bag.pieces for bag in numbered),
        total_fen=sum(bag.amount_due_fen for bag in numbered),
    )
    return replace(sheet, **fields)  # type: ignore[arg-type]  # any field of a sheet


def a_building(rooms: Sequence[str] = ("101", "102", "1103"), **fields: object) -> PickSheet:
    """A bag of two products for each room, the second one to the door."""
    bags = [
        make_bag(room, [make_bag_line(1, 1 + n % 3), make_bag_line(7, 1)], door=n == 1)
        for n, room in enumerate(rooms)
    ]
    return make_picks(bags, **fields)


def of_lines(*counts: int, make: Callable[[int], BagLine] = make_bag_line) -> PickSheet:
    """A household for each count, with that many lines."""
    return make_picks(
        [
            make_bag(f"{floor}01", [make(position) for position in range(1, count + 1)])
            for floor, count in enumerate(counts, start=1)
        ]
    )


def _products(bags: Sequence[BagSheet]) -> tuple[PickLine, ...]:
    lines: dict[int, PickLine] = {}
    for bag in bags:
        for line in bag.lines:
            seen = lines.get(line.position)
            more = line.quantity + (seen.quantity if seen else 0)
            lines[line.position] = PickLine(line.position, line.name, line.spec, line.unit, more)
    return tuple(lines[position] for position in sorted(lines))


_lines = st.builds(
    BagLine,
    position=st.integers(1, 99_999),
    name=any_text,
    spec=any_text,
    unit=any_text,
    quantity=st.integers(0, 9_999),
    amount_fen=st.integers(0, 99_999_999),
)
_bags = st.builds(
    make_bag,
    any_text,
    st.lists(_lines, max_size=9, unique_by=lambda line: line.position),
    door=st.booleans(),
)
any_picks = st.builds(
    lambda bags, fields: make_picks(bags, **fields),
    st.lists(_bags, max_size=6),
    st.fixed_dictionaries(
        {
            "revision": st.integers(1, 12),
            "wave": st.integers(1, 12),
            "order_number": st.from_regex(r"[A-Za-z0-9.#/_-]{1,40}", fullmatch=True),
            "window_title": any_text,
            "building_label": any_text,
            "community_name": any_text,
            "supplier_name": any_text,
            "deliver_on": st.none() | st.dates(),
        }
    ),
)

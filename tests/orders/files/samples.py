"""Order sheets to write: small by hand, and any that hypothesis can think of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from orders.files.content import OrderSheet, SheetLine, SheetSection

SHANGHAI = ZoneInfo("Asia/Shanghai")


def make_line(position: int, ordered: int = 3, **fields: object) -> SheetLine:
    """青菜 at 3.90 unless told otherwise; the amount follows."""
    line = SheetLine(
        position=position,
        barcode="6900000100134",
        name="青菜（上海青）",
        spec="500g/袋",
        unit="袋",
        category="蔬菜",
        case_size=20,
        price_fen=390,
        wanted=ordered,
        ordered=ordered,
        amount_fen=0,
    )
    line = replace(line, **fields)  # type: ignore[arg-type]  # any field of a line
    return replace(line, amount_fen=line.ordered * line.price_fen)


def make_section(
    lines: Sequence[SheetLine], name: str = "宛平南苑", households: int = 9
) -> SheetSection:
    """A community and its sums."""
    return SheetSection(
        community_name=name,
        address="徐汇区宛平南路 88 弄",
        households=households,
        lines=tuple(lines),
        pieces=sum(line.ordered for line in lines),
        total_fen=sum(line.amount_fen for line in lines),
    )


def make_sheet(*sections: SheetSection, **fields: object) -> OrderSheet:
    """The totals of these sections on a sheet of revision 1."""
    lines = _added(line for section in sections for line in section.lines)
    sheet = OrderSheet(
        number="LH-20220421-3",
        revision=1,
        cancels_all=False,
        window_title="联华 4月21日 周四 第3团",
        window_id="8e1f6f0c-7d4b-4a59-9a8e-0a5b6fd2d111",
        supplier_name="联华超市辛耕路店",
        supplier_phone="021-64001234",
        opens_at=datetime(2022, 4, 20, 18, 0, tzinfo=SHANGHAI),
        closes_at=datetime(2022, 4, 21, 12, 0, tzinfo=SHANGHAI),
        deliver_on=date(2022, 4, 22),
        contact_name="王团长",
        contact_phone="13800005678",
        lines=lines,
        sections=sections,
        pieces=sum(line.ordered for line in lines),
        households=sum(section.households for section in sections),
        total_fen=sum(line.amount_fen for line in lines),
    )
    return replace(sheet, **fields)  # type: ignore[arg-type]  # any field of a sheet


def one_community(**fields: object) -> OrderSheet:
    """Three products for one community."""
    lines = [make_line(1, 12), make_line(2, 45, name="鸡毛菜"), make_line(7, 1, price_fen=13500)]
    return make_sheet(make_section(lines), **fields)


def two_communities(**fields: object) -> OrderSheet:
    """Two communities that share one product, one line rounded up to a multiple."""
    first = make_section([make_line(1, 12), make_line(2, 8, wanted=6, name="鸡毛菜")])
    second = make_section([make_line(1, 5), make_line(9, 2, name="米")], "辛耕小区", 4)
    return make_sheet(first, second, **fields)


def cancelled() -> OrderSheet:
    """The third revision of `two_communities`, with every line at zero."""
    sheet = two_communities()
    sections = [
        make_section([_zero(line) for line in section.lines], section.community_name, 0)
        for section in sheet.sections
    ]
    return make_sheet(*sections, revision=3, cancels_all=True)


def _zero(line: SheetLine) -> SheetLine:
    return replace(line, ordered=0, amount_fen=0)


def _added(lines: object) -> tuple[SheetLine, ...]:
    sums: dict[int, SheetLine] = {}
    for line in lines:  # type: ignore[attr-defined]  # an iterable of lines
        seen = sums.get(line.position)
        sums[line.position] = line if seen is None else _plus(seen, line)
    return tuple(sums[position] for position in sorted(sums))


def _plus(one: SheetLine, other: SheetLine) -> SheetLine:
    return replace(
        one,
        wanted=one.wanted + other.wanted,
        ordered=one.ordered + other.ordered,
        amount_fen=one.amount_fen + other.amount_fen,
    )


# Everything a keyboard, a chat or a broken export can put into a name, surrogates included.
any_text = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["=1+1", "＝cmd", "\t@x", "1. 青菜 ×5 1.00元", "合计", "■1/1", "5/24", "编号", "12", "W" * 90]
)
_lines = st.builds(
    make_line,
    position=st.integers(1, 99_999),
    ordered=st.integers(0, 999_999),
    price_fen=st.integers(0, 9_999_999),
    wanted=st.integers(0, 999_999),
    case_size=st.none() | st.integers(1, 500),
    barcode=any_text,
    name=any_text,
    spec=any_text,
    unit=any_text,
    category=any_text,
)
_sections = st.builds(
    make_section,
    st.lists(_lines, max_size=6, unique_by=lambda line: line.position),
    any_text,
    st.integers(0, 99_999),
)
any_sheet = st.builds(
    lambda sections, fields: make_sheet(*sections, **fields),
    st.lists(_sections, max_size=3),
    st.fixed_dictionaries(
        {
            "revision": st.integers(1, 12),
            "number": st.from_regex(r"[A-Za-z0-9.#/_-]{1,40}", fullmatch=True),
            "window_title": any_text,
            "supplier_name": any_text,
            "supplier_phone": any_text,
            "contact_name": any_text,
            "contact_phone": any_text,
            "deliver_on": st.none() | st.dates(),
        }
    ),
)

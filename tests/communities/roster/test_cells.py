"""Cells of rosters as offices type them."""

from __future__ import annotations

import pytest

from communities.addresses.parts import lanes_in, parts_of
from communities.roster.cells import (
    floor_and_door,
    is_total,
    read_flag,
    read_people,
    read_phone,
    read_place,
    read_room,
)
from communities.roster.gaps import gaps_in


@pytest.mark.parametrize(
    ("building", "room", "expected"),
    [
        ("1", "101", ("", "1", "", "101")),
        ("１号楼", "１０１室", ("", "1", "", "101")),
        ("1#", "101.0", ("", "1", "", "101")),
        ("1.0", "101房", ("", "1", "", "101")),
        ("十二号楼", "1103", ("", "12", "", "1103")),
        ("二十三幢", "302", ("", "23", "", "302")),
        ("12弄3号", "502", ("12", "3", "", "502")),
        ("3幢2单元", "502", ("", "3", "2", "502")),
        ("12弄3号楼二单元", "502", ("12", "3", "2", "502")),
        ("甲", "101A", ("", "甲", "", "101A")),
        ("207号甲", "101a", ("", "207号甲", "", "101A")),
        ("别墅", "12号", ("", "别墅", "", "12")),
    ],
)
def test_read_place_takes_building_and_room_apart(
    building: str, room: str, expected: tuple[str, ...]
) -> None:
    assert read_place({"building": building, "room": room}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1号楼101室", ("", "1", "", "101")),
        ("500弄56号602", ("500", "56", "", "602")),
        ("宛平南路500弄56号602室", ("500", "56", "", "602")),
        ("3幢2单元502", ("", "3", "2", "502")),
        ("2-301", ("", "2", "", "301")),
        ("２－３０１室", ("", "2", "", "301")),
        ("5-2-301", ("", "5", "2", "301")),
        ("十二号楼1103", ("", "12", "", "1103")),
        ("12#1103", ("", "12", "", "1103")),
        ("3号3O1", ("", "3", "", "301")),
        ("秀沿路1177弄二支弄3号402", ("1177弄2支弄", "3", "", "402")),
        ("207号甲301", ("", "207甲", "", "301")),
        ("A座1201室", ("", "A", "", "1201")),
        ("２号樓１單元301室", ("", "2", "1", "301")),
    ],
)
def test_parts_of_takes_one_cell_apart(text: str, expected: tuple[str, ...]) -> None:
    assert parts_of(text) == expected


@pytest.mark.parametrize(
    "text",
    ["301", "1号楼", "张阿姨家", "", "13800138000", "301室2号楼", "3楼301", "3组12号", "2 301"],
)
def test_parts_of_without_both_parts_is_none(text: str) -> None:
    assert parts_of(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("138 0013 8000", ("+8613800138000", "", False)),
        ("13800138000.0", ("+8613800138000", "", False)),
        ("＋８６-138-0013-8000", ("+8613800138000", "", False)),
        ("021-64380000", ("+862164380000", "", False)),
        ("+86 13912345680", ("+8613912345680", "", False)),
        ("+86-139 1234 5680", ("+8613912345680", "", False)),
        ("86 13912345680", ("+8613912345680", "", False)),
        ("(0086)13912345680", ("+8613912345680", "", False)),
        ("+86 21 64380000", ("+862164380000", "", False)),
        ("+86 13800138000 +86 13900139000", ("+8613800138000", "phone_several", True)),
        ("64380000", ("+862164380000", "phone_area", False)),
        ("13800138000/13900139000", ("+8613800138000", "phone_several", True)),
        ("无 / 13900139000", ("+8613900139000", "phone_several", True)),
        ("1380013800", ("", "phone_unreadable", True)),
        ("1.38E+10", ("", "phone_unreadable", True)),
        ("问儿子", ("", "phone_unreadable", True)),
        ("无", ("", "", False)),
        ("", ("", "", False)),
    ],
)
def test_read_phone(text: str, expected: tuple[str, str, bool]) -> None:
    assert read_phone(text) == expected


def test_gaps_a_fourth_floor_that_others_have_is_missing() -> None:
    five = [f"{floor}{door:02}" for floor in range(1, 6) for door in (1, 2, 3)]
    low = [room for room in five if room[0] != "4" and room != "303"]

    assert gaps_in({1: low}) == {1: ["303"]}
    assert gaps_in({1: low, 2: five}) == {1: ["303", "401", "402", "403"]}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("", "合 计", "60户"), True),
        (("总计：60户",), True),
        (("小计", "", "20"), True),
        (("1号楼", "合计", ""), False),
        (("1号楼", "101", "小计"), False),
        (("", ""), False),
    ],
)
def test_is_total(cells: tuple[str, ...], expected: bool) -> None:
    assert is_total(cells) is expected


def test_read_flag_says_whether_the_cell_says_just_that() -> None:
    assert [read_flag(text) for text in ("是", "√", "否", "", "独居")] == [
        (True, True),
        (True, True),
        (False, True),
        (None, True),
        (True, False),
    ]


def test_read_people_and_room() -> None:
    assert [read_people(text) for text in ("3", "3人", "3.0", "三口", "")] == [3, 3, 3, 3, None]
    for text in ("很多", "31", "-1", "2.5"):
        with pytest.raises(ValueError, match=r"invalid|^31$|^-1$"):
            read_people(text)
    rooms = ("101室", "０１０１", "302户", "3O1", "12o3室", "一〇二室")
    assert [read_room(text) for text in rooms] == ["101", "0101", "302", "301", "1203", "102"]
    assert lanes_in("上海市徐汇区宛平南路５００弄") == {"500"}
    assert [floor_and_door(room) for room in ("101", "1103", "0101", "12", "B101")] == [
        (1, 1),
        (11, 3),
        (1, 1),
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("rooms", "missing"),
    [
        ("101 102 104", ["103"]),
        ("101 102 201 202 301 302", []),
        ("101 102 201 301 302", ["202"]),
        ("101 102 201 202 401 402", ["301", "302"]),
        # Neither a fourth floor nor a fourth door: people avoid the number.
        ("301 302 303 305 501 502 503 505", []),
        ("0101 0102 0104", ["0103"]),
        ("101 102", []),
        # One slip of the hand silences no house.
        ("101 102 201 202 301 401 402 9901", ["302"]),
        ("101 102 201 202 301 401 402 148", ["302"]),
        # No grid at all.
        ("101 502 903", []),
        ("1 2 4 5", []),
    ],
)
def test_gaps_are_rooms_that_the_others_promise(rooms: str, missing: list[str]) -> None:
    assert gaps_in({1: rooms.split()}).get(1, []) == missing

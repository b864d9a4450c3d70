"""Verdicts on rosters, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from communities.addresses.register import RoomRange, Rules
from communities.roster.judging import judge
from communities.roster.known import KnownBuilding, KnownHome, KnownPerson
from config.kernel.intake.kinds import Judgement, SourceRow

LI = KnownPerson(7, "李梅", "#+8613800138000", "138****8000")
ONE = KnownBuilding(
    id=1,
    lane="",
    number="1",
    unit="",
    label="1号楼",
    floors=6,
    doors=4,
    homes={
        "00000101": KnownHome(11, "101", residents=(LI,)),
        "00000102": KnownHome(12, "102", needs_care=True, people=2),
    },
)


def verdicts(*rows: str, known: Sequence[KnownBuilding] = (ONE,)) -> list[Judgement]:
    """Rows as `building room name phone care`, numbered from 2."""
    sources = [
        SourceRow(
            number,
            dict(zip(("building", "room", "name", "phone", "care"), row.split(" "), strict=False)),
        )
        for number, row in enumerate(rows, start=2)
    ]
    return judge(sources, known, index=lambda number: f"#{number}")


def said(judgement: Judgement) -> tuple[str, list[str]]:
    return judgement.verdict, [reason.code for reason in judgement.reasons]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1 103 王芳 13900139000", ("ok", ["new_household"])),
        ("1 101 王芳", ("ok", ["new_resident"])),
        ("1 101 李梅 13800138000", ("ok", ["unchanged"])),
        ("1号楼 101室 李梅", ("ok", ["unchanged"])),
        ("01 0101 李梅", ("ok", ["room_spelt", "unchanged"])),
        ("1 101 李梅 13900139000", ("ok", ["phone_changed"])),
        ("1 102  ", ("ok", ["unchanged"])),
        ("1 101 李梅  是", ("ok", ["needs_care_changed"])),
        ("1 102 丁一  否", ("ok", ["needs_care_changed", "new_resident"])),
        ("1 105 王芳", ("doubtful", ["room_beyond", "new_household"])),
        ("1 701 王芳", ("doubtful", ["room_above", "new_household"])),
        ("1 100 王芳", ("doubtful", ["room_zero", "new_household"])),
        ("2 101 王芳", ("ok", ["building_new", "new_household"])),
        ("1 -101 王芳", ("doubtful", ["room_odd", "new_household"])),
        ("1 302/303 王芳", ("doubtful", ["room_odd", "new_household"])),
        ("1 303、304 王芳", ("doubtful", ["room_odd", "new_household"])),
        ("1-103  王芳", ("ok", ["new_household"])),
        ("1号楼103室  王芳", ("ok", ["new_household"])),
        (" 1-103 王芳", ("ok", ["new_household"])),
        ("1 1-103 王芳", ("ok", ["new_household"])),
        ("2 1-103 王芳", ("doubtful", ["building_new", "room_odd", "new_household"])),
        ("5-2  王芳", ("refused", ["room_missing"])),
        ("1 103 王芳 12345", ("doubtful", ["phone_unreadable", "new_household"])),
        ("1 103 王芳  独居", ("doubtful", ["care_reason", "new_household"])),
        ("1 103  13900139000", ("refused", ["name_missing"])),
        ("1  王芳", ("refused", ["room_missing"])),
        (" 101 王芳", ("refused", ["building_missing"])),
        ("  王芳", ("refused", ["place_missing"])),
        ("1 =1+1 王芳", ("refused", ["text_runs"])),
        ("1 103 =cmd", ("refused", ["text_runs"])),
        (f"1 {'9' * 21} 王芳", ("refused", ["place_too_long"])),
        (f"1 103 {'王' * 41}", ("refused", ["text_too_long"])),
    ],
)
def test_judge_one_row(row: str, expected: tuple[str, list[str]]) -> None:
    assert said(verdicts(row)[0]) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Six full floors, and 1601 where 601 was meant.
        ("101 201 301 401 501 601 1601", [*[[]] * 6, ["room_high"]]),
        ("101 201 301 401 501 601 701 801", [[]] * 8),
        # Two people of a floor stand for it, and so do a few rooms of a high house that say little.
        ("101 201 301 401 1601 1602", [[]] * 6),
        ("101 1201 2403", [[]] * 3),
        ("101 201 301 100", [[], [], [], ["room_zero"]]),
        ("101 201 301 704", [[], [], [], ["room_outside"]]),
        # One slip of the hand hides no other.
        ("101 102 201 301 9901 1801", [[], [], [], [], ["room_outside"], ["room_high"]]),
        ("101 102 201 202 150", [[], [], [], [], ["room_outside"]]),
        ("101 102 201 202 -102 2I1", [[], [], [], [], ["room_odd"], ["room_odd"]]),
    ],
)
def test_judge_rooms_of_a_building_that_is_new(rows: str, expected: list[list[str]]) -> None:
    rules = Rules(rooms=(RoomRange("101", "2603", house_id=None),))
    sources = [
        SourceRow(number, {"building": "9", "room": room, "name": f"王{number}"})
        for number, room in enumerate(rows.split(), start=2)
    ]

    judged = judge(sources, (ONE,), index=str, rules=rules)

    about = [[r.code for r in one.reasons if r.code.startswith("room_")] for one in judged]
    assert about == expected


@pytest.mark.parametrize(
    ("own", "known", "expected"),
    [
        (("500",), (ONE,), ["", "", ""]),
        (("500",), (), ["", "", ""]),
        ((), (ONE,), ["500", "", "500"]),
        (("500",), (replace(ONE, lane="600"),), ["500", "", "500"]),
    ],
)
def test_judge_the_compounds_own_lane_makes_no_second_building(
    own: tuple[str, ...], known: tuple[KnownBuilding, ...], expected: list[str]
) -> None:
    texts = ("500弄3幢2单元502", "3-2-501", "500弄3号2单元503")
    rows = [SourceRow(n, {"address": text}) for n, text in enumerate(texts, start=2)]

    judged = judge(rows, known, index=str, own_lanes=own)

    assert [one.values["place"][0] for one in judged] == expected


def test_judge_a_room_outside_of_the_compounds_rules_asks() -> None:
    rules = Rules(rooms=(RoomRange("101", "602"),))
    rows = [SourceRow(2, {"building": "1", "room": "603", "name": "王芳"})]

    (judged,) = judge(rows, (ONE,), index=str, rules=rules)

    assert said(judged) == ("doubtful", ["room_outside", "new_household"])


def test_judge_several_people_at_one_door_are_one_household() -> None:
    rows = verdicts("1 103 王芳 13900139000", "1 103室 丁一", "1幢 103 丁二  是")

    assert [row.verdict for row in rows] == ["ok", "ok", "ok"]
    assert {tuple(row.values["place"]) for row in rows} == {("", "1", "", "103")}
    # Whoever of them is marked, it is a care household.
    assert [row.values["home"]["needs_care"] for row in rows] == [True, True, True]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (
            "1 103 王芳 13900139000",
            "1 103 王 芳 13900139000".replace("王 芳", "王芳"),
            "same_as_row",
        ),
        ("1 103 王芳 13900139000", "1号楼 103室 王芳 139-0013-9000", "same_as_row"),
        ("1 103 王芳 13900139000", "1 103 王芳 13800138000", "person_twice"),
        ("1 103 王芳", "1 103 王芳 13800138000", "person_twice_number"),
        ("1 103", "1 103", "same_as_row"),
    ],
)
def test_judge_the_same_person_twice_refuses_the_later_row(
    first: str, second: str, code: str
) -> None:
    one, other = verdicts(first, second)

    assert one.verdict == "ok"
    assert (other.verdict, other.reasons[0].code) == ("refused", code)
    assert other.reasons[0].params == {"row": 2}


def test_judge_a_new_name_with_the_number_of_somebody_there_asks_whether_it_is_the_same() -> None:
    """Who set the own name right since; a couple that shares a number stands in the file together."""
    (renamed,) = verdicts("1 101 李小梅 13800138000")
    wife, husband = verdicts("1 101 李梅 13800138000", "1 101 张强 13800138000")
    (elsewhere,) = verdicts("1 102 李小梅 13800138000")
    couple = KnownHome(11, "101", residents=(LI, replace(LI, id=8, name="张强")))
    (known,) = verdicts("1 101 李梅 13800138000", known=[replace(ONE, homes={"00000101": couple})])

    assert said(renamed) == ("doubtful", ["new_resident", "person_renamed"])
    assert renamed.reasons[1].params == {"old": "李梅", "new": "李小梅"}
    assert (said(wife), said(husband)) == (("ok", ["unchanged"]), ("ok", ["new_resident"]))
    assert (said(elsewhere), said(known)) == (("ok", ["new_resident"]), ("ok", ["unchanged"]))


def test_judge_a_person_at_two_doors_asks() -> None:
    rows = verdicts("1 103 王芳 13900139000", "1 104 王芳 13900139000", "1 201 丁一 13900139000")

    # Neighbours share a number: that alone says nothing.
    assert [row.verdict for row in rows] == ["ok", "doubtful", "ok"]


def test_judge_a_new_building_of_one_flat_among_full_ones_asks() -> None:
    full = [f"{house} {room} 王{room}" for house in "23" for room in ("101", "102", "201", "202")]

    rows = verdicts(*full, "11 101 丁一", "别墅 7 丁二")

    assert [said(row) for row in rows[-2:]] == [
        ("doubtful", ["building_lonely", "new_household"]),
        ("ok", ["building_new", "new_household"]),
    ]
    assert {row.verdict for row in rows[:-2]} == {"ok"}


def test_judge_rooms_of_a_new_building_are_spelt_as_in_the_first_row() -> None:
    rows = verdicts("2 0101 王芳", "02 101 丁一")

    assert [row.values["place"] for row in rows] == [["", "2", "", "0101"]] * 2


def test_judge_address_in_one_cell_by_the_doors_there_are_or_by_its_form() -> None:
    addresses = ["1号楼103室", "2-301", "门口第一家", ""]
    rows = judge(
        [SourceRow(2 + n, {"address": text, "name": "王芳"}) for n, text in enumerate(addresses)],
        [ONE],
        index=str,
    )

    assert [row.values["place"] for row in rows] == [
        ["", "1", "", "103"],
        ["", "2", "", "301"],
        None,
        None,
    ]
    assert [said(row)[1] for row in rows[2:]] == [["address_unreadable"], ["place_missing"]]


def test_judge_two_thousand_rows_with_homes_there_is_linear() -> None:
    def town(count: int) -> list[KnownBuilding]:
        return [
            replace(ONE, id=number, number=str(number), homes={}) for number in range(1, count + 1)
        ]

    rows = [f"{n % 40 + 1} {n // 160 % 6 + 1}0{n // 40 % 4 + 1} 人{n}" for n in range(2000)]

    assert {row.verdict for row in verdicts(*rows, known=town(40))} == {"ok"}

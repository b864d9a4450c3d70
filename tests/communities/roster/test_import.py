"""Rosters become households and residents: formats, repetition, changes, what is kept of the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from django.db import transaction
from django.utils import translation

from communities import personal
from communities.models import Building, Community, Household, Resident
from communities.roster.checking import check
from communities.roster.kind import ROSTER
from communities.roster.messages import REASONS, REMARKS
from communities.roster.remarks import remarks, stops
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.intake.confirming import apply_slice, confirm
from config.kernel.intake.erasing import KEPT, forget_personal
from config.kernel.intake.models import Import, ImportFile, ImportRow
from config.kernel.intake.rows import mend_row, take_doubtful
from config.kernel.intake.selectors import counts_of, note_sentences, reason_sentences
from config.kernel.intake.uploads import FileEmpty, FileTooBig, read_upload, store_upload
from tests.factories import SETUP, make_community
from tests.intake_corpus.hostile import HOSTILE, Hostile

HEADER = "楼号,室号,姓名,手机号,人数,特需,无手机\r\n"
FAMILY = "1号楼,101,王芳,138 0013 8000,2,,\r\n1,101室,丁一,,2,,\r\n"
OLD = "1,102,李梅,64380000,1,是,是\r\n"

# All of them go through the same reader as a catalogue, whose tests have the rest.
SOME_HOSTILE = dict(list(HOSTILE.items())[::4])

Read = Callable[[bytes], Import]


@pytest.fixture
def home(db: None) -> Community:
    """1号楼 without a household; a community with households is always beside it."""
    make_community()
    return make_community(rooms=())


@pytest.fixture
def read(home: Community) -> Read:
    def run(content: bytes) -> Import:
        with transaction.atomic():
            upload = store_upload(
                kind="roster",
                subject=("community", home.pk),
                filename="花名册.csv",
                content=content,
                actor=SETUP,
                at=clock.now(),
            )
        return read_upload(import_id=upload.pk)

    return run


def store(upload: Import, *, with_doubtful: bool = False) -> Import:
    with transaction.atomic():
        if with_doubtful:
            take_doubtful(upload=upload, actor=SETUP)
        confirm(upload=upload, actor=SETUP, at=clock.now())
    assert apply_slice(import_id=upload.pk)
    upload.refresh_from_db()
    return upload


def homes_of(community: Community) -> list[tuple[Any, ...]]:
    rows = Household.objects.filter(community=community).order_by("building__sort_key", "sort_key")
    return list(
        rows.values_list("building__label", "room", "needs_care", "has_smartphone", "people")
    )


def people_of(community: Community) -> list[tuple[Any, ...]]:
    rows = Resident.objects.filter(household__community=community).order_by("pk")
    return list(rows.values_list("household__room", "name", "phone_masked", "is_contact"))


HOMES = [("1号楼", "101", False, True, 2), ("1号楼", "102", True, False, 1)]
PEOPLE = [
    ("101", "王芳", "138****8000", True),
    ("101", "丁一", "", False),
    ("102", "李梅", "****0000", True),
]


def as_xlsx(text: str) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_numbers": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(text))):
            page.write_row(number, 0, row)
    return stream.getvalue()


@pytest.mark.parametrize(
    "encode", [str.encode, lambda text: text.encode("gbk"), as_xlsx], ids=["utf-8", "gbk", "xlsx"]
)
def test_import_roster_makes_households_and_residents(
    encode: Callable[[str], bytes], read: Read, home: Community
) -> None:
    upload = store(read(encode(HEADER + FAMILY + OLD)))

    assert (counts_of(upload).created, counts_of(upload).updated) == (2, 1)
    assert homes_of(home) == HOMES
    assert people_of(home) == PEOPLE
    phone = Resident.objects.get(name="王芳").phone_encrypted
    assert personal.decrypt(bytes(phone or b"")) == "+8613800138000"
    assert Resident.objects.exclude(household__community=home).count() == 0


def test_import_same_roster_twice_changes_nothing(read: Read, home: Community) -> None:
    store(read((HEADER + FAMILY + OLD).encode()))
    past = AuditEntry.objects.exclude(subject_kind="import").count()

    again = store(read((HEADER + FAMILY + OLD + "\r\n").encode()))

    assert counts_of(again).unchanged == 3
    assert (homes_of(home), people_of(home)) == (HOMES, PEOPLE)
    assert AuditEntry.objects.exclude(subject_kind="import").count() == past


def test_import_changed_roster_updates_what_it_names(read: Read, home: Community) -> None:
    store(read((HEADER + FAMILY + OLD).encode()))

    store(read((HEADER + "1,101,王芳,13900139000,3,,\r\n1,102,李梅,,,否,\r\n").encode()))

    assert homes_of(home) == [("1号楼", "101", False, True, 3), ("1号楼", "102", False, False, 1)]
    assert people_of(home) == [("101", "王芳", "139****9000", True), *PEOPLE[1:]]


def test_import_new_buildings_is_one_question_for_the_whole_file(
    read: Read, home: Community
) -> None:
    rows = "2,101,王芳,,,,\r\n2,102,丁一,,,,\r\n1,101,丁二,,,,\r\n合计,3户,,,,,\r\n"
    upload = read((HEADER + rows).encode())
    assert (counts_of(upload).total, counts_of(upload).taken) == (3, 3)
    with translation.override("en"):
        assert stops(upload) == [
            "The community has no 2号楼 yet. They would be set up with these rows."
        ]
        assert note_sentences(upload) == ["Rows of sums were skipped: row 5."]
    store(upload)

    assert sorted(Building.objects.filter(community=home).values_list("label", flat=True)) == [
        "1号楼",
        "2号楼",
    ]
    assert [home[:2] for home in homes_of(home)] == [
        ("1号楼", "101"),
        ("2号楼", "101"),
        ("2号楼", "102"),
    ]


def test_remarks_on_a_compound_from_nothing_name_what_is_set_up_and_what_is_missing(
    read: Read, home: Community
) -> None:
    """A file of 60 rows with slips of the hand: none of them hides a gap, and nothing else is asked."""
    Building.objects.filter(community=home).delete()
    doors = {f"{floor}{door:02}" for floor in range(1, 6) for door in range(1, 5)}
    lacking = {"303", "304", "401", "402", "403", "404"}
    rows = [
        *((1, room) for room in sorted(doors - lacking)),
        *((house, room) for house in (2, 3) for room in sorted(doors)),
        *((1, "9901"), (2, "2O3"), (3, "-101"), (11, "101")),
    ]
    text = "".join(f"{house},{room},王{n},,,,\r\n" for n, (house, room) in enumerate(rows))

    upload = read((HEADER + text).encode())

    asked = upload.rows.filter(verdict="doubtful").order_by("number")
    assert [row.reasons[0]["code"] for row in asked] == ["room_high", "room_odd", "building_lonely"]
    with translation.override("en"):
        assert remarks(upload) == [
            "Buildings that would be set up: 1号楼, 2号楼, 3号楼.",
            "1号楼: no 303, 304, 401, 402, 403, 404. Is nobody living there, or is a row missing?",
        ]
    store(upload, with_doubtful=True)
    found = check(home.pk)
    assert found.gaps == [("1号楼", sorted(lacking))]
    with translation.override("en"):
        assert [(door.building, door.room, door.note) for door in check(home.pk).beyond] == [
            ("1号楼", "9901", "The others are on floors up to 5?"),
            ("3号楼", "-101", "An unusual number?"),
            ("11号楼", "101", "The only household of the building?"),
        ]


def test_import_without_a_yes_leaves_doubtful_rows_and_gives_the_rest(
    read: Read, home: Community
) -> None:
    rows = "1,101,王芳,12345,,,\r\n1,102,李梅,,,高血压,\r\n1,103,丁一,,,,\r\n1,,丁二,,,,\r\n"

    upload = store(read((HEADER + rows).encode()))

    assert (counts_of(upload).created, counts_of(upload).left) == (1, 3)
    assert people_of(home) == [("103", "丁一", "", True)]


def test_import_with_a_yes_stores_bad_phone_without_it_and_care_without_its_reason(
    read: Read, home: Community
) -> None:
    rows = "1,101,王芳,12345,,,\r\n1,102,李梅,,,高血压,\r\n"

    store(read((HEADER + rows).encode()), with_doubtful=True)

    assert people_of(home) == [("101", "王芳", "", True), ("102", "李梅", "", True)]
    assert [home[2] for home in homes_of(home)] == [False, True]
    kept = str([*ImportRow.objects.values(), *AuditEntry.objects.values()])
    assert "高血压" not in kept


def test_mend_address_places_the_row(read: Read, home: Community) -> None:
    upload = read("地址,姓名\r\n门口第一家,王芳\r\n1号楼102室,李梅\r\n".encode())
    assert counts_of(upload).taken == 1

    with transaction.atomic():
        mend_row(upload=upload, number=2, texts={"address": "1-101"}, actor=SETUP)
    store(upload)

    assert people_of(home) == [("101", "王芳", "", True), ("102", "李梅", "", True)]


def test_import_reads_addresses_by_the_rules_of_the_compound(read: Read, home: Community) -> None:
    Community.objects.filter(pk=home.pk).update(address="宛平南路500弄")
    store(read((HEADER + FAMILY).encode()))

    text = "地址,姓名\r\n宛平南路500弄1号楼102,李梅\r\n一号楼一百零三室,丁二\r\n1幢101室,丁三\r\n"
    upload = read(text.encode())

    assert [row.values["place"] for row in upload.rows.order_by("number")] == [
        ["", "1", "", room] for room in ("102", "103", "101")
    ]


def test_import_asks_about_addresses_of_other_compounds(read: Read, home: Community) -> None:
    """Known or not: 北苑 has a 1号101 too, and its people are none of ours."""
    Community.objects.filter(pk=home.pk).update(name="宛平南苑", address="宛平南路500弄")
    text = "地址,姓名\r\n宛平南苑1号楼101,王芳\r\n宛平北苑1号楼101,李梅\r\n"
    empty = read(text.encode())
    store(read((HEADER + FAMILY).encode()))
    known = read((text + "虹桥路1号楼101,丁二\r\n曹杨九村1号101,丁三\r\n").encode())

    asked = [
        [
            (row.verdict, [one["code"] for one in row.reasons][:1])
            for row in upload.rows.order_by("number")
        ]
        for upload in (empty, known)
    ]
    elsewhere = ("doubtful", ["address_elsewhere"])
    assert asked == [
        [("ok", ["new_household"]), elsewhere],
        [("ok", ["unchanged"]), elsewhere, elsewhere, elsewhere],
    ]


def test_remarks_name_new_buildings_and_gaps_in_file_and_register_together(
    read: Read, home: Community
) -> None:
    store(read((HEADER + "1,101,王芳,,,,\r\n").encode()))

    upload = read((HEADER + "1,102,丁一,,,,\r\n1,104,丁二,,,,\r\n2,101,丁三,,,,\r\n").encode())

    with translation.override("en"):
        assert remarks(upload) == [
            "1号楼: no 103. Is nobody living there, or is a row missing?",
        ]


def test_apply_to_a_household_changed_after_the_preview_stores_nothing(
    read: Read, home: Community
) -> None:
    store(read((HEADER + OLD).encode()))
    upload = read((HEADER + "1,102,李梅,,,否,\r\n").encode())
    Household.objects.filter(community=home).update(people=5, needs_care=True)
    upload2 = read((HEADER + "1,102,李梅,,2,,\r\n").encode())
    Household.objects.filter(community=home).update(people=4)

    store(upload2)

    assert upload2.rows.get().reasons[-1]["code"] == "changed_meanwhile"
    assert homes_of(home) == [("1号楼", "102", True, False, 4)]
    assert upload.rows.get().result == ""


def test_stored_rows_keep_nothing_personal_and_the_rest_is_forgotten_in_a_week(
    read: Read, home: Community
) -> None:
    upload = store(read((HEADER + FAMILY + "1,,丁二,13900139000,,,\r\n").encode()))
    waiting = read((HEADER + OLD).encode())

    kept = str(list(upload.rows.exclude(result="left").values()))
    assert not any(word in kept for word in ("王芳", "8000", "101"))
    assert "丁二" in str(list(upload.rows.filter(result="left").values()))
    assert forget_personal(clock.now()) == 0
    assert forget_personal(clock.now() + KEPT + timedelta(minutes=1)) == 2
    assert not ImportFile.objects.exists()
    assert "丁二" not in str(list(ImportRow.objects.values()))
    assert list(Import.objects.values_list("pk", flat=True)) == [upload.pk]
    assert not ImportRow.objects.filter(upload=waiting.pk).exists()
    assert forget_personal(clock.now() + KEPT + timedelta(minutes=1)) == 0


@pytest.mark.parametrize("case", SOME_HOSTILE.values(), ids=SOME_HOSTILE.keys())
def test_import_hostile_file_keeps_a_failed_import_and_nothing_else(
    case: Hostile, read: Read, home: Community
) -> None:
    content = case.make()
    if case.code == "file_too_big" or not content:
        with pytest.raises((FileTooBig, FileEmpty)):
            read(content)
        return
    upload = read(content)

    # Some of them have the headings of a catalogue, which are none of a roster.
    assert upload.status == "failed"
    assert upload.error_code in (case.code, "no_header")
    assert not ImportRow.objects.exists()
    assert homes_of(home) == []


def test_every_sentence_is_translated() -> None:
    params = dict.fromkeys(
        (
            *("value", "column", "limit", "room", "floors", "doors", "old", "new"),
            *("row", "rooms", "building", "buildings", "count"),
        ),
        "7",
    )
    codes = [{"code": code, "params": params} for code in REASONS]
    with translation.override("zh-hans"):
        sentences = reason_sentences(ROSTER, codes)
        sentences += [translation.gettext(text) for text in REMARKS.values()]
    assert all(re.search(r"[\u4e00-\u9fff]", sentence) for sentence in sentences)
    assert all(sentence[-1] in "。？" for sentence in sentences)

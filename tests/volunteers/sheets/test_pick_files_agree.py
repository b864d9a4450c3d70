"""Pick list and slips carry the same figures, and every file is read back from its bytes alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.files.found import UnreadableFile
from tests.orders.files.test_order_files_hostile import HOSTILE
from tests.volunteers.sheets.pick_samples import (
    a_building,
    any_picks,
    make_bag,
    make_bag_line,
    make_picks,
    of_lines,
)
from volunteers.sheets.content import PickSheet
from volunteers.sheets.figures import pick_figures
from volunteers.sheets.reading import read_picks
from volunteers.sheets.writing import PICK_WRITERS

FILES = list(PICK_WRITERS)
SHEETS = {
    "building": a_building(),
    "second revision, second wave": a_building(revision=2, wave=2),
    "empty": make_picks([]),
    "an empty bag": make_picks([make_bag("101", [])]),
    "one long household": of_lines(3, 106, 5),
    "a villa": a_building(["别墅 6号", "甲101", "商务楼"]),
    "one wide name": make_picks([make_bag("101", [make_bag_line(1, name="W" * 90)])]),
    "fees": make_picks([make_bag("101", [make_bag_line(1)])], total_fen=780),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("kind", "form"), FILES)
@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_read_picks_every_file_gives_the_sheets_figures(
    sheet: PickSheet, kind: str, form: str, language: str
) -> None:
    content = PICK_WRITERS[kind, form](sheet, language)

    found = read_picks(kind, form, content)

    assert found == pick_figures(sheet)
    rooms = [bag.room.replace(" ", "") for bag in found.bags]
    assert rooms == [bag.room.replace(" ", "") for bag in sheet.bags]


@pytest.mark.parametrize(("kind", "form"), FILES)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_write_picks_of_hostile_text_reads_back(text: str, kind: str, form: str) -> None:
    lines = [make_bag_line(n, name=text, spec=text, unit=text) for n in range(1, 30)]
    fields = dict.fromkeys(
        ("window_title", "building_label", "community_name", "supplier_name"), text
    )
    sheet = make_picks([make_bag(text, lines), make_bag("102", lines[:3])], **fields)

    content = PICK_WRITERS[kind, form](sheet, "zh-hans")

    assert read_picks(kind, form, content) == pick_figures(sheet)


@pytest.mark.parametrize(("kind", "form"), FILES)
@given(sheet=any_picks, language=st.sampled_from(["zh-hans", "en"]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_read_picks_of_any_building_gives_its_figures(
    kind: str, form: str, sheet: PickSheet, language: str
) -> None:
    assert read_picks(kind, form, PICK_WRITERS[kind, form](sheet, language)) == pick_figures(sheet)


@pytest.mark.parametrize(("kind", "form"), FILES)
@given(data=st.data())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_read_picks_of_damaged_bytes_refuses_or_finds_the_same(
    kind: str, form: str, data: st.DataObject
) -> None:
    content = bytearray(PICK_WRITERS[kind, form](a_building(), "zh-hans"))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))

    try:
        found = read_picks(kind, form, bytes(content))
    except UnreadableFile:
        return

    assert found == pick_figures(a_building())


@pytest.mark.parametrize(("kind", "form"), FILES)
def test_read_picks_of_another_file_is_refused(kind: str, form: str) -> None:
    for other in FILES:
        if other != (kind, form):
            with pytest.raises(UnreadableFile):
                read_picks(kind, form, PICK_WRITERS[other](a_building(), "zh-hans"))

"""What a volunteer holds at 6 in the morning."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from communities.natural import natural_key
from orders.files.from_pdf import FOOTER_BELOW, rows_in
from orders.files.ink import from_left, read_pages, rows_of, text_of
from tests.volunteers.sheets.pick_samples import (
    a_building,
    make_bag_line,
    of_lines,
)
from volunteers.sheets.content import BagLine, PickSheet
from volunteers.sheets.from_slips import slip_spans
from volunteers.sheets.reading import read_picks
from volunteers.sheets.writing import PICK_WRITERS, pick_file_name

ROOT = Path(__file__).resolve().parents[3]
ROOMS = [f"{floor}{number:02d}" for floor in range(1, 12) for number in range(1, 4)]


def slips(sheet: PickSheet) -> bytes:
    return PICK_WRITERS["slips", "pdf"](sheet, "zh-hans")


def sometimes_long(position: int) -> BagLine:
    """Every fifth name takes two rows of type."""
    if position % 5:
        return make_bag_line(position)
    return make_bag_line(position, name="荤素保供套餐（三口之家3天）", spec="13种，约13.6kg/套")


def frames(content: bytes) -> list[list[str]]:
    """First cells of the rows of each frame, left before right, page by page."""
    return [
        [cells["position"] for cells, _ in rows_in(body, slip_spans(frame))]
        for inks in read_pages(content)
        for body in [[ink for ink in inks if ink.y >= FOOTER_BELOW]]
        for frame in (0, 1)
    ]


@pytest.mark.parametrize(("kind", "form"), list(PICK_WRITERS))
def test_write_picks_keeps_the_natural_order_of_rooms(kind: str, form: str) -> None:
    shuffled = sorted(ROOMS)
    assert shuffled[:3] == ["1001", "1002", "1003"]
    sheet = a_building(sorted(shuffled, key=natural_key))

    found = read_picks(kind, form, PICK_WRITERS[kind, form](sheet, "zh-hans"))

    assert [bag.room for bag in found.bags] == ROOMS
    assert [(bag.sequence, bag.of) for bag in found.bags] == [(n, 33) for n in range(1, 34)]


def test_write_slips_never_splits_one_over_pages() -> None:
    found = frames(slips(of_lines(*[3, 25, 8, 14, 1, 25, 30, 2] * 4)))

    assert len(found) > 4
    for firsts in found:
        ends = [first for first in firsts if "/" in first or first == "应付"]
        assert all("/" in first for first in ends[::2])
        assert set(ends[1::2]) <= {"应付"}
        assert len(ends) % 2 == 0


def test_write_slips_of_25_lines_is_one_narrow_slip() -> None:
    content = slips(of_lines(25, make=sometimes_long))

    assert [len(firsts) for firsts in frames(content)] == [28, 0]


def test_write_slips_of_60_long_names_stays_on_its_pages() -> None:
    def long_name(position: int) -> BagLine:
        return replace(sometimes_long(5), position=position)

    content = slips(of_lines(60, make=long_name))

    assert [len(firsts) for firsts in frames(content)] == [22, 21, 19, 2]


def test_write_slips_of_106_lines_takes_two_pages_and_asks_for_money_once() -> None:
    content = slips(of_lines(2, 106, 2))

    found = frames(content)
    heads = [first for firsts in found for first in firsts if "/" in first]
    assert heads == ["1/3", "2/3", "2/3", "3/3"]
    assert [firsts.count("应付") for firsts in found] == [1, 0, 0, 0, 0, 1, 1, 0]
    printed = [text_of(row) for inks in read_pages(content) for row in rows_of(inks)]
    assert sum("第1张，共2张" in row for row in printed) == 1
    assert sum("第2张，共2张" in row for row in printed) == 1


def test_write_slips_shows_room_amount_due_and_door_large() -> None:
    content = slips(a_building(["101", "1103"]))

    sizes = font_sizes(content)
    assert sizes["101"] == sizes["1103"] == 36
    assert sizes["送上门"] == 18
    assert sizes["11.70元"] == sizes["7.80元"] == 22


def test_write_slips_of_a_second_revision_says_so_on_each() -> None:
    printed = "".join(
        text_of(from_left(row)) for row in rows_of(read_pages(slips(a_building(revision=2)))[0])
    )

    assert printed.count("第2版") == 3 + 3 + 1


def test_write_picks_keeps_a_room_and_its_lines_on_one_page() -> None:
    content = PICK_WRITERS["picks", "pdf"](of_lines(*[11] * 20), "zh-hans")

    for inks in read_pages(content)[1:]:
        firsts = [text_of(row).split("青菜")[0] for row in rows_of(i for i in inks if i.x < 78)]
        rows = [first for first in firsts if first.isdigit() or "/20" in first]
        assert "/20" in rows[0]
        assert rows[-1] == "11"


def test_write_picks_of_a_household_longer_than_a_page_repeats_its_room() -> None:
    content = PICK_WRITERS["picks", "pdf"](of_lines(80), "zh-hans")

    printed = [text_of(row) for inks in read_pages(content) for row in rows_of(inks)]
    assert [row[:6] for row in printed if row.startswith("1/1101")] == ["1/1101"] * 3
    assert sum("续" in row for row in printed) == 2


@pytest.mark.parametrize(("kind", "form"), list(PICK_WRITERS))
def test_write_2000_rows_stays_within_five_seconds(kind: str, form: str) -> None:
    sheet = of_lines(*[18] * 111)

    began = time.monotonic()
    PICK_WRITERS[kind, form](sheet, "zh-hans")

    assert time.monotonic() - began < 5


def test_write_picks_in_two_processes_gives_the_same_bytes_without_django(tmp_path: Path) -> None:
    first = _hashes(ROOT, {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"})
    second = _hashes(tmp_path, {"PYTHONHASHSEED": "2", "TZ": "America/New_York"})

    assert first == second
    expected = [
        hashlib.sha256(write(a_building(), language)).hexdigest()
        for write in PICK_WRITERS.values()
        for language in ("zh-hans", "en")
    ]
    assert first == expected


def test_pick_file_name_holds_building_wave_and_revision() -> None:
    sheet = a_building(building_label="2/3号楼", wave=2)

    assert pick_file_name(sheet, "picks", "xlsx") == "分拣单-LH-20220421-3-2_3号楼-第2批-第1版.xlsx"
    assert pick_file_name(sheet, "slips", "pdf") == "一户一单-LH-20220421-3-2_3号楼-第2批-第1版.pdf"


def _hashes(folder: Path, environment: dict[str, str]) -> list[str]:
    program = """
import hashlib, sys
sys.modules["django"] = None
from tests.volunteers.sheets.pick_samples import a_building
from volunteers.sheets.writing import PICK_WRITERS
print(*(hashlib.sha256(write(a_building(), language)).hexdigest()
        for write in PICK_WRITERS.values() for language in ("zh-hans", "en")))
"""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.split()


def font_sizes(content: bytes) -> dict[str, float]:
    """Words of one size in a row, without spaces, on the first page → points."""
    text = pdfium.PdfDocument(content)[0].get_textpage()
    words: dict[str, float] = {}
    word, size = "", 0.0
    for at in range(pdfium_c.FPDFText_CountChars(text)):
        here = pdfium_c.FPDFText_GetFontSize(text, at)
        generated = pdfium_c.FPDFText_IsGenerated(text, at) == 1
        if generated or here != size:
            words[word] = size
            word = ""
        size = here
        word += "" if generated else chr(pdfium_c.FPDFText_GetUnicode(text, at)).strip()
    return words | {word: size}

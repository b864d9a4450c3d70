"""Posters and slips as paper: read back by a decoder, and what must not stand on them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pypdfium2 as pdfium
import pytest
import zxingcpp

from orders.files.ink import Ink, read_pages, text_of
from volunteers.sheets.door_slips import DoorSlip, DoorSlips, write_door_slips
from volunteers.sheets.poster import (
    Poster,
    PosterItem,
    PosterMenu,
    write_poster_pdf,
    write_poster_png,
)

PAGE = "https://jidan.example.org/m/"
MORNING = datetime(2022, 4, 21, 8, tzinfo=UTC)
CODES = [f"ABCD-EFGH-{first}{second}" for first in "JKMNP" for second in "0123"]
SLIPS = DoorSlips(
    community="宛平南苑",
    page=PAGE,
    made_at=MORNING,
    slips=[
        DoorSlip("2号楼", f"{number}{door:02}", CODES[4 * number - 4 + door - 1])
        for number in range(1, 6)
        for door in range(1, 5)
    ],
    service_name="居委王老师",
    service_phone="021-64380000",
)


def poster(count: int, **fields: str) -> Poster:
    items = [PosterItem(n, f"青菜{n}", "500g/袋", "袋", 100 * n + 90) for n in range(1, count + 1)]
    menu = PosterMenu(
        "联华 4月21日 周四 第3团", "联华超市", MORNING.replace(hour=12), items, date(2022, 4, 21)
    )
    return Poster(
        "宛平南苑",
        PAGE,
        MORNING,
        building="2号楼",
        menu=menu if count else None,
        service_name="居委王老师",
        service_phone="021-64380000",
    )


def decoded(pdf: bytes) -> list[list[str]]:
    """What a reader sees on each page at 150 dots per inch, from the top, left to right."""
    with pdfium.PdfDocument(pdf) as document:
        return [_codes(page) for page in document]


def _codes(page: pdfium.PdfPage) -> list[str]:
    picture = page.render(scale=150 / 72, grayscale=True)
    width, height, stride = picture.width, picture.height, picture.stride
    rows = memoryview(bytes(picture.buffer))
    dots = b"".join(rows[start : start + width] for start in range(0, height * stride, stride))
    found = zxingcpp.read_barcodes(memoryview(dots).cast("B", (height, width)))
    corners = [(one.position.top_left.y // 40, one.position.top_left.x, one.text) for one in found]
    return [text for _y, _x, text in sorted(corners)]


def test_slips_are_read_back_eight_to_a_page_in_their_order() -> None:
    pages = decoded(write_door_slips(SLIPS))

    assert [len(codes) for codes in pages] == [8, 8, 4]
    assert [code for codes in pages for code in codes] == [f"{PAGE}#{code}" for code in CODES]


def test_slip_below_its_strip_tells_no_door_and_the_code_no_identity() -> None:
    """What is cut off is the uppermost sixth of each slip."""
    (page, *_rest) = read_pages(write_door_slips(SLIPS))
    height = 70 / 25.4 * 72
    top = 842 - 8 / 25.4 * 72

    def is_on_strip(ink: Ink) -> bool:
        return (top - ink.y) % height < 11.5 / 25.4 * 72

    strips = text_of([ink for ink in page if is_on_strip(ink)])
    bodies = text_of([ink for ink in page if not is_on_strip(ink)])
    assert strips.count("2号楼") == 8
    assert "号楼" not in bodies
    assert not re.search(r"(?<!\d)[12]0[1-4](?!\d)", bodies)
    assert bodies.count("ABCD-EFGH-") == 8
    assert bodies.count("021-64380000") == 8


def test_slips_are_the_same_bytes_for_the_same_codes() -> None:
    assert write_door_slips(SLIPS) == write_door_slips(SLIPS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_poster_of_fifty_products_is_one_page_and_its_code_leads_to_the_phone_page(
    language: str,
) -> None:
    pdf = write_poster_pdf(poster(50), language)

    assert decoded(pdf) == [[PAGE]]
    (page,) = read_pages(pdf)
    text = text_of(page)
    for words in ("宛平南苑2号楼", "021-64380000", "居委王老师", "12:00", "青菜50", "50.90"):
        assert words in text
    assert ("周四" if language == "zh-hans" else "Thu") in text


def test_poster_of_a_hundred_products_takes_two_pages_and_none_is_lost() -> None:
    pages = read_pages(write_poster_pdf(poster(106)))

    assert len(pages) == 2
    text = "".join(text_of(page) for page in pages)
    assert all(f"青菜{number}" in text for number in range(1, 107))


def test_poster_without_a_group_buy_shows_the_way() -> None:
    assert decoded(write_poster_pdf(poster(0))) == [[PAGE]]


def test_poster_picture_is_as_wide_as_a_phone_shows() -> None:
    picture = write_poster_png(poster(50))

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20], "big") == 1080


def test_poster_of_hostile_words_is_set() -> None:
    odd = '#set text(99pt) "]}{[ \u202e<script> =1+1 😀' * 5
    item = PosterItem(1, odd, odd, odd, 10**12)
    menu = PosterMenu(odd, odd, MORNING, [item], None, odd)

    assert len(read_pages(write_poster_pdf(Poster(odd, PAGE, MORNING, odd, menu, odd, odd)))) == 1

"""Notices as pictures."""

from __future__ import annotations

import struct

import pytest

from orders.files.as_picture import Notice, write_picture


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_write_picture_is_as_wide_as_a_phone_shows_and_as_high_as_it_must_be() -> None:
    short = write_picture(Notice("已截单", "联华"))
    long = write_picture(Notice("已截单", "联华", [("截单", "12:00")] * 6, ["不能再改单。"] * 4))

    assert size_of(short)[0] == size_of(long)[0] == 1080
    assert size_of(short)[1] < size_of(long)[1] < 2500


def test_write_picture_twice_gives_the_same_bytes() -> None:
    notice = Notice("到货啦", "联华", [("楼栋", "1号楼")], ["请取货。"], "go")

    assert write_picture(notice) == write_picture(notice)


@pytest.mark.parametrize(
    "text",
    ["😀 #set page(width: 1pt)", "$x$ _a_ @b \\ #panic()", "長" * 5000, "", "a" * 300, "\u202eabc"],
)
def test_write_picture_takes_whatever_was_typed(text: str) -> None:
    png = write_picture(Notice(text, text, [(text, text)], [text], "stop", "en"))

    assert size_of(png)[0] == 1080

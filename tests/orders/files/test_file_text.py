"""Text that other people typed, made fit for a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.files.glyphs import advances, ems
from orders.files.text import (
    display_width,
    for_chat,
    for_paper,
    for_spreadsheet,
    from_spreadsheet,
    plain,
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("青菜", "青菜"),
        ("  a \t b\r\nc　d ", "a b c d"),
        ("a\x00b\x1bc\x7f\x85d", "abcd"),
        ("\u202e价\u2066格\u200e\ufeff", "价格"),
        ("\ud800", "\ufffd"),
        ("a\ufffe\U0001ffffb", "ab"),
        ("🐔👨\u200d👩", "🐔👨👩"),
        ("", ""),
    ],
)
def test_plain_keeps_one_visible_line(typed: str, shown: str) -> None:
    assert plain(typed) == shown


def test_plain_beyond_the_limit_ends_with_an_ellipsis() -> None:
    assert plain("青" * 10_000, limit=5) == "青青青青…"
    assert plain("青" * 5, limit=5) == "青" * 5


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_for_spreadsheet_with_a_formula_start_leads_with_an_apostrophe(start: str) -> None:
    assert for_spreadsheet(f"{start}1") == f"'{start}1"
    assert for_spreadsheet(f"\t\r\n\0{start}1") == f"'{start}1"
    assert for_spreadsheet(f"a{start}1") == f"a{start}1"


@given(st.text())
def test_from_spreadsheet_gives_back_the_plain_text(typed: str) -> None:
    shown = plain(typed)
    if not shown.startswith("'"):
        assert from_spreadsheet(for_spreadsheet(typed)) == shown


@given(st.text())
def test_for_paper_uses_only_glyphs_of_the_font(typed: str) -> None:
    shown = for_paper(typed)

    assert {char for char in shown if ord(char) not in advances()} <= {"\u200b"}
    assert all(ems(run) <= 11 for run in shown.replace("\u200b", " ").split() if run.isascii())


def test_for_paper_of_unknown_characters_shows_one_box_for_a_run() -> None:
    assert for_paper("🐔🐮鸡🐟") == "□鸡□"
    assert for_paper("䶮㛃𠅤𬱖") == "䶮㛃𠅤𬱖"


def test_for_chat_isolates_only_right_to_left_writing() -> None:
    assert for_chat("青菜") == "青菜"
    assert for_chat("שלום 5") == "\u2068שלום 5\u2069"


def test_display_width_counts_chinese_characters_twice() -> None:
    assert display_width("青菜 500g") == 9

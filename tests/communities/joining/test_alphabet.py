"""What people type off a slip is what was printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.joining.alphabet import ALPHABET, BITS, make_code, read_code


def test_make_code_has_fifty_bits_without_look_alikes() -> None:
    codes = {make_code() for _turn in range(200)}

    assert len(codes) == 200
    assert (len(set(ALPHABET)), BITS) == (32, 50)
    assert not set("ILOU") & set(ALPHABET)
    assert {(len(code), code[4], code[9]) for code in codes} == {(12, "-", "-")}
    assert all(read_code(code) == code for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "ABCD-EFGH-10",
            "abcdefgh10",
            " abcd efgh io ",
            "ＡＢＣＤ－ＥＦＧＨ－１０",
            "ABCD—EFGH—lO",
        ),
        *("A B C D E F G H 1 0", "abcd.efgh.1o\n"),
    ],
)
def test_read_code_takes_every_way_of_typing(typed: str) -> None:
    assert read_code(typed) == "ABCD-EFGH-10"


@pytest.mark.parametrize(
    "typed",
    ["", "ABCD", "ABCD-EFGH-JKM", "中文中文中文中文中文", "ABCD-EFGH-Ü0", "\x00" * 10, "A" * 5000],
)
def test_read_code_of_something_else_is_nothing(typed: str) -> None:
    assert not read_code(typed)


@given(st.text())
def test_read_code_never_fails(typed: str) -> None:
    code = read_code(typed)

    assert code == "" or read_code(code) == code

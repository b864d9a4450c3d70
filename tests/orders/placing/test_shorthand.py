"""What a hand types during a call, read without guessing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.placing.shorthand import Wrong, read_shorthand, write_shorthand

# The page's script reads the same corpus: tests/volunteers/desk/test_entry_browser.py.
READ = {
    "12*2 5 7x3": {12: 2, 5: 1, 7: 3},
    "12 2": {12: 2},
    "12 2\n5\n7 3\n": {12: 2, 5: 1, 7: 3},
    "12 2, 5, 7 3": {12: 2, 5: 1, 7: 3},
    "12 2，5、7 3。": {12: 2, 5: 1, 7: 3},
    "１２＊２　５": {12: 2, 5: 1},
    "12×2；7 X 3": {12: 2, 7: 3},
    "12 * 2 5": {12: 2, 5: 1},
    "12：2 5": {12: 2, 5: 1},
    "12乘2": {12: 2},
    "12号2份，5号": {12: 2, 5: 1},
    "#12*2袋 #5": {12: 2, 5: 1},
    "12 2份": {12: 2},
    "5+7+9": {5: 1, 7: 1, 9: 1},
    "5": {5: 1},
    "05*02": {5: 2},
    "5 5": {5: 5},
    "5*1 5*2": {5: 3},
    "5*9999": {5: 9999},
    "": {},
    " \n , 、": {},
}
WRONG = {
    "5 7 9": [Wrong("5 7 9", "unclear")],
    "12 2 5 1": [Wrong("12 2 5 1", "unclear")],
    "12*2, 5 7 9": [Wrong("5 7 9", "unclear")],
    "生菜 2": [Wrong("生菜", "strange")],
    "12*": [Wrong("12*", "strange")],
    "*2": [Wrong("*2", "strange")],
    "12**2": [Wrong("12**2", "strange")],
    "12-2": [Wrong("12-2", "strange")],
    "1.5*2": [Wrong("1.5*2", "strange")],
    "12*0": [Wrong("12*0", "zero")],
    "12 0": [Wrong("12 0", "zero")],
    "12*10000": [Wrong("12*10000", "many")],
    "12*9999 12": [Wrong("12", "many")],
    "=1+1": [Wrong("=1", "strange")],
    "12*2\0": [Wrong("12*2\0", "strange")],
    "1234567": [Wrong("1234567", "strange")],
}


@pytest.mark.parametrize("text", READ)
def test_read_shorthand_reads_what_is_clear(text: str) -> None:
    found = read_shorthand(text)

    assert (found.wanted, found.wrong) == (READ[text], [])


@pytest.mark.parametrize("text", WRONG)
def test_read_shorthand_names_what_is_not_clear_and_does_not_take_it(text: str) -> None:
    assert read_shorthand(text).wrong == WRONG[text]


def test_read_shorthand_of_a_book_is_refused_at_its_end() -> None:
    assert read_shorthand("5," * 1001).wrong == [Wrong("5,", "strange")]


@given(
    st.dictionaries(st.integers(1, 999999), st.integers(1, 9999), max_size=40),
    st.sampled_from(["\n", ",", "，", " \n ", "; "]),
    st.sampled_from(["*", " ", "x", " × "]),
)
def test_read_shorthand_reads_back_what_was_written(
    wanted: dict[int, int], end: str, sign: str
) -> None:
    text = end.join(f"{number}{sign}{quantity}" for number, quantity in wanted.items())

    assert read_shorthand(text[:2000]).wanted == wanted or len(text) > 2000
    assert read_shorthand(write_shorthand(wanted)).wanted == wanted


@given(st.text(max_size=60))
def test_read_shorthand_takes_whatever_is_typed(text: str) -> None:
    found = read_shorthand(text)

    assert all(1 <= quantity <= 9999 for quantity in found.wanted.values())

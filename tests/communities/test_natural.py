"""Natural order: as people count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from communities.natural import natural_key


def in_order(*texts: str) -> bool:
    keys = [natural_key(text).encode() for text in texts]
    return keys == sorted(set(keys))


def test_natural_key_counts_numbers_inside_a_text() -> None:
    assert in_order("1", "2", "9", "10", "101", "201", "1103")
    assert in_order("A2", "A10", "B1")
    assert in_order("1-2", "1-10", "2-1")


def test_natural_key_orders_stems_as_they_are_counted() -> None:
    assert in_order("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")


def test_natural_key_keeps_a_stem_behind_its_number_and_before_the_next() -> None:
    assert in_order("2", "2甲", "2乙", "3", "201")


def test_natural_key_of_other_spellings_is_the_same() -> None:
    assert natural_key("１０１") == natural_key(" 101 ") == natural_key("0101")
    assert natural_key("a1") == natural_key("Ａ１")


@given(st.integers(0, 10**8 - 1), st.integers(0, 10**8 - 1))
def test_natural_key_of_plain_numbers_is_the_order_of_numbers(one: int, other: int) -> None:
    assert (natural_key(str(one)) < natural_key(str(other))) == (one < other)


@given(st.text(max_size=20))
def test_natural_key_of_any_text_fits_its_column(text: str) -> None:
    assert len(natural_key(text)) <= 120

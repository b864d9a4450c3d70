"""Money: whole fen, half up, splits that sum exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.money import parse_yuan, round_half_up, split, yuan

fen = st.integers(min_value=-(10**12), max_value=10**12)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (1230, "12.30"),
        (-100, "-1.00"),
        (10**9, "10000000.00"),
    ],
)
def test_yuan_shows_two_decimals(amount: int, text: str) -> None:
    assert yuan(amount) == text


@given(fen)
def test_parse_yuan_of_yuan_is_the_same_amount(amount: int) -> None:
    assert parse_yuan(yuan(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", 1200),
        ("12.3", 1230),
        (" ¥12.30 ", 1230),
        ("￥ 12.30元", 1230),
        ("-0.05", -5),
        ("１２.３", 1230),
        ("007", 700),
    ],
)
def test_parse_yuan_of_a_written_price_is_fen(text: str, amount: int) -> None:
    assert parse_yuan(text) == amount


@pytest.mark.parametrize(
    "text", ["", "12.345", "1,200", "12.", ".5", "1e3", "12.30 USD", "--1", "十二", "nan", "1" * 13]
)
def test_parse_yuan_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + text.replace(".", r"\.") + "$"):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(5, 2), 3),
        (Decimal("2.5"), 3),
        (Decimal("2.4999999999999999999"), 2),
        (Decimal("-2.5"), -3),
        (Fraction(0), 0),
    ],
)
def test_round_half_up_moves_a_half_away_from_zero(value: Fraction | Decimal, whole: int) -> None:
    assert round_half_up(value) == whole


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_round_half_up_is_never_more_than_a_half_away(value: Fraction) -> None:
    rounded = round_half_up(value)

    assert abs(rounded - value) <= Fraction(1, 2)
    assert round_half_up(-value) == -rounded


@given(st.integers(min_value=0, max_value=10**12), weights)
def test_split_sums_exactly_and_stays_within_one_of_the_exact_share(
    total: int, by: list[int]
) -> None:
    whole = sum(by)
    if whole == 0 and total:
        with pytest.raises(ValueError, match="nothing to split by"):
            split(total, by)
        return

    shares = split(total, by)

    assert sum(shares) == total
    assert all(
        abs(share * whole - total * weight) < whole or whole == 0
        for share, weight in zip(shares, by, strict=True)
    )
    assert all(share == 0 for share, weight in zip(shares, by, strict=True) if weight == 0)


def test_split_gives_the_odd_fen_to_the_largest_remainder_then_to_the_first() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [1, 3, 6]) == [1, 3, 6]
    assert split(11, [1, 3, 6]) == [1, 3, 7]
    assert split(0, [0, 0]) == [0, 0]


@pytest.mark.parametrize(("total", "by"), [(-1, [1]), (1, [2, -1])])
def test_split_of_something_negative_is_refused(total: int, by: list[int]) -> None:
    with pytest.raises(ValueError, match="negative"):
        split(total, by)

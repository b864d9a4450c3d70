"""Prices, quantities and barcodes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.money import yuan
from suppliers.catalogue.barcodes import check_digit, read_barcode
from suppliers.catalogue.cells import CellError, read_price, read_quantity


@pytest.mark.parametrize(
    ("text", "unit", "fen"),
    [
        ("3.90", "袋", 390),
        ("3.9", "", 390),
        ("12", "", 1200),
        ("¥3.90", "", 390),
        ("￥ 3.90", "", 390),
        ("3.90元", "", 390),
        ("3.90元/袋", "袋", 390),
        ("3.90/袋", "袋", 390),
        ("１２．５", "", 1250),
        ("1,234.50", "", 123450),
        ("3.900", "", 390),
        ("0", "", 0),
        ("1000000", "", 100_000_000),
    ],
)
def test_read_price_as_people_write_it_gives_fen(text: str, unit: str, fen: int) -> None:
    assert read_price(text, unit) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "price_missing"),
        ("  ", "price_missing"),
        ("-3.90", "price_negative"),
        ("3.905", "price_fraction"),
        ("0.001", "price_fraction"),
        ("1000000.01", "price_too_high"),
        ("时价", "price_unreadable"),
        ("3-5", "price_unreadable"),
        ("3,90", "price_unreadable"),
        ("3.90元/箱", "price_unreadable"),
        ("=C2*2", "price_unreadable"),
        ("1e3", "price_unreadable"),
        ("-", "price_unreadable"),
        ("三块九", "price_unreadable"),
    ],
)
def test_read_price_that_is_none_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        read_price(text, "袋")
    assert refused.value.code == code


@given(st.integers(0, 100_000_000))
def test_read_price_of_a_shown_price_gives_it_back(fen: int) -> None:
    assert read_price(yuan(fen)) == fen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20", (20, True)),
        ("20.0", (20, True)),
        ("1,000", (1000, True)),
        ("20袋", (20, True)),
        ("20袋/箱", (20, True)),
        ("2袋起订", (2, True)),
        ("1箱", (1, False)),
        ("1箱起", (1, False)),
        ("0", (0, True)),
    ],
)
def test_read_quantity_gives_the_number_and_whether_its_words_are_clear(
    text: str, expected: tuple[int, bool]
) -> None:
    assert read_quantity(text, "袋") == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "quantity_negative"),
        ("-0.5", "quantity_negative"),
        ("1.5", "quantity_fraction"),
        ("1000001", "quantity_too_high"),
        ("若干", "quantity_unreadable"),
        ("2斤4盒", "quantity_unreadable"),
        ("10-20", "quantity_unreadable"),
    ],
)
def test_read_quantity_that_is_none_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        read_quantity(text, "袋")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6901028075008", ("6901028075008", "", "")),
        ("6921168115501", ("6921168115501", "", "")),
        ("6970000000000", ("6970000000000", "", "")),
        ("6901028075008.0", ("6901028075008", "", "")),
        (" 690 1028 075008 ", ("6901028075008", "", "")),
        ("６９０１０２８０７５００８", ("6901028075008", "", "")),
        ("96385074", ("96385074", "", "")),
        ("036000291452", ("036000291452", "", "")),
        ("", ("", "", "")),
        ("无", ("", "", "")),
        ("2106013040083", ("2106013040083", "barcode_in_store", "")),
        ("6970000000003", ("6970000000003", "barcode_check_digit", "6970000000000")),
        ("6.90103E+12", ("6.90103E+12", "barcode_scientific", "")),
        ("16901028075005", ("16901028075005", "barcode_carton", "")),
        ("690102807500", ("690102807500", "barcode_length", "")),
        ("12345", ("12345", "barcode_length", "")),
        ("A-001", ("A-001", "barcode_own", "")),
        ("690102;8075008", ("690102;8075008", "barcode_characters", "")),
    ],
)
def test_read_barcode_says_what_is_odd_about_it(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(read_barcode(text)) == expected


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_check_digit_finds_every_single_wrong_digit(payload: str, place: int, step: int) -> None:
    wrong = str((int(payload[place]) + step) % 10)
    assert check_digit(payload) != check_digit(payload[:place] + wrong + payload[place + 1 :])

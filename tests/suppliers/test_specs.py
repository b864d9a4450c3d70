"""Specifications as suppliers write them, and the price of 500 g that follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.specs import MAX_GRAMS, Spec, grams_sold, parse_spec, price_per_jin_fen


@pytest.mark.parametrize(
    ("text", "grams", "pieces", "is_about"),
    [
        ("约500g*2", 1000, 2, True),
        ("2斤4盒", 1000, 4, False),
        ("3斤装±10%", 1500, 1, True),
        ("一箱四个约14斤", 7000, 4, True),
        ("12个/箱约九斤", 4500, 12, True),
        ("每箱四斤", 2000, 1, False),
        ("半箱六盒", None, 6, False),
        ("500g/袋", 500, 1, False),
        ("５００Ｇ／袋", 500, 1, False),
        ("5KG", 5000, 1, False),
        ("5公斤装", 5000, 1, False),
        ("2.5千克", 2500, 1, False),
        ("400g×3袋", 1200, 3, False),
        ("3*400g", 1200, 3, False),
        ("100g*10袋*2盒", 2000, 20, False),
        ("20包*50克/箱", 1000, 20, False),
        ("1斤(约500g)", 500, 1, True),
        ("净重450g 毛重500g", 450, 1, False),
        ("净含量：1.5kg", 1500, 1, False),
        ("半斤", 250, 1, False),
        ("一斤半", 750, 1, False),
        ("2斤半", 1250, 1, False),
        ("三两", 150, 1, False),
        ("两斤", 1000, 1, False),
        ("十二个", None, 12, False),
        ("一板30枚", None, 30, False),
        ("30枚/板", None, 30, False),
        ("500g左右", 500, 1, True),
        ("500g±50g", 500, 1, True),
        ("250ml*12瓶", None, 12, False),
        ("1.5L", None, None, False),
        ("2-3斤", None, None, True),
        ("2斤~3斤", None, None, True),
        ("青菜500g+萝卜300g", None, None, False),
        ("青菜500g 萝卜300g", None, 1, False),
        ("500g*2kg", None, 1, False),
        ("0g", None, None, False),
        ("99999kg", None, None, False),
        ("64gb", None, None, False),
        ("特级", None, None, False),
        ("", None, None, False),
    ],
)
def test_parse_spec_reads_weight_pieces_and_about(
    text: str, grams: int | None, pieces: int | None, is_about: bool
) -> None:
    spec = parse_spec(text)

    assert (spec.grams, spec.is_about) == (grams, is_about)
    if grams is not None or pieces is not None:
        assert spec.pieces == pieces


@pytest.mark.parametrize(
    ("price_fen", "spec", "unit", "expected"),
    [
        (390, "500g/袋", "袋", 390),
        (1250, "3斤装±10%", "份", 417),
        (1, "1kg", "袋", 1),
        (1, "1001g", "袋", 0),
        (880, "三两一个", "斤", 880),
        (880, "", "公斤", 440),
        (880, "", "KG", 440),
        (880, "12瓶", "箱", None),
    ],
)
def test_price_per_jin_is_rounded_half_up_or_unknown(
    price_fen: int, spec: str, unit: str, expected: int | None
) -> None:
    assert price_per_jin_fen(price_fen=price_fen, spec=spec, unit=unit) == expected


@given(
    st.text(alphabet="约一二两十半0123456789.斤公kg克g两个盒箱袋*x×+-~±%/() 净重mlL", max_size=60)
)
def test_parse_spec_of_anything_is_positive_or_unknown(text: str) -> None:
    spec = parse_spec(text)

    assert isinstance(spec, Spec)
    assert spec.grams is None or 0 < spec.grams <= MAX_GRAMS
    assert spec.pieces is None or 0 < spec.pieces <= MAX_GRAMS


@given(grams=st.integers(1, 99_999), times=st.integers(1, 99))
def test_parse_spec_multiplies(grams: int, times: int) -> None:
    expected = grams * times if grams * times <= MAX_GRAMS else None
    assert grams_sold(spec=f"{grams}g*{times}", unit="袋") == expected
    assert grams_sold(spec=f"{times}*{grams}克", unit="袋") == expected

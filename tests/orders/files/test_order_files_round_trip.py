"""Any order that can exist is read back exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.files.content import OrderSheet
from orders.files.differences import difference
from orders.files.figures import difference_figures, figures
from orders.files.found import UnreadableFile
from orders.files.reading import read_back, read_difference
from orders.files.writing import DIFFERENCE_WRITERS, ORDER_WRITERS
from tests.orders.files.samples import any_sheet, one_community

languages = st.sampled_from(["zh-hans", "en"])


@pytest.mark.parametrize("form", ORDER_WRITERS)
@given(sheet=any_sheet, language=languages)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_read_back_of_any_order_gives_its_figures(
    form: str, sheet: OrderSheet, language: str
) -> None:
    assert read_back(form, ORDER_WRITERS[form](sheet, language)) == figures(sheet)


@pytest.mark.parametrize("form", DIFFERENCE_WRITERS)
@given(old=any_sheet, new=any_sheet, language=languages)
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
def test_read_difference_of_any_two_orders_gives_its_figures(
    form: str, old: OrderSheet, new: OrderSheet, language: str
) -> None:
    change = difference(replace(old, number="A", revision=1), replace(new, number="A", revision=2))

    found = read_difference(form, DIFFERENCE_WRITERS[form](change, language))

    assert found == difference_figures(change)


@pytest.mark.parametrize("form", ORDER_WRITERS)
@given(data=st.data())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_read_back_of_damaged_bytes_refuses_or_finds_the_same(
    form: str, data: st.DataObject
) -> None:
    sheet = one_community()
    content = bytearray(ORDER_WRITERS[form](sheet, "zh-hans"))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))

    try:
        found = read_back(form, bytes(content))
    except UnreadableFile:
        return

    assert found == figures(sheet)

"""A sheet whose figures contradict each other cannot be made, so it cannot be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from orders.files.content import SheetError
from tests.orders.files.samples import make_line, make_section, make_sheet, one_community


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pieces": 59}, "lines add up to 58, 35730 fen, not 59, 35730 fen"),
        ({"total_fen": 1}, "lines add up to 58, 35730 fen, not 58, 1 fen"),
        ({"revision": 0}, "revision 0 is below 1"),
        ({"cancels_all": True}, "a revision that cancels everything still orders 58"),
        ({"closes_at": datetime(2022, 4, 21, 12)}, "times must be aware"),  # noqa: DTZ001
        ({"number": "LH 3"}, "'LH 3' is no order number"),
        ({"number": ""}, "'' is no order number"),
        ({"number": "3 · 第9版"}, "'3 · 第9版' is no order number"),
    ],
)
def test_make_sheet_of_contradicting_fields_is_refused(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(SheetError) as refusal:
        replace(one_community(), **fields)

    assert str(refusal.value) == message


def test_make_section_with_a_position_twice_is_refused() -> None:
    with pytest.raises(SheetError, match="appear once"):
        make_section([make_line(1), make_line(1)])


def test_printed_sections_of_one_community_that_repeats_the_totals_is_empty() -> None:
    alone = one_community()
    apart = make_sheet(make_section([make_line(1, 12)]), households=10)

    assert (alone.only_section, alone.printed_sections) == (alone.sections[0], ())
    assert (apart.only_section, apart.printed_sections) == (None, apart.sections)

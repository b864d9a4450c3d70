"""A pick sheet that contradicts itself cannot be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from orders.files.content import SheetError
from tests.volunteers.sheets.pick_samples import a_building, make_bag_line


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pieces": 10}, "bags hold 9, 3510 fen, not 10, 3510 fen"),
        ({"total_fen": 1}, "bags hold 9, 3510 fen, not 9, 1 fen"),
        ({"lines": a_building().lines[:1]}, "the products are not the sum of the bags"),
        ({"lines": a_building().lines * 2}, "the products are not the sum of the bags"),
        ({"bags": a_building().bags[:2]}, "bags must count from 1 to their number"),
        ({"bags": a_building().bags[::-1]}, "bags must count from 1 to their number"),
        ({"closes_at": datetime(2022, 4, 21, 12)}, "times must be aware"),  # noqa: DTZ001
        ({"order_number": "L 3"}, "'L 3' is no order number"),
    ],
)
def test_make_pick_sheet_of_contradicting_fields_is_refused(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(SheetError) as refusal:
        replace(a_building(), **fields)

    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "lines",
    [(make_bag_line(1, 2),) * 2, (make_bag_line(1, 1),), (make_bag_line(1, -2),)],
    ids=["twice", "too few", "negative"],
)
def test_make_pick_sheet_with_a_wrong_bag_is_refused(lines: tuple[Any, ...]) -> None:
    sheet = a_building(["101"])

    with pytest.raises(SheetError, match="bag 1"):
        replace(sheet, bags=(replace(sheet.bags[0], lines=lines),))

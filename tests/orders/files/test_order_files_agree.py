"""The same figures in every format and language, read back from the bytes alone."""

from __future__ import annotations

import json

import pytest

from orders.files.as_json import write_order_json
from orders.files.content import OrderSheet
from orders.files.differences import difference
from orders.files.figures import difference_figures, figures
from orders.files.reading import read_back, read_difference
from orders.files.writing import DIFFERENCE_WRITERS, ORDER_WRITERS
from tests.orders.files.samples import cancelled, make_sheet, one_community, two_communities

SHEETS = {
    "one community": one_community(),
    "second revision": one_community(revision=2),
    "two communities": two_communities(),
    "cancelled": cancelled(),
    "empty": make_sheet(),
    "a large number": one_community(number="LH/2022.04-21#3_第三团"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", ORDER_WRITERS)
@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_read_back_every_format_gives_the_sheets_figures(
    sheet: OrderSheet, form: str, language: str
) -> None:
    content = ORDER_WRITERS[form](sheet, language)

    assert read_back(form, content) == figures(sheet)


@pytest.mark.parametrize("form", ORDER_WRITERS)
def test_read_back_several_communities_names_each(form: str) -> None:
    found = read_back(form, ORDER_WRITERS[form](two_communities(), "zh-hans"))

    assert [section.community_name for section in found.sections] == ["宛平南苑", "辛耕小区"]
    assert [dict(section.lines) for section in found.sections] == [
        {1: (12, 4680), 2: (8, 3120)},
        {1: (5, 1950), 9: (2, 780)},
    ]
    assert (found.pieces, found.households, found.total_fen) == (27, 13, 10530)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", DIFFERENCE_WRITERS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (one_community(), one_community(revision=2)),
        (one_community(), two_communities(revision=2)),
        (two_communities(), cancelled()),
        (two_communities(), make_sheet(revision=2)),
    ],
    ids=["nothing", "more", "cancelled", "gone"],
)
def test_read_difference_every_format_gives_its_figures(
    old: OrderSheet, new: OrderSheet, form: str, language: str
) -> None:
    change = difference(old, new)

    found = read_difference(form, DIFFERENCE_WRITERS[form](change, language))

    assert found == difference_figures(change)


def test_write_order_json_with_difference_carries_it() -> None:
    old, new = one_community(), two_communities(revision=2)

    content = write_order_json(new, difference=difference(old, new))

    found = json.loads(content)["difference"]
    assert (found["old_revision"], found["pieces"], found["total_fen"]) == (
        1,
        [58, 27],
        [35730, 10530],
    )
    assert [(line["position"], line["delta"]) for line in found["lines"]] == [
        (1, 5),
        (2, -37),
        (7, -1),
        (9, 2),
    ]
    assert read_back("json", content) == figures(new)

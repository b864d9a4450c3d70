"""The file of a survey: totals only, nothing a formula, the same in both formats."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from orders.demand.sheet import SurveyLine, SurveySheet, survey_file_name, write_survey

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHEET = SurveySheet(
    number="D7",
    title="=下周想要什么",
    supplier_name="联华超市",
    communities=("宛平南苑", "微型小区"),
    open_until=datetime(2022, 4, 21, 18, 0, tzinfo=SHANGHAI),
    counted_at=datetime(2022, 4, 21, 9, 30, tzinfo=SHANGHAI),
    replies=31,
    lines=(
        SurveyLine(1, "青菜", "500g", "份", 9, 5, (5, 4)),
        SurveyLine(2, "+豆浆", "", "", 0, 0, (0, 0)),
    ),
)


def rows_of(form: str, sheet: SurveySheet = SHEET, language: str = "zh-hans") -> list[list[str]]:
    content = write_survey(sheet, form, language)
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(content))
    (page,) = book.worksheets
    return [["" if cell is None else str(cell) for cell in row] for row in page.values]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_survey_file_has_totals_for_each_community_and_all(form: str) -> None:
    texts = [[cell.removeprefix("'") for cell in row if cell] for row in rows_of(form)]

    assert ["序号", "品名", "规格", "单位", "宛平南苑", "微型小区", "合计", "户数"] in texts
    assert ["1", "青菜", "500g", "份", "5", "4", "9", "5"] in texts
    assert ["2", "+豆浆", "0", "0", "0", "0"] in texts
    assert ["合计", "5", "4", "9"] in texts
    flat = "".join(cell for row in texts for cell in row)
    assert "31" in flat
    assert "仅供备货参考，不是订单" in flat


def test_survey_csv_has_no_formula() -> None:
    cells = [cell for row in rows_of("csv") for cell in row]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_survey_file_of_one_community_has_no_column_for_it() -> None:
    one = replace(
        SHEET,
        communities=("宛平南苑",),
        lines=tuple(replace(line, by_community=line.by_community[:1]) for line in SHEET.lines),
    )

    assert ["No.", "Product", "Specification", "Unit", "Total", "Households"] in rows_of(
        "csv", one, "en"
    )


def test_survey_file_is_the_same_bytes_each_time_and_named_plainly() -> None:
    assert write_survey(SHEET, "xlsx") == write_survey(SHEET, "xlsx")
    assert survey_file_name(SHEET, "csv") == "需求调查-_下周想要什么-D7.csv"

"""Names that other people typed, through every writer and back."""

from __future__ import annotations

import csv
import io
from zipfile import ZipFile

import pypdfium2 as pdfium
import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook

from orders.files.content import OrderSheet
from orders.files.differences import difference
from orders.files.figures import difference_figures, figures
from orders.files.ink import read_pages, text_of
from orders.files.reading import read_back, read_difference
from orders.files.writing import DIFFERENCE_WRITERS, ORDER_WRITERS, write_order_pdf
from tests.orders.files.samples import make_line, make_section, make_sheet

HOSTILE = {
    "formula": '=HYPERLINK("http://x","y")',
    "full-width formula": "＝1＋1",
    "plus": "+86 138",
    "at": "@SUM(A1)",
    "minus": "-1",
    "leading tab": "\t=1",
    "leading line feed": "\n=1",
    "NUL": "青\x00菜",
    "controls": "青\x01\x07\x1b[31m菜\x7f\x85",
    "line ends": "青菜\r\n2. 鸡毛菜 ×99 1.00元",
    "right to left": "\u202e00.9 菜青\u202c שלום مرحبا",
    "emoji": "🐔🐮👨‍👩‍👧‍👦 鸡",
    "ten thousand": "菜" * 10_000,
    "no place to break": "A" * 10_000,
    "combining": "e" + "\u0301" * 500,
    "lone surrogate": "青\ud800菜",
    "noncharacter": "青\uffff\ufdd0菜",
    "markup": "<b>&amp;</b> #panic() $x$ *bold* _x_ \\ [a] \"'",
    "separators": 'a,b;c|d"e',
    "looks like a line": "1. 青菜 ×5 1.00元",
    "looks like a section": "■1/3 别处",
    "looks like a total": "合计",
    "looks like a fact": "编号：X 第9版",
    "template": "{n} {amount}",
    "empty": "",
    "blank": " \u3000\u200b ",
}


def hostile_sheet(text: str) -> OrderSheet:
    """`text` in every place where a person may write."""
    fields = {"name": text, "spec": text, "unit": text, "barcode": text, "category": text}
    first = make_section([make_line(1, 12, **fields), make_line(2, 5)], text)
    second = make_section([make_line(1, 3, **fields)], f"{text}2")
    people = dict.fromkeys(
        ("window_title", "window_id", "supplier_name", "supplier_phone"), text
    ) | dict.fromkeys(("contact_name", "contact_phone"), text)
    return make_sheet(first, second, revision=2, **people)


@pytest.mark.parametrize("form", ORDER_WRITERS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_write_order_of_hostile_text_reads_back(text: str, form: str) -> None:
    sheet = hostile_sheet(text)

    assert read_back(form, ORDER_WRITERS[form](sheet, "zh-hans")) == figures(sheet)


@pytest.mark.parametrize("form", DIFFERENCE_WRITERS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_write_difference_of_hostile_text_reads_back(text: str, form: str) -> None:
    sheet = hostile_sheet(text)
    change = difference(make_sheet(), sheet)

    found = read_difference(form, DIFFERENCE_WRITERS[form](change, "zh-hans"))

    assert found == difference_figures(change)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_write_order_csv_leaves_no_cell_that_a_spreadsheet_would_run(text: str) -> None:
    content = ORDER_WRITERS["csv"](hostile_sheet(text), "zh-hans").decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    assert len(cells) > 50
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n\0＝＋－＠"))] == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_write_order_xlsx_holds_no_formula_and_no_link(text: str) -> None:
    content = ORDER_WRITERS["xlsx"](hostile_sheet(text), "zh-hans")

    with ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        sheets = [archive.read(name) for name in names if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    tags = {element.tag.split("}")[1] for sheet in sheets for element in fromstring(sheet).iter()}
    assert not tags & {"f", "hyperlink", "hyperlinks"}
    assert not [name for name in names if "rels" in name and "worksheets" in name]


def test_write_order_xlsx_keeps_a_formula_as_the_text_that_was_typed() -> None:
    content = ORDER_WRITERS["xlsx"](hostile_sheet("=1+1"), "zh-hans")

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    typed = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.column_letter for cell in typed] == ["B", "B", "C", "D", "E", "F"]
    assert {cell.data_type for cell in typed} == {"s"}


def test_write_order_pdf_of_rare_name_characters_has_a_glyph_for_each() -> None:
    rare = "䶮㛃𠅤𬱖"
    sheet = make_sheet(make_section([make_line(1, name=rare)]), contact_name=rare)

    pages = read_pages(write_order_pdf(sheet))

    assert text_of(pages[0]).count(rare[0]) == 2
    assert set(rare) <= {ink.char for ink in pages[0]}


def test_write_order_pdf_of_emoji_shows_one_box_for_what_the_font_lacks() -> None:
    sheet = make_sheet(make_section([make_line(1, name="🐔🐮鸡")]))

    printed = text_of(read_pages(write_order_pdf(sheet))[0])

    assert "□鸡" in printed
    assert "□□" not in printed


def test_write_order_pdf_draws_rare_characters_unlike_the_missing_box() -> None:
    drawn = {char: _picture(char) for char in "䶮㛃𠅤𬱖□"}

    assert len(set(drawn.values())) == 5


def _picture(char: str) -> bytes:
    sheet = make_sheet(make_section([make_line(1, name=char * 9)]))
    page = pdfium.PdfDocument(write_order_pdf(sheet))[0]
    bitmap = page.render(scale=2, grayscale=True)
    return bytes(bitmap.buffer)

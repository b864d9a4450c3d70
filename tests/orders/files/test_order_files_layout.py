"""What a shop clerk holds in hand: sizes, headings, pages, print set-up."""

from __future__ import annotations

import ctypes
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from openpyxl import load_workbook

from orders.files.content import OrderSheet
from orders.files.differences import difference
from orders.files.figures import figures
from orders.files.ink import from_left, read_pages, rows_of, text_of
from orders.files.labels import UnknownLanguage
from orders.files.writing import (
    CONTENT_TYPES,
    DIFFERENCE_WRITERS,
    ORDER_WRITERS,
    difference_file_name,
    order_file_name,
)
from tests.orders.files.samples import (
    cancelled,
    make_line,
    make_section,
    make_sheet,
    one_community,
    two_communities,
)

VERY_LARGE = 60


def long_sheet(**fields: object) -> OrderSheet:
    """Enough products for three pages."""
    return make_sheet(make_section([make_line(n, n % 7 + 1) for n in range(1, 107)]), **fields)


def test_write_order_text_is_short_lines_to_paste() -> None:
    text = ORDER_WRITERS["txt"](one_community(), "zh-hans").decode()

    code = figures(one_community()).checksum
    assert text.splitlines() == [
        "【备货单】",
        "编号：LH-20220421-3 第1版",
        "团购：联华 4月21日 周四 第3团",
        "供货商：联华超市辛耕路店",
        "截单：4月21日 周四 12:00",
        "送货：4月22日 周五",
        "小区：宛平南苑 徐汇区宛平南路 88 弄",
        "联系人：王团长 13800005678",
        "合计：3种 58件 9户 357.30元",
        "————————",
        "1. 青菜（上海青） 500g/袋 ×12 46.80元",
        "2. 鸡毛菜 500g/袋 ×45 175.50元",
        "7. 青菜（上海青） 500g/袋 ×1 135.00元",
        "————————",
        f"校验码：{code[:4]} {code[4:8]} {code[8:12]} {code[12:]}",
    ]


def test_write_order_csv_is_rfc_4180_with_a_byte_order_mark() -> None:
    content = ORDER_WRITERS["csv"](one_community(), "zh-hans")

    assert content.startswith("\ufeff备货单\r\n编号,LH-20220421-3\r\n".encode())
    assert content.endswith(b",58,58,357.30\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


def test_write_order_json_holds_integers_in_fen_beside_yuan() -> None:
    order = json.loads(ORDER_WRITERS["json"](one_community(), "en"))

    assert order["schema"] == "jidan.order/1"
    assert order["totals"] == {
        "households": 9,
        "pieces": 58,
        "total_fen": 35730,
        "total_yuan": "357.30",
    }
    assert order["window"]["closes_at"] == "2022-04-21T12:00:00+08:00"
    assert order["lines"][0]["amount_fen"] == 4680
    assert order["lines"][0]["amount_yuan"] == "46.80"
    assert list(order) == [
        *("schema", "number", "revision", "cancels_all", "window", "supplier", "contact"),
        *("deliver_on", "totals", "lines", "sections", "difference", "checksum"),
    ]


def test_write_order_xlsx_is_set_up_for_a4_paper() -> None:
    workbook = load_workbook(io.BytesIO(ORDER_WRITERS["xlsx"](two_communities(), "zh-hans")))

    assert workbook.sheetnames == ["全部小区合计", "宛平南苑", "辛耕小区"]
    for sheet in workbook.worksheets:
        heading = next(cell.row for cell in sheet["A"] if cell.value == "序号")
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
        # One page wide is what the format means where it says nothing.
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter is not None
        assert sheet.print_title_rows == f"${heading}:${heading}"
        assert sheet.freeze_panes == f"A{heading + 1}"
        assert sheet.oddFooter.center.text == "&P / &N"
        barcode = sheet.cell(heading + 1, 2)
        assert (barcode.value, barcode.data_type) == ("6900000100134", "s")
        assert sum(dimension.width for dimension in sheet.column_dimensions.values()) < 115
    assert workbook.properties.created == datetime(2022, 4, 21, 4, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("sheet", "shout"),
    [(one_community(revision=2), "第2版"), (cancelled(), "全部取消")],
    ids=["second", "cancelled"],
)
def test_write_order_of_a_later_revision_says_so_very_large(sheet: OrderSheet, shout: str) -> None:
    workbook = load_workbook(io.BytesIO(ORDER_WRITERS["xlsx"](sheet, "zh-hans")))

    assert shout in large_words(ORDER_WRITERS["pdf"](sheet, "zh-hans"))
    for page in workbook.worksheets:
        sizes = [cell.font.size for row in page.iter_rows() for cell in row if cell.value == shout]
        assert max(sizes) == 48
    for form in ("csv", "txt"):
        first = ORDER_WRITERS[form](sheet, "zh-hans").decode("utf-8-sig").splitlines()[0]
        assert shout in first


def test_write_order_of_a_first_revision_shouts_nothing() -> None:
    assert large_words(ORDER_WRITERS["pdf"](one_community(), "zh-hans")) == ""


def test_write_difference_says_which_revisions_in_large_type() -> None:
    change = difference(one_community(), two_communities(revision=2))

    words = large_words(DIFFERENCE_WRITERS["pdf"](change, "zh-hans"), above=30)
    text = DIFFERENCE_WRITERS["txt"](change, "zh-hans").decode()
    workbook = load_workbook(io.BytesIO(DIFFERENCE_WRITERS["xlsx"](change, "zh-hans")))

    assert words == "第2版·增减单（对第1版）"
    assert text.startswith("【第2版 · 增减单（对第1版）】\n")
    assert workbook.worksheets[0]["A2"].value == "第2版 · 增减单（对第1版）"


def test_write_order_pdf_repeats_heading_and_footer_on_each_page() -> None:
    pages = read_pages(ORDER_WRITERS["pdf"](long_sheet(revision=2), "zh-hans"))

    assert len(pages) == 3
    for number, inks in enumerate(pages, start=1):
        rows = [text_of(row) for row in rows_of(inks)]
        code = figures(long_sheet(revision=2)).checksum
        assert rows[-1] == f"编号LH-20220421-3·第2版·校验码{code}第{number}页/共3页"
        assert [row for row in rows if row.startswith("序号条码")] == [
            "序号条码品名规格单位单价(元)折箱数量金额(元)实发"
        ]
        assert "第2版" in "".join(rows[:3])


def test_write_order_pdf_is_untagged_with_one_embedded_font_and_a_fixed_date() -> None:
    content = ORDER_WRITERS["pdf"](one_community(), "zh-hans")

    document = pdfium.PdfDocument(content)
    assert b"/MarkInfo" not in content
    assert pdfium_c.FPDFCatalog_IsTagged(document) == 0
    assert document.get_metadata_value("CreationDate").startswith("D:20220421040000")
    assert fonts(document) == {"NotoSansSC-Regular"}


def test_write_order_pdf_of_an_overlong_figure_stays_in_its_column() -> None:
    line = make_line(99_999, 9_999_999, price_fen=99_999)
    sheet = make_sheet(make_section([line]))

    [page] = read_pages(ORDER_WRITERS["pdf"](sheet, "zh-hans"))

    rows = [text_of(from_left(row)) for row in rows_of(page)]
    assert sum("9,999,899,000.01" in row for row in rows) == 3


def test_write_files_in_an_unknown_language_is_refused() -> None:
    for write in ORDER_WRITERS.values():
        if write is not ORDER_WRITERS["json"]:
            with pytest.raises(UnknownLanguage):
                write(one_community(), "fr")


def test_file_names_hold_no_separator_of_any_system() -> None:
    sheet = one_community(number="LH/2022#3")
    change = difference(sheet, replace(sheet, revision=2))

    assert order_file_name(sheet, "xlsx") == "备货单-LH_2022_3-第1版.xlsx"
    assert order_file_name(sheet, "pdf", "en") == "Supply_order-LH_2022_3-Revision_1.pdf"
    assert difference_file_name(change, "csv") == "增减单-LH_2022_3-第2版.csv"
    assert CONTENT_TYPES.keys() == ORDER_WRITERS.keys()


def test_closing_time_is_shown_as_its_own_zone_has_it() -> None:
    sheet = replace(one_community(), closes_at=datetime(2022, 4, 21, 12, 0, tzinfo=UTC))

    assert "截单：4月21日 周四 12:00\n" in ORDER_WRITERS["txt"](sheet, "zh-hans").decode()
    assert "Closed: Thu 21 Apr 12:00\n" in ORDER_WRITERS["txt"](sheet, "en").decode()


def large_words(content: bytes, above: float = VERY_LARGE) -> str:
    """The words of the first page that are set larger than `above` points."""
    page = pdfium.PdfDocument(content)[0]
    text = page.get_textpage()
    places = range(pdfium_c.FPDFText_CountChars(text))
    large = [at for at in places if pdfium_c.FPDFText_GetFontSize(text, at) > above]
    return "".join(chr(pdfium_c.FPDFText_GetUnicode(text, at)) for at in large).replace(" ", "")


def fonts(document: pdfium.PdfDocument) -> set[str]:
    """The names of all fonts in use, without the tag of the subset."""
    names = set()
    for page in document:
        text = page.get_textpage()
        for at in range(pdfium_c.FPDFText_CountChars(text)):
            buffer, flags = ctypes.create_string_buffer(80), ctypes.c_int()
            if pdfium_c.FPDFText_GetFontInfo(text, at, buffer, 80, flags):
                names.add(buffer.value.decode().split("+")[-1])
    return names

"""The order form in large print: everything on the menu, nothing small, lines to write on, on every page."""

from __future__ import annotations

import ctypes
import io
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium
import pytest

from volunteers.sheets.order_form import FormGoods, OrderForm, write_order_form_pdf

FORM = OrderForm(
    community_name="宛平南苑",
    window_title="联华 4月21日 周四 第3团",
    closes_at=datetime(2022, 4, 21, 12, tzinfo=ZoneInfo("Asia/Shanghai")),
    deliver_on=date(2022, 4, 21),
    goods=[FormGoods(n, f"青菜（上海青）{n}", "500g/袋", "袋", 390 + n) for n in range(1, 61)],
)


def pages(content: bytes) -> list[pdfium.PdfPage]:
    return list(pdfium.PdfDocument(io.BytesIO(content)))


def text_of(page: pdfium.PdfPage) -> str:
    return str(page.get_textpage().get_text_range())


def smallest(page: pdfium.PdfPage) -> float:
    """Points of the smallest text of a page."""
    sizes = []
    for one in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_TEXT]):
        size = ctypes.c_float()
        assert pdfium.raw.FPDFTextObj_GetFontSize(one.raw, size)
        sizes.append(abs(float(size.value) * float(one.get_matrix().get()[3])))
    return min(sizes)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_form_has_every_product_and_nothing_below_sixteen_points(language: str) -> None:
    found = pages(write_order_form_pdf(FORM, language))

    texts = [text_of(page) for page in found]
    for goods in FORM.goods:
        assert any(goods.name in text for text in texts), goods.number
    assert all(("门牌" if language == "zh-hans" else "Door") in text for text in texts)
    assert min(map(smallest, found)) >= 15.99
    assert {tuple(map(round, page.get_size())) for page in found} == {(595, 842)}


def test_form_is_the_same_each_time() -> None:
    assert write_order_form_pdf(FORM) == write_order_form_pdf(FORM)


def test_form_with_hostile_names_stays_a_form() -> None:
    hostile = ["#panic()", '"]', "\\" * 30, "𠮷" * 30, "a" * 200, "", "عربي", "\u202e逆"]
    goods = [FormGoods(n, name, name, name[:3], 10**9) for n, name in enumerate(hostile, start=1)]

    found = pages(write_order_form_pdf(replace(FORM, goods=goods, deliver_on=None)))

    assert "#panic()" in text_of(found[0])

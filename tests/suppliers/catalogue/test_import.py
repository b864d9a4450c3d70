"""Price lists become products: the real one in three formats, changes to what is there, bad files."""

from __future__ import annotations

import csv
import io
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from django.db import transaction
from django.utils import translation

from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import, ImportRow
from config.kernel.intake.rows import decide_row, mend_row
from config.kernel.intake.selectors import counts_of, error_sentence
from config.kernel.intake.uploads import FileEmpty, FileTooBig
from suppliers.catalogue.judging import MAX_LENGTHS
from suppliers.models import Product, Supplier
from tests.factories import SETUP
from tests.intake_corpus.hostile import HOSTILE, Hostile
from tests.suppliers.catalogue.conftest import store

PRICE_LIST = Path(__file__).resolve().parents[3] / "seeds" / "data" / "wanping-products.csv"
HEADER = "品名,规格,单位,单价(元),条码,箱规,起订量,描述\r\n"
GREENS = "青菜,500g/袋,袋,3.90,6900000100134,20,1,冷藏\r\n"
POTATOES = "土豆,1kg/袋,袋,6.90,6900000101179,10,1,\r\n"

LONGEST = MAX_LENGTHS["description"]

Read = Callable[[bytes], Import]


def as_csv(text: str) -> bytes:
    return text.encode("utf-8")


def as_xlsx(text: str) -> bytes:
    """Prices and counts as numbers, and so the barcodes, as spreadsheets do when nobody stops them."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_numbers": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(text))):
            page.write_row(number, 0, row)
    return stream.getvalue()


def products_of(supplier: Supplier) -> list[tuple[object, ...]]:
    return list(
        supplier.products.order_by("pk").values_list(
            "name", "spec", "unit", "price_fen", "barcode", "case_size", "minimum", "description"
        )
    )


def expected_products() -> list[tuple[object, ...]]:
    with PRICE_LIST.open(encoding="utf-8-sig", newline="") as file:
        return [
            (
                row["品名"],
                row["规格"],
                row["单位"],
                round(float(row["单价(元)"]) * 100),
                row["条码"],
                int(row["箱规"]),
                int(row["起订量"]),
                row["描述"][:LONGEST],
            )
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(
    "encode",
    [as_csv, lambda text: text.encode("gbk"), lambda text: text.encode("utf-8-sig"), as_xlsx],
    ids=["csv", "gbk csv", "csv with BOM", "xlsx with numbers"],
)
def test_import_real_price_list_gives_the_same_106_products(
    encode: Callable[[str], bytes], read: Read, supplier: Supplier
) -> None:
    text = PRICE_LIST.read_text(encoding="utf-8-sig")
    upload = read(encode(text))
    assert upload.status == "read"
    counts = counts_of(store(upload))
    assert (counts.total, counts.created) == (106, 106)
    assert products_of(supplier) == expected_products()
    assert Product.objects.exclude(supplier=supplier).count() == 2
    assert AuditEntry.objects.filter(action="product.created").count() == 106


def test_longest_texts_are_those_of_the_columns() -> None:
    lengths = {field.name: field.max_length for field in Product._meta.fields}
    assert {name: lengths[name] for name in MAX_LENGTHS} == MAX_LENGTHS


def test_import_second_file_changes_what_it_names_and_leaves_the_rest_alone(
    read: Read, supplier: Supplier
) -> None:
    store(read((HEADER + GREENS + POTATOES).encode()))
    store(read((HEADER + GREENS.replace("3.90", "4.20")).encode()))
    assert [product[:4] for product in products_of(supplier)] == [
        ("青菜", "500g/袋", "袋", 420),
        ("土豆", "1kg/袋", "袋", 690),
    ]
    edited = AuditEntry.objects.get(action="product.edited")
    assert edited.data == {
        "supplier": supplier.pk,
        "fields": ["price_fen"],
        "price_fen": [390, 420],
    }


def test_import_unchanged_file_under_another_name_changes_nothing(
    read: Read, supplier: Supplier
) -> None:
    store(read((HEADER + GREENS).encode()))
    again = store(read((HEADER + GREENS + "\r\n").encode()))
    assert counts_of(again).unchanged == 1
    assert not AuditEntry.objects.filter(action="product.edited").exists()


def test_import_bad_rows_are_left_out_and_good_ones_stored(read: Read, supplier: Supplier) -> None:
    rows = (
        GREENS,
        GREENS.replace("3.90", "4.20"),
        "负价,1个,个,-1,,,,\r\n",
        "半件,1个,个,1.00,,,0.5,\r\n",
        "错码,1个,个,1.00,6900000101178,,,\r\n",
        "=cmd|' /C calc'!A0,1个,个,1.00,,,,\r\n",
        POTATOES,
    )
    upload = read((HEADER + "".join(rows)).encode())
    verdicts = dict(upload.rows.values_list("number", "verdict"))
    assert verdicts == {
        2: "doubtful",
        3: "refused",
        4: "refused",
        5: "refused",
        6: "doubtful",
        7: "refused",
        8: "ok",
    }
    counts = counts_of(store(upload))
    assert (counts.created, counts.left, counts.failed) == (1, 6, 0)
    assert [product[0] for product in products_of(supplier)] == ["土豆"]


def test_mend_one_twin_frees_the_other(read: Read, supplier: Supplier) -> None:
    upload = read((HEADER + GREENS + GREENS.replace("3.90", "4.20")).encode())
    with transaction.atomic():
        mend_row(
            upload=upload,
            number=3,
            texts={"name": "鸡毛菜", "barcode": "6900000100264"},
            actor=SETUP,
        )
    store(upload)
    assert [product[0] for product in products_of(supplier)] == ["青菜", "鸡毛菜"]


def test_leave_the_first_twin_out_and_the_later_is_taken(read: Read, supplier: Supplier) -> None:
    upload = read((HEADER + GREENS + GREENS.replace("3.90", "4.20")).encode())
    with transaction.atomic():
        decide_row(upload=upload, number=2, decision="leave", actor=SETUP)
    store(upload)
    assert [product[3] for product in products_of(supplier)] == [420]


@pytest.mark.parametrize(
    ("meanwhile", "code"),
    [
        ({"price_fen": 410}, "product_changed_meanwhile"),
        ({"barcode": ""}, "product_changed_meanwhile"),
    ],
)
def test_apply_to_a_product_changed_after_the_preview_stores_nothing(
    meanwhile: dict[str, object], code: str, read: Read, supplier: Supplier
) -> None:
    store(read((HEADER + GREENS).encode()))
    upload = read((HEADER + GREENS.replace("3.90", "4.20")).encode())
    supplier.products.update(**meanwhile)
    before = products_of(supplier)
    store(upload)
    row = upload.rows.get()
    assert (row.result, row.reasons[-1]["code"]) == ("failed", code)
    assert products_of(supplier) == before


def test_apply_new_product_whose_name_was_taken_meanwhile_stores_nothing(
    read: Read, supplier: Supplier
) -> None:
    upload = read((HEADER + GREENS).encode())
    Product.objects.create(supplier=supplier, name="青菜", spec="500g/袋", unit="袋", price_fen=1)
    store(upload)
    assert upload.rows.get().reasons[-1]["code"] == "product_taken_meanwhile"
    assert [product[3] for product in products_of(supplier)] == [1]


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE.keys())
def test_import_hostile_file_keeps_a_failed_import_and_nothing_else(
    case: Hostile, read: Read, supplier: Supplier
) -> None:
    content = case.make()
    if case.code == "file_too_big" or not content:
        with pytest.raises((FileTooBig, FileEmpty)):
            read(content)
        assert not Import.objects.exists()
        return
    before = _cpu_seconds()
    upload = read(content)
    assert _cpu_seconds() - before < 2
    assert (upload.status, upload.error_code) == ("failed", case.code)
    assert not ImportRow.objects.exists()
    assert products_of(supplier) == []
    with translation.override("en"):
        english = error_sentence(upload)
    with translation.override("zh-hans"):
        chinese = error_sentence(upload)
    assert (english[-1], chinese[-1]) == (".", "。")


def _cpu_seconds() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

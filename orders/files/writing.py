"""Every file of an order by its format name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from orders.files.as_csv import write_csv
from orders.files.as_json import write_order_json
from orders.files.as_pdf import write_pdf
from orders.files.as_text import write_difference_text, write_order_text
from orders.files.as_xlsx import write_xlsx
from orders.files.content import OrderSheet
from orders.files.difference_layout import difference_document
from orders.files.differences import OrderDifference
from orders.files.labels import labels_for
from orders.files.order_layout import order_document

CONTENT_TYPES: Mapping[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}


def write_order_xlsx(sheet: OrderSheet, language: str = "zh-hans") -> bytes:
    """For a person: totals, then a sheet for each community where there are several."""
    return write_xlsx(order_document(sheet, language, "sheet"))


def write_order_csv(sheet: OrderSheet, language: str = "zh-hans") -> bytes:
    """For a spreadsheet."""
    return write_csv(order_document(sheet, language, "csv"))


def write_order_pdf(sheet: OrderSheet, language: str = "zh-hans") -> bytes:
    """For paper."""
    return write_pdf(order_document(sheet, language, "paper"))


def write_difference_xlsx(change: OrderDifference, language: str = "zh-hans") -> bytes:
    """For a person: what to add and what to take out again."""
    return write_xlsx(difference_document(change, language, "sheet"))


def write_difference_csv(change: OrderDifference, language: str = "zh-hans") -> bytes:
    """For a spreadsheet."""
    return write_csv(difference_document(change, language, "csv"))


def write_difference_pdf(change: OrderDifference, language: str = "zh-hans") -> bytes:
    """For paper."""
    return write_pdf(difference_document(change, language, "paper"))


ORDER_WRITERS: Mapping[str, Callable[[OrderSheet, str], bytes]] = {
    "xlsx": write_order_xlsx,
    "csv": write_order_csv,
    "json": write_order_json,
    "pdf": write_order_pdf,
    "txt": write_order_text,
}
DIFFERENCE_WRITERS: Mapping[str, Callable[[OrderDifference, str], bytes]] = {
    "xlsx": write_difference_xlsx,
    "csv": write_difference_csv,
    "pdf": write_difference_pdf,
    "txt": write_difference_text,
}


def order_file_name(sheet: OrderSheet, form: str, language: str = "zh-hans") -> str:
    """`备货单-B0421-3-第2版.xlsx`: letters, digits, `-`, `_` and `.` only."""
    labels = labels_for(language)
    return file_name(
        labels.order_title, sheet.number, labels.revision.format(n=sheet.revision), form
    )


def difference_file_name(change: OrderDifference, form: str, language: str = "zh-hans") -> str:
    """`增减单-B0421-3-第2版.xlsx`."""
    labels = labels_for(language)
    revision = labels.revision.format(n=change.revision)
    return file_name(labels.difference_title, change.number, revision, form)


def file_name(title: str, number: str, revision: str, form: str) -> str:
    """A name of letters, digits, `-`, `_` and `.` only, whatever the parts hold."""
    stem = re.sub(r"[^\w.-]+", "_", f"{title}-{number}-{revision}")
    return f"{stem}.{form}"

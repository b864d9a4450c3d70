"""The shop's price list as the xlsx a shop would send, brought in by the import that everybody uses."""

from __future__ import annotations

import csv
import io
import time
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.intake.confirming import apply_slice, confirm
from config.kernel.intake.models import Import
from config.kernel.intake.selectors import counts_of, error_sentence
from config.kernel.intake.uploads import read_upload, store_upload
from config.kernel.states import StaleStatus
from suppliers.models import Supplier

PRICE_LIST = Path(__file__).resolve().parent.parent / "data" / "wanping-products.csv"
_FILE_NAME = "联华辛耕路店商品.xlsx"
_NUMBERS = {"单价(元)": float, "箱规": int, "起订量": int}
_PATIENCE = 30.0


class CatalogueRefused(DomainError):
    code = "catalogue_refused"
    detail = _("The example catalogue was not taken as it is: %(reason)s")


def bring_in(*, supplier: Supplier, actor: Actor, at: datetime) -> Import:
    """Upload, read, confirm and apply. A second time changes nothing. Call it outside a transaction.

    A background worker that is faster with one of the steps is welcome. Raises CatalogueRefused.
    """
    with transaction.atomic(durable=True):
        upload = store_upload(
            kind="catalogue",
            subject=("supplier", supplier.pk),
            filename=_FILE_NAME,
            content=price_list_xlsx(),
            actor=actor,
            at=at,
        )
    upload = _read(upload)
    with transaction.atomic(durable=True):
        counts = counts_of(upload)
        if upload.status == Import.Status.READ and counts.taken != counts.total:
            raise CatalogueRefused(reason=f"{counts.total - counts.taken} ×")
        upload = confirm(upload=upload, actor=actor, at=at)
    while not apply_slice(import_id=upload.pk):
        time.sleep(0.05)
    if failed := counts_of(upload).failed:
        raise CatalogueRefused(reason=f"{failed} ×")
    return upload


def price_list_xlsx() -> bytes:
    """The table of seeds/data as one sheet: prices and counts are numbers, barcodes texts. Always the same bytes."""
    with PRICE_LIST.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2022, 4, 1, tzinfo=UTC)})
        sheet = book.add_worksheet("商品")
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            for column, (title, text) in enumerate(zip(header, row, strict=True)):
                if title in _NUMBERS:
                    sheet.write_number(number, column, _NUMBERS[title](text))
                else:
                    sheet.write_string(number, column, text)
    return stream.getvalue()


def _read(upload: Import) -> Import:
    deadline = time.monotonic() + _PATIENCE
    while upload.status == Import.Status.UPLOADED and time.monotonic() < deadline:
        try:
            upload = read_upload(import_id=upload.pk)
        except StaleStatus:  # a background worker reads it
            time.sleep(0.05)
            upload.refresh_from_db()
    if upload.status not in (Import.Status.READ, Import.Status.CONFIRMED):
        raise CatalogueRefused(reason=error_sentence(upload) or upload.status)
    return upload

"""Every file of a pick list by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orders.files.as_pdf import write_pdf
from orders.files.as_xlsx import write_xlsx
from orders.files.labels import labels_for
from orders.files.writing import file_name
from volunteers.sheets.content import PickSheet
from volunteers.sheets.labels import pick_labels
from volunteers.sheets.layout import pick_document
from volunteers.sheets.slips import write_slips_pdf


def write_picks_xlsx(sheet: PickSheet, language: str = "zh-hans") -> bytes:
    """For a phone or a desk: products on the first sheet, room by room on the second."""
    return write_xlsx(pick_document(sheet, language, "sheet"))


def write_picks_pdf(sheet: PickSheet, language: str = "zh-hans") -> bytes:
    """For paper: the products of the building with boxes to tick, then room by room."""
    return write_pdf(pick_document(sheet, language, "paper"))


# (kind, format) → writer; `slips` is one slip for each household. Media types: CONTENT_TYPES.
PICK_WRITERS: Mapping[tuple[str, str], Callable[[PickSheet, str], bytes]] = {
    ("picks", "xlsx"): write_picks_xlsx,
    ("picks", "pdf"): write_picks_pdf,
    ("slips", "pdf"): write_slips_pdf,
}


def pick_file_name(sheet: PickSheet, kind: str, form: str, language: str = "zh-hans") -> str:
    """`分拣单-LH-3-2号楼-第1批-第1版.pdf`."""
    labels = pick_labels(language)
    title = labels.slips_title if kind == "slips" else labels.title
    revision = labels_for(language).revision.format(n=sheet.revision)
    place = f"{sheet.building_label}-{labels.wave.format(n=sheet.wave)}"
    return file_name(title, sheet.order_number, f"{place}-{revision}", form)

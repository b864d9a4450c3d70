"""One workbook set-up for every spreadsheet: repeatable bytes, text stays text, A4 portrait."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from orders.files.text import plain

__all__ = ["Format", "Formats", "Worksheet", "add_sheet", "open_workbook", "set_up_print"]

_FONT = "Microsoft YaHei"
_A4 = 9
_SHEET_NAME_LIMIT = 31
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
# A cell holds 32,767 characters; a name that long is a mistake, and nobody prints it.
TEXT_LIMIT = 200


@contextmanager
def open_workbook(buffer: io.BytesIO, *, title: str, moment: datetime) -> Iterator[Workbook]:
    """A workbook dated `moment`, written to `buffer` when the block ends; the same bytes each time."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = Workbook(buffer, options)
    created = moment.astimezone(UTC).replace(tzinfo=None)
    workbook.set_properties({"title": plain(title, limit=TEXT_LIMIT), "created": created})
    try:
        yield workbook
    finally:
        workbook.close()


class Formats:
    """Cell formats by a few plain words, each made once per workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[frozenset[tuple[str, object]], Format] = {}

    def get(self, **properties: object) -> Format:
        key = frozenset(properties.items())
        if key not in self._made:
            base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
            self._made[key] = self._workbook.add_format(base | dict(sorted(key)))
        return self._made[key]


def add_sheet(workbook: Workbook, name: str) -> Worksheet:
    """A sheet named like `name`, cut and numbered where the format or an earlier sheet demands."""
    taken = {sheet.get_name().casefold() for sheet in workbook.worksheets()}
    base = _FORBIDDEN_IN_SHEET_NAME.sub(" ", plain(name)).strip() or "-"
    candidate, count = _cut(base, ""), 1
    while candidate.casefold() in taken:
        count += 1
        candidate = _cut(base, f" {count}")
    return workbook.add_worksheet(candidate)


def set_up_print(sheet: Worksheet, *, header_row: int, left: str, right: str) -> None:
    """A4 portrait, one page wide, `header_row` repeated, `left`, page n / N and `right` below."""
    sheet.set_paper(_A4)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(header_row)
    sheet.set_footer(f"&L&9{_escape(left)}&C&9&P / &N&R&9{_escape(right)}")


def _cut(base: str, suffix: str) -> str:
    # Excel counts UTF-16 units, and a name may not begin or end with an apostrophe.
    room = _SHEET_NAME_LIMIT - len(suffix)
    while len(base.encode("utf-16-le")) // 2 > room:
        base = base[:-1]
    return base.rstrip() + suffix


def _escape(footer: str) -> str:
    return plain(footer, limit=60).replace("&", "&&")

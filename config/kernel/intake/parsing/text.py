"""Cell text made exact: no floats, no invisible characters."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

# Spaces of every width, zero-width marks and the BOM; the tab comes from payment files.
_EDGES = " \t\r\n\v\f\x00\u00a0\u3000\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\ufeff"
_TRIM = re.compile(f"^[{_EDGES}]+|[{_EDGES}]+$")
_LINE_ENDS = re.compile(r"\r\n?|_x000[dD]_\n?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEADING_NOISE = re.compile(r"[\s*#:_\-—/·.、]+")
# What people add to a heading without changing its sense: 单价(元), 条码(必填), 房号(如606).
_HEADING_EXTRA = re.compile(r"\((元|人民币|rmb|cny|必填|选填|可不填|可选|如.*|例.*)\)$")


def clean(text: str) -> str:
    """Trim every kind of space, unify line ends, drop control characters."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return _TRIM.sub("", text)


def fold_heading(text: str) -> str:
    """The form in which headings are compared: 单价（元） = *单价 = 单价, but not 单价(元/斤)."""
    folded = re.sub(r"[\s*]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return _HEADING_NOISE.sub("", _HEADING_EXTRA.sub("", folded))


def number_text(raw: str) -> str:
    """The exact text of a number stored in a spreadsheet, as its owner sees it.

    Binary noise beyond the 15 digits a spreadsheet keeps is rounded away (3.9000000000000004 is
    3.9). A long whole number stored as 6.90103E+12 has lost digits: it stays as it is, for the
    reader of the column to refuse. What is no number comes back unchanged.
    """
    if raw.isascii() and raw.isdigit() and len(raw) <= 15:
        return raw.lstrip("0") or "0"
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return raw
    if not value.is_finite() or not -20 <= value.adjusted() <= 20:
        return raw
    digits = len(value.as_tuple().digits)
    if "e" in raw.lower() and value.adjusted() >= 11 and digits < 12:
        return raw
    if digits > 15:
        value = round(value, 14 - value.adjusted())
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

"""Barcodes: GTIN-8, -12 and -13 with their check digit, in-store codes, a shop's own codes. No Django.

Check digit: from the right, weights 3 and 1 in turn, up to the next ten (GS1 General Specifications).
In-store codes begin with 20 to 29 (GB/T 18283) and carry a price or a weight: the same article has
many of them.
"""

import re
import unicodedata
from typing import NamedTuple

_ABSENT = {"", "-", "/", "0", "无", "没有", "暂无", "n/a", "none"}
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)
_OWN_CODE = re.compile(r"[A-Za-z0-9_-]{1,17}")


class Barcode(NamedTuple):
    """`problem` is a code of catalogue messages: empty, a note (NOTES), a refusal (REFUSALS) or a doubt."""

    text: str
    problem: str = ""
    expected: str = ""


NOTES = {"barcode_in_store"}
REFUSALS = {"barcode_scientific", "barcode_characters"}


def read_barcode(text: str) -> Barcode:
    """The barcode in a cell, with what is odd about it; never changed but for blanks and `.0`."""
    code = unicodedata.normalize("NFKC", text).strip().strip("'`").replace(" ", "")
    if code.casefold() in _ABSENT:
        return Barcode("")
    if _SCIENTIFIC.fullmatch(code):
        return Barcode(code, "barcode_scientific")
    code = re.sub(r"\.0+$", "", code)
    if not _OWN_CODE.fullmatch(code):
        return Barcode(code, "barcode_characters")
    if not code.isdigit():
        return Barcode(code, "barcode_own")
    return _judge_digits(code)


def _judge_digits(code: str) -> Barcode:
    if len(code) == 14:
        return Barcode(code, "barcode_carton")
    # Twelve digits are an American article; with the beginning of a Chinese one a digit is lost.
    if len(code) not in {8, 12, 13} or (len(code) == 12 and code.startswith("69")):
        return Barcode(code, "barcode_length")
    expected = code[:-1] + check_digit(code[:-1])
    if code != expected:
        return Barcode(code, "barcode_check_digit", expected)
    if len(code) == 13 and code.startswith("2"):
        return Barcode(code, "barcode_in_store")
    return Barcode(code)


def check_digit(payload: str) -> str:
    """The digit that follows: 690102807500 → 8."""
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(payload[::-1])
    )
    return str(-total % 10)

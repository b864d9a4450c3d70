"""Prices and quantities as people write them. No Django."""

import re
import unicodedata

from config.kernel.money import parse_yuan

MAX_PRICE_FEN = 1_000_000_00
MAX_QUANTITY = 1_000_000

_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_DECIMALS = re.compile(r"\d+\.\d{2}(\d+)")
_QUANTITY = re.compile(r"(\d{1,9})(\.\d+)?(.*)", re.DOTALL)
_PER_CASE = ("/箱", "/件", "/提", "/盒")


class CellError(ValueError):
    """A cell that cannot be read: `code` is a code of catalogue messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_price(text: str, unit: str = "") -> int:
    """Fen of `3.9`, `¥3.90`, `3.90元/袋` (if the unit is 袋), `1,234.50`.

    Raises CellError: price_missing, price_negative, price_fraction (of a fen), price_too_high,
    price_unreadable (a range, 时价, another unit).
    """
    amount = _plain(text).replace(" ", "").lstrip("¥")
    if not amount:
        raise CellError("price_missing")
    if unit:
        amount = amount.removesuffix(f"/{_plain(unit)}")
    amount = amount.removesuffix("元")
    if _THOUSANDS.fullmatch(amount):
        amount = amount.replace(",", "")
    if amount.startswith("-"):
        raise CellError("price_negative" if _number(amount[1:]) else "price_unreadable")
    if (finer := _DECIMALS.fullmatch(amount)) is not None:
        if finer.group(1).strip("0"):
            raise CellError("price_fraction")
        amount = amount[: finer.start(1)]
    try:
        fen = parse_yuan(amount)
    except ValueError as error:
        raise CellError("price_unreadable") from error
    if fen > MAX_PRICE_FEN:
        raise CellError("price_too_high")
    return fen


def read_quantity(text: str, unit: str = "") -> tuple[int, bool]:
    """(whole number, True if the words behind it are clear) of `20`, `20.0`, `20袋`, `20袋/箱`.

    Clear are: nothing, the unit of sale, the unit of sale per case. `1箱` where 袋 are sold is not.
    Raises CellError: quantity_negative, quantity_fraction, quantity_too_high, quantity_unreadable.
    """
    amount = _plain(text).replace(" ", "").replace(",", "")
    if amount.startswith("-") and _number(amount[1:]):
        raise CellError("quantity_negative")
    match = _QUANTITY.fullmatch(amount)
    if match is None or any(character.isdigit() for character in match.group(3)):
        raise CellError("quantity_unreadable")
    whole, decimals, words = match.groups()
    if decimals and decimals.strip(".0"):
        raise CellError("quantity_fraction")
    if int(whole) > MAX_QUANTITY:
        raise CellError("quantity_too_high")
    return int(whole), _is_clear(words, _plain(unit))


def _is_clear(words: str, unit: str) -> bool:
    words = words.removesuffix("起订").removesuffix("起送").removesuffix("起")
    return not words or (bool(unit) and words in {unit, *(unit + case for case in _PER_CASE)})


def _number(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+)?\D*", text))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()

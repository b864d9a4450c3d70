"""The verdict on each row of a price list. Pure: texts and known products in, judgements out."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from config.kernel.intake.kinds import REFUSED, Judgement, SourceRow
from config.kernel.money import yuan
from suppliers.catalogue import barcodes
from suppliers.catalogue.cells import CellError, read_price, read_quantity

MAX_LENGTHS = {
    "name": 80,
    "spec": 60,
    "unit": 10,
    "category": 30,
    "brand": 40,
    "item_number": 20,
    "description": 500,
}
HIGH_PRICE_FEN = 10_000_00
_WEIGHTS = {"斤", "市斤", "公斤", "千克", "kg", "两", "克", "g"}
_UNIT_IN_SPEC = re.compile(r"/\s*([^\W\d_]{1,4})\s*$")
_RUNS = re.compile(r"[=@＝＠]|[+\-＋－].*[|!(]", re.DOTALL)


class Known(NamedTuple):
    """A product the supplier has already."""

    id: int
    fields: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return name_key(self.fields["name"], self.fields["spec"])


def judge(rows: Sequence[SourceRow], known: Sequence[Known]) -> list[Judgement]:
    """One judgement per row. Its values: `fields` (of Product; absent cells are absent), `product`
    (id of the one they belong to, or None), `was` (what would change, as it is now).
    """
    judgements = [_judge_cells(row.texts) for row in rows]
    _judge_twins(rows, judgements)
    _judge_against(rows, judgements, known)
    return judgements


def name_key(name: str, spec: str) -> tuple[str, str]:
    """Name and specification as a person compares them: width, case and blanks do not count."""
    return _folded(name), _folded(spec)


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _judge_cells(texts: Mapping[str, str]) -> Judgement:
    judgement = Judgement()
    fields: dict[str, Any] = {}
    judgement.values = {"fields": fields, "product": None, "was": {}}
    for name in MAX_LENGTHS:
        _take_text(judgement, fields, name, texts.get(name, ""))
    if not fields.get("name"):
        judgement.refuse("name_missing", "name")
    _take_unit(judgement, fields)
    _take_price(judgement, fields, texts.get("price", ""))
    _take_barcode(judgement, fields, texts.get("barcode", ""))
    for name in ("case_size", "minimum", "order_multiple"):
        _take_quantity(judgement, fields, name, texts.get(name, ""))
    return judgement


def _take_text(judgement: Judgement, fields: dict[str, Any], name: str, text: str) -> None:
    text = " ".join(text.split())
    if not text:
        return
    fields[name] = text
    if _RUNS.match(text):
        judgement.refuse("text_runs", name)
    elif len(text) > MAX_LENGTHS[name]:
        judgement.refuse("text_too_long", name, limit=MAX_LENGTHS[name])


def _take_unit(judgement: Judgement, fields: dict[str, Any]) -> None:
    if "unit" not in fields:
        match = _UNIT_IN_SPEC.search(fields.get("spec", ""))
        if match is None:
            judgement.refuse("unit_missing", "unit")
            return
        fields["unit"] = match.group(1)
        judgement.doubt("unit_from_spec", "unit", unit=match.group(1))
    if fields["unit"].casefold() in _WEIGHTS:
        judgement.note("sold_by_weight", "unit", unit=fields["unit"])


def _take_price(judgement: Judgement, fields: dict[str, Any], text: str) -> None:
    try:
        fields["price_fen"] = read_price(text, fields.get("unit", ""))
    except CellError as error:
        judgement.refuse(error.code, "price", value=text)
        return
    if fields["price_fen"] == 0:
        judgement.doubt("price_zero", "price")
    elif fields["price_fen"] > HIGH_PRICE_FEN:
        judgement.doubt("price_high", "price", value=yuan(fields["price_fen"]))


def _take_barcode(judgement: Judgement, fields: dict[str, Any], text: str) -> None:
    barcode = barcodes.read_barcode(text)
    if barcode.text:
        fields["barcode"] = barcode.text
    if not barcode.problem:
        return
    add = judgement.doubt
    if barcode.problem in barcodes.REFUSALS:
        add = judgement.refuse
    elif barcode.problem in barcodes.NOTES:
        add = judgement.note
    add(barcode.problem, "barcode", value=barcode.text, expected=barcode.expected)


def _take_quantity(judgement: Judgement, fields: dict[str, Any], name: str, text: str) -> None:
    if not text or text in {"-", "/", "无"}:
        return
    try:
        number, is_clear = read_quantity(text, fields.get("unit", ""))
    except CellError as error:
        judgement.refuse(error.code, name, value=text)
        return
    if number == 0:
        judgement.doubt("quantity_zero", name)
        return
    fields[name] = number
    if not is_clear:
        judgement.doubt("quantity_words", name, value=text, number=number)


def _judge_twins(rows: Sequence[SourceRow], judgements: Sequence[Judgement]) -> None:
    """The same barcode, or name and specification, twice in one file.

    The later row is refused and names the earlier one; the earlier one is doubtful, because nobody
    knows which is right. Leaving the earlier one out sets the later one free.
    """
    _mark_twins(rows, judgements, lambda fields: fields.get("barcode"), "barcode")
    _mark_twins(
        rows, judgements, lambda fields: name_key(fields["name"], fields.get("spec", "")), "name"
    )


def _mark_twins(
    rows: Sequence[SourceRow],
    judgements: Sequence[Judgement],
    key_of: Callable[[dict[str, Any]], Any],
    column: str,
) -> None:
    first: dict[Any, int] = {}
    warned: set[int] = set()
    for index, (row, judgement) in enumerate(zip(rows, judgements, strict=True)):
        if row.is_left or judgement.verdict == REFUSED:
            continue
        fields = judgement.values["fields"]
        key = key_of(fields)
        if key is None:
            continue
        earlier = first.setdefault(key, index)
        if earlier == index:
            continue
        if judgements[earlier].values["fields"] == fields:
            judgement.refuse("same_as_row", row=rows[earlier].number)
            continue
        judgement.refuse(f"{column}_twice", column, row=rows[earlier].number)
        if earlier not in warned:
            warned.add(earlier)
            judgements[earlier].doubt(f"{column}_also", column, row=row.number)


def _judge_against(
    rows: Sequence[SourceRow], judgements: Sequence[Judgement], known: Sequence[Known]
) -> None:
    by_barcode = {product.fields["barcode"]: product for product in known}
    by_name = {product.key: product for product in known}
    claimed: dict[int, int] = {}
    for row, judgement in zip(rows, judgements, strict=True):
        if judgement.verdict == REFUSED:
            continue
        fields = judgement.values["fields"]
        named = by_name.get(name_key(fields["name"], fields.get("spec", "")))
        product = by_barcode.get(fields.get("barcode")) or named
        if product is None:
            judgement.note("new_product")
            continue
        if named is not None and named.id != product.id:
            judgement.refuse("name_of_other", "name", barcode=named.fields["barcode"] or "—")
            continue
        if not row.is_left and claimed.setdefault(product.id, row.number) != row.number:
            judgement.refuse("same_product_as_row", row=claimed[product.id])
            continue
        _compare(judgement, product)


def _compare(judgement: Judgement, product: Known) -> None:
    """What would change, old → new. Cells that are empty or absent change nothing."""
    fields: dict[str, Any] = judgement.values["fields"]
    if not product.fields["is_active"]:
        fields["is_active"] = True
        judgement.note("on_sale_again")
    was = {name: product.fields[name] for name in fields if fields[name] != product.fields[name]}
    judgement.values |= {"product": product.id, "was": was}
    for name, old in was.items():
        if name == "price_fen":
            _compare_price(judgement, old, fields[name])
        elif name != "is_active":
            _compare_text(judgement, name, old, fields[name])
    if not was:
        judgement.note("unchanged")


def _compare_price(judgement: Judgement, old: int, new: int) -> None:
    is_jump = new * 2 < old or new > old * 2
    add = judgement.doubt if is_jump else judgement.note
    add("price_jump" if is_jump else "price_changed", "price", old=yuan(old), new=yuan(new))


def _compare_text(judgement: Judgement, name: str, old: Any, new: Any) -> None:
    """Another name, unit or barcode may be another article: that needs a yes."""
    if name in {"name", "unit", "barcode"} and old and _folded(str(old)) != _folded(str(new)):
        judgement.doubt("another_value", name, old=old, new=new)
    else:
        judgement.note("field_changed", name, old="—" if old in {"", None} else old, new=new)

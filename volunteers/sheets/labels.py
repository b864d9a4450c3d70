"""The words on pick lists and slips, beside those that every paper has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from orders.files.labels import UnknownLanguage


@dataclass(frozen=True, slots=True)
class PickLabels:
    """`{…}` are filled by `str.format`. Fields of `_READ` are how a reader finds a figure."""

    language: str
    title: str
    slips_title: str
    products: str
    households: str
    wave: str
    part: str
    bags: str
    pieces: str
    door: str
    continued: str
    totals: str
    due: str
    collect: str
    # Facts.
    number: str
    revision_label: str
    window: str
    supplier: str
    community: str
    building: str
    deliver: str
    checksum: str
    # Columns.
    position: str
    name: str
    spec: str
    goods: str
    unit: str
    quantity: str
    amount: str
    taken: str
    packed: str
    note: str


ZH_HANS = PickLabels(
    language="zh-hans",
    title="分拣单",
    slips_title="一户一单",
    products="商品合计",
    households="按户分",
    wave="第{n}批",
    part="第{part}张，共{parts}张",
    bags="{n}户",
    pieces="共{n}件",
    door="送上门",
    continued="续",
    totals="合计",
    due="应付",
    collect="应收",
    number="编号",
    revision_label="版次",
    window="团购",
    supplier="供货商",
    community="小区",
    building="楼栋",
    deliver="送货",
    checksum="校验码",
    position="序号",
    name="品名",
    spec="规格",
    goods="品名 规格",
    unit="单位",
    quantity="数量",
    amount="金额(元)",
    taken="已拿",
    packed="装好",
    note="缺/坏",
)

EN = PickLabels(
    language="en",
    title="Pick list",
    slips_title="Slips",
    products="Products",
    households="By household",
    wave="wave {n}",
    part="slip {part} of {parts}",
    bags="{n} households",
    pieces="{n} pieces",
    door="to the door",
    continued="cont.",
    totals="Total",
    due="Due",
    collect="To collect",
    number="Number",
    revision_label="Rev.",
    window="Group buy",
    supplier="Supplier",
    community="Community",
    building="Building",
    deliver="Deliver",
    checksum="Checksum",
    position="No.",
    name="Product",
    spec="Size",
    goods="Product, size",
    unit="Unit",
    quantity="Quantity",
    amount="Amount ¥",
    taken="Taken",
    packed="Packed",
    note="Short/bad",
)

_READ = (
    *("totals", "due", "number", "revision_label", "window", "supplier", "community"),
    *("building", "deliver", "checksum", "position", "name", "spec", "goods", "unit"),
    *("quantity", "amount", "taken", "packed", "note"),
)


def pick_labels(language: str) -> PickLabels:
    """The table of a language tag. UnknownLanguage for any but zh-hans and en."""
    for labels in (ZH_HANS, EN):
        if labels.language == language.lower():
            return labels
    raise UnknownLanguage(language)


def keys_by_pick_label() -> Mapping[str, str]:
    """Printed label → field name, over both languages."""
    return {
        getattr(labels, field.name): field.name
        for labels in (ZH_HANS, EN)
        for field in fields(labels)
        if field.name in _READ
    }

"""The words on the papers, in Chinese and English. A table, so that writers need no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields


class UnknownLanguage(ValueError):
    """The papers are written in zh-hans and en only."""


@dataclass(frozen=True, slots=True)
class Labels:
    """`{…}` are filled by `str.format`. A field in `_READ` is how a reader finds its figure."""

    language: str
    order_title: str
    difference_title: str
    revision: str
    replaces: str
    against: str
    aside: str
    cancelled: str
    cancelled_note: str
    nothing: str
    totals: str
    undecided: str
    same_checksum: str
    page: str
    all_communities: str
    separator: str
    # Facts at the top of a paper.
    number: str
    revision_label: str
    window: str
    window_id: str
    supplier: str
    opens: str
    closes: str
    deliver: str
    contact: str
    community: str
    address: str
    checksum: str
    # Columns.
    position: str
    barcode: str
    name: str
    spec: str
    goods: str
    unit: str
    category: str
    case_size: str
    cases: str
    price: str
    wanted: str
    ordered: str
    amount: str
    sent: str
    change: str
    old_ordered: str
    new_ordered: str
    delta: str
    delta_amount: str
    # Counted things.
    kinds: str
    pieces: str
    households: str
    yuan: str
    cases_and_rest: str
    wanted_note: str
    added: str
    removed: str
    changed: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str


ZH_HANS = Labels(
    language="zh-hans",
    order_title="备货单",
    difference_title="增减单",
    revision="第{n}版",
    replaces="以本版为准，以前各版作废",
    against="对第{n}版",
    aside="{main}（{aside}）",
    cancelled="全部取消",
    cancelled_note="请不要备货，也不要送货。",
    nothing="没有商品",
    totals="合计",
    undecided="待定",
    same_checksum="两张单子校验码相同，数量和金额就相同。",
    page="第{page}页 / 共{pages}页",
    all_communities="全部小区合计",
    separator="：",
    number="编号",
    revision_label="版次",
    window="团购",
    window_id="团购代码",
    supplier="供货商",
    opens="开团",
    closes="截单",
    deliver="送货",
    contact="联系人",
    community="小区",
    address="地址",
    checksum="校验码",
    position="序号",
    barcode="条码",
    name="品名",
    spec="规格",
    goods="品名 规格",
    unit="单位",
    category="分类",
    case_size="箱规",
    cases="折箱",
    price="单价(元)",
    wanted="居民要",
    ordered="数量",
    amount="金额(元)",
    sent="实发",
    change="变化",
    old_ordered="原数量",
    new_ordered="现数量",
    delta="增减",
    delta_amount="金额增减(元)",
    kinds="{n}种",
    pieces="{n}件",
    households="{n}户",
    yuan="{amount}元",
    cases_and_rest="{cases}箱+{rest}",
    wanted_note="（居民要{n}）",
    added="新增",
    removed="取消",
    changed="改动",
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    months=tuple(f"{month}月" for month in range(1, 13)),
    day="{month}{day}日 {weekday}",
)

EN = Labels(
    language="en",
    order_title="Supply order",
    difference_title="Changes",
    revision="Revision {n}",
    replaces="Replaces every earlier revision",
    against="against revision {n}",
    aside="{main} ({aside})",
    cancelled="ALL CANCELLED",
    cancelled_note="Please prepare nothing and deliver nothing.",
    nothing="Nothing",
    totals="Total",
    undecided="not fixed yet",
    same_checksum="Two papers with the same checksum have the same quantities and amounts.",
    page="Page {page} of {pages}",
    all_communities="All communities",
    separator=": ",
    number="Number",
    revision_label="Rev.",
    window="Group buy",
    window_id="Group buy ID",
    supplier="Supplier",
    opens="Opened",
    closes="Closed",
    deliver="Deliver",
    contact="Contact",
    community="Community",
    address="Address",
    checksum="Checksum",
    position="No.",
    barcode="Barcode",
    name="Product",
    spec="Size",
    goods="Product, size",
    unit="Unit",
    category="Category",
    case_size="Case",
    cases="Cases",
    price="Price ¥",
    wanted="Wanted",
    ordered="Quantity",
    amount="Amount ¥",
    sent="Sent",
    change="Change",
    old_ordered="Before",
    new_ordered="Now",
    delta="+/-",
    delta_amount="Amount +/- ¥",
    kinds="{n} products",
    pieces="{n} pieces",
    households="{n} households",
    yuan="¥{amount}",
    cases_and_rest="{cases} cs + {rest}",
    wanted_note="(wanted {n})",
    added="added",
    removed="removed",
    changed="changed",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ),
    day="{weekday} {day} {month}",
)

_READ = (
    *("number", "revision_label", "window", "window_id", "supplier", "opens", "closes"),
    *("deliver", "contact", "community", "address", "checksum", "totals"),
    *("position", "barcode", "name", "spec", "goods", "unit", "category", "case_size"),
    *("price", "wanted", "ordered", "amount", "sent", "change", "old_ordered"),
    *("new_ordered", "delta", "delta_amount"),
)


def labels_for(language: str) -> Labels:
    """The table of a language tag such as `zh-hans` or `en`. UnknownLanguage for any other."""
    for labels in (ZH_HANS, EN):
        if labels.language == language.lower():
            return labels
    raise UnknownLanguage(language)


def keys_by_label(*tables: object) -> dict[str, str]:
    """Printed label → field name, over every language; a reader needs no language given."""
    return {
        getattr(table, field.name): field.name
        for table in tables or (ZH_HANS, EN)
        for field in fields(table)  # type: ignore[arg-type]  # any labels dataclass
        if field.name in _READ
    }


def pattern(words: str, **groups: str) -> str:
    """A regular expression for `words` without white space; `{name}` matches `groups[name]`."""
    parts = re.split(r"\{(\w+)\}", words.replace(" ", ""))
    return "".join(groups[p] if i % 2 else re.escape(p) for i, p in enumerate(parts))

"""A form in large print to carry from door to door: what there is today, a box for each quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from orders.files.labels import labels_for
from orders.files.paper import set_paper
from orders.files.text import for_paper
from orders.files.wording import day, moment, money

_TEMPLATE = Path(__file__).parent / "templates" / "order_form.typ"


@dataclass(frozen=True, slots=True)
class FormGoods:
    """A product on the menu; the price in fen."""

    number: int
    name: str
    spec: str
    unit: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class OrderForm:
    """`closes_at` carries the community's zone."""

    community_name: str
    window_title: str
    closes_at: datetime
    deliver_on: date | None
    goods: Sequence[FormGoods]


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    until: str
    deliver: str
    door: str
    name: str
    phone: str
    how: str
    who: str
    page: str


_WORDS = {
    "zh-hans": _Words(
        title="买菜登记表",
        until="收单到 {time}",
        deliver="送货 {day}",
        door="门牌",
        name="姓名",
        phone="电话",
        how="要几份，就在方框里写几。不要的空着。",
        who="登记人",
        page="{page}/{pages}",
    ),
    "en": _Words(
        title="Order form",
        until="Orders until {time}",
        deliver="Delivery {day}",
        door="Door",
        name="Name",
        phone="Phone",
        how="Write into the box how many you want. Leave it empty for none.",
        who="Taken down by",
        page="{page}/{pages}",
    ),
}


def write_order_form_pdf(form: OrderForm, language: str = "zh-hans") -> bytes:
    """A4, nothing below 16 pt; the lines for door and name stand on every page, for pages get apart."""
    labels = labels_for(language)
    words = _WORDS[labels.language]
    facts = [words.until.format(time=moment(form.closes_at, labels))]
    if form.deliver_on is not None:
        facts.append(words.deliver.format(day=day(form.deliver_on, labels)))
    data = {
        "language": labels.language,
        "words": asdict(words),
        "title": for_paper(f"{form.community_name} {words.title}", limit=30),
        "window": for_paper(form.window_title, limit=40),
        "facts": facts,
        "goods": [
            {
                "number": str(goods.number),
                "name": for_paper(goods.name, limit=40),
                "spec": for_paper(goods.spec, limit=30),
                "price": money(goods.price_fen),
                "unit": for_paper(goods.unit, limit=6),
            }
            for goods in form.goods
        ],
    }
    return set_paper(_TEMPLATE, data, moment=form.closes_at)

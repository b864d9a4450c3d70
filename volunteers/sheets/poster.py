"""A poster for a notice board or a chat: menu, cutoff, whom to call, the way to the phone page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from orders.files.labels import Labels, labels_for
from orders.files.lines import fitted
from orders.files.paper import draw_picture, set_paper
from orders.files.text import for_paper
from orders.files.wording import day, money
from volunteers.sheets.qr import qr_svg

_TEMPLATE = Path(__file__).parent / "templates" / "poster.typ"
_NAME, _SPEC = 24, 16
# Products on one page of paper: in one column, in two at both distances.
_SHORT, _ROOMY, _TIGHT = 20, 48, 56


@dataclass(frozen=True, slots=True)
class PosterItem:
    """A product: its short number, price in fen per `unit`."""

    number: int
    name: str
    spec: str
    unit: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class PosterMenu:
    """A group buy. Times are those of the community's clock."""

    title: str
    supplier: str
    closes_at: datetime
    items: Sequence[PosterItem]
    deliver_on: date | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Poster:
    """For a community, or one building of it. Without a menu it only shows the way. `page` is the phone page."""

    community: str
    page: str
    made_at: datetime
    building: str = ""
    menu: PosterMenu | None = None
    service_name: str = ""
    service_phone: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    head: str
    closes: str
    arrives: str
    scan: str
    open: str
    numbers: str
    call: str
    slip: str
    nothing: str
    supplier: str
    per: str


_WORDS = {
    "zh-hans": _Words(
        title="团购海报",
        head="邻里团购",
        closes="截单 {moment}",
        arrives="预计 {day} 送到",
        scan="扫码下单",
        open="或打开 {page}",
        numbers="打电话、请邻居代下单，报编号和数量就行，例如：“3号2份”。",
        call="不会用手机？请打",
        slip="第一次用：扫自家收到的入户码。",
        nothing="现在没有团购。新的一团开了会贴在这里，手机上也看得到。",
        supplier="{name} 供货",
        per="元/{unit}",
    ),
    "en": _Words(
        title="Poster",
        head="Group buying",
        closes="Order until {moment}",
        arrives="Expected {day}",
        scan="Scan to order",
        open="or open {page}",
        numbers="By telephone or through a neighbour: number and quantity will do, like “2 of number 3”.",
        call="No smartphone? Please call",
        slip="First time: scan the slip that came under your door.",
        nothing="There is no group buy now. The next one will be posted here and on the phone page.",
        supplier="From {name}",
        per=" yuan/{unit}",
    ),
}


def write_poster_pdf(poster: Poster, language: str = "zh-hans") -> bytes:
    """A4, one page for some fifty products, as large as the page has room for; two for a hundred."""
    return set_paper(_TEMPLATE, _data(poster, language, "paper"), moment=poster.made_at)


def write_poster_png(poster: Poster, language: str = "zh-hans") -> bytes:
    """One long picture, 1,080 px wide, as a chat shows it on a phone."""
    return draw_picture(_TEMPLATE, _data(poster, language, "picture"))


def _data(poster: Poster, language: str, medium: str) -> dict[str, object]:
    labels = labels_for(language)
    words = _WORDS[labels.language if labels.language in _WORDS else "zh-hans"]
    place = " ".join(filter(None, (poster.community, poster.building)))
    return {
        "language": labels.language,
        "medium": medium,
        "title": f"{words.title} {for_paper(place, limit=40)}",
        "head": words.head,
        "place": fitted(for_paper(place, limit=40), 30, 330 if medium == "paper" else 300),
        "scan": words.scan,
        "open": words.open.format(page=for_paper(poster.page.split("://")[-1], limit=60)),
        "slip": words.slip,
        "qr": qr_svg(poster.page),
        "call": _call(poster, words, medium),
        "menu": _menu(poster.menu, words, labels) if poster.menu else None,
        "nothing": words.nothing,
    }


def _call(poster: Poster, words: _Words, medium: str) -> dict[str, str] | None:
    """Without a number, paper has a line to write it by hand; nobody writes on a picture."""
    if not poster.service_phone and medium == "picture":
        return None
    return {
        "words": words.call,
        "name": for_paper(poster.service_name, limit=24),
        "phone": for_paper(poster.service_phone, limit=30),
    }


def _menu(menu: PosterMenu, words: _Words, labels: Labels) -> dict[str, object]:
    moment = f"{day(menu.closes_at.date(), labels)} {menu.closes_at:%H:%M}"
    return {
        "title": for_paper(menu.title, limit=40),
        "supplier": words.supplier.format(name=for_paper(menu.supplier, limit=30)),
        "closes": words.closes.format(moment=moment),
        "arrives": words.arrives.format(day=day(menu.deliver_on, labels))
        if menu.deliver_on
        else "",
        "notice": for_paper(menu.notice, limit=160),
        "numbers": words.numbers,
        # A few products too many for a page: closer together rather than alone on the next.
        "pitch": 3.0 if _ROOMY < len(menu.items) <= _TIGHT else 4.2,
        # A short menu has the whole width; a long one two columns of one length, as long as they share a page.
        "columns": 1 if len(menu.items) <= _SHORT else 2,
        "is_one_page": len(menu.items) <= _TIGHT,
        "items": [
            {
                "number": str(item.number),
                "name": for_paper(item.name, limit=_NAME),
                "spec": for_paper(item.spec, limit=_SPEC),
                "price": f"{money(item.price_fen)}",
                "per": words.per.format(unit=for_paper(item.unit, limit=6)),
            }
            for item in menu.items
        ],
    }

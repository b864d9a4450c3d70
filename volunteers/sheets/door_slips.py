"""Slips with one code for each household (一户一码): what is put under a door tells nothing about who lives there.

Building and room stand on a strip that the volunteer cuts off at the door; below it are the community, the code and how
to use it. No name, no phone number of a resident, no room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orders.files.labels import labels_for
from orders.files.lines import fitted
from orders.files.paper import set_paper
from orders.files.text import for_paper
from orders.files.wording import day
from volunteers.sheets.qr import qr_svg

_TEMPLATE = Path(__file__).parent / "templates" / "door-slips.typ"


@dataclass(frozen=True, slots=True)
class DoorSlip:
    """The strip's words, and the code as it is typed."""

    building: str
    room: str
    code: str


@dataclass(frozen=True, slots=True)
class DoorSlips:
    """In the order in which they are carried round. `page` is the phone page; a code goes behind its #."""

    community: str
    page: str
    made_at: datetime
    slips: Sequence[DoorSlip]
    service_name: str = ""
    service_phone: str = ""


_WORDS = {
    "zh-hans": {
        "title": "入户码（一户一码）",
        "head": "{community} · 邻里团购",
        "tear": "到门口撕下这条再投递",
        "steps": [
            "手机扫码，或打开 {page} 输入下面的码",
            "填姓名，等楼组长或志愿者确认",
            "以后手机上点点就能下单，可帮家里老人代下",
        ],
        "code": "入户码",
        "own": "只给收到的这一户用，请勿转发。重新印发后，这张作废。",
        "made": "{day}印",
        "call": "没有智能手机？请打",
    },
    "en": {
        "title": "Codes for the doors",
        "head": "{community} · group buying",
        "tear": "Tear this strip off at the door",
        "steps": [
            "Scan it, or open {page} and type the code below",
            "Write your name; a volunteer or the building leader approves it",
            "From then on order by phone, for your parents too if you like",
        ],
        "code": "Code",
        "own": "Only for the household that got this slip; please do not pass it on. A new one ends it.",
        "made": "{day}",
        "call": "No smartphone? Please call",
    },
}


def write_door_slips(sheet: DoorSlips, language: str = "zh-hans") -> bytes:
    """Eight to a page of A4, with lines to cut along. PaperError as set_paper."""
    labels = labels_for(language)
    words = _WORDS[labels.language if labels.language in _WORDS else "zh-hans"]
    host = sheet.page.split("://")[-1]
    whom = for_paper(f"{sheet.service_name} {sheet.service_phone}".strip(), limit=60)
    made_on = day(sheet.made_at.date(), labels)
    data = {
        "language": labels.language,
        "title": words["title"],
        "head": for_paper(str(words["head"]).format(community=sheet.community), limit=24),
        "tear": words["tear"],
        "steps": [for_paper(step.format(page=host), limit=80) for step in words["steps"]],
        "label": words["code"],
        "own": words["own"],
        "made": str(words["made"]).format(day=made_on),
        "call": words["call"],
        "whom": fitted(whom, 9, 145) if sheet.service_phone else None,
        "slips": [
            {
                "building": fitted(for_paper(slip.building, limit=30), 12, 120),
                "room": fitted(for_paper(slip.room, limit=20), 19, 90),
                "code": slip.code,
                "qr": qr_svg(link(sheet.page, slip.code)),
            }
            for slip in sheet.slips
        ],
    }
    return set_paper(_TEMPLATE, data, moment=sheet.made_at)


def link(page: str, code: str) -> str:
    """What the QR code says. Behind the # it goes to no server and into no log."""
    return f"{page}#{code}"

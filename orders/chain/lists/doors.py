"""The household in a stretch of a list, and the phone numbers in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from communities.addresses.finding import find
from communities.addresses.located import Certainty, Located, Reason
from communities.addresses.register import Register
from orders.chain.line.token import MASK
from orders.chain.names.menu import Menu

_PHONE = re.compile(
    r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|(?<!\d)1[3-9]\d[*x]{3,6}\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)|(?<!\d)[2-9]\d{7}(?!\d)"
)
_TAIL = re.compile(r"(?:手机)?(?:尾号|后四位)\s{0,3}[:：]?\s{0,3}\d{4}(?!\d)")
# What looks like an address and is none: 3号2份, 3*2, 600ml*24瓶, 25元, 2-3份, 5月8日.
_NO_PLACE = re.compile(
    r"\|(?!\d)|(?<=\d)-(?=[A-Za-z]{2,20}(?![A-Za-z\d]))|隔壁(?=[老小阿][\u3400-\u9fff](?:[\s,，]|$))|(?<![\d号楼])\s?#\s?\d{1,2}(?=\s?[*xX:]\s?\d)|[Nn][Oo]\.?\s?\d{1,2}(?!\d)|"
    r"\d{1,2}号\s{0,3}[*xX]?\s{0,3}\d{1,2}\s{0,3}[份个件套箱盒包袋斤](?!\d)|(?<!\d)\d{1,3}\s{0,3}\*\s{0,3}\d{1,3}(?!\d)|\d{1,9}(?:\.\d{1,9})?(?:\s{0,3}(?:ml|ML|g|kg|毫升|克)|(?:(?<!\d{3})\s{0,3})?(?:元(?![宝旦宵])|块|斤|枚|瓶|罐))"
    r"(?:\s{0,3}\*\s{0,3}\d{1,9})?|[¥￥]\s{0,3}\d{1,9}(?:\.\d{1,9})?|(?:共|合计|总计|总价|=)\s{0,3}:?\s{0,3}\d{1,5}\.\d{1,2}(?![\d.])|\d{1,2}月\d{1,2}[日号]"
)
# 房号:3-201 of a form.
_FIELD = re.compile(
    r"(?:房间号|房号|门牌号|门牌|楼栋号|楼栋|楼号|室号|地址|住址|姓名|昵称|数量|份数|商品)\s?[:：]"
)
_HAS_FIGURE = re.compile(r"[\d一二三四五六七八九十两甲乙丙丁]|同上|别墅|楼|号")


@dataclass(frozen=True, slots=True)
class Doors:
    """A community's doors as lists meet them: `home` are the houses of the chat group the list comes from; names of
    the `menu` are no addresses.
    """

    register: Register
    home: Collection[int] = ()
    menu: Menu | None = None
    _known: dict[str, Located] = field(default_factory=dict, compare=False, repr=False)

    def find(self, text: str) -> Located:
        """The address in a folded text without phone numbers."""
        if not _HAS_FIGURE.search(text):
            return _NOWHERE
        located = self._known.get(text)
        if located is None:
            located = self._known[text] = self._find(text)
        return located

    def _find(self, text: str) -> Located:
        plain = text if self.menu is None else self.menu.hidden(text)
        plain = _FIELD.sub(_blank, plain)
        return find(_NO_PLACE.sub(_blank, plain), self.register, home=self.home)

    def has_place(self, text: str) -> bool:
        """A door is named in the text, known or not."""
        located = self.find(without_phones(text)[0])
        return names_a_door(located)


_NOWHERE = Located(Certainty.NONE, Reason.NO_ADDRESS)


def names_a_door(located: Located) -> bool:
    return located.certainty == Certainty.SURE or (
        located.certainty == Certainty.DOUBTFUL
        and bool(located.spans)
        and (bool(located.room) or located.reason == Reason.SEVERAL_ADDRESSES)
    )


def without_phones(text: str) -> tuple[str, str]:
    """(the text with phone numbers masked, the first mobile or land line in it)."""
    found = _PHONE.search(text)
    phone = re.sub(r"[- ]", "", found[0]).removeprefix("+86") if found else ""
    if found is None and "尾号" not in text and "后四位" not in text:
        return text, ""
    return _TAIL.sub(_mask, _PHONE.sub(_mask, text)), phone


def masked(text: str, located: Located) -> str:
    """The text with the address masked; every place stays."""
    signs = list(text)
    for start, end in located.spans:
        signs[start:end] = MASK * (end - start)
    return "".join(signs)


def _mask(match: re.Match[str]) -> str:
    return MASK * len(match[0])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])

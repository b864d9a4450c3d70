"""What a group reads of the goods: the menu by its short numbers, and where to order."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.kernel.money import yuan
from orders.files.text import for_chat
from orders.models import Offer, OrderWindow

# Characters of the menu in one text: a notice of a WeChat group takes two thousand in all.
_ROOM = 1500


def menu_lines(window: OrderWindow) -> list[str]:
    """`4. 青菜 约500克 ¥3.90/袋`, with the limit of a household; as many as there is room for, the rest is counted. One
    statement.
    """
    offers = list(Offer.objects.filter(window=window, is_active=True).order_by("short_number"))
    lines: list[str] = []
    left = _ROOM
    for offer in offers:
        line = _line(offer)
        left -= len(line) + 1
        if left < 0:
            rest = _("… and %(n)s more products: see the page where you order.")
            return [*lines, rest % {"n": len(offers) - len(lines)}]
        lines.append(line)
    return lines


def _line(offer: Offer) -> str:
    goods = for_chat(f"{offer.name} {offer.spec}")
    line = f"{offer.short_number}. {goods} ¥{yuan(offer.price_fen)}/{for_chat(offer.unit)}"
    if offer.household_limit is None:
        return line
    return line + pgettext("notice", " (at most %(n)s each)") % {"n": offer.household_limit}


def phone_page() -> str:
    """Address of the residents' page at PUBLIC_URL; "" without that setting."""
    return settings.PUBLIC_URL + reverse("phone:page") if settings.PUBLIC_URL else ""

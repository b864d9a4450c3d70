"""What makes an order of a sheet doubtful beside its door and goods: money that went back, another compound, a remark
that orders. The program that wrote the sheet knew of it; its column of quantities does not say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from communities.addresses.finding import find
from communities.models import Community
from config.kernel.intake.kinds import DOUBTFUL, REFUSED
from orders.chain.entries import Action, Remark
from orders.chain.line.folding import fold
from orders.chain.line.wanting import MANY, read_wanted
from orders.chain.lists.doors import masked, without_phones
from orders.chain.lists.layout import MAX_LINE
from orders.chain.talk.undoing import undoes
from orders.intake.world import World

_CANCELLED = re.compile(
    "取消|退款成功|已退款|全额退款|已关闭|交易关闭|未支付|待支付|待付款|cancel|refund",
    re.IGNORECASE,
)
# 部分退款, 退款中, 售后中: how much of it still holds, only a person knows.
_GOING_BACK = re.compile("退款|退货|待退|售后中")
_STAYS = re.compile("拒绝|撤销|退款关闭|售后关闭|[无未]\\s{0,3}(?:申请)?(?:退|售后)")
_MONEY = re.compile(r"\d{1,7}(?:\.\d{1,2})?")
_ASKS = frozenset({"for_somebody", "half", "same_as_above", "everything", "minus"})
_CHANGES = re.compile("退|换|改|补|少[发了一两]|漏|不要[^\u3400-\u9fff]{0,3}了|多要|再要")
_KEPT_FOR_ME = "代收"
_SMALL_WORDS = re.compile("小区|社区|花园|[\\s()（）·・]+")


def about_money(*, status: str, paid: Iterable[str], back: Iterable[str]) -> Remark | None:
    """`paid` and `back` are the cells of all lines of one order: each may tell its own line, or the first one all."""
    is_part = "部分" in status
    if _CANCELLED.search(status) and not is_part:
        return Remark("cancelled_order", {"words": status}, REFUSED)
    returned = [money for money in map(_money, back) if money > 0]
    if returned:
        told = f"¥{max(returned)}"
        is_whole = max(returned) >= sum(map(_money, paid)) > 0
        if is_whole:
            return Remark("cancelled_order", {"words": told}, REFUSED)
        return Remark("partly_refunded", {"words": told})
    if (is_part or _GOING_BACK.search(status)) and not _STAYS.search(status):
        return Remark("partly_refunded", {"words": status})
    return None


def _money(cell: str) -> Decimal:
    match = _MONEY.search(cell.replace(",", ""))
    try:
        return Decimal(match[0]) if match else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def about_places(places: Iterable[str], community: Community) -> Mapping[str, Remark]:
    """Place as the sheet names it → why its orders may not be this community's. One export has the orders of several
    compounds, and each has a 1号101; where it names one only, that is what the leader calls this one.
    """
    named = set(filter(None, places))
    if len(named) < 2:
        return {}
    own = {name for name in named if _is_own(name, community)}
    level = REFUSED if own else DOUBTFUL
    return {name: Remark("another_site", {"place": name[:40]}, level) for name in named - own}


def _is_own(name: str, community: Community) -> bool:
    said = _SMALL_WORDS.sub("", name)
    ours = {_SMALL_WORDS.sub("", one) for one in (community.name, community.short_name)} - {""}
    return any(one in said or (len(said) > 1 and said in one) for one in ours)


class Said(NamedTuple):
    """What a buyer's remark says beside small talk: the household it names; whether it orders or changes anything."""

    household: int | None
    asks: bool


def what_is_said(text: str, world: World) -> Said:
    """改成2份, 帮隔壁带, 给3号402. The same words are read once, whoever wrote them."""
    words, _phone = without_phones(fold(text[:MAX_LINE]))
    located = find(words, world.register)
    wanted = read_wanted(masked(words, located), world.menu)
    codes = {remark.code for remark in wanted.remarks}
    counts = "no_number" not in codes and any(line.quantity <= MANY for line in wanted.lines)
    is_for_others = bool(codes & _ASKS) and _KEPT_FOR_ME not in text
    is_order = wanted.action != Action.ORDER or counts or is_for_others
    asks = is_order or undoes(words) or _CHANGES.search(words) is not None
    return Said(located.household_id, asks)


def about_words(text: str, said: Said, household: int | None) -> Remark | None:
    """A remark of the buyer that says something else than his quantities and his door."""
    if said.asks or said.household not in {None, household}:
        return Remark("remark_says", {"words": text[:60]})
    return None

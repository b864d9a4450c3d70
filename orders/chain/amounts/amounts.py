"""Amounts, sizes and sums as chats write them: where each begins and ends. Pure."""

from __future__ import annotations

import re

from orders.chain.amounts.units import MEASURES

_INNER = "[瓶罐听包袋盒枚个只支片条卷块杯]"
_MEASURES = "|".join(map(re.escape, sorted(MEASURES, key=len, reverse=True)))
# 25元, ¥25, 58元/份, 25块, 共103.5; 2块豆腐 is no money.
MONEY = re.compile(
    r"[¥￥]\s{0,3}(?P<a>\d{1,9}(?:\.\d{1,2})?)(?:元|块)?"
    r"|(?P<b>\d{1,9}(?:\.\d{1,2})?)\s{0,3}(?:元(?![宝旦宵])|块钱|块(?!豆|肉|姜)|rmb)(?:\s{0,3}/\s{0,3}\S{1,2})?"
    r"|(?:已付款?|付好了?|付了|已转账?|转了|转好了?|已支付|付款)\s{0,3}:?\s{0,3}(?P<d>\d{1,5}(?:\.\d{1,2})?)(?![\d.]|[份个箱包袋盒斤瓶])(?:元|块)?"
    r"|(?:刚好|正好|一共|总共|共计|合计|总计|总价|共|=)\s{0,3}:?\s{0,3}(?P<c>\d{1,5}\.\d{1,2})(?![\d.])(?:元|块)?"
)
# 600ml*24瓶, 500ML12罐, 约2.5kg/箱.
MEASURE = re.compile(
    rf"约?\d{{1,9}}(?:\.\d{{1,9}})?(?:-\d{{1,9}}(?:\.\d{{1,9}})?)?\s{{0,3}}(?:{_MEASURES})(?![a-z])"
    rf"(?:\s{{0,3}}[*/]\s{{0,3}}\d{{1,9}}\s{{0,3}}(?:{_INNER}装?)?|\d{{1,9}}\s{{0,3}}{_INNER}装?)?(?:/[箱件提盒包袋份])?"
)
# 24罐装, 12个/箱, 一箱24瓶.
PACKED = re.compile(
    rf"\d{{2,5}}抽|\d{{1,9}}(?:\.\d{{1,9}})?\s{{0,3}}(?:{_INNER}|[粒颗斤寸人])(?:装|入|/[箱件提盒包袋份板])"
    rf"|[一两每][箱盒袋包板提份][约装]?\d{{1,9}}(?:{_INNER}|斤)"
)
SUM = re.compile(
    r"(?:一起|刚好|正好|一共|总共|共计|合计|总计|总价|总|共)\s{0,3}:?\s{0,3}(\d{1,5})\s{0,3}(?:份|件|个|套|箱|斤|盒|包|袋|样)?(?!\s{0,3}[元块.\d])"
)
EQUALS = re.compile(r"=\s{0,3}(\d{1,5})(?!\s{0,3}[元块.\d])")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# What makes a number something else than a quantity: 3楼, 5点, 10岁.
AFTER_NUMBER = re.compile(r"[楼层号室门幢栋点时月日年岁折弄期%℃后前]|单元|分钟")


def fen_of(amount: str) -> int:
    """25, 25.5, 25.50 yuan in fen."""
    yuan, _dot, cents = amount.partition(".")
    return int(yuan[:9]) * 100 + int((cents + "00")[:2])


def sold_by(text: str, start: int, units: re.Pattern[str]) -> str:
    """The unit right behind the number that begins here."""
    number = NUMBER.match(text, start)
    unit = units.match(text, number.end()) if number else None
    return unit[0] if unit else ""

"""How amounts, days and revisions are written on a paper, and read from it."""

from __future__ import annotations

from datetime import date, datetime

from config.kernel.money import parse_yuan, yuan
from orders.files.labels import Labels


def money(fen: int) -> str:
    """Yuan with two decimals and thousands separators: `1500000` → `"15,000.00"`."""
    whole, cents = yuan(abs(fen)).split(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{cents}"


def fen_of(printed: str) -> int:
    """What `money` or `kernel.money.yuan` printed, exactly two decimals. ValueError otherwise."""
    digits = printed.replace(",", "")
    if digits[-3:-2] != ".":
        raise ValueError(f"{printed!r} is no amount with two decimals")
    return parse_yuan(digits)


def signed(number: int) -> str:
    """`3` → `"+3"`, `-3` → `"-3"`, `0` → `"0"`."""
    return f"{number:+d}" if number else "0"


def signed_money(fen: int) -> str:
    """Like `money`, with a plus before what is added."""
    return f"+{money(fen)}" if fen > 0 else money(fen)


def day(value: date | None, labels: Labels) -> str:
    """`4月21日 周四`, `Thu 21 Apr`."""
    if value is None:
        return labels.undecided
    month = labels.months[value.month - 1]
    return labels.day.format(month=month, day=value.day, weekday=labels.weekdays[value.weekday()])


def moment(value: datetime, labels: Labels) -> str:
    """`4月21日 周四 12:00`, as the clock of the zone that `value` carries shows it."""
    return f"{day(value.date(), labels)} {value:%H:%M}"


def grouped(checksum: str) -> str:
    """Sixteen hex digits in fours, as a person compares them."""
    return " ".join(checksum[start : start + 4] for start in range(0, len(checksum), 4))

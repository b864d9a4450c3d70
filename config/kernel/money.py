"""Money is whole fen. One rounding rule (half up), splits that sum exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

_YUAN = re.compile(r"[¥￥]?\s*(-?\d{1,12})(?:\.(\d{1,2}))?\s*元?")


def yuan(fen: int) -> str:
    """`1230` → `"12.30"`, `-5` → `"-0.05"`. No currency sign, no thousands separator."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def parse_yuan(text: str) -> int:
    """Fen of `12`, `12.3`, `12.30`, `¥12.30`, `12.30元`. ValueError for more than two decimals or anything else."""
    match = _YUAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    whole, cents = match.group(1), (match.group(2) or "").ljust(2, "0")
    fen = abs(int(whole)) * 100 + int(cents)
    return -fen if whole.startswith("-") else fen


def round_half_up(value: Fraction | Decimal) -> int:
    """The nearest whole number; a half goes away from zero (0.5 → 1, -0.5 → -1)."""
    exact = Fraction(value)
    magnitude = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return -magnitude if exact < 0 else magnitude


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Shares of `total` ≥ 0 in proportion to `weights` ≥ 0, summing exactly (largest remainder, then position).

    All weights zero: ValueError unless the total is zero too.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("neither the total nor a weight may be negative")
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing to split by")
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares

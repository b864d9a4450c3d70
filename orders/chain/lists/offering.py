"""The menu of a group buy as text for a chat, which reads back to the same goods. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from config.kernel.money import yuan
from orders.chain.names.goods import Goods


def chat_menu(
    *, title: str, cutoff: str, goods: Sequence[Goods], door: str, words: tuple[str, str]
) -> str:
    """`1. 蔬菜包 约8斤 58.00元/份` …, the cutoff as it is told, and an example line with `door`.

    `words`: how to order, and the beginning of the example line as the chat program knows it.
    """
    how, example = words
    lines = ["#接龙", title, cutoff]
    lines += [_line(one) for one in goods]
    wished = " ".join(f"{one.number}号×{n}" for one, n in zip(goods[:2], (2, 1), strict=False))
    return "\n".join([*lines, how, f"{example} {door} {wished}", ""])


def _line(one: Goods) -> str:
    parts = [f"{one.number}. {one.name}", one.spec, f"{yuan(one.price_fen)}元/{one.unit}"]
    return " ".join(filter(None, parts))

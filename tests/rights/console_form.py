"""What a form of the console is to the tests."""

from __future__ import annotations

from dataclasses import dataclass

# What drafting a round writes.
WINDOW = {
    "orders_orderwindow": "+",
    "orders_windowcommunity": "+",
    "kernel_idempotencykey": "+",
}


@dataclass(frozen=True)
class Form:
    """`typed` and `address` may name rows: see names_of. `writes` tells table → columns, `+` being a new row; the
    audit's own entry is not told. `shows` are all the controls that the page may have.
    """

    address: str
    person: str
    typed: dict[str, str]
    writes: dict[str, str]
    shows: str = ""

"""Every arrow of a round, spelled out once more, so that a change of the tables is a decision."""

from __future__ import annotations

import pytest

from orders.states import JOIN, ORDER, SUPPLIER_ORDER, WINDOW
from volunteers.states import PICK_LIST

TABLES = {
    "window": WINDOW,
    "join": JOIN,
    "order": ORDER,
    "supplier order": SUPPLIER_ORDER,
    "pick list": PICK_LIST,
}
ARROWS = {
    "window": """
        draft→ready draft→cancelled ready→draft ready→open ready→cancelled open→closed open→held open→cancelled
        held→open held→closed held→cancelled closed→open closed→settled closed→cancelled
    """,
    "join": "joined→cancelled",
    "order": "placed→cancelled",
    "supplier order": """
        prepared→checked prepared→superseded checked→released checked→prepared checked→superseded
        released→superseded released→withdrawn
    """,
    "pick list": "ready→picking ready→superseded picking→packed",
}


@pytest.mark.parametrize("name", ARROWS)
def test_transitions_are_the_arrows_of_the_design(name: str) -> None:
    table = TABLES[name].table

    drawn = {f"{source}→{target}" for source, targets in table.items() for target in targets}

    assert drawn == set(ARROWS[name].split())

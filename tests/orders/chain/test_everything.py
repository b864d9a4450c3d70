"""One of everything: where the list shows the whole menu, or nothing of it; never where it shows a part."""

from __future__ import annotations

import pytest

from tests.orders.chain.test_attacks_a import offer, read, results

GOODS = offer("A套餐||份|50 油条||根|3 三鲜馄饨||盒|20 荠菜馄饨||盒|20")
EACH = "A套餐1 油条1 三鲜馄饨1 荠菜馄饨1"
WHOLE = "A套餐 50元\n油条 3元\n三鲜馄饨 20元\n荠菜馄饨 20元"
PART = "油条 3元\n三鲜馄饨 20元"
LINES = {
    "全部各来一份": EACH,
    "全部各一": EACH,
    "全部来一份": "?",
    "全部各2份 油条": "?",
    "全部各": "?",
    "都要": "?",
    "全要": "?",
    "各来一份，油条不要": "?",
    "除了A套餐其他各1": "?",
}


@pytest.mark.parametrize(("top", "is_known"), [(WHOLE, True), ("", True), (PART, False)])
def test_read_chain_takes_everything_where_the_menu_is_known(top: str, is_known: bool) -> None:
    found = results(read(GOODS, top, list(LINES)), GOODS)[-len(LINES) :]

    expected = [got if is_known else "?" for got in LINES.values()]
    assert list(zip(LINES, found, strict=True)) == list(zip(LINES, expected, strict=True))


def test_read_chain_asks_about_every_kind_where_a_part_is_shown() -> None:
    lines = ["每种馄饨各1", "两种馄饨各1"]

    assert results(read(GOODS, WHOLE, lines), GOODS)[-2:] == ["三鲜馄饨1 荠菜馄饨1"] * 2
    assert results(read(GOODS, PART, lines), GOODS)[-2:] == ["?", "三鲜馄饨1 荠菜馄饨1"]

"""Who orders what is decided before anybody orders."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from seeds.demo.baskets import CAP, CAPPED, LIMIT, LIMITED, Good, Mishap, Wishes, all_wishes
from seeds.wanping.catalogue import PRICE_LIST
from seeds.wanping.plan import homes


@pytest.fixture
def goods() -> list[Good]:
    with PRICE_LIST.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Good(row["品名"], row["分类"], round(float(row["单价(元)"]) * 100)) for row in rows]


def pieces(wishes: list[Wishes], name: str) -> int:
    return sum(wish.basket.get(name, 0) for wish in wishes)


def test_all_wishes_of_94_households_are_about_760_lines_and_15000_yuan(goods: list[Good]) -> None:
    prices = {good.name: good.price_fen for good in goods}

    wishes = all_wishes(homes(), goods)

    total_fen = sum(prices[name] * n for wish in wishes for name, n in wish.basket.items())
    assert (len(goods), len(wishes)) == (106, 94)
    assert sum(len(wish.basket) for wish in wishes) == 764
    assert total_fen == 1_506_190


def test_all_wishes_same_seed_gives_the_same_whatever_the_menu_and_another_seed_not(
    goods: list[Good],
) -> None:
    assert all_wishes(homes(), goods, 5) == all_wishes(homes(), goods[::-1], 5)
    assert all_wishes(homes(), goods, 5) != all_wishes(homes(), goods, 6)


@pytest.mark.parametrize("seed", range(20))
def test_all_wishes_first_rush_asks_for_all_capped_pieces_and_not_one_more(
    goods: list[Good], seed: int
) -> None:
    """Otherwise the result would hang on who is faster."""
    wishes = all_wishes(homes(), goods, seed)

    rush = [wish for wish in wishes if not wish.is_late]
    first = [wish.first or wish.basket for wish in rush]
    assert sum(basket.get(CAPPED, 0) for basket in first) == CAP
    assert pieces(wishes, CAPPED) == CAP
    late = [wish for wish in wishes if wish.is_late]
    assert all(wish.first.get(CAPPED) == 1 and CAPPED not in wish.basket for wish in late)
    assert len(late) == 6
    assert max(wish.basket.get(LIMITED, 0) for wish in wishes) <= LIMIT


def test_all_wishes_mishaps_happen_as_often_as_planned(goods: list[Good]) -> None:
    wishes = all_wishes(homes(), goods)

    assert Counter(wish.mishap for wish in wishes) == {
        Mishap.NONE: 94 - 36,
        Mishap.LATE: 6,
        Mishap.GREEDY: 2,
        Mishap.LOST_REPLY: 6,
        Mishap.HUNG_UP: 6,
        Mishap.CHANGE: 9,
        Mishap.CANCEL: 5,
        Mishap.OUTDATED: 2,
    }
    changed = [wish for wish in wishes if wish.mishap in (Mishap.CHANGE, Mishap.CANCEL)]
    assert all(wish.first != wish.basket for wish in changed)
    greedy = [wish for wish in wishes if wish.mishap is Mishap.GREEDY]
    assert all(wish.first[LIMITED] == LIMIT + 1 for wish in greedy)

"""By which road each wish comes, and what is wrong with the chat's list."""

from __future__ import annotations

import csv

import pytest

from seeds.demo.baskets import CAPPED, LIMITED, Good, Mishap, Wishes, all_wishes
from seeds.demo.chat import NO_SUCH_DOOR, NO_SUCH_PRODUCT, PASTES, entries, text_of
from seeds.demo.roads import share_out
from seeds.wanping.catalogue import PRICE_LIST
from seeds.wanping.plan import homes


@pytest.fixture
def wishes() -> list[Wishes]:
    with PRICE_LIST.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    goods = [Good(row["品名"], row["分类"], round(float(row["单价(元)"]) * 100)) for row in rows]
    return all_wishes(homes(), goods)


def test_share_out_gives_each_household_one_road(wishes: list[Wishes]) -> None:
    roads = share_out(wishes)

    assert (len(roads.rest), len(roads.phone), len(roads.chain)) == (70, 12, 11)
    shared = [*roads.rest, *roads.phone, *roads.chain, roads.late]
    assert sorted(map(id, shared)) == sorted(map(id, wishes))
    assert {wish.mishap for wish in (*roads.phone, *roads.chain, roads.late)} == {Mishap.NONE}
    assert roads.late.home.needs_care
    assert not {CAPPED, LIMITED} & roads.late.basket.keys()


def test_list_grows_has_its_mistakes_and_never_asks_for_more_capped_pieces(
    wishes: list[Wishes],
) -> None:
    chain = share_out(wishes).chain

    first, last = entries(chain, PASTES[0]), entries(chain, PASTES[-1])

    assert (len(first), len(last)) == (5, 11)
    assert [entry.door for entry in first].count(NO_SUCH_DOOR) == 1
    assert sum(NO_SUCH_PRODUCT in entry.basket for entry in first) == 1
    assert [entry.basket != entry.wish.basket for entry in first].count(True) == 2
    assert [entry.basket != entry.wish.basket for entry in last].count(True) == 1
    for entry in first:
        assert entry.basket.get(CAPPED, 0) == entry.wish.basket.get(CAPPED, 0)
    assert text_of(last).splitlines()[4].startswith("1. ")

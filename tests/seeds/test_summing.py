"""The residents' own sums against the supplier's file: a difference is never passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seeds.demo.baskets import Wishes
from seeds.demo.failing import DemoFailed
from seeds.demo.phone import Offer, Phone
from seeds.demo.playing import NotTheSame, Played
from seeds.demo.residents import Household
from seeds.demo.shop import Download
from seeds.demo.summing import compare_with_supplier, save_files
from seeds.demo.whole import judge
from seeds.wanping.plan import homes
from volunteers.reconciling.comparison import Comparison, Result

MENU = {"青菜": Offer("a", "青菜", "蔬菜", 390), "粳米": Offer("b", "粳米", "粮油面食", 3390)}


def household(**basket: int) -> Household:
    wishes = Wishes(homes()[0], basket)
    return Household(Phone("http://127.0.0.1:1", "token"), wishes, "window", MENU)


def played(**changes: Any) -> Played:
    """Two households, three pieces of one product and one of the other."""
    row = {"households": 2, "order_lines": 3, "pieces": 4, "total_fen": 3 * 390 + 3390, **changes}
    lines = [
        {"name": "青菜", "ordered": changes.get("ordered", 3)},
        {"name": "粳米", "ordered": 1},
        {"name": "菠菜", "ordered": 0},
    ]
    content = json.dumps({"lines": lines}).encode()
    return Played(
        households=[household(青菜=1, 粳米=1), household(青菜=2)],
        menu=MENU,
        revision=row,
        order_files=[Download("json", "备货单.json", content)],
    )


def test_compare_with_supplier_same_sums_passes() -> None:
    compare_with_supplier(played())


@pytest.mark.parametrize(
    "changes",
    [
        {"ordered": 4},
        {"ordered": 0},
        {"households": 3},
        {"order_lines": 2},
        {"pieces": 5},
        {"total_fen": 4561},
    ],
)
def test_compare_with_supplier_any_other_figure_raises(changes: dict[str, int]) -> None:
    with pytest.raises(NotTheSame):
        compare_with_supplier(played(**changes))


def test_save_files_two_of_one_name_raises(tmp_path: Any) -> None:
    twice = played()
    twice.order_files *= 2

    with pytest.raises(NotTheSame):
        save_files(tmp_path / "files", twice)


def test_judge_one_mismatch_or_nothing_compared_or_a_fourth_action_raises() -> None:
    equal, different = Result(), Result()
    Comparison(equal).equal("pieces", 3, 3)
    Comparison(different).equal("pieces", 3, 3)
    Comparison(different).equal("pieces", 3, 4)
    done = played()
    done.volunteer_actions = 3
    judge(done, equal)

    for result in (different, Result()):
        with pytest.raises(DemoFailed):
            judge(done, result)
    done.volunteer_actions = 4
    with pytest.raises(DemoFailed):
        judge(done, equal)

"""Verdicts on rows of a price list. Pure: no database."""

from typing import Any

import pytest

from config.kernel.intake.kinds import Judgement, SourceRow
from suppliers.catalogue.columns import COLUMNS
from suppliers.catalogue.judging import Known, judge
from suppliers.catalogue.messages import REASONS

GREENS = {
    "name": "青菜",
    "spec": "500g/袋",
    "unit": "袋",
    "price": "3.90",
    "barcode": "6900000100134",
}
POTATOES = {
    "name": "土豆",
    "spec": "1kg/袋",
    "unit": "袋",
    "price": "6.90",
    "barcode": "6900000101179",
}


def verdicts(*texts: dict[str, str], known: tuple[Known, ...] = ()) -> list[tuple[str, list[str]]]:
    """(verdict, codes) of rows numbered from 2; notes that say nothing new are left out."""
    found = judge_all(*texts, known=known)
    return [
        (one.verdict, [reason.code for reason in one.reasons if reason.code != "new_product"])
        for one in found
    ]


def judge_all(*texts: dict[str, str], known: tuple[Known, ...] = ()) -> list[Judgement]:
    rows = [SourceRow(number, text) for number, text in enumerate(texts, start=2)]
    judgements = judge(rows, known)
    for one in judgements:
        for reason in one.reasons:
            assert REASONS[reason.code] % {"column": "", **reason.params}
    return judgements


def product(number: int = 7, **changes: Any) -> Known:
    fields = {
        "barcode": "6900000100134",
        "item_number": "",
        "name": "青菜",
        "spec": "500g/袋",
        "unit": "袋",
        "price_fen": 390,
        "category": "",
        "brand": "",
        "case_size": None,
        "minimum": 1,
        "order_multiple": 1,
        "description": "",
        "is_active": True,
    }
    return Known(number, fields | changes)


def test_judge_sound_row_gives_the_fields_of_a_product() -> None:
    (one,) = judge_all(GREENS | {"case_size": "20", "minimum": "1", "description": "冷藏 当天吃"})
    assert one.verdict == "ok"
    assert one.values == {
        "fields": {
            "name": "青菜",
            "spec": "500g/袋",
            "unit": "袋",
            "price_fen": 390,
            "barcode": "6900000100134",
            "case_size": 20,
            "minimum": 1,
            "description": "冷藏 当天吃",
        },
        "product": None,
        "was": {},
    }


@pytest.mark.parametrize(
    ("changes", "verdict", "codes"),
    [
        ({"name": ""}, "refused", ["name_missing"]),
        ({"name": "长" * 81}, "refused", ["text_too_long"]),
        ({"name": "=1+1"}, "refused", ["text_runs"]),
        ({"name": "@SUM(1+1)*cmd|' /C calc'!A0"}, "refused", ["text_runs"]),
        ({"name": "+cmd|' /C calc'!A0"}, "refused", ["text_runs"]),
        ({"description": "-18℃冷冻"}, "ok", []),
        ({"unit": ""}, "doubtful", ["unit_from_spec"]),
        ({"unit": "", "spec": "500g"}, "refused", ["unit_missing"]),
        ({"unit": "斤"}, "ok", ["sold_by_weight"]),
        ({"price": ""}, "refused", ["price_missing"]),
        ({"price": "-3.90"}, "refused", ["price_negative"]),
        ({"price": "3.905"}, "refused", ["price_fraction"]),
        ({"price": "时价"}, "refused", ["price_unreadable"]),
        ({"price": "0"}, "doubtful", ["price_zero"]),
        ({"price": "10000.01"}, "doubtful", ["price_high"]),
        ({"barcode": ""}, "ok", []),
        ({"barcode": "6900000100135"}, "doubtful", ["barcode_check_digit"]),
        ({"barcode": "6.90103E+12"}, "refused", ["barcode_scientific"]),
        ({"barcode": "2106013040083"}, "ok", ["barcode_in_store"]),
        ({"minimum": "-1"}, "refused", ["quantity_negative"]),
        ({"minimum": "1.5"}, "refused", ["quantity_fraction"]),
        ({"minimum": "0"}, "doubtful", ["quantity_zero"]),
        ({"case_size": "1箱"}, "doubtful", ["quantity_words"]),
        ({"price": "x", "minimum": "y"}, "refused", ["price_unreadable", "quantity_unreadable"]),
    ],
)
def test_judge_row_with_one_fault_says_which(
    changes: dict[str, str], verdict: str, codes: list[str]
) -> None:
    assert verdicts(GREENS | changes, POTATOES) == [(verdict, codes), ("ok", [])]


def test_judge_wrong_check_digit_proposes_the_right_one() -> None:
    (one,) = judge_all(GREENS | {"barcode": "6900000100135"})
    assert one.reasons[0].params == {"value": "6900000100135", "expected": "6900000100134"}


def test_judge_same_barcode_twice_doubts_the_first_and_refuses_the_later() -> None:
    found = judge_all(GREENS, POTATOES, POTATOES | {"barcode": GREENS["barcode"], "spec": "2kg"})
    assert [one.verdict for one in found] == ["doubtful", "ok", "refused"]
    assert (found[0].reasons[0].code, found[0].reasons[0].params) == ("barcode_also", {"row": 4})
    assert [(r.code, r.params) for r in found[2].reasons] == [("barcode_twice", {"row": 2})]


def test_judge_same_name_and_spec_twice_compares_as_a_person_does() -> None:
    twin = GREENS | {"spec": "５００Ｇ / 袋", "barcode": ""}
    assert verdicts(GREENS, twin) == [("doubtful", ["name_also"]), ("refused", ["name_twice"])]


def test_judge_exact_repetition_is_refused_and_spares_the_first() -> None:
    assert verdicts(GREENS, GREENS) == [("ok", []), ("refused", ["same_as_row"])]


def test_judge_twin_of_a_row_left_out_is_free() -> None:
    rows = [SourceRow(2, GREENS, is_left=True), SourceRow(3, GREENS | {"price": "4.20"})]
    assert [one.verdict for one in judge(rows, ())] == ["ok", "ok"]


def test_judge_twin_of_a_refused_row_is_free() -> None:
    assert verdicts(GREENS | {"price": "?"}, GREENS) == [
        ("refused", ["price_unreadable"]),
        ("ok", []),
    ]


def test_judge_ten_thousand_twins_gives_the_first_one_reason() -> None:
    found = judge_all(GREENS, *[GREENS | {"price": f"{n}.00"} for n in range(5, 10_004)])
    assert [reason.code for reason in found[0].reasons] == ["barcode_also", "new_product"]


@pytest.mark.parametrize(
    ("known", "changes", "verdict", "codes", "was"),
    [
        ({}, {}, "ok", ["unchanged"], {}),
        ({}, {"price": "4.20"}, "ok", ["price_changed"], {"price_fen": 390}),
        ({}, {"price": "39.0"}, "doubtful", ["price_jump"], {"price_fen": 390}),
        ({}, {"price": "1.94"}, "doubtful", ["price_jump"], {"price_fen": 390}),
        ({}, {"price": "1.95"}, "ok", ["price_changed"], {"price_fen": 390}),
        ({}, {"name": "小青菜"}, "doubtful", ["another_value"], {"name": "青菜"}),
        ({}, {"unit": "把"}, "doubtful", ["another_value"], {"unit": "袋"}),
        (
            {},
            {"barcode": "6900000101179"},
            "doubtful",
            ["another_value"],
            {"barcode": "6900000100134"},
        ),
        ({}, {"barcode": ""}, "ok", ["unchanged"], {}),
        ({"barcode": ""}, {}, "ok", ["field_changed"], {"barcode": ""}),
        ({"description": "旧"}, {"description": ""}, "ok", ["unchanged"], {}),
        (
            {"description": "旧"},
            {"description": "新"},
            "ok",
            ["field_changed"],
            {"description": "旧"},
        ),
        ({"is_active": False}, {}, "ok", ["on_sale_again"], {"is_active": False}),
    ],
)
def test_judge_against_a_known_product_shows_old_and_new(
    known: dict[str, Any],
    changes: dict[str, str],
    verdict: str,
    codes: list[str],
    was: dict[str, Any],
) -> None:
    (one,) = judge_all(
        GREENS | changes, known=(product(**known), product(8, name="别的", barcode="x"))
    )
    assert (one.verdict, [reason.code for reason in one.reasons]) == (verdict, codes)
    assert (one.values["product"], one.values["was"]) == (7, was)


def test_judge_barcode_of_one_and_name_of_another_product_is_refused() -> None:
    other = product(8, name="土豆", spec="1kg/袋", barcode="6900000101179")
    row = GREENS | {"name": "土豆", "spec": "1kg/袋"}
    assert verdicts(row, known=(product(), other)) == [("refused", ["name_of_other"])]


def test_judge_two_rows_for_one_product_takes_the_first() -> None:
    by_name = GREENS | {"barcode": ""}
    by_barcode = GREENS | {"name": "小青菜"}
    assert verdicts(by_name, by_barcode, known=(product(),)) == [
        ("ok", ["unchanged"]),
        ("refused", ["same_product_as_row"]),
    ]


def test_columns_share_no_alias() -> None:
    aliases = [alias.casefold() for column in COLUMNS for alias in column.aliases]
    assert len(aliases) == len(set(aliases))

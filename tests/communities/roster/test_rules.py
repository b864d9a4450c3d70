"""Homes by rule."""

from __future__ import annotations

from typing import Any

import pytest

from communities.roster.rules import (
    Pattern,
    Plan,
    PlanError,
    houses_of,
    read_numbers,
    read_skipped,
)


def rooms(**plan: Any) -> list[str]:
    houses = houses_of(Plan(numbers=["1"], **plan))
    return list(houses[0].rooms)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"floors": 2, "doors": 3}, "101 102 103 201 202 203"),
        ({"floors": 2, "doors": 2, "pattern": Pattern.PADDED}, "0101 0102 0201 0202"),
        ({"floors": 1, "doors": 3, "pattern": Pattern.DOOR}, "01 02 03"),
        ({"floors": 1, "doors": 3, "pattern": Pattern.PLAIN}, "1 2 3"),
        ({"floors": 2, "doors": 1, "first_floor": 2}, "201 301"),
        ({"floors": 2, "doors": 1, "first_floor": 3, "skip_floors": frozenset({4})}, "301 501"),
        ({"floors": 1, "doors": 4, "skip_doors": frozenset({4})}, "101 102 103 105"),
    ],
)
def test_rooms_follow_the_rule(plan: dict[str, Any], expected: str) -> None:
    assert rooms(**plan) == expected.split()


def test_four_buildings_six_floors_four_doors_are_ninety_six_households() -> None:
    houses = houses_of(Plan(numbers=read_numbers("1-4"), floors=6, doors=4))

    assert [house.number for house in houses] == ["1", "2", "3", "4"]
    assert sum(len(house.rooms) for house in houses) == 96
    assert {(house.floors, house.doors) for house in houses} == {(6, 4)}


def test_units_are_houses_of_their_own() -> None:
    houses = houses_of(Plan(numbers=["3"], floors=1, doors=1, units=2, lane="12"))

    assert [(house.lane, house.number, house.unit) for house in houses] == [
        ("12", "3", "1"),
        ("12", "3", "2"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-4", "1 2 3 4"),
        ("１－３号楼", "1 2 3"),
        ("1、3，5 至 6", "1 3 5 6"),
        ("1,3 1", "1 3"),
        ("a,B", "A B"),
        ("别墅", "别墅"),
        ("3号楼到5号楼", "3 4 5"),
    ],
)
def test_read_numbers(text: str, expected: str) -> None:
    assert read_numbers(text.replace(" 至 ", "至")) == expected.split()


@pytest.mark.parametrize("text", ["", "4-1", "1-", "1-2-3", "=1+1", "x" * 21])
def test_read_numbers_that_are_none_raises(text: str) -> None:
    with pytest.raises(PlanError, match="numbers_unreadable"):
        read_numbers(text)


def test_read_skipped() -> None:
    assert read_skipped("4，14/24") == {4, 14, 24}
    assert read_skipped("") == frozenset()
    with pytest.raises(PlanError):
        read_skipped("four")


def test_a_plan_that_is_too_large_raises() -> None:
    with pytest.raises(PlanError, match="too_many_rooms"):
        houses_of(Plan(numbers=read_numbers("1-100"), floors=30, doors=4))
    for numbers in ("1-150,201-350", "1-9999"):
        with pytest.raises(PlanError, match="too_many_buildings"):
            read_numbers(numbers)

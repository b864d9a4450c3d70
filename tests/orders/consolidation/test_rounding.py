"""Order multiples: the rows of docs/consolidation.md, and what holds for all numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.consolidation.rounding import Wanted, hand_round, ordered_quantity

# wanted, tolerance, order multiple, minimum → ordered
ROWS = [
    # DESIGN §7
    (0, 2, 4, 1, 0),
    (0, 5, 4, 1, 0),
    (2, 2, 4, 1, 4),
    (4, 2, 4, 1, 4),
    (4, 4, 4, 1, 4),
    (5, 3, 4, 1, 8),
    (5, 4, 4, 1, 8),
    # Nothing is rounded with a multiple of 1.
    (9, 0, 1, 1, 9),
    (9, 3, 1, 1, 9),
    # Not enough tolerance: the rest is not ordered.
    (3, 0, 4, 1, 0),
    (5, 2, 4, 1, 4),
    (11, 0, 4, 1, 8),
    # A minimum, reached with tolerance or not at all.
    (3, 2, 1, 6, 0),
    (3, 3, 1, 6, 6),
    (4, 9, 1, 6, 6),
    (6, 0, 1, 6, 6),
    (7, 0, 1, 6, 7),
    (10, 1, 4, 8, 8),
    (10, 2, 4, 8, 12),
]


@pytest.mark.parametrize(("wanted", "tolerance", "multiple", "minimum", "ordered"), ROWS)
def test_ordered_quantity_of_the_table_is_as_printed(
    wanted: int, tolerance: int, multiple: int, minimum: int, ordered: int
) -> None:
    assert (
        ordered_quantity(wanted=wanted, tolerance=tolerance, multiple=multiple, minimum=minimum)
        == ordered
    )


def test_docs_consolidation_prints_these_very_rows() -> None:
    page = Path(__file__).parents[3] / "docs" / "consolidation.md"
    five_numbers = r"^\|" + r"\s*(\d+)\s*\|" * 5

    printed = re.findall(five_numbers, page.read_text(encoding="utf-8"), re.MULTILINE)

    assert [tuple(map(int, row)) for row in printed] == ROWS


small = st.integers(min_value=0, max_value=200)
multiples = st.integers(min_value=1, max_value=24)


@given(wanted=small, tolerance=small, multiple=multiples, minimum=multiples)
def test_ordered_quantity_never_exceeds_wish_and_tolerance(
    wanted: int, tolerance: int, multiple: int, minimum: int
) -> None:
    ordered = ordered_quantity(
        wanted=wanted, tolerance=tolerance, multiple=multiple, minimum=minimum
    )

    assert 0 <= ordered <= wanted + tolerance
    assert ordered % multiple == 0 or ordered == minimum
    assert ordered == 0 or wanted > 0


@given(wanted=small, tolerance=small, multiple=multiples)
def test_ordered_quantity_is_never_a_multiple_made_of_tolerance_alone(
    wanted: int, tolerance: int, multiple: int
) -> None:
    ordered = ordered_quantity(wanted=wanted, tolerance=tolerance, multiple=multiple)

    assert wanted - multiple < ordered < wanted + multiple


@given(wanted=small, tolerance=small, multiple=multiples, packs=st.integers(1, 5))
def test_ordered_quantity_does_not_fall_when_somebody_wants_one_more(
    wanted: int, tolerance: int, multiple: int, packs: int
) -> None:
    rule = {"tolerance": tolerance, "multiple": multiple, "minimum": packs * multiple}

    assert ordered_quantity(wanted=wanted + 1, **rule) >= ordered_quantity(wanted=wanted, **rule)


wishes = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 20)), max_size=30).map(
    lambda rows: [
        Wanted(line, quantity, tolerance) for line, (quantity, tolerance) in enumerate(rows)
    ]
)


@given(ordered=st.integers(0, 2500), wanted=wishes)
def test_hand_round_gives_out_what_there_is_and_nobody_more_than_he_would_take(
    ordered: int, wanted: list[Wanted]
) -> None:
    shares = hand_round(ordered, wanted)

    assert sum(shares.values()) == min(ordered, sum(w.quantity + w.tolerance for w in wanted))
    assert list(shares) == [w.line_id for w in wanted]
    assert all(0 <= shares[w.line_id] <= w.quantity + w.tolerance for w in wanted)


@given(ordered=st.integers(0, 2500), wanted=wishes)
def test_hand_round_gives_tolerance_only_when_every_wish_is_filled(
    ordered: int, wanted: list[Wanted]
) -> None:
    shares = hand_round(ordered, wanted)

    somebody_short = any(shares[w.line_id] < w.quantity for w in wanted)
    somebody_extra = any(shares[w.line_id] > w.quantity for w in wanted)
    assert not (somebody_short and somebody_extra)


def test_hand_round_goes_by_the_order_of_the_wishes() -> None:
    wanted = [Wanted(7, 3, 2), Wanted(5, 2, 0), Wanted(9, 1, 4)]

    assert hand_round(4, wanted) == {7: 3, 5: 1, 9: 0}
    assert hand_round(6, wanted) == {7: 3, 5: 2, 9: 1}
    assert hand_round(8, wanted) == {7: 5, 5: 2, 9: 1}
    assert hand_round(9, wanted) == {7: 5, 5: 2, 9: 2}

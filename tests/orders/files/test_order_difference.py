"""What changes between two revisions."""

from __future__ import annotations

import pytest

from orders.files.content import SheetError
from orders.files.differences import difference
from tests.orders.files.samples import (
    cancelled,
    make_line,
    make_section,
    make_sheet,
    one_community,
    two_communities,
)


def test_difference_names_what_was_added_removed_and_changed() -> None:
    old = make_sheet(make_section([make_line(1, 12), make_line(2, 5), make_line(3, 1)]))
    lines = [make_line(1, 15), make_line(3, 1), make_line(4, 2)]
    new = make_sheet(make_section(lines), revision=2)

    change = difference(old, new)

    assert [
        (line.position, line.change, line.old_ordered, line.new_ordered, line.delta, line.delta_fen)
        for line in change.lines
    ] == [
        (1, "changed", 12, 15, 3, 1170),
        (2, "removed", 5, 0, -5, -1950),
        (4, "added", 0, 2, 2, 780),
    ]
    assert (change.old_pieces, change.new_pieces) == (18, 18)
    assert (change.old_total_fen, change.new_total_fen) == (7020, 7020)
    assert change.sections == ()


def test_difference_of_a_price_alone_is_a_change_of_amount() -> None:
    old = make_sheet(make_section([make_line(1, 10)]))
    new = make_sheet(make_section([make_line(1, 10, price_fen=400)]), revision=2)

    [line] = difference(old, new).lines

    assert (line.change, line.delta, line.delta_fen) == ("changed", 0, 100)


def test_difference_between_communities_with_equal_totals_is_seen_in_the_sections() -> None:
    def sheet(first: int, second: int, revision: int) -> object:
        sections = [
            make_section([make_line(1, first)]),
            make_section([make_line(1, second)], "辛耕小区"),
        ]
        return make_sheet(*sections, revision=revision)

    change = difference(sheet(5, 3, 1), sheet(3, 5, 2))  # type: ignore[arg-type]

    assert change.lines == ()
    assert [(part.community_name, part.lines[0].delta) for part in change.sections] == [
        ("宛平南苑", -2),
        ("辛耕小区", 2),
    ]


def test_difference_to_a_cancelling_revision_removes_every_line() -> None:
    change = difference(two_communities(), cancelled())

    assert change.cancels_all
    assert {line.change for line in change.lines} == {"removed"}
    assert change.new_pieces == 0
    assert sum(line.delta for line in change.lines) == -27


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (one_community(revision=2), one_community(revision=2)),
        (one_community(revision=2), one_community(revision=1)),
        (one_community(), one_community(revision=2, number="LH-20220421-4")),
    ],
    ids=["same revision", "backwards", "another order"],
)
def test_difference_of_what_does_not_follow_is_refused(old: object, new: object) -> None:
    with pytest.raises(SheetError, match="does not follow"):
        difference(old, new)  # type: ignore[arg-type]

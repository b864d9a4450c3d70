"""Check, release, undo: who may, when, and what it writes."""

from __future__ import annotations

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from communities.models import Community
from config.kernel import clock
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from config.kernel.jobs import Subject
from config.kernel.outbox import OutboxMessage
from config.kernel.states import IllegalTransition, StaleStatus
from orders.consolidation import consolidating
from orders.models import Allocation, Order, OrderWindow, SupplierOrder
from orders.placing.wishes import Wish
from orders.supply import releasing
from orders.supply.dropping import drop_order
from orders.supply.errors import Acknowledged, FilesNotReady, SecondPersonNeeded
from orders.supply.pulling import acknowledge
from orders.supply.releasing import (
    cancelled_and_filed,
    check_order,
    release_cancellation,
    release_order,
    undo_release,
)
from orders.windows.cancelling import cancel_window
from tests import factories as make
from tests.orders.supply.conftest import Round

pytestmark = pytest.mark.django_db

TILL = Actor("supplier_key", 5)


def check(round_: Round) -> None:
    check_order(supplier_order=round_.current, actor=round_.checker)


def release(round_: Round) -> SupplierOrder:
    check(round_)
    release_order(supplier_order=round_.current, actor=round_.organiser)
    return round_.current


def undo(round_: Round, reason: str = "wrong price") -> None:
    undo_release(
        supplier_order=round_.current, actor=Actor("user", round_.organiser.pk), reason=reason
    )


def test_check_order_notes_who_and_when(round_: Round) -> None:
    check(round_)

    order = round_.current
    assert (order.status, order.checked_by) == ("checked", round_.checker)
    assert order.checked_at is not None
    assert round_.actions() == [("supplier_order.checked", "user", round_.checker.pk)]


def test_release_order_gives_everybody_what_he_wants_and_tells_the_supplier(round_: Round) -> None:
    release(round_)

    order = round_.current
    assert (order.status, order.released_by, order.release_sequence) == (
        "released",
        round_.organiser,
        1,
    )
    assert order.released_at is not None
    assert round_.allocations() == {
        "101": [(2, "release", ""), (1, "release", "")],
        "102": [(3, "release", "")],
        "103": [(1, "release", "")],
    }
    assert set(
        Allocation.objects.filter(window=round_.window).values_list("supplier_order", flat=True)
    ) == {order.pk}
    assert round_.actions()[-1] == ("supplier_order.released", "user", round_.organiser.pk)
    message = OutboxMessage.objects.get(payload={"supplier_order": order.pk})
    assert message.event_key == f"supplier_order.released:{order.pk}"


@pytest.mark.parametrize("verb", [check_order, release_order])
def test_supplier_order_without_files_goes_nowhere(verb: object, round_: Round) -> None:
    if verb is release_order:
        check(round_)
    SupplierOrder.objects.filter(window=round_.window).update(filed_at=None)
    before = round_.revisions()

    with pytest.raises(FilesNotReady):
        verb(supplier_order=round_.current, actor=round_.organiser)  # type: ignore[operator]

    assert round_.revisions() == before
    assert round_.allocations() == {}


def test_release_order_that_nobody_checked_is_refused(round_: Round) -> None:
    with pytest.raises(IllegalTransition):
        release_order(supplier_order=round_.current, actor=round_.organiser)

    assert round_.revisions() == [(1, "prepared")]
    assert round_.allocations() == {}


def test_release_order_by_the_checker_is_refused_where_two_are_needed(round_: Round) -> None:
    Community.objects.filter(pk=round_.community.pk).update(release_needs_two=True)
    check(round_)

    with pytest.raises(SecondPersonNeeded):
        release_order(supplier_order=round_.current, actor=round_.checker)
    assert round_.revisions() == [(1, "checked")]
    assert round_.allocations() == {}

    release_order(supplier_order=round_.current, actor=round_.organiser)
    assert round_.revisions() == [(1, "released")]


def test_release_order_by_the_checker_is_fine_where_one_is_enough(round_: Round) -> None:
    check(round_)

    release_order(supplier_order=round_.current, actor=round_.checker)

    assert round_.revisions() == [(1, "released")]


@pytest.mark.parametrize("verb", [check_order, release_order])
def test_supplier_order_that_somebody_moved_meanwhile_is_stale(verb: object, round_: Round) -> None:
    seen = round_.current
    if verb is release_order:
        check(round_)
        seen = round_.current
        release_order(supplier_order=round_.current, actor=round_.organiser)
    else:
        check(round_)
    before = (round_.revisions(), round_.actions())

    with pytest.raises(StaleStatus):
        verb(supplier_order=seen, actor=round_.organiser)  # type: ignore[operator]

    assert (round_.revisions(), round_.actions()) == before


@pytest.mark.parametrize("verb", [check_order, release_order])
def test_supplier_order_that_the_demand_has_left_behind_is_stale(
    verb: object, round_: Round
) -> None:
    if verb is release_order:
        check(round_)
    before = round_.revisions()
    drop_order(order=round_.order("102"), actor=make.SETUP, reason="moved away")

    # Revision 2 is not prepared yet, but revision 1 would bring three pieces too many.
    with pytest.raises(StaleStatus):
        verb(supplier_order=round_.current, actor=round_.organiser)  # type: ignore[operator]

    assert round_.revisions() == before
    assert "101" not in round_.allocations()


def test_release_order_of_a_second_revision_supersedes_the_first_and_comes_after_it(
    round_: Round,
) -> None:
    first = release(round_)
    drop_order(order=round_.order("102"), actor=make.SETUP, reason="moved away")
    make.prepare(round_.window)

    second = release(round_)

    first.refresh_from_db()
    assert (first.status, first.release_sequence) == ("superseded", 2)
    assert (second.status, second.release_sequence) == ("released", 3)
    assert round_.allocations() == {
        "101": [(2, "release", ""), (1, "release", "")],
        "102": [(0, "dropped", "moved away")],
        "103": [(1, "release", "")],
    }
    assert [action for action, _kind, _id in round_.actions()][-2:] == [
        "supplier_order.superseded",
        "supplier_order.released",
    ]


def test_release_order_hands_out_what_a_multiple_moved_by_the_time_of_the_wish() -> None:
    community = make.make_community(rooms=("101", "102", "103"))
    organiser = make.make_staff(community)
    window = make.make_window(
        community, organiser=organiser, offers=[{"order_multiple": 4}, {"order_multiple": 4}]
    )
    fewer, more = make.offers_of(window)
    moment = clock.now()
    rang = {"101": moment, "102": moment.replace(year=2021), "103": moment.replace(year=2022)}
    for room, quantity, tolerance in (("101", 3, 2), ("102", 2, 0), ("103", 1, 0)):
        make.place_wishes(
            window,
            make.household(community, room),
            [Wish(fewer.public_id, quantity), Wish(more.public_id, quantity, tolerance)],
            wished_at=rang[room],
        )
    round_ = Round(community, organiser, organiser, window)

    make.release(window, organiser)

    # Of the first 6 are wanted and 4 ordered, of the second 6 and 8.
    assert round_.allocations() == {
        "101": [(1, "release", "order_multiple"), (5, "release", "order_multiple")],
        "102": [(2, "release", ""), (2, "release", "")],
        "103": [(1, "release", ""), (1, "release", "")],
    }


def test_release_order_moves_pieces_only_where_a_section_was_rounded() -> None:
    community = make.make_community(rooms=("101", "102", "103"))
    other = make.make_community(rooms=("201",))
    organiser = make.make_staff(community)
    window = make.make_window(
        community, others=[other], organiser=organiser, offers=[{"order_multiple": 4}]
    )
    make.order(window, make.household(other, "201"), 4)
    gone, *_rest = [
        make.order(window, make.household(community, room), 3) for room in ("101", "102", "103")
    ]
    round_ = Round(community, organiser, organiser, window)
    make.close(window)
    drop_order(order=gone, actor=make.SETUP, reason="moved away")

    make.release(window, organiser)

    # Six are wanted here and four ordered: what was taken off counts no more. Over there four are four.
    assert round_.allocations() == {
        "101": [(0, "dropped", "moved away")],
        "102": [(3, "release", "")],
        "103": [(1, "release", "order_multiple")],
        "201": [(4, "release", "")],
    }
    assert short_told() == [("103", 2)]
    # What a later revision leaves as it was is not told again.
    drop_order(
        order=window.orders.get(household__room="201"), actor=make.SETUP, reason="moved away"
    )
    make.release(window, organiser)
    assert short_told() == [("103", 2)]
    drop_order(
        order=window.orders.get(household__room="102"), actor=make.SETUP, reason="moved away"
    )
    make.release(window, organiser)
    assert short_told() == [("103", 2), ("103", 4)]


def short_told() -> list[tuple[str, int]]:
    """Room and revision of those who were told that they come short."""
    rows = OutboxMessage.objects.filter(topic="order.short").order_by("pk")
    return [
        (
            Order.objects.get(pk=row.payload["order"]).household.room,
            int(row.event_key.rpartition(":")[2]),
        )
        for row in rows
    ]


def test_undo_release_withdraws_it_and_asks_for_a_new_revision(round_: Round) -> None:
    release(round_)

    undo(round_)

    order = round_.current
    assert (order.status, order.release_sequence) == ("withdrawn", 2)
    assert round_.allocations() == {}
    assert consolidating.waiting() == [Subject("window", round_.window.pk, 2)]
    assert round_.actions()[-1] == ("supplier_order.withdrawn", "user", round_.organiser.pk)
    make.prepare(round_.window)
    release(round_)
    assert round_.revisions() == [(1, "withdrawn"), (2, "released")]
    assert round_.allocations()["102"] == [(3, "release", "")]


def test_undo_release_keeps_what_was_taken_off(round_: Round) -> None:
    release(round_)
    drop_order(order=round_.order("102"), actor=make.SETUP, reason="moved away")

    undo(round_)

    assert round_.allocations() == {"102": [(0, "dropped", "moved away")]}


def test_undo_release_after_the_acknowledgement_is_refused(round_: Round) -> None:
    acknowledge(supplier_order=release(round_), actor=TILL)

    with pytest.raises(Acknowledged):
        undo(round_)

    assert round_.revisions() == [(1, "released")]
    assert round_.allocations()["102"] == [(3, "release", "")]


def test_undo_release_without_a_reason_is_refused(round_: Round) -> None:
    release(round_)

    with pytest.raises(Invalid) as refused:
        undo(round_, reason=" ")

    assert list(refused.value.fields) == ["reason"]
    assert round_.revisions() == [(1, "released")]


def test_undo_release_of_what_was_not_released_is_refused(round_: Round) -> None:
    with pytest.raises(IllegalTransition):
        undo(round_)

    assert round_.revisions() == [(1, "prepared")]


def test_undo_release_of_a_cancelled_round_is_stale(round_: Round) -> None:
    release(round_)
    cancel_window(window=round_.window, actor=make.SETUP, reason="no lorry")

    with pytest.raises(StaleStatus):
        undo(round_)

    assert round_.revisions() == [(1, "released")]


def test_release_cancellation_tells_the_supplier_without_a_person(round_: Round) -> None:
    release(round_)
    cancel_window(window=round_.window, actor=make.SETUP, reason="no lorry")
    zero = make.prepare(round_.window)
    assert cancelled_and_filed() == [Subject("supplier_order", zero.pk)]

    release_cancellation(supplier_order_id=zero.pk)

    assert round_.revisions() == [(1, "superseded"), (2, "released")]
    assert round_.current.released_by is None
    assert round_.actions()[-1] == ("supplier_order.released", "job", 0)
    assert cancelled_and_filed() == []
    assert {row for rows in round_.allocations().values() for row in rows} == {
        (0, "dropped", "no lorry")
    }


def test_release_cancellation_a_second_time_is_stale(round_: Round) -> None:
    release(round_)
    cancel_window(window=round_.window, actor=make.SETUP, reason="no lorry")
    zero = make.prepare(round_.window)
    release_cancellation(supplier_order_id=zero.pk)

    with pytest.raises(IllegalTransition):
        release_cancellation(supplier_order_id=zero.pk)

    assert round_.current.release_sequence == 3


def test_release_cancellation_of_a_round_that_goes_on_is_stale(round_: Round) -> None:
    with pytest.raises(StaleStatus):
        release_cancellation(supplier_order_id=round_.current.pk)

    assert round_.revisions() == [(1, "prepared")]


def test_check_order_of_a_settled_round_is_stale(round_: Round) -> None:
    OrderWindow.objects.filter(pk=round_.window.pk).update(status="settled")

    with pytest.raises(StaleStatus):
        check(round_)


@pytest.mark.parametrize("orders", [3, 300])
def test_release_order_takes_the_same_statements_for_any_number_of_lines(
    orders: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    community = make.make_community()
    organiser = make.make_staff(community)
    window = make.make_window(community, organiser=organiser, offers=[{"order_multiple": 4}])
    make.order(window, make.household(community), 3)
    make.add_orders(window, make.household(community), orders)
    round_ = Round(community, organiser, organiser, window)
    make.prepare(window)
    check(round_)
    checked = round_.current

    # 1 the lock, 2 the window, 3 the time, 4 the revision, 5 are two needed, 6 an earlier one, 7-8 the sequence,
    # 9 released, 10 old allocations, 11 what was rounded, 12 whose wishes, 13 new allocations, 14 their keys,
    # 15 who comes short, 16 who is told, 17 the audit, 18 the message
    with django_assert_num_queries(17):
        release_order(supplier_order=checked, actor=organiser)


def test_release_order_looks_up_what_was_taken_off_once(round_: Round) -> None:
    """The rows that the INSERT itself writes are not looked through for every line, whatever the planner expects."""
    sql = "EXPLAIN " + releasing._LIVE + releasing._ALLOCATE
    words: dict[str, int | list[int]] = {
        "window": round_.window.pk,
        "order": round_.current.pk,
        "lines": [],
        "pieces": [],
    }

    with connection.cursor() as cursor:
        cursor.execute(sql, words)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "hashed SubPlan" in plan
    assert "Anti Join" not in plan

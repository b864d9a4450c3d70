"""The only way a status changes: a table of steps and a compare-and-swap."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from config.kernel.states import IllegalTransition, StaleStatus, Transitions, advance, advance_all
from orders.models import OrderWindow
from orders.states import WindowStatus
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def window() -> OrderWindow:
    return make.make_window(make.make_community(), state="draft")


def test_transitions_allow_what_the_table_says_and_nothing_else() -> None:
    table = Transitions({"a": {"b", "c"}, "b": {"c"}})

    allowed = {(x, y) for x in "abc" for y in "abc" if table.allows(x, y)}

    assert allowed == {("a", "b"), ("a", "c"), ("b", "c")}


def test_advance_writes_status_and_changes_in_one_statement(
    window: OrderWindow, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        advance(window, to=WindowStatus.READY, reason="because")

    assert (window.status, window.reason) == ("ready", "because")
    window.refresh_from_db()
    assert (window.status, window.reason) == ("ready", "because")


def test_advance_along_no_arrow_is_refused_and_changes_nothing(window: OrderWindow) -> None:
    with pytest.raises(IllegalTransition) as refused:
        advance(window, to=WindowStatus.OPEN, reason="because")

    assert (window.status, window.reason) == ("draft", "")
    assert "draft → open" in refused.value.sentence
    window.refresh_from_db()
    assert (window.status, window.reason) == ("draft", "")


def test_advance_of_a_row_that_somebody_moved_is_stale_and_changes_nothing(
    window: OrderWindow,
) -> None:
    same = OrderWindow.objects.get(pk=window.pk)
    advance(same, to=WindowStatus.READY)

    with pytest.raises(StaleStatus):
        advance(window, to=WindowStatus.CANCELLED, reason="because")

    assert window.status == "draft"
    window.refresh_from_db()
    assert (window.status, window.reason) == ("ready", "")


def test_advance_all_moves_the_rows_in_that_state_and_no_others(window: OrderWindow) -> None:
    other = make.make_window(window.community, supplier=window.supplier, state="draft")
    ready = make.make_window(window.community, supplier=window.supplier, state="ready")
    foreign = make.make_window(make.make_community(), state="draft")

    moved = advance_all(
        OrderWindow.objects.filter(community=window.community),
        source=WindowStatus.DRAFT,
        to=WindowStatus.CANCELLED,
    )

    assert moved == 2
    statuses = dict(OrderWindow.objects.values_list("pk", "status"))
    assert statuses == {
        window.pk: "cancelled",
        other.pk: "cancelled",
        ready.pk: "ready",
        foreign.pk: "draft",
    }


def test_advance_all_along_no_arrow_is_refused_and_changes_nothing(window: OrderWindow) -> None:
    with pytest.raises(IllegalTransition):
        advance_all(OrderWindow.objects.all(), source=WindowStatus.DRAFT, to=WindowStatus.CLOSED)

    window.refresh_from_db()
    assert window.status == "draft"

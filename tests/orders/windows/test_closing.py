"""The cutoff: time decides, closing records it; below the minimum somebody is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from communities.models import Community
from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid
from config.kernel.jobs import Subject
from config.kernel.outbox import OutboxMessage
from config.kernel.states import StaleStatus
from orders.models import Order, OrderWindow
from orders.placing.errors import WindowNotOpen
from orders.placing.placing import cancel_order
from orders.windows.closing import HOLD, NotDue, close_window, decide_held, due_windows
from tests import factories as make

pytestmark = pytest.mark.django_db

ORGANISER = Actor("user", 77)
BELOW: dict[str, Any] = {"minimum_measure": "households", "minimum": 2}


@pytest.fixture
def community() -> Community:
    return make.make_community()


def facts(window: OrderWindow) -> tuple[str, int, bool]:
    window.refresh_from_db()
    return window.status, window.demand_revision, window.closed_at is not None


def last_entry() -> AuditEntry:
    return AuditEntry.objects.filter(subject_kind="window").latest("pk")


def held(community: Community, **rules: Any) -> OrderWindow:
    window = make.make_window(community, **{**BELOW, **rules})
    make.order(window, make.household(community), 1)
    make.close(window)
    assert window.status == "held"
    return window


def test_due_windows_are_the_open_ones_past_their_cutoff_however_old(community: Community) -> None:
    due = make.make_window(community)
    make.make_window(community)  # closes in an hour
    ready = make.make_window(community, state="ready")
    closed = make.make_window(community)
    make.order(closed, make.household(community), 1)
    make.close(closed)
    long_ago = clock.database_now() - timedelta(days=400)
    for window in (due, ready):
        OrderWindow.objects.filter(pk=window.pk).update(
            opens_at=long_ago - timedelta(hours=1), closes_at=long_ago
        )

    assert [(s.kind, s.id) for s in due_windows()] == [("window", due.pk)]


def test_due_windows_name_another_revision_after_an_extension(
    community: Community, settings: Settings
) -> None:
    window = make.make_window(community, below_minimum="extend", extend_minutes=5, **BELOW)
    make.order(window, make.household(community), 1)
    make.pass_cutoff(window)
    (first,) = due_windows()
    close_window(window_id=window.pk, revision=first.revision)
    assert due_windows() == []
    settings.CLOCK_OFFSET_SECONDS = 301

    (second,) = due_windows()

    assert second.id == first.id
    assert second.revision > first.revision


def test_close_window_before_its_cutoff_is_refused(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community), 1)

    with pytest.raises(NotDue):
        close_window(window_id=window.pk)

    assert facts(window) == ("open", 0, False)


def test_close_window_at_its_cutoff_closes_it(community: Community, settings: Settings) -> None:
    window = make.make_window(community, minutes=10)
    make.order(window, make.household(community), 1)
    settings.CLOCK_OFFSET_SECONDS = 600

    assert close_window(window_id=window.pk) == "closed"

    assert facts(window) == ("closed", 1, True)
    assert (last_entry().action, last_entry().actor_kind) == ("window.closed", "job")
    message = OutboxMessage.objects.get(topic="window.closed")
    assert message.event_key == f"window.closed:{window.pk}:1"


def test_order_is_taken_before_the_cutoff_and_refused_at_it(
    community: Community, settings: Settings
) -> None:
    window = make.make_window(community, minutes=10)
    settings.CLOCK_OFFSET_SECONDS = 590
    make.order(window, make.household(community), 1)
    settings.CLOCK_OFFSET_SECONDS = 600

    with pytest.raises(WindowNotOpen):
        make.order(window, make.household(community), 1)

    assert Order.objects.filter(window=window).count() == 1


def test_order_before_the_opening_is_refused(community: Community, settings: Settings) -> None:
    window = make.make_window(community)
    settings.CLOCK_OFFSET_SECONDS = -120

    with pytest.raises(WindowNotOpen):
        make.order(window, make.household(community), 1)

    assert not Order.objects.exists()


def test_close_window_twice_is_stale_and_changes_nothing(community: Community) -> None:
    window = make.make_window(community)
    make.order(window, make.household(community), 1)
    make.close(window)
    before = facts(window)

    with pytest.raises(StaleStatus):
        close_window(window_id=window.pk)

    assert facts(window) == before
    assert OutboxMessage.objects.count() == 1


def test_close_window_for_a_cutoff_that_was_moved_is_stale(community: Community) -> None:
    window = make.make_window(community)
    make.pass_cutoff(window)
    (subject,) = due_windows()

    with pytest.raises(StaleStatus):
        close_window(window_id=window.pk, revision=subject.revision - 1)

    assert facts(window) == ("open", 0, False)


def test_close_window_where_nobody_ordered_cancels_it(community: Community) -> None:
    window = make.make_window(community, **BELOW)
    gone = make.order(window, make.household(community), 1)
    other = make.make_window(community)
    make.order(other, make.household(community), 1)
    cancel_order(order=gone, actor=make.SETUP)

    make.close(window)

    assert facts(window) == ("cancelled", 0, False)
    assert facts(other)[0] == "open"


@pytest.mark.parametrize(
    ("measure", "enough"),
    [("none", 10**9), ("households", 2), ("pieces", 5), ("fen", 3 * 390 + 2 * 1250)],
)
def test_close_window_that_just_reaches_its_minimum_closes(
    measure: str, enough: int, community: Community
) -> None:
    windows = [
        make.make_window(community, minimum_measure=measure, minimum=minimum)
        for minimum in (enough, enough + 1)
    ]
    for window in windows:
        make.order(window, make.household(community, "101"), 1)
        make.order(window, make.household(community, "101"), 2)
        make.order(window, make.household(community, "102"), 0, 2)
        make.close(window)

    reached, missed = (facts(window)[0] for window in windows)
    assert reached == "closed"
    assert missed == ("closed" if measure == "none" else "held")


def test_close_window_below_the_minimum_is_held_until_a_deadline(community: Community) -> None:
    window = held(community)

    assert facts(window) == ("held", 0, False)
    assert window.held_until is not None
    assert abs(window.held_until - clock.database_now() - HOLD) < timedelta(seconds=10)
    assert last_entry().action == "window.held"
    assert due_windows() == []
    with pytest.raises(WindowNotOpen):
        make.order(window, make.household(community), 1)
    with pytest.raises(StaleStatus):
        close_window(window_id=window.pk)


def test_close_window_that_nobody_decided_in_time_cancels_it(
    community: Community, settings: Settings
) -> None:
    window = held(community)
    settings.CLOCK_OFFSET_SECONDS = int(HOLD.total_seconds()) + 1

    (subject,) = due_windows()
    assert close_window(window_id=subject.id, revision=subject.revision) == "cancelled"

    assert facts(window) == ("cancelled", 0, False)
    assert window.held_until is None
    assert list(Order.objects.values_list("status", flat=True)) == ["cancelled"]


def test_close_window_below_the_minimum_extends_once_and_then_holds(
    community: Community, settings: Settings
) -> None:
    window = make.make_window(community, below_minimum="extend", extend_minutes=30, **BELOW)
    make.order(window, make.household(community), 1)

    make.close(window)

    assert facts(window) == ("open", 0, False)
    assert last_entry().action == "window.extended"
    assert abs(window.closes_at - clock.database_now() - timedelta(minutes=30)) < timedelta(
        seconds=10
    )
    make.order(window, make.household(community), 1)
    settings.CLOCK_OFFSET_SECONDS = 30 * 60 + 1
    close_window(window_id=window.pk)
    assert facts(window) == ("held", 0, False)


def test_close_window_that_reaches_its_minimum_by_the_extension_closes(
    community: Community, settings: Settings
) -> None:
    window = make.make_window(community, below_minimum="extend", extend_minutes=30, **BELOW)
    make.order(window, make.household(community, "101"), 1)
    make.close(window)
    make.order(window, make.household(community, "102"), 1)
    settings.CLOCK_OFFSET_SECONDS = 30 * 60 + 1

    assert close_window(window_id=window.pk) == "closed"


def test_close_window_below_the_minimum_cancels_where_that_is_the_rule(
    community: Community,
) -> None:
    window = make.make_window(community, below_minimum="cancel", **BELOW)
    make.order(window, make.household(community), 1)

    make.close(window)

    assert facts(window) == ("cancelled", 0, False)
    assert OutboxMessage.objects.get().topic == "window.cancelled"


def test_decide_held_to_close_counts_all_the_same_and_keeps_the_reason(
    community: Community,
) -> None:
    window = held(community)

    assert (
        decide_held(window=window, decision="close", actor=ORGANISER, reason="enough") == "closed"
    )

    assert facts(window) == ("closed", 1, True)
    assert (last_entry().actor_id, last_entry().data["reason"]) == (77, "enough")


def test_decide_held_to_extend_opens_again(community: Community) -> None:
    window = held(community)

    assert decide_held(window=window, decision="extend", actor=ORGANISER, reason="") == "open"

    assert window.held_until is None
    assert window.closes_at > clock.database_now()
    make.order(window, make.household(community, "102"), 1)


def test_decide_held_to_cancel_tells_everybody(community: Community) -> None:
    window = held(community)

    assert (
        decide_held(window=window, decision="cancel", actor=ORGANISER, reason="too few")
        == "cancelled"
    )

    assert window.reason == "too few"
    topics = OutboxMessage.objects.order_by("pk").values_list("topic", flat=True)
    assert list(topics) == ["window.held", "window.cancelled"]


@pytest.mark.parametrize(
    ("decision", "reason", "field"),
    [("cancel", "  ", "reason"), ("reopen", "x", "decision"), ("", "x", "decision")],
)
def test_decide_held_wrongly_is_refused(
    decision: str, reason: str, field: str, community: Community
) -> None:
    window = held(community)

    with pytest.raises(Invalid) as refused:
        decide_held(window=window, decision=decision, actor=ORGANISER, reason=reason)

    assert list(refused.value.fields) == [field]
    assert facts(window) == ("held", 0, False)


def test_decide_held_on_a_window_that_is_not_held_is_stale(community: Community) -> None:
    window = held(community)
    seen = OrderWindow.objects.get(pk=window.pk)
    decide_held(window=window, decision="close", actor=ORGANISER, reason="")

    with pytest.raises(StaleStatus):
        decide_held(window=seen, decision="cancel", actor=ORGANISER, reason="x")

    assert facts(window) == ("closed", 1, True)


def test_subject_of_a_held_window_is_due_at_its_deadline(
    community: Community, settings: Settings
) -> None:
    window = held(community)
    assert window.held_until is not None
    settings.CLOCK_OFFSET_SECONDS = int(HOLD.total_seconds()) + 1

    (subject,) = due_windows()

    epoch = int(window.held_until.timestamp()) - 1_577_836_800
    assert subject == Subject("window", window.pk, epoch)

"""What is told because its time has come: once, by state, with the time that is really left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from communities.models import Household, InboxMessage
from communities.roles import Role
from config.kernel import clock, jobs, outbox
from config.kernel.audit import Actor
from orders.models import OrderWindow
from orders.notices import due
from orders.windows import closing
from tests import factories as make
from tests.orders.notices.test_inbox import shanghai

pytestmark = pytest.mark.django_db(transaction=True)


def told(kind: str) -> list[tuple[int, dict[str, object]]]:
    rows = InboxMessage.objects.filter(kind=kind).order_by("user_id", "pk")
    return [(row.user_id, row.data) for row in rows]


@pytest.fixture
def pass_on(run_jobs: Callable[[], None]) -> Callable[[], None]:
    """Two sweeps, as if several beats had rung."""

    def run() -> None:
        for _turn in range(2):
            run_jobs()
            outbox.deliver_due()

    return run


def in_hours(window: OrderWindow, opens: float, closes: float) -> OrderWindow:
    moment = clock.database_now()
    OrderWindow.objects.filter(pk=window.pk).update(
        opens_at=moment + timedelta(hours=opens), closes_at=moment + timedelta(hours=closes)
    )
    window.refresh_from_db()
    return window


def test_opening_is_told_once_to_everybody_who_may_order(pass_on: Callable[[], None]) -> None:
    community, other, foreign = (make.make_community() for _turn in range(3))
    people = [make.make_resident(community), make.make_resident(other, "102")]
    make.make_resident(foreign)
    make.make_staff(community, Role.VOLUNTEER)
    moved = make.make_resident(community, "102")
    moved.memberships.update(ended_at=clock.now())
    Household.objects.filter(community=other, room="101").update(is_active=False)
    make.make_resident(other, "101")
    window = make.make_window(community, others=[other], minutes=300)

    pass_on()

    data = {"title": window.title, "closes_at": shanghai(window.closes_at)}
    assert told("window.opened") == [(person.pk, data) for person in people]


def test_opening_is_told_when_its_time_comes_and_not_when_it_is_published(
    pass_on: Callable[[], None],
) -> None:
    community = make.make_community()
    person = make.make_resident(community)
    window = in_hours(make.make_window(community), 1, 5)
    pass_on()
    assert told("window.opened") == []

    in_hours(window, -1, 4)
    pass_on()

    assert [row[0] for row in told("window.opened")] == [person.pk]


def test_opening_is_not_told_after_the_cutoff(pass_on: Callable[[], None]) -> None:
    community = make.make_community()
    make.make_resident(community)
    in_hours(make.make_window(community), -5, -1)

    pass_on()

    assert told("window.opened") == []


def test_last_hour_is_told_to_households_that_have_nothing(pass_on: Callable[[], None]) -> None:
    community = make.make_community(rooms=("101", "102", "103"))
    buyer, silent = make.make_resident(community), make.make_resident(community, "102")
    window = in_hours(make.make_window(community), -3, 0.5)
    make.order(window, make.household(community), 1, actor=Actor("user", buyer.pk))

    pass_on()

    data = {"title": window.title, "closes_at": shanghai(window.closes_at), "minutes": 30}
    assert told("window.last_hour") == [(silent.pk, data)]


def test_last_hour_of_a_late_sweep_says_the_time_that_is_left(pass_on: Callable[[], None]) -> None:
    community = make.make_community()
    make.make_resident(community)
    in_hours(make.make_window(community), -3, 0.095)

    pass_on()

    assert [data["minutes"] for _who, data in told("window.last_hour")] == [6]


@pytest.mark.parametrize(("opens", "closes"), [(-3, 1.1), (-1, 0.5), (-3, -0.1), (0.1, 0.9)])
def test_last_hour_is_not_told_of_other_rounds(
    pass_on: Callable[[], None], opens: float, closes: float
) -> None:
    """Too early, too short, too late, not begun."""
    community = make.make_community()
    make.make_resident(community)
    in_hours(make.make_window(community), opens, closes)

    pass_on()

    assert told("window.last_hour") == []


def test_last_hour_that_is_delivered_after_the_cutoff_says_nothing(
    run_jobs: Callable[[], None],
) -> None:
    community = make.make_community()
    make.make_resident(community)
    window = in_hours(make.make_window(community), -3, 0.5)
    run_jobs()
    in_hours(window, -4, -0.1)

    outbox.deliver_due()

    assert told("window.last_hour") == []


def test_moved_cutoff_has_a_last_hour_of_its_own(pass_on: Callable[[], None]) -> None:
    community = make.make_community()
    make.make_resident(community)
    window = in_hours(make.make_window(community), -3, 0.5)
    pass_on()

    in_hours(window, -3, 0.75)
    pass_on()

    assert [data["minutes"] for _who, data in told("window.last_hour")] == [30, 45]


def test_last_hour_reminds_of_care_households_without_naming_them(
    pass_on: Callable[[], None],
) -> None:
    community = make.make_community(rooms=("101", "102", "103"))
    make.building(community, "2", "201", "202")
    Household.objects.filter(room__in=["101", "102", "201"]).update(needs_care=True)
    leader, organiser = make.make_user(is_staff=True), make.make_staff(community)
    building = community.buildings.get(number="1")
    make.grant(leader, Role.BUILDING_LEADER, community, building=building)
    window = in_hours(make.make_window(community, organiser=organiser), -3, 0.5)
    make.order(window, make.household(community, "102"), 1)

    pass_on()

    data = {"title": window.title, "closes_at": shanghai(window.closes_at), "minutes": 30}
    assert told("care.silent") == [(leader.pk, {**data, "place": "1号楼", "count": 1})]
    assert told("care.silent_elsewhere") == [(organiser.pk, {**data, "count": 1})]


def test_minimum_is_told_when_it_is_reached(pass_on: Callable[[], None]) -> None:
    community = make.make_community()
    buyer = make.make_resident(community)
    make.make_resident(community, "102")
    window = make.make_window(community, minutes=300, minimum_measure="pieces", minimum=3)
    make.order(window, make.household(community), 2, actor=Actor("user", buyer.pk))
    pass_on()
    assert told("window.minimum_reached") == []

    make.order(window, make.household(community), 1, actor=Actor("user", buyer.pk))
    pass_on()

    data = {"title": window.title, "closes_at": shanghai(window.closes_at)}
    assert told("window.minimum_reached") == [(buyer.pk, data)]


@pytest.mark.parametrize(("find", "state"), [(due.opened, (-1, 5)), (due.in_last_hour, (-3, 0.5))])
def test_what_was_found_is_not_found_again(
    find: Callable[[], list[jobs.Subject]], state: tuple[float, float]
) -> None:
    window = in_hours(make.make_window(make.make_community()), *state)
    assert [subject.id for subject in find()] == [window.pk]

    jobs.sweep()

    assert find() == []
    assert closing.revision_of(window.closes_at) > 0

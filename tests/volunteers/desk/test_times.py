"""Other times for a round that nobody has seen yet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from config.kernel.audit import AuditEntry
from orders.models import OrderWindow
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import at

TIMES = {
    "opens_at": "2031-05-06T07:00",
    "closes_at": "2031-05-06T12:00",
    "deliver_on": "2031-05-07",
}


@pytest.fixture
def ready(world: World) -> OrderWindow:
    return make.make_window(world.home, organiser=world.organiser, state="ready")


def test_times_of_a_ready_window_move_and_its_title_follows(
    world: World, enter: Enter, ready: OrderWindow
) -> None:
    browser = enter(world.organiser)
    page = browser.get(at(ready, "times/")).content.decode()
    response = browser.post(at(ready, "times/"), TIMES)

    assert 'type="datetime-local"' in page
    assert (response.status_code, response["Location"]) == (302, at(ready))
    ready.refresh_from_db()
    assert ready.opens_at == datetime(2031, 5, 5, 23, 0, tzinfo=UTC)
    assert ready.closes_at == datetime(2031, 5, 6, 4, 0, tzinfo=UTC)
    assert ready.deliver_on == date(2031, 5, 7)
    assert ready.title == f"{ready.supplier.short_name} 5月7日 周三 第1团"
    assert AuditEntry.objects.filter(action="window.times_set", subject_id=ready.pk).count() == 1


@pytest.mark.parametrize(
    "wrong", [{"closes_at": "2031-05-06T06:00"}, {"closes_at": "tomorrow"}, {"opens_at": ""}]
)
def test_times_that_make_no_sense_change_nothing(
    world: World, enter: Enter, ready: OrderWindow, wrong: dict[str, str]
) -> None:
    before = (ready.opens_at, ready.closes_at, ready.title)

    response = enter(world.organiser).post(at(ready, "times/"), TIMES | wrong)

    assert response.status_code == 200
    ready.refresh_from_db()
    assert (ready.opens_at, ready.closes_at, ready.title) == before


def test_times_of_an_open_window_stay(world: World, enter: Enter, open_window: OrderWindow) -> None:
    before = open_window.closes_at

    enter(world.organiser).post(at(open_window, "times/"), TIMES)

    open_window.refresh_from_db()
    assert open_window.closes_at == before


def test_times_are_for_coordinators_of_the_community(
    world: World, enter: Enter, ready: OrderWindow
) -> None:
    answers = [
        enter(user).post(at(ready, "times/"), TIMES).status_code
        for user in (world.checker, world.stranger)
    ]

    assert answers == [403, 404]
    assert OrderWindow.objects.get(pk=ready.pk).closes_at == ready.closes_at

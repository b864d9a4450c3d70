"""Repeating group buys on the desk: set up once, looked over the evening before, skipped and moved by one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from communities.models import User
from orders.models import OrderWindow, TemplateDate, WindowTemplate
from tests import factories as make
from tests.factories.repeating import make_template, set_clock
from tests.volunteers.desk.conftest import Enter, World, make_world
from tests.volunteers.desk.pages import DESK, at, offences

LIST = f"{DESK}repeating/"


@pytest.fixture
def world(db: None) -> World:
    """One of this test alone: a job must see it committed."""
    return make_world()


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> None:
    set_clock(settings, "2022-04-20 18:00:05")


@pytest.fixture
def template(world: World) -> WindowTemplate:
    return make_template(world.home, organiser=world.organiser)


def of(template: WindowTemplate, rest: str = "") -> str:
    return f"{LIST}{template.public_id}/{rest}"


def step(client: Any, template: WindowTemplate, name: str, **fields: str) -> Any:
    return client.post(of(template, f"do/{name}/"), fields)


def fields_of(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "once": "a" * 32,
        "community": world.home.pk,
        "supplier": make.make_supplier(world.home).pk,
        "weekdays": ["0", "3"],
        "opens": "07:00",
        "closes": "12:00",
        "closes_after": "0",
        "delivers": "17:00",
        "delivers_after": "1",
        "valid_from": "2022-04-21",
        "valid_until": "",
        "drafts": "18:00",
        "goods": "all",
        "category": "",
        "minimum_measure": "fen",
        "minimum": "500",
        "below_minimum": "extend",
        "extend_minutes": "30",
        "notice": "请自备袋子",
        **changes,
    }


def test_new_sets_up_one_however_often_it_is_sent(world: World, enter: Enter) -> None:
    browser, fields = enter(world.organiser), fields_of(world)

    first = browser.post(f"{LIST}new/", fields)
    again = browser.post(f"{LIST}new/", fields)
    other = browser.post(f"{LIST}new/", fields | {"notice": "改了"})

    template = WindowTemplate.objects.get()
    assert first["Location"] == again["Location"] == of(template)
    assert other.status_code == 200
    assert (template.weekdays, template.opens, template.delivers) == (9, time(7), time(17))
    assert (template.minimum_measure, template.minimum) == ("fen", 50_000)
    assert (template.delivers_after, template.extend_minutes) == (1, 30)
    assert template.created_by == world.organiser


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["7"]}, "weekdays"),
        ({"closes": "07:00"}, "closes"),
        ({"closes_after": "1", "delivers_after": "0"}, "delivers_after"),
        ({"opens": "25:00"}, "opens"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"valid_until": "2022-04-20"}, "valid_until"),
        ({"goods": "category"}, "category"),
        ({"minimum": "-1"}, "minimum"),
        ({"extend_minutes": "0"}, "extend_minutes"),
        ({"supplier": "0"}, "supplier"),
    ],
)
def test_new_with_bad_input_says_where_and_loses_nothing(
    world: World, enter: Enter, changes: dict[str, Any], field: str
) -> None:
    response = enter(world.organiser).post(f"{LIST}new/", fields_of(world, **changes))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "请自备袋子" in response.content.decode()
    assert WindowTemplate.objects.count() == 0


def test_new_for_a_foreign_community_is_refused(world: World, enter: Enter) -> None:
    fields = fields_of(world, community=world.away.pk)

    response = enter(world.organiser).post(f"{LIST}new/", fields)

    assert list(response.context["form"].errors) == ["community"]
    assert WindowTemplate.objects.count() == 0


def test_edit_shows_the_rules_and_changes_them(
    world: World, enter: Enter, template: WindowTemplate
) -> None:
    browser = enter(world.organiser)
    form = browser.get(of(template, "edit/")).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert shown["weekdays"] == [str(number) for number in range(7)]

    typed = {name: value for name, value in shown.items() if value is not None}
    response = browser.post(of(template, "edit/"), typed | {"opens": "06:30", "weekdays": ["6"]})

    template.refresh_from_db()
    assert response["Location"] == of(template)
    assert (template.opens, template.weekdays, template.closes) == (time(6, 30), 64, time(12))


def test_show_tells_the_next_seven_dates_and_what_was_decided(
    world: World, enter: Enter, template: WindowTemplate, run_jobs: Callable[[], None]
) -> None:
    browser = enter(world.organiser)
    step(browser, template, "skip", on="2022-04-22")
    step(browser, template, "move", on="2022-04-23", to="2022-04-30")
    run_jobs()

    response = browser.get(of(template))

    dates = response.context["dates"]
    assert [one.on.day for one in dates] == [20 + step for step in range(1, 8)]
    assert [bool(one.window) for one in dates] == [True] + [False] * 6
    assert [one.round is None for one in dates] == [False, True] + [False] * 5
    assert dates[2].round.day == date(2022, 4, 30)
    page = response.content.decode()
    assert at(OrderWindow.objects.get()) in page
    assert page.count("跳过") >= 6
    assert offences(response) == []


def test_date_is_skipped_moved_and_restored_by_one_tap_each(
    world: World, enter: Enter, template: WindowTemplate
) -> None:
    browser = enter(world.organiser)
    seen = []
    for name, fields in (
        ("skip", {}),
        ("skip", {}),
        ("restore", {}),
        ("restore", {}),
        ("move", {"to": "2022-04-24"}),
        ("move", {"to": "kein Tag"}),
        ("move", {"to": "2022-06-30"}),
    ):
        step(browser, template, name, on="2022-04-22", **fields)
        seen.append(list(TemplateDate.objects.values_list("on", "moved_to")))

    friday, sunday = date(2022, 4, 22), date(2022, 4, 24)
    moved = [(friday, sunday)]
    assert seen == [[(friday, None)]] * 2 + [[]] * 2 + [moved] * 3


@pytest.mark.parametrize("on", ["", "heute", "2022-02-30", "9" * 400, "\0"])
def test_date_that_the_page_never_offered_is_not_found(
    world: World, enter: Enter, template: WindowTemplate, on: str
) -> None:
    assert step(enter(world.organiser), template, "skip", on=on).status_code == 404
    assert TemplateDate.objects.count() == 0


def test_pause_and_go_on_are_harmless_twice(
    world: World, enter: Enter, template: WindowTemplate
) -> None:
    browser = enter(world.organiser)
    seen = []
    for name in ("pause", "pause", "resume", "end", "resume"):
        response = step(browser, template, name)
        template.refresh_from_db()
        seen.append((template.status, response["Location"]))

    statuses = ["paused", "paused", "active", "ended", "ended"]
    assert seen == [(status, of(template)) for status in statuses]


def test_goods_keep_what_was_typed_until_it_is_right(
    world: World, enter: Enter, template: WindowTemplate
) -> None:
    first, second = template.supplier.products.order_by("pk")
    browser = enter(world.organiser)
    typed = {
        "product": [first.pk, second.pk],
        "row": [first.pk, second.pk],
        "cap": ["60", "viel"],
        "limit": ["2", ""],
    }

    wrong = browser.post(of(template, "goods/"), typed)
    assert template.products.count() == 0
    right = browser.post(of(template, "goods/"), typed | {"cap": ["60", ""]})

    assert 'value="viel"' in wrong.content.decode()
    assert 'value="60"' in wrong.content.decode()
    assert right["Location"] == of(template)
    rows = template.products.order_by("product").values_list("product", "cap", "household_limit")
    assert list(rows) == [(first.pk, 60, 2), (second.pk, None, None)]


def test_prepared_round_opens_by_itself_and_says_so(
    world: World, enter: Enter, template: WindowTemplate, run_jobs: Callable[[], None]
) -> None:
    run_jobs()

    response = enter(world.organiser).get(at(OrderWindow.objects.get()))

    assert "到点自动开团" in response.content.decode()
    assert "17:00" in response.content.decode()


@pytest.mark.parametrize("rest", ["", "edit/", "goods/", "communities/"])
def test_template_of_another_community_is_not_found(
    world: World, enter: Enter, template: WindowTemplate, rest: str
) -> None:
    assert enter(world.stranger).get(of(template, rest)).status_code == 404
    assert enter(world.resident).get(of(template, rest)).status_code == 403


def _statements(browser: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_pages_take_the_same_statements_for_one_and_three(
    world: World, enter: Enter, template: WindowTemplate, settings: Settings
) -> None:
    organiser: User = world.organiser
    browser = enter(organiser)
    counted = []
    for _turn in range(2):
        # list: session, user, staff at all, memberships, count, rows, roles.
        # one: session, user, memberships, template, roles; dates, windows, goods.
        counted.append((_statements(browser, LIST), _statements(browser, of(template))))
        for day in (22, 23):
            make_template(world.home, supplier=template.supplier, organiser=organiser)
            TemplateDate.objects.get_or_create(template=template, on=date(2022, 4, day))

    assert counted == [(7, 8), (7, 8)]


def test_limits_of_kinds_of_goods_are_set_and_shown_again(
    world: World, template: WindowTemplate, enter: Enter
) -> None:
    template.supplier.products.update(category="肉类")
    browser = enter(world.organiser)
    assert of(template, "limits/") in browser.get(of(template)).content.decode()

    refused = browser.post(of(template, "limits/"), {"limit_0": "0"})
    saved = browser.post(of(template, "limits/"), {"limit_0": "5"})

    assert (refused.status_code, saved.status_code) == (200, 302)
    assert 'value="5"' in browser.get(of(template, "limits/")).content.decode()
    assert list(template.category_limits.values_list("category", "household_limit")) == [
        ("肉类", 5)
    ]

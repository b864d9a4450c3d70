"""The page with the texts and pictures for groups that have no robot."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.live_server_helper import LiveServer

from config.kernel import clock
from orders.models import OrderWindow
from tests import factories as make
from tests.chromium import chromium, visiting
from tests.volunteers.desk.conftest import Enter, World, make_world
from tests.volunteers.desk.pages import at, offences

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    """One of this test alone: somebody else must see it committed."""
    return make_world()


def text_on(page: Any) -> str:
    """What the field to copy from holds."""
    html = page.content.decode()
    return unescape(html.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])


def test_page_begins_with_the_most_timely_notice(world: World, enter: Enter) -> None:
    window = make.make_window(world.home, minutes=200)
    client = enter(world.property)
    assert text_on(client.get(at(window, "notices/"))).startswith("【开团啦】")

    moment = clock.database_now()
    OrderWindow.objects.filter(pk=window.pk).update(
        opens_at=moment - timedelta(hours=9), closes_at=moment + timedelta(minutes=30)
    )

    page = client.get(at(window, "notices/"))
    assert text_on(page).startswith("【快截单了】")
    assert text_on(client.get(at(window, "notices/?kind=opened"))).startswith("【开团啦】")
    assert offences(page) == []
    assert at(window, "notices/") in client.get(at(window)).content.decode()


def test_page_of_a_draft_has_nothing_to_say(world: World, enter: Enter) -> None:
    window = make.make_window(world.home, state="draft")
    client = enter(world.organiser)

    assert "<textarea" not in client.get(at(window, "notices/")).content.decode()
    assert client.get(at(window, "notices/picture/")).status_code == 404


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"place": "小区大门口"}, "取货地点：小区大门口"),
        ({"place": "502室 13800138000"}, "取货地点：*** ***"),
        ({"place": "长" * 41}, "取货地点：楼道口"),
        ({"place": "\0"}, "取货地点：楼道口"),
        ({"place": "<b>大门</b>\n#panic"}, "取货地点：<b>大门</b> #panic"),
        ({"building": "999999"}, "楼栋：1号楼 1 户"),
        ({"until": "今晚"}, "取货时间：今晚"),
    ],
)
def test_arrival_takes_a_place_and_leaves_out_what_is_wrong(
    world: World, enter: Enter, given: dict[str, str], line: str
) -> None:
    window = make.make_window(world.home)
    make.order(window, make.household(world.home), 1)
    make.release(window, world.organiser)
    client = enter(world.volunteer)

    asked: dict[str, str] = {"kind": "arrived", **given}
    page = client.get(at(window, "notices/"), asked)
    picture = client.get(at(window, "notices/picture/"), asked)

    assert line in text_on(page).splitlines()
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture["Content-Type"] == "image/png"


def test_arrival_at_one_building_names_no_other(world: World, enter: Enter) -> None:
    second = make.building(world.home, "2", "301")
    foreign = world.away.buildings.get()
    window = make.make_window(world.home)
    for room in ("101", "301"):
        make.order(window, make.household(world.home, room), 1)
    make.release(window, world.organiser)
    client = enter(world.organiser)

    page = client.get(at(window, "notices/"), {"kind": "arrived", "building": str(second.pk)})

    assert "楼栋：2号楼" in text_on(page).splitlines()
    odd = client.get(at(window, "notices/"), {"kind": "arrived", "building": str(foreign.pk)})
    assert "楼栋：1号楼 1 户、2号楼 1 户" in text_on(odd).splitlines()


def test_page_takes_the_same_statements_for_one_order_and_for_three(
    world: World, enter: Enter
) -> None:
    window = make.make_window(world.home)
    client = enter(world.organiser)
    counts = []
    for room in ("101", "102", "201"):
        make.order(window, make.household(world.home, room), 1)
        with CaptureQueriesContext(connection) as captured:
            client.get(at(window, "notices/?kind=opened"))
        counts.append(len(captured))
    # session · account · his communities · the window · his roles · demand · number of offers · menu
    assert counts == [8, 8, 8]


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_copy_button_selects_the_text_where_no_script_may_copy(
    world: World, enter: Enter, live_server: LiveServer
) -> None:
    window = make.make_window(world.home, minutes=200)
    client = enter(world.organiser)
    with chromium() as browser, visiting(browser, client, live_server.url) as (page, _said):
        page.set_viewport_size({"width": 360, "height": 700})
        page.add_init_script(
            "navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));"
            "document.execCommand = () => false;"
        )
        page.goto(f"{live_server.url}{at(window, 'notices/')}")
        page.click("button[data-copy]")
        page.wait_for_function("document.querySelector('button[data-copy]').textContent !== '复制'")
        area = "document.getElementById('copy-text')"
        selected = page.evaluate(f"{area}.value.slice({area}.selectionStart, {area}.selectionEnd)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        button = page.inner_text("button[data-copy]")
        drawn = page.evaluate("document.querySelector('img.picture').naturalWidth")
    assert selected.startswith("【开团啦】")
    assert selected.endswith("由他们代下单。")
    assert (button, wide, drawn) == ("已全选，请手动复制", 360, 1080)

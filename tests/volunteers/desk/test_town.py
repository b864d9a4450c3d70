"""The desk of somebody who has many rounds, and of a round over several communities."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import Client

from communities.models import Household
from communities.roles import Role
from config.kernel import clock
from orders.models import OrderWindow, SupplierOrder
from tests import factories as make
from tests.api.client import prepare, release
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at
from volunteers.picklists.building import build_pick_lists

ROOMS = tuple(f"{number}" for number in range(101, 163))


def titles(page: str) -> list[str]:
    return re.findall(r'<span class="line"><b>(.*?)</b>', page)


def index(browser: Client, **query: str) -> str:
    return browser.get(DESK, query).content.decode()


@pytest.fixture
def many(world: World) -> OrderWindow:
    """An old round below its minimum that nobody has decided about, and 45 newer ones that run by themselves."""
    held = make.make_window(world.home, organiser=world.organiser)
    moment = clock.now()
    OrderWindow.objects.filter(pk=held.pk).update(
        status="held",
        title="没人管的团",
        opens_at=moment - timedelta(days=9),
        closes_at=moment - timedelta(days=8),
        held_until=moment + timedelta(hours=1),
    )
    OrderWindow.objects.bulk_create(
        OrderWindow(
            community=world.home,
            supplier=held.supplier,
            number=number,
            title=f"包子 第{number}团",
            status="open",
            opens_at=moment,
            closes_at=moment + timedelta(hours=number),
        )
        for number in range(2, 47)
    )
    return held


def test_index_shows_what_needs_somebody_before_all_that_is_newer(
    world: World, enter: Enter, many: OrderWindow
) -> None:
    browser = enter(world.organiser)

    first, second = titles(index(browser)), titles(index(browser, page="2"))

    assert first == ["没人管的团", *(f"包子 第{number}团" for number in range(46, 7, -1))]
    assert second == [f"包子 第{number}团" for number in range(7, 1, -1)]


def test_index_finds_rounds_by_words_of_title_community_and_supplier(
    world: World, enter: Enter, many: OrderWindow
) -> None:
    browser = enter(world.organiser)

    assert titles(index(browser, q="第7团")) == ["包子 第7团"]
    assert titles(index(browser, q=f"没人 {world.home.name} {many.supplier.name}")) == [
        "没人管的团"
    ]
    assert titles(index(browser, q=f"{world.home.name} 面条")) == []


@pytest.mark.parametrize(("days", "group"), [(6, "进行中"), (8, "已结束")])
def test_index_puts_away_what_was_acknowledged_a_week_ago(
    world: World, enter: Enter, released: OrderWindow, days: int, group: str
) -> None:
    SupplierOrder.objects.filter(window=released).update(acknowledged_at=clock.now())
    released.refresh_from_db()
    OrderWindow.objects.filter(pk=released.pk).update(
        opens_at=released.opens_at - timedelta(days=days),
        closes_at=released.closes_at - timedelta(days=days),
    )

    [heading] = re.findall(r"<h2>(\S+)", index(enter(world.organiser)))

    assert heading == group


@pytest.fixture
def joint(world: World) -> OrderWindow:
    """A round led by home that away has joined: both have a door 101 in 1号楼."""
    supplier = make.make_supplier(world.home, world.away)
    window = make.make_window(
        world.home, organiser=world.organiser, supplier=supplier, others=[world.away]
    )
    for home in Household.objects.filter(community__in=[world.home, world.away]):
        make.order(window, home, 1)
    return window


def test_flag_of_a_joint_round_leads_to_its_one_door(
    world: World, enter: Enter, joint: OrderWindow
) -> None:
    officer = make.make_user(is_staff=True)
    for community in (world.home, world.away):
        make.grant(officer, Role.COMMITTEE, community)
    odd = make.order(joint, make.household(world.away, "101"), 20)
    prepare(joint)
    browser = enter(officer)

    page = browser.get(at(joint)).content.decode()
    [link] = set(re.findall(r'class="door" href="(.*?)"', page))
    orders = browser.get(unescape(link)).content.decode()

    assert unquote(link).endswith(f"?q={world.away.name} 1号楼 101")
    assert orders.count('class="card round') == 2
    assert f"{odd.public_id}" in orders
    assert orders.count(world.away.name) > 2


@pytest.mark.parametrize("sees_all", [True, False])
def test_sheets_of_a_joined_community_are_offered_to_its_own_hands_only(
    world: World, enter: Enter, joint: OrderWindow, sees_all: bool
) -> None:
    if sees_all:
        make.grant(world.organiser, Role.VOLUNTEER, world.away)
    order = release(prepare(joint), world.organiser)
    with transaction.atomic():
        for pick_list in build_pick_lists(supplier_order_id=order.pk):
            pick_list.files.create(
                kind="picks", format="pdf", name="x.pdf", media_type="", content=b"x", size=1
            )
    browser = enter(world.organiser)

    page = browser.get(at(joint)).content.decode()
    lists = browser.get(at(joint, f"lists/{world.away.public_id}/")).content.decode()

    # What is offered opens, and nothing is offered that does not.
    links = re.findall(r'href="(\S+/sheets/\S+)"', page)
    assert len(links) == 1 + sees_all
    assert {browser.get(link).status_code for link in links} == {200}
    assert ("/sheets/" in lists) is sees_all


def test_lists_of_a_community_that_is_not_in_the_round_are_not_found(
    world: World, enter: Enter, released: OrderWindow
) -> None:
    page = enter(world.organiser).get(at(released, f"lists/{world.away.public_id}/"))

    assert page.status_code == 404


def test_history_tells_once_that_all_lists_were_made(
    world: World, enter: Enter, joint: OrderWindow
) -> None:
    order = release(prepare(joint), world.organiser)
    with transaction.atomic():
        assert len(build_pick_lists(supplier_order_id=order.pk)) == 2

    response = enter(world.organiser).get(at(joint, "past/"))

    actions = [entry.action for entry in response.context["page"]]
    assert actions.count("pick_list.built") == 1
    assert actions[-2:] == ["window.joined", "window.drafted"]


def test_care_households_are_counted_all_and_shown_up_to_sixty(world: World, enter: Enter) -> None:
    home = make.make_community(rooms=ROOMS)
    Household.objects.filter(community=home).update(needs_care=True)
    organiser = make.make_staff(home)
    window = make.make_window(home, organiser=organiser)

    page = enter(organiser).get(at(window)).content.decode()

    care = page[page.index('id="care"') :]
    assert '<span class="count">62</span>' in care
    assert len(re.findall(r"<b>1号楼 1\d\d</b>", care)) == 60

"""到货通知: who ticks which buildings, and what a second click does."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import InboxMessage, User
from communities.roles import Role
from config.kernel import outbox
from config.kernel.audit import AuditEntry
from orders.models import OrderWindow
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, offences, told

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def round_sent(_world: World) -> OrderWindow:
    """Orders for buildings 10 and 2 of the leading community and for one of a community that buys too."""
    for number, room in (("10", "1001"), ("2", "301"), ("3", "401")):
        make.building(_world.home, number, room)
    window = make.make_window(_world.home, organiser=_world.organiser, others=[_world.away])
    for room in ("1001", "301"):
        make.order(window, make.household(_world.home, room), 1)
    make.order(window, make.household(_world.away), 1)
    make.release(window, _world.organiser)
    window.refresh_from_db()
    return window


@pytest.fixture
def window(round_sent: OrderWindow, db: None) -> OrderWindow:
    return deepcopy(round_sent)


def boxes(page: object) -> list[str]:
    """Buildings and waves that the page offers, in its order."""
    gate = page.context["gate"]  # type: ignore[attr-defined]
    return [f"{house.building.label}:{house.value.partition(':')[2]}" for house in gate.houses]


def test_arrival_is_told_once_by_a_double_click_and_again_on_purpose(
    world: World, window: OrderWindow, enter: Enter
) -> None:
    neighbour = make.make_resident(world.home, "301")
    browser = enter(world.volunteer)
    address = at(window, "arrived/")
    page = browser.get(address)
    second, tenth = [house.value for house in page.context["gate"].houses]

    assert boxes(page) == ["2号楼:1", "10号楼:1"]
    assert address in browser.get(at(window)).content.decode()
    clicks = [
        browser.post(address, {"building": second, "place": "楼道口", "other": " 快递柜旁 "})
        for _click in range(2)
    ]
    after = browser.get(address)
    again = f"{second.partition(':')[0]}:2"
    more = browser.post(address, {"building": [again, tenth], "place": "小区门口"})
    outbox.deliver_due()

    assert [answer["Location"] for answer in (*clicks, more)] == [address] * 3
    assert boxes(after) == ["2号楼:2", "10号楼:1"]
    text = after.content.decode()
    assert "快递柜旁" in text
    assert 'value="快递柜旁" checked' in text
    rows = InboxMessage.objects.filter(kind="delivery.arrived").order_by("pk")
    assert [(row.user_id, row.data["place"]) for row in rows] == [
        (neighbour.pk, "快递柜旁"),
        (neighbour.pk, "小区门口"),
    ]
    assert AuditEntry.objects.filter(action="window.arrival_told").count() == 2
    assert offences(page) == offences(after) == []


REFUSED = (
    ({"other": "找 138-0013-8000"}, "这里不要写电话和门牌室号，群里都看得到。"),
    ({"other": "3号楼502"}, "这里不要写电话和门牌室号，群里都看得到。"),
    ({"place": "502室"}, "这里不要写电话和门牌室号，群里都看得到。"),
    ({"other": "长" * 41}, "40"),
    ({"building": ""}, "请勾选有货的楼栋。"),
)


def test_arrival_that_is_refused_keeps_what_was_typed(
    world: World, window: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.volunteer)
    ticked = browser.get(at(window, "arrived/")).context["gate"].houses[0].value
    for typed, sentence in REFUSED:
        sent = {"building": ticked, "place": "小区门口", **typed}

        page = browser.post(at(window, "arrived/"), {key: to for key, to in sent.items() if to})

        text = page.content.decode()
        assert sentence in text
        assert typed.get("other", "") in text
        assert f'value="{ticked}" checked' in text or not sent["building"]
    assert not outbox.OutboxMessage.objects.filter(topic="delivery.arrived").exists()


def test_arrival_is_told_by_ones_own_people_about_their_own_buildings(
    world: World, window: OrderWindow, enter: Enter
) -> None:
    buildings = {row.number: row for row in world.home.buildings.all()}
    leader = enter(_leader(world, "10"))
    idle = enter(_leader(world, "3"))
    partner = enter(make.make_staff(world.away, Role.VOLUNTEER))
    address = at(window, "arrived/")
    own = world.away.buildings.get()

    assert boxes(leader.get(address)) == ["10号楼:1"]
    assert "您负责的楼栋" in idle.get(address).content.decode()
    assert boxes(partner.get(address)) == [f"{own.label}:1"]
    assert address in partner.get(DESK).content.decode()
    assert at(window, "entry/") not in partner.get(DESK).content.decode()
    for browser, number in ((leader, "2"), (idle, "2"), (partner, "2"), (leader, "3")):
        foreign = browser.post(address, {"building": f"{buildings[number].pk}:1", "place": "大门"})
        assert foreign.status_code == 404
    assert enter(world.property).get(address).status_code == 403
    assert enter(make.make_staff(make.make_community())).get(address).status_code == 404
    assert not outbox.OutboxMessage.objects.filter(topic="delivery.arrived").exists()
    sent = partner.post(address, {"building": f"{own.pk}:1", "place": "大门"})
    assert sent.status_code == 302
    entry = AuditEntry.objects.get(action="window.arrival_told")
    assert (entry.community_id, entry.data["buildings"]) == (world.away.pk, [own.pk])


def test_arrival_before_the_release_is_not_told(world: World, enter: Enter) -> None:
    window = make.make_window(world.home, organiser=world.organiser)
    make.order(window, make.household(world.home), 1)
    browser = enter(world.organiser)
    box = f"{world.home.buildings.get(number='1').pk}:1"

    page = browser.get(at(window, "arrived/"))
    answer = browser.post(at(window, "arrived/"), {"building": box, "place": "大门"})

    assert "<form method" not in page.content.decode().partition("<main>")[2]
    assert at(window, "arrived/") not in browser.get(at(window)).content.decode()
    assert told(answer) == ["还没有发给供货商，不会有货到。"]
    assert not outbox.OutboxMessage.objects.filter(topic="delivery.arrived").exists()


def test_page_takes_the_same_statements_for_one_building_and_for_three(
    world: World, window: OrderWindow, enter: Enter
) -> None:
    alone = make.make_window(world.home, organiser=world.organiser)
    make.order(alone, make.household(world.home, "301"), 1)
    make.release(alone, world.organiser)
    browser = enter(world.volunteer)
    box = browser.get(at(window, "arrived/")).context["gate"].houses[0].value
    browser.post(at(window, "arrived/"), {"building": box, "place": "大门"})
    browser.get(at(window, "arrived/"))

    counts = []
    for shown in (alone, window):
        with CaptureQueriesContext(connection) as captured:
            browser.get(at(shown, "arrived/"))
        counts.append(len(captured))

    # session, account, his roles, the window; his communities, whose orders, what was told, buildings, the release
    assert counts == [9, 9]


def _leader(world: World, number: str) -> User:
    user = make.make_user(is_staff=True)
    building = world.home.buildings.get(number=number)
    make.grant(user, Role.BUILDING_LEADER, world.home, building=building)
    return user

"""A round that another community leads, for the people of one that joined: what is theirs, and nothing else of it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Building, Community, User
from communities.roles import Role
from config.kernel.audit import AuditEntry
from orders.models import Allocation, Order, OrderFile, OrderWindow, WindowCommunity
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, offences
from tests.volunteers.desk.test_notices import text_on
from volunteers.models import PickList, PickListFile
from volunteers.picklists.building import build_pick_lists

NOT_THEIRS = (
    *("", "progress/", "check/", "past/", "times/", "offers/", "limits/", "copy/", "communities/"),
)


@dataclass(frozen=True)
class Joint:
    """Two rounds that `home` leads and `away` joined: an open one, and a released one with its lists and a sheet each.
    `away` has buildings 1 and 2 with an order each, `home` one.
    """

    running: OrderWindow
    released: OrderWindow
    sheets: dict[str, PickListFile]
    second: Building
    volunteer: User
    leader: User
    property: User


@pytest.fixture(scope="module")
def _joint(_world: World) -> Joint:
    home, away = _world.home, _world.away
    for place, phone in ((home, "021-11110000"), (away, "021-22220000")):
        Community.objects.filter(pk=place.pk).update(service_phone=phone)
    second = make.building(away, "2", "201")
    supplier = make.make_supplier(home, away)
    rounds = []
    for _one in range(2):
        window = make.make_window(
            home, supplier=supplier, organiser=_world.organiser, others=[away]
        )
        make.order(window, make.household(home), 3)
        make.order(window, make.household(away), 2)
        make.order(window, make.household(away, "201"), 1)
        rounds.append(window)
    running, released = rounds
    revision = make.release(released, _world.organiser)
    OrderFile.objects.create(supplier_order=revision, **BYTES)
    with transaction.atomic():
        lists = build_pick_lists(supplier_order_id=revision.pk)
    leader = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, away, building=second)
    return Joint(
        running,
        released,
        {_name(away, row): _sheet(row) for row in lists},
        second,
        volunteer=make.make_staff(away, Role.VOLUNTEER),
        leader=leader,
        property=make.make_staff(away, Role.PROPERTY),
    )


def _name(away: Community, row: PickList) -> str:
    return f"away {row.building.number}" if row.community_id == away.pk else "home"


BYTES = {
    "format": "pdf",
    "name": "分拣单.pdf",
    "media_type": "application/pdf",
    "content": b"%PDF",
    "size": 4,
    "sha256": "0" * 64,
}


def _sheet(row: PickList) -> PickListFile:
    return PickListFile.objects.create(pick_list=row, kind="picks", **BYTES)


@pytest.fixture
def joint(_joint: Joint, db: None) -> Joint:
    return deepcopy(_joint)


def doors(response: Any) -> list[tuple[Community, str]]:
    return [(row.community, row.household.room) for row in response.context["page"]]


def test_round_shows_what_is_ones_own_and_leads_to_it(
    world: World, joint: Joint, enter: Enter
) -> None:
    page = enter(joint.volunteer).get(at(joint.running, "joined/"))
    share = page.context["share"]
    text = page.content.decode()

    assert (share.homes, share.households, share.orders, share.fen) == (3, 2, 2, 3 * 390)
    assert f"{world.home.name}牵头" in text
    assert offences(page) == []
    lists = f"intake/{world.away.public_id}/"
    ways = ("entry/", "care/", lists, "orders/", "notices/")
    led, looked = (
        enter(one).get(at(joint.running, "joined/")).text for one in (joint.leader, joint.property)
    )
    assert [way for way in ways if at(joint.running, way) not in text] == []
    assert [way for way in ways if at(joint.running, way) not in led] == [lists]
    assert [way for way in ways if at(joint.running, way) in looked] == ["notices/"]
    assert enter(world.organiser).get(at(joint.running, "joined/"))["Location"] == at(joint.running)


def test_round_shows_the_own_minimum_only(world: World, joint: Joint, enter: Enter) -> None:
    OrderWindow.objects.filter(pk=joint.running.pk).update(minimum_measure="households", minimum=9)
    for place, minimum in ((world.home, 7), (world.away, 5)):
        WindowCommunity.objects.filter(window=joint.running, community=place).update(
            minimum=minimum
        )

    page = enter(joint.volunteer).get(at(joint.running, "joined/"))

    (partner,) = page.context["partners"]
    assert (partner.community, partner.wanted, partner.minimum) == (world.away, 2, 5)
    assert "已有 2 户" in page.content.decode()


def test_orders_are_those_of_the_own_doors(world: World, joint: Joint, enter: Enter) -> None:
    own = [(world.away, "101"), (world.away, "201")]

    page = enter(joint.volunteer).get(at(joint.running, "orders/"))
    found = enter(joint.volunteer).get(at(joint.running, "orders/"), {"q": world.home.name})
    led = enter(joint.leader).get(at(joint.running, "orders/"))

    assert doors(page) == own
    assert page.context["counts"].all == 2
    assert world.home.name not in page.content.decode()
    assert doors(found) == []
    assert (doors(led), led.context["counts"].all) == (own[1:], 1)
    assert doors(enter(world.volunteer).get(at(joint.running, "orders/"))) == [(world.home, "101")]
    assert enter(joint.property).get(at(joint.running, "orders/")).status_code == 403


def test_order_is_read_and_not_taken_off(world: World, joint: Joint, enter: Enter) -> None:
    window = joint.released
    own = Order.objects.get(window=window, household=make.household(world.away, "101"))
    theirs = Order.objects.get(window=window, household=make.household(world.home))
    browser, reason = enter(world.stranger), {"reason": "搬走"}

    page = browser.get(at(window, f"orders/{own.public_id}/"))

    assert (page.status_code, page.context["may_drop"], offences(page)) == (200, False, [])
    assert browser.get(at(window, f"orders/{theirs.public_id}/")).status_code == 404
    for order in (own, theirs):
        assert browser.post(at(window, f"orders/{order.public_id}/"), reason).status_code == 404
    assert enter(joint.leader).get(at(window, f"orders/{own.public_id}/")).status_code == 404
    assert enter(world.organiser).get(at(window, f"orders/{own.public_id}/")).status_code == 404
    assert not Allocation.objects.filter(window=window, cause=Allocation.Cause.DROPPED).exists()


def test_notices_speak_in_the_own_name(world: World, joint: Joint, enter: Enter) -> None:
    browser = enter(joint.property)
    opened = browser.get(at(joint.running, "notices/"), {"kind": "opened"})
    asked = {"kind": "arrived", "community": str(world.home.public_id)}
    arrived = browser.get(at(joint.released, "notices/"), asked)
    picture = browser.get(at(joint.released, "notices/picture/"), asked)
    at_home = world.home.buildings.get().pk
    odd = browser.get(at(joint.released, "notices/"), {**asked, "building": f"{at_home}"})
    leading = enter(world.organiser)

    assert "021-22220000" in text_on(opened)
    assert "021-11110000" not in text_on(opened)
    assert "楼栋：1号楼 1 户、2号楼 1 户" in text_on(arrived).splitlines()
    assert world.home.name not in arrived.content.decode()
    assert text_on(odd) == text_on(arrived)
    assert picture["Content-Type"] == "image/png"
    assert offences(arrived) == []
    assert "021-11110000" in text_on(leading.get(at(joint.running, "notices/?kind=opened")))
    everywhere = leading.get(at(joint.released, "notices/?kind=arrived"))
    assert "楼栋：1号楼 1 户、1号楼 1 户、2号楼 1 户" in text_on(everywhere).splitlines()


def test_notices_of_who_works_in_two_that_joined_are_for_either(
    world: World, joint: Joint, enter: Enter
) -> None:
    third = make.make_community()
    Community.objects.filter(pk=third.pk).update(service_phone="021-33330000")
    WindowCommunity.objects.create(window=joint.running, community=third)
    make.grant(joint.volunteer, Role.VOLUNTEER, third)
    browser = enter(joint.volunteer)

    first = browser.get(at(joint.running, "notices/"))
    other = browser.get(at(joint.running, "notices/"), {"community": str(third.public_id)})

    assert "021-22220000" in text_on(first)
    assert "021-33330000" in text_on(other)
    assert f"community={third.public_id}" in first.content.decode()
    assert f"&amp;community={third.public_id}" in other.content.decode()


def test_sheets_are_those_of_the_own_buildings(world: World, joint: Joint, enter: Enter) -> None:
    window, sheets = joint.released, joint.sheets
    link = {name: at(window, f"sheets/{sheet.public_id}/") for name, sheet in sheets.items()}
    opened = {
        name: [place for place in sorted(link) if browser.get(link[place]).status_code == 200]
        for name, browser in {
            "volunteer": enter(joint.volunteer),
            "leader": enter(joint.leader),
            "property": enter(joint.property),
            "home": enter(world.volunteer),
        }.items()
    }
    shown = {
        name: [place for place in sorted(link) if link[place] in page.content.decode()]
        for name, page in {
            "volunteer": enter(joint.volunteer).get(at(window, "joined/")),
            "leader": enter(joint.leader).get(at(window, "joined/")),
            "property": enter(joint.property).get(at(window, "joined/")),
            "home": enter(world.volunteer).get(at(window)),
        }.items()
    }

    expected = {
        "volunteer": ["away 1", "away 2"],
        "leader": ["away 2"],
        "property": [],
        "home": ["home"],
    }
    assert opened == expected
    assert shown == expected
    noted = AuditEntry.objects.filter(action="file.downloaded", actor_id=joint.volunteer.pk)
    assert {entry.community_id for entry in noted} == {world.away.pk}
    # As for the leading community: a superseded one can still be looked at.
    PickList.objects.filter(pk=sheets["away 1"].pick_list_id).update(status="superseded")
    assert enter(joint.volunteer).get(link["away 1"]).status_code == 200


def test_lists_page_is_that_of_the_own_community(world: World, joint: Joint, enter: Enter) -> None:
    browser = enter(joint.volunteer)

    page = browser.get(at(joint.released, f"lists/{world.away.public_id}/"))

    assert [row.community for row in page.context["lists"]] == [world.away] * 2
    assert page.context["facts"].lists == page.context["lists"]
    assert f"{at(joint.released, 'joined/')}#lists" in page.content.decode()
    assert browser.get(at(joint.released, f"lists/{world.home.public_id}/")).status_code == 404


@pytest.mark.parametrize("rounds", ["running", "released"])
def test_rest_of_the_round_is_not_found(
    world: World, joint: Joint, enter: Enter, rounds: str
) -> None:
    window, browser = getattr(joint, rounds), enter(world.stranger)
    before = AuditEntry.objects.count()
    files = [
        at(window, f"files/{file.public_id}/")
        for order in window.supplier_orders.all()
        for file in order.files.all()
    ]
    posts = ("release", "undo", "reopen", "cancel", "settle", "check", "decide")

    assert bool(files) == (rounds == "released")
    assert {browser.get(at(window, page)).status_code for page in NOT_THEIRS} == {404}
    assert {browser.get(file).status_code for file in files} <= {404}
    assert {browser.post(at(window, f"do/{one}/")).status_code for one in posts} == {404}
    assert AuditEntry.objects.count() == before


def test_left_out_or_unpublished_it_is_not_theirs(world: World, joint: Joint, enter: Enter) -> None:
    pages = ("joined/", "orders/", "notices/", "notices/picture/", f"lists/{world.away.public_id}/")
    browser, window = enter(world.stranger), joint.released
    OrderWindow.objects.filter(pk=joint.running.pk).update(status="ready")
    window.joined.filter(community=world.away).update(status="cancelled")

    for one in (joint.running, window):
        assert {browser.get(at(one, page)).status_code for page in pages} == {404}
    sheet = joint.sheets["away 1"]
    assert browser.get(at(window, f"sheets/{sheet.public_id}/")).status_code == 404


def test_desk_lists_rounds_of_others_until_a_week_after_the_cutoff(
    joint: Joint, enter: Enter
) -> None:
    both = [joint.running, joint.released]
    page = enter(joint.volunteer).get(DESK)
    looked = enter(joint.property).get(DESK)

    assert page.context["others"] == both
    assert [row.takes for row in page.context["others"]] == [True, False]
    assert looked.context["others"] == both
    assert at(joint.running, "entry/") not in looked.content.decode()
    assert at(joint.released, "joined/") in looked.content.decode()
    joint.released.refresh_from_db()
    OrderWindow.objects.filter(pk=joint.released.pk).update(
        opens_at=joint.released.opens_at - timedelta(days=8),
        closes_at=joint.released.closes_at - timedelta(days=8),
    )
    assert enter(joint.volunteer).get(DESK).context["others"] == [joint.running]


# Everywhere: session, user, his communities, window, roles = 5. joined: the communities, their orders, their homes = 8;
# orders: count, orders, whether of several = 8; notices: the communities, demand, count of offers, menu = 9
STATEMENTS = {"joined/": 8, "orders/": 8, "notices/?kind=opened": 9}


@pytest.mark.parametrize("orders", [1, 3])
def test_pages_take_the_same_statements_for_one_order_and_three(
    world: World, joint: Joint, enter: Enter, orders: int
) -> None:
    window = make.make_window(
        world.home, supplier=joint.running.supplier, organiser=world.organiser, others=[world.away]
    )
    for room in ("101", "102", "201")[:orders]:
        make.order(window, make.household(world.away, room), 1)
    browser, counted = enter(joint.volunteer), {}
    for page in STATEMENTS:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at(window, page)).status_code == 200
        counted[page] = len(queries)

    assert counted == STATEMENTS


def test_lists_take_the_same_statements_for_two_and_one(
    world: World, joint: Joint, enter: Enter
) -> None:
    window, browser = joint.released, enter(joint.volunteer)
    pages = ("joined/", f"lists/{world.away.public_id}/")
    counted = []
    for _turn in range(2):
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                browser.get(at(window, page))
            counted.append(len(queries))
        sheet = joint.sheets["away 2"]
        PickListFile.objects.filter(pk=sheet.pk).delete()
        PickList.objects.filter(pk=sheet.pick_list_id).update(status="superseded")

    # Everywhere 5, see above. joined: the communities, revisions, lists, late orders, orders, homes, sheets = 12;
    # of one community: itself, revisions, lists, sheets = 9
    assert counted == [12, 9] * 2

"""Two communities in one group buy, each with a list of its own: what one brings in is nothing to the other."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.urls import reverse

from communities.models import AddressQuestion
from communities.roles import Role
from config.kernel.intake.confirming import apply_slice
from config.kernel.intake.models import Import
from config.kernel.intake.rows import decide_row
from config.kernel.intake.selectors import counts_of
from orders.models import Order, OrderWindow, WindowCommunity
from suppliers.directory import serve_community
from tests.factories import (
    SETUP,
    building,
    grant,
    household,
    make_community,
    make_staff,
    make_supplier,
    make_user,
    make_window,
    order,
    prepare,
)
from tests.orders.intake.conftest import Place, codes_of, make_place
from tests.orders.intake.test_pages import page_of, paste
from tests.sessions import signed_in

# The second line is the same in both.
OURS = "1. 1-101 蔬菜包2份\n2. 1-102 鸡蛋1板\n3. 2-201 鲜牛奶1瓶\n"
THEIRS = "1. 1-101 蔬菜包1份\n2. 1-102 鸡蛋1板\n3. 3-201 鲜牛奶3瓶\n4. 2-202 鸡蛋1板 13800138000\n"


def make_guest(host: Place) -> Place:
    """A community that buys in the round of `host`: its house 1 has the same doors, 2 is only there and 3 only here."""
    community = make_community(rooms=("101", "102", "103"))
    building(community, "3", "201", "202")
    joined = WindowCommunity.objects.create(window=host.window, community=community)
    with transaction.atomic():
        serve_community(supplier=host.window.supplier, community=community, actor=SETUP)
    people = make_staff(community, Role.VOLUNTEER)
    return Place(community, people, host.window, joined)


@pytest.fixture(scope="module")
def module_places(shared_db: None) -> tuple[Place, Place]:
    host = make_place()
    return host, make_guest(host)


@pytest.fixture
def places(module_places: tuple[Place, Place], db: None) -> tuple[Place, Place]:
    """Who leads and who is a guest."""
    return deepcopy(module_places)


def how_of(upload: Import) -> list[str]:
    return [row.values["how"] for row in upload.rows.order_by("number")]


def orders_of(place: Place) -> dict[str, list[int]]:
    """Door → quantities, of the orders of that community that stand."""
    rows = Order.objects.filter(window=place.window, community=place.community, status="placed")
    return {
        f"{one.household.building.number}-{one.household.room}": [
            line.quantity for line in one.lines.order_by("pk")
        ]
        for one in rows.select_related("household__building").order_by("number")
    }


def index_of(place: Place) -> str:
    return reverse("intake:index", args=[place.window.public_id, place.community.public_id])


def test_lists_of_two_communities_do_not_know_each_other(
    places: tuple[Place, Place],
) -> None:
    host, guest = places
    mine, yours = signed_in(guest.organiser), signed_in(host.organiser)
    ours = paste(yours, host, OURS)
    theirs = paste(mine, guest, THEIRS)
    # Neither waits for the other.
    for browser, upload in ((yours, ours), (mine, theirs)):
        assert how_of(upload)[:3] == ["place"] * 3
        browser.post(page_of(upload, "confirm"))
    for upload in (theirs, ours):
        assert apply_slice(import_id=upload.pk)

    stored = {"1-101": [1], "1-102": [1], "3-201": [3]}
    assert orders_of(host) == {"1-101": [2], "1-102": [1], "2-201": [1]}
    assert orders_of(guest) == stored
    # A door that only the other community has is asked about here, on the desk of those who wrote it.
    question = AddressQuestion.objects.get()
    assert (question.community, question.phone_masked) == (guest.community, "138****8000")

    # Longer lists: each is compared with its own, and asked only for what is gone from its own.
    longer = paste(mine, guest, THEIRS.replace("3. 3-201", "3. 3-202").replace("菜包1", "菜包4"))
    assert (how_of(longer)[1:], longer.rows.count()) == (["same", "place", "place", "gone"], 5)
    asked = [codes_of(longer)[number] for number in (1, 2, 3, 5)]
    assert asked == [["order_differs"], [], [], ["gone_from_list"]]
    assert longer.rows.get(number=5).text_of("address", longer.columns) == "3号楼 201"
    same = paste(yours, host, OURS + "4. 2-202 鸡蛋2板\n")
    assert (how_of(same), codes_of(same)[4]) == (["same", "same", "same", "place"], [])
    guest.choose(longer, 1, "update")
    guest.choose(longer, 5, "cancel")
    mine.post(page_of(longer, "confirm"))
    yours.post(page_of(same, "confirm"))
    for upload in (longer, same):
        assert apply_slice(import_id=upload.pk)

    assert orders_of(host) == {"1-101": [2], "1-102": [1], "2-201": [1], "2-202": [2]}
    assert orders_of(guest) == {"1-101": [4], "1-102": [1], "3-202": [3]}
    assert list(mine.get(index_of(guest)).context["imports"]) == [longer, theirs]
    assert list(yours.get(index_of(host)).context["imports"]) == [same, ours]


def test_totals_doors_and_questions_of_a_list_are_those_of_its_community(
    places: tuple[Place, Place],
) -> None:
    host, guest = places
    host.store(host.read(OURS))
    # Whoever leads ordered elsewhere, the guests did not.
    other = make_window(
        host.community, supplier=make_supplier(host.community), organiser=host.organiser
    )
    for home in host.community.households.filter(building__number="1").order_by("pk")[:2]:
        order(other, home, 1)
    mine, yours = signed_in(guest.organiser), signed_in(host.organiser)
    theirs = paste(mine, guest, THEIRS + "共6份\n")
    again = paste(yours, host, OURS.replace("2-201", "2-203"))

    shown, form = mine.get(page_of(theirs)), mine.get(page_of(theirs, "row", 4))

    assert shown.context["stops"] == []
    assert len(yours.get(page_of(again)).context["stops"]) == 1
    assert shown.context["notes"][-1].endswith("名单写 6，读出 5。")
    assert form.context["doors"] == [
        *("1号楼 101", "1号楼 102", "1号楼 103"),
        *("3号楼 201", "3号楼 202"),
    ]
    assert mine.get(index_of(guest)).context["labels"] == ["1号楼", "3号楼"]
    # The round's own page is not theirs: nothing leads there.
    for page in (mine.get(index_of(guest)), shown, form):
        assert f'"{reverse("desk:window", args=[host.window.public_id])}"' not in page.text
    assert (
        f'"{reverse("desk:window", args=[host.window.public_id])}"'
        in yours.get(index_of(host)).text
    )
    mended = {"quantities": "1", "address": "2号楼 202", "q-2": "1"}
    mine.post(page_of(theirs, "row", 4), mended)
    assert codes_of(theirs)[4] != []
    mine.post(page_of(theirs, "row", 4), {**mended, "address": "3号楼 202"})
    assert (codes_of(theirs)[4], counts_of(theirs).taken) == ([], 4)


def test_list_of_the_other_community_is_not_found(places: tuple[Place, Place]) -> None:
    host, guest = places
    ours, theirs = host.read(OURS), guest.read(THEIRS)
    resident = make_user(is_staff=True)
    grant(resident, Role.RESIDENT, guest.community, household=household(guest.community))
    organiser = make_staff(host.community, Role.VOLUNTEER)
    people = ((guest.organiser, host, ours), (organiser, guest, theirs), (resident, guest, theirs))
    for person, place, upload in people:
        browser = signed_in(person)
        answers = [
            browser.get(index_of(place)),
            browser.post(index_of(place), {"text": OURS}),
            browser.get(page_of(upload)),
            browser.get(page_of(upload, "progress")),
            browser.get(page_of(upload, "row", 1)),
            browser.post(page_of(upload, "row", 1), {"how": "add"}),
            browser.post(page_of(upload, "decide", 1), {"decision": "leave"}),
            browser.post(page_of(upload, "take-doubtful")),
            browser.post(page_of(upload, "confirm"), {"sure": "yes"}),
            browser.get(page_of(upload, "left-out-csv")),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert set(Import.objects.values_list("pk", "status")) == {
        (ours.pk, Import.Status.READ),
        (theirs.pk, Import.Status.READ),
    }
    # A leader of a house is told why, and a round's own pages stay with who leads it.
    leader = make_user(is_staff=True)
    grant(leader, Role.BUILDING_LEADER, guest.community, building=building(guest.community, "4"))
    assert signed_in(leader).get(page_of(theirs)).status_code == 403
    pages = ("window", "offers", "progress", "check", "times", "past", "communities")
    mine = signed_in(guest.organiser)
    for name in pages:
        assert mine.get(reverse(f"desk:{name}", args=[host.window.public_id])).status_code == 404


def test_community_left_out_or_not_yet_in_has_no_list(places: tuple[Place, Place]) -> None:
    host, guest = places
    upload = guest.read(THEIRS)
    mine = signed_in(guest.organiser)
    both = make_staff(guest.community, Role.VOLUNTEER)
    grant(both, Role.VOLUNTEER, host.community)
    windows = OrderWindow.objects.filter(pk=host.window.pk)

    def answers() -> list[int]:
        pages = (index_of(guest), page_of(upload))
        return [
            browser.get(page).status_code for browser in (mine, signed_in(both)) for page in pages
        ]

    assert answers() == [200] * 4
    windows.update(status="ready")
    assert answers() == [404, 404, 200, 200]
    windows.update(status="open")
    WindowCommunity.objects.filter(pk=guest.joined.pk).update(status="cancelled")
    assert answers() == [404, 404, 200, 200]


def test_list_of_a_guest_comes_late_as_the_leaders_does(places: tuple[Place, Place]) -> None:
    host, guest = places
    guest.store(guest.read("1. 1-101 蔬菜包1份\n"))
    host.store(host.read(OURS))
    prepare(host.window)
    upload = guest.read(THEIRS)

    assert how_of(upload)[:3] == ["same", "late", "late"]
    with transaction.atomic():
        decide_row(upload=upload, number=2, decision="take", actor=SETUP)
    guest.store(upload)
    assert orders_of(guest) == {"1-101": [1], "1-102": [1]}
    assert orders_of(host) == {"1-101": [2], "1-102": [1], "2-201": [1]}

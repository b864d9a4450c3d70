"""Buying together on the desk: whom to invite, what to answer, how far each is; and a round once more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Household
from communities.roles import Role
from orders.models import Invitation, OrderWindow, WindowCommunity
from suppliers.models import Product
from tests import factories as make
from tests.factories.repeating import make_template
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, do, offences

INVITATIONS = f"{DESK}invitations/"


@pytest.fixture
def window(world: World) -> OrderWindow:
    supplier = make.make_supplier(world.home, world.away)
    return make.make_window(
        world.home,
        supplier=supplier,
        organiser=world.organiser,
        minimum_measure="households",
        minimum=3,
    )


def invite(world: World, enter: Enter, window: OrderWindow, **fields: str) -> Any:
    fields = {"name": world.away.name, "minimum": "2", **fields}
    return enter(world.organiser).post(at(window, "communities/"), fields)


def test_coordinator_of_the_other_community_finds_the_invitation_and_accepts(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    invite(world, enter, window)
    browser = enter(world.stranger)
    invitation = Invitation.objects.get()
    address = f"{INVITATIONS}{invitation.public_id}/"
    index = browser.get(DESK).content.decode()
    listed = browser.get(INVITATIONS).content.decode()
    shown = browser.get(address)

    browser.post(address, {"answer": "accept"})
    browser.post(address, {"answer": "accept"})

    assert '<span class="count">1</span>' in index
    assert address in listed
    assert window.title in shown.content.decode()
    assert offences(shown) == []
    assert window.joined.get(community=world.away).minimum == 2
    assert window.supplier.name in browser.get(address).content.decode()


def test_page_shows_how_far_each_is_and_both_together(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    WindowCommunity.objects.create(window=window, community=world.away, minimum=2)
    make.order(window, make.household(world.home), 1)
    make.order(window, make.household(world.away), 1)

    response = enter(world.organiser).get(at(window, "communities/"))

    rows = response.context["partners"]
    assert [(one.community, one.wanted, one.minimum, one.is_short) for one in rows] == [
        (world.home, 1, 0, False),
        (world.away, 1, 2, True),
    ]
    assert response.context["together"] == 2
    assert "2 / 3" in response.content.decode()
    assert offences(response) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "没有的小区"},
        {"minimum": "zwei"},
        {"minimum": "-1"},
        {"name": "长" * 81},
    ],
)
def test_invitation_with_bad_input_loses_nothing(
    world: World, enter: Enter, window: OrderWindow, fields: dict[str, str]
) -> None:
    response = invite(world, enter, window, **fields)

    assert response.status_code == 200
    assert Invitation.objects.count() == 0
    assert fields.get("name", world.away.name) in response.content.decode()


def test_invitation_is_taken_back_and_another_rounds_is_not_found(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    invite(world, enter, window)
    beside = make.make_window(world.home, organiser=world.organiser)
    invitation = Invitation.objects.get()
    browser, field = enter(world.organiser), {"withdraw": invitation.pk}

    assert browser.post(at(beside, "communities/"), field).status_code == 404
    invitation.refresh_from_db()
    assert invitation.status == "invited"
    browser.post(at(window, "communities/"), field)

    invitation.refresh_from_db()
    assert invitation.status == "withdrawn"


def test_who_only_looks_neither_invites_nor_answers(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    invite(world, enter, window)
    invitation = Invitation.objects.get()
    address = f"{INVITATIONS}{invitation.public_id}/"
    looker = make.make_staff(world.away, Role.VOLUNTEER)

    assert enter(looker).get(address).status_code == 200
    assert enter(looker).post(address, {"answer": "accept"}).status_code == 403
    assert enter(world.organiser).post(address, {"answer": "accept"}).status_code == 404
    refused = enter(world.volunteer).post(at(window, "communities/"), {"name": world.away.name})

    assert refused.status_code == 403
    assert list(Invitation.objects.values_list("status", flat=True)) == ["invited"]


def test_repeating_group_buy_invites_for_all_its_rounds(world: World, enter: Enter) -> None:
    supplier = make.make_supplier(world.home, world.away)
    template = make_template(world.home, supplier=supplier, organiser=world.organiser)
    address = f"{DESK}repeating/{template.public_id}/communities/"
    enter(world.organiser).post(address, {"name": world.away.name})
    invitation = Invitation.objects.get()
    there = f"{INVITATIONS}{invitation.public_id}/"
    browser = enter(world.stranger)

    assert "每天" in browser.get(there).content.decode()
    browser.post(there, {"answer": "accept"})
    assert "以后不拼了" in browser.get(there).content.decode()
    enter(world.organiser).post(address, {"end": invitation.pk})

    invitation.refresh_from_db()
    assert invitation.status == "left"


def test_held_round_shows_who_would_be_left_out(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    WindowCommunity.objects.create(window=window, community=world.away, minimum=2)
    make.order(window, make.household(world.home), 1)
    make.order(window, make.household(world.away), 1)
    make.close(window)
    browser = enter(world.organiser)

    page = browser.get(at(window)).content.decode()
    do(browser, window, "decide", decision="close")

    assert f"{world.away.name} 未达自己的起订量，不成团" in page
    window.refresh_from_db()
    assert window.status == "closed"
    assert window.joined.get(community=world.away).status == "cancelled"


def test_copy_shows_the_differences_and_is_made_once(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    first = window.supplier.products.order_by("pk")[0]
    Product.objects.filter(pk=first.pk).update(price_fen=455)
    browser = enter(world.organiser)
    page = browser.get(at(window, "copy/"))
    form = page.context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed["once"] = page.context["once"]

    answers = [browser.post(at(window, "copy/"), typed) for _click in range(2)]

    text = page.content.decode()
    assert "¥3.90" in text
    assert "¥4.55" in text
    copied = OrderWindow.objects.exclude(pk=window.pk).get()
    assert [answer["Location"] for answer in answers] == [at(copied)] * 2
    assert copied.opens_at - window.opens_at.replace(second=0, microsecond=0) == timedelta(days=1)
    assert make.offers_of(copied)[0].price_fen == 455


def test_communities_page_takes_the_same_statements_for_one_and_three(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    browser = enter(world.organiser)
    counted = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(at(window, "communities/"))
        # session, user, memberships, window, roles; communities, what each wants, together, invitations
        counted.append(len(queries))
        for _one in range(2):
            other = make.make_community()
            WindowCommunity.objects.create(window=window, community=other)
            Invitation.objects.create(
                window=window,
                community=other,
                status="accepted",
                invited_at=window.opens_at,
                invited_by=world.organiser,
            )

    assert counted == [9, 9]


def test_people_of_a_community_that_joined_write_down_orders_of_their_own_homes(
    world: World, enter: Enter, window: OrderWindow
) -> None:
    WindowCommunity.objects.create(window=window, community=world.away)
    own, theirs = make.household(world.away), make.household(world.home)
    for home in (own, theirs):
        Household.objects.filter(pk=home.pk).update(needs_care=True)
    browser = enter(make.make_staff(world.away, Role.VOLUNTEER))

    index = browser.get(DESK)
    door = browser.get(at(window, "entry/"), {"q": "101"})
    care = browser.get(at(window, "care/"))
    save = {"home": own.public_id, "once": "0" * 32, "lines": "1", "step": "save", "total": 390}
    saved = browser.post(at(window, "entry/"), save)

    lists = f'"{at(window, f"intake/{world.away.public_id}/")}"'
    assert {at(window, "entry/") in index.text, lists in index.text} == {True}
    assert offences(index) == []
    leader = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, world.away, building=own.building)
    led = enter(leader).get(DESK)
    assert [at(window, "entry/") in led.text, lists in led.text] == [True, False]
    assert door["Location"].endswith(f"home={own.public_id}")
    assert [home.pk for home in care.context["rows"]] == [own.pk]
    assert at(window) + '"' not in care.content.decode()
    assert saved.status_code == 302
    assert [order.household for order in window.orders.all()] == [own]
    assert browser.get(at(window, "entry/form.pdf")).status_code == 200
    # Nothing of the leading community's: neither its doors nor the round's own pages.
    foreign = [
        browser.get(at(window, "entry/"), {"home": str(theirs.public_id)}),
        browser.post(at(window, "entry/"), {**save, "home": theirs.public_id, "once": "1" * 32}),
        browser.post(at(window, "care/"), {"household": theirs.public_id}),
        *(browser.get(at(window, page)) for page in ("", "progress/", "check/", "past/")),
    ]
    assert {answer.status_code for answer in foreign} == {404}
    assert window.orders.count() == 1
    # Left out at the cutoff, or never published: it is not theirs any more.
    window.joined.filter(community=world.away).update(status="cancelled")
    assert browser.get(at(window, "entry/")).status_code == 404
    assert browser.get(DESK).context["others"] == []

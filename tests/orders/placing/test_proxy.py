"""An order written down for somebody else: who asked, by which road, when it rang, who pays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from communities import people
from communities.models import Household, Resident
from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid, NotFound
from orders.models import Order, OrderWindow, ProxyWish
from orders.placing.errors import SoldOut, WindowNotOpen
from orders.placing.proxy import Proxy, place_proxy_order
from tests import factories as make
from tests.api.client import signed_in
from tests.factories.proxy import write_down
from tests.orders.placing.conftest import Stall, price, wishes

pytestmark = pytest.mark.django_db


def person(home: Household, name: str = "王奶奶") -> Resident:
    with transaction.atomic():
        return people.add_resident(household=home, name=name, actor=make.SETUP)


def volunteer() -> Actor:
    return Actor("user", make.make_user().pk)


@pytest.fixture
def home(stall: Stall) -> Household:
    return make.household(stall.community)


def test_place_proxy_order_keeps_who_asked_for_whom_how_and_who_pays(
    stall: Stall, home: Household
) -> None:
    grandmother, actor = person(home), volunteer()
    rang = clock.database_now() - timedelta(seconds=20)

    placed = write_down(
        *(stall.window, home, 2, 0, 1),
        actor=actor,
        road="hotline",
        asked_by="family",
        asker_name="女儿 小李",
        receiver_id=grandmother.pk,
        payer="cash",
        wished_at=rang,
        note="放门口",
    )

    order = Order.objects.get(pk=placed.id)
    assert (order.channel, order.wished_at, order.placed_by_id, order.note) == (
        *("hotline", rang, actor.id, "放门口"),
    )
    assert ProxyWish.objects.filter(order=order).values().get() == {
        "order_id": order.pk,
        "household_id": home.pk,
        "receiver_id": grandmother.pk,
        "road": "hotline",
        "asked_by": "family",
        "asker_name": "女儿 小李",
        "payer": "cash",
        "erased_at": None,
    }
    entry = AuditEntry.objects.get(action="order.placed_for")
    assert (entry.subject_id, entry.actor_id, entry.data) == (
        order.pk,
        actor.id,
        {"road": "hotline", "asked_by": "family", "payer": "cash", "receiver": grandmother.pk},
    )


def test_place_proxy_order_without_a_time_was_wished_now(stall: Stall, home: Household) -> None:
    order = Order.objects.get(pk=write_down(stall.window, home, 1).id)

    assert order.wished_at == order.placed_at


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("wished_at", {"wished_at": timedelta(seconds=5)}),
        ("wished_at", {"wished_at": -timedelta(minutes=2)}),
        ("road", {"road": "rest"}),
        ("road", {"road": "late"}),
        ("asked_by", {"asked_by": "nobody"}),
        ("payer", {"payer": ""}),
        ("receiver", {"receiver_id": 0}),
    ],
)
def test_place_proxy_order_with_something_impossible_is_refused(
    field: str,
    said: dict[str, Any],
    stall: Stall,
    home: Household,
    picture: Callable[[], object],
) -> None:
    if "wished_at" in said:
        said = {"wished_at": clock.database_now() + said["wished_at"]}
    before = picture()

    with pytest.raises(Invalid) as refused:
        write_down(stall.window, home, 1, **said)

    assert list(refused.value.fields) == [field]
    assert picture() == before
    assert not ProxyWish.objects.exists()


def test_place_proxy_order_for_a_receiver_of_another_household_is_refused(
    stall: Stall, home: Household, picture: Callable[[], object]
) -> None:
    neighbour = person(make.household(stall.community, "102"))
    before = picture()

    with pytest.raises(Invalid) as refused:
        write_down(stall.window, home, 1, receiver_id=neighbour.pk)

    assert list(refused.value.fields) == ["receiver"]
    assert picture() == before


def test_place_proxy_order_keeps_cutoff_caps_and_tenants(
    stall: Stall, home: Household, picture: Callable[[], object]
) -> None:
    foreign = make.make_community()
    before = picture()

    with pytest.raises(SoldOut):
        write_down(stall.window, home, 6)
    with pytest.raises(NotFound):
        write_down(stall.window, make.household(foreign), 1)
    make.pass_cutoff(stall.window)
    with pytest.raises(WindowNotOpen):
        write_down(stall.window, home, 1)

    assert picture() == before


@pytest.mark.parametrize("lines", [1, 3])
def test_place_proxy_order_takes_ten_statements(
    lines: int,
    stall: Stall,
    home: Household,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    wanted = [(stall.capped, 1), (stall.limited, 1), (stall.plain, 1)][:lines]

    # 1 the opening and the receiver, 2-8 as every order, 9 who asked, 10 its audit
    with django_assert_num_queries(10):
        place_proxy_order(
            window_id=stall.window.pk,
            household=home,
            actor=make.SETUP,
            wishes=wishes(*wanted),
            expected_total_fen=price(*wanted),
            proxy=Proxy("door"),
        )


def test_household_sees_that_it_was_ordered_for(stall: Stall, home: Household) -> None:
    resident = signed_in(make.make_resident(stall.community))
    stall.place((stall.plain, 1))
    placed = write_down(stall.window, home, 1, road="door", payer="committee")

    asked, own, _other = resident.read("orders").json()["results"]

    assert (asked["id"], asked["channel"]) == (str(placed.public_id), "door")
    assert asked["proxy"].pop("wished_at") == asked["placed_at"]
    assert asked["proxy"] == {
        "road": "door",
        "asked_by": "household",
        "payer": "committee",
        "sentence": "志愿者代下单（上门）",
    }
    assert (own["channel"], own["proxy"]) == ("rest", None)


def test_receiver_who_is_forgotten_leaves_the_order(stall: Stall, home: Household) -> None:
    grandmother = person(home)
    placed = write_down(stall.window, home, 1, receiver_id=grandmother.pk)

    grandmother.delete()

    assert ProxyWish.objects.get(order=placed.id).receiver_id is None
    assert OrderWindow.objects.filter(orders=placed.id).exists()

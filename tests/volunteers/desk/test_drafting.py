"""A new round from the form to the opening."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.money import parse_yuan
from orders.models import Offer, OrderWindow
from orders.states import WindowStatus
from orders.windows.drafting import offer_products
from suppliers.models import Product
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, do, told

NEW = f"{DESK}new/"


def new_fields(world: World, **changes: Any) -> dict[str, Any]:
    supplier = make.make_supplier(world.home)
    tomorrow = clock.now() + timedelta(days=1)
    return {
        "once": "a" * 32,
        "community": world.home.pk,
        "supplier": supplier.pk,
        "opens_at": "2026-04-20T08:00",
        "closes_at": f"{tomorrow:%Y-%m-%d}T20:30",
        "minimum_measure": "fen",
        "minimum": "1200.50",
        "below_minimum": "extend",
        "notice": "请自备袋子",
        **changes,
    }


def test_new_drafts_a_window_in_the_zone_of_the_community(world: World, enter: Enter) -> None:
    response = enter(world.organiser).post(NEW, new_fields(world))

    window = OrderWindow.objects.get()
    assert (response.status_code, response["Location"]) == (302, at(window, "offers/"))
    assert window.status == WindowStatus.DRAFT
    assert window.opens_at == datetime(2026, 4, 20, 0, 0, tzinfo=UTC)
    assert (window.minimum_measure, window.minimum) == ("fen", 120_050)
    assert (window.below_minimum, window.notice) == ("extend", "请自备袋子")
    assert window.created_by == world.organiser


def test_new_with_a_price_list_drafts_and_shows_what_it_would_offer(
    world: World, enter: Enter
) -> None:
    browser, fields = (
        enter(world.organiser),
        new_fields(world, prices="1) 荠菜馄饨 20只/盒 ¥25\n别的话"),
    )

    response = browser.post(NEW, fields)
    again = browser.post(NEW, fields)

    window = OrderWindow.objects.get()
    action = f'action="{reverse("intake:prices", args=[window.public_id])}"'
    for shown in (response, again):
        assert (shown.status_code, action in shown.content.decode()) == (200, True)
        assert [one.name for one in shown.context["listed"]] == ["荠菜馄饨"]
    assert not Offer.objects.exists()


def test_new_with_a_price_list_without_prices_goes_on_with_a_word(
    world: World, enter: Enter
) -> None:
    response = enter(world.organiser).post(NEW, new_fields(world, prices="早上好"))

    assert response["Location"] == at(OrderWindow.objects.get(), "offers/")
    assert told(response) == [gettext("No line with goods and a price was found in this text.")]


def test_new_sent_twice_drafts_one_window(world: World, enter: Enter) -> None:
    browser, fields = enter(world.organiser), new_fields(world)

    first = browser.post(NEW, fields)
    again = browser.post(NEW, fields)

    assert OrderWindow.objects.count() == 1
    assert again["Location"] == first["Location"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": "2026-04-20T07:59"}, "closes_at"),
        ({"opens_at": "tomorrow"}, "opens_at"),
        ({"minimum": "-5"}, "minimum"),
        ({"minimum": "12.345"}, "minimum"),
        ({"minimum_measure": "pieces", "minimum": "1.5"}, "minimum"),
        ({"supplier": "0"}, "supplier"),
        ({"community": ""}, "community"),
        ({"notice": "长" * 301}, "notice"),
    ],
)
def test_new_with_bad_input_says_where_and_makes_nothing(
    world: World, enter: Enter, changes: dict[str, str], field: str
) -> None:
    response = enter(world.organiser).post(NEW, new_fields(world, **changes))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert OrderWindow.objects.count() == 0


def test_new_offers_only_own_communities_and_their_suppliers(world: World, enter: Enter) -> None:
    own, foreign = make.make_supplier(world.home), make.make_supplier(world.away)

    form = enter(world.organiser).get(NEW).context["form"]

    assert [row.pk for row in form.fields["community"].queryset] == [world.home.pk]
    assert [row.pk for row in form.fields["supplier"].queryset] == [own.pk]
    assert foreign.pk != own.pk


@pytest.mark.parametrize("what", ["community", "supplier"])
def test_new_with_foreign_row_makes_nothing(world: World, enter: Enter, what: str) -> None:
    foreign = {"community": world.away, "supplier": make.make_supplier(world.away)}[what]

    response = enter(world.organiser).post(NEW, new_fields(world, **{what: foreign.pk}))

    assert response.status_code == 200
    assert what in response.context["form"].errors
    assert OrderWindow.objects.count() == 0


def test_new_with_supplier_that_does_not_serve_is_refused(world: World, enter: Enter) -> None:
    both = make.make_community(rooms=())
    make.grant(world.organiser, Role.ORGANISER, both)
    elsewhere = make.make_supplier(both)

    response = enter(world.organiser).post(NEW, new_fields(world, supplier=elsewhere.pk))

    assert list(response.context["form"].errors) == ["supplier"]
    assert OrderWindow.objects.count() == 0


@pytest.mark.parametrize("name", ["checker", "volunteer", "property"])
def test_new_with_too_low_role_is_forbidden(world: World, enter: Enter, name: str) -> None:
    response = enter(getattr(world, name)).post(NEW, new_fields(world))

    assert response.status_code == 403
    assert OrderWindow.objects.count() == 0


@pytest.fixture
def draft(world: World) -> OrderWindow:
    return make.make_window(world.home, organiser=world.organiser, state="draft")


def test_offers_adds_the_ticked_products_once(
    world: World, draft: OrderWindow, enter: Enter
) -> None:
    added = Product.objects.create(
        supplier=draft.supplier, name="青菜", spec="500g", unit="份", price_fen=500
    )
    browser = enter(world.organiser)

    browser.post(at(draft, "offers/"), {"product": [added.pk]})
    browser.post(at(draft, "offers/"), {"product": [added.pk]})

    assert list(
        Offer.objects.filter(window=draft).order_by("short_number").values_list("name", flat=True)
    ) == ["商品1", "商品2", "青菜"]


def test_offers_with_nothing_ticked_says_so(world: World, draft: OrderWindow, enter: Enter) -> None:
    response = enter(world.organiser).post(at(draft, "offers/"), {})

    assert [(m.level_tag, str(m)) for m in get_messages(response.wsgi_request)] == [
        ("error", gettext("Please tick at least one product."))
    ]
    assert draft.offers.count() == 2


def test_offers_of_draft_show_the_chosen_before_what_can_be_added(
    world: World, draft: OrderWindow, enter: Enter
) -> None:
    Product.objects.create(supplier=draft.supplier, name="青菜", unit="份", price_fen=500)

    text = enter(world.organiser).get(at(draft, "offers/")).content.decode()

    places = [text.index(part) for part in ("已选商品", "商品1", "再加商品", "青菜")]
    assert places == sorted(places)


@pytest.mark.parametrize("price", ["390", "11.71", "1.29", "0"])
def test_offer_far_from_the_catalogue_price_needs_a_second_tap(
    world: World, draft: OrderWindow, enter: Enter, price: str
) -> None:
    offer = make.offers_of(draft)[0]
    browser, where = enter(world.organiser), at(draft, f"offers/{offer.public_id}/")
    fields = {"price": price, "is_active": "on"}

    first = browser.get(where).content.decode()
    refused = browser.post(where, fields)
    offer.refresh_from_db()
    kept = offer.price_fen
    browser.post(where, fields | {"sure": "on"})
    offer.refresh_from_db()

    assert ("目录价 ¥3.90" in first, 'name="sure"' in first) == (True, False)
    assert list(refused.context["form"].errors) == ["sure"]
    assert 'name="sure"' in refused.content.decode()
    assert (kept, offer.price_fen) == (390, parse_yuan(price))


@pytest.mark.parametrize(("price", "fen"), [("11.70", 1170), ("1.30", 130), ("3.90", 390)])
def test_offer_near_the_catalogue_price_is_saved_at_once(
    world: World, draft: OrderWindow, enter: Enter, price: str, fen: int
) -> None:
    offer = make.offers_of(draft)[0]
    where = at(draft, f"offers/{offer.public_id}/")

    enter(world.organiser).post(where, {"price": price, "is_active": "on"})

    offer.refresh_from_db()
    assert offer.price_fen == fen


def test_offers_ignores_foreign_products(world: World, draft: OrderWindow, enter: Enter) -> None:
    foreign = make.make_supplier(world.away).products.order_by("pk").first()
    assert foreign is not None

    enter(world.organiser).post(at(draft, "offers/"), {"product": [foreign.pk, "x"]})

    assert draft.offers.count() == 2


def test_offers_of_open_window_are_refused(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    added = Product.objects.create(
        supplier=open_window.supplier, name="青菜", unit="份", price_fen=500
    )

    response = enter(world.organiser).post(at(open_window, "offers/"), {"product": [added.pk]})

    assert open_window.offers.count() == 2
    assert len(told(response)) == 1


def test_offer_sets_price_cap_and_limit(world: World, draft: OrderWindow, enter: Enter) -> None:
    offer = make.offers_of(draft)[0]
    fields = {"price": "4.20", "cap": "30", "household_limit": "2", "is_active": "on"}

    response = enter(world.organiser).post(at(draft, f"offers/{offer.public_id}/"), fields)

    offer.refresh_from_db()
    assert (offer.price_fen, offer.cap, offer.household_limit) == (420, 30, 2)
    assert response["Location"] == at(draft, "offers/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "4.205"),
        ("cap", "-1"),
        ("household_limit", "0"),
    ],
)
def test_offer_with_bad_input_changes_nothing(
    world: World, draft: OrderWindow, enter: Enter, field: str, value: str
) -> None:
    offer = make.offers_of(draft)[0]
    fields = {"price": "4.20", "is_active": "on", field: value}

    response = enter(world.organiser).post(at(draft, f"offers/{offer.public_id}/"), fields)

    offer.refresh_from_db()
    assert list(response.context["form"].errors) == [field]
    assert offer.price_fen == 390


@pytest.mark.parametrize("price", ["-1", "100000.01"])
def test_offer_out_of_bounds_is_refused_even_if_sure(
    world: World, draft: OrderWindow, enter: Enter, price: str
) -> None:
    offer = make.offers_of(draft)[0]
    fields = {"price": price, "is_active": "on", "sure": "on"}

    response = enter(world.organiser).post(at(draft, f"offers/{offer.public_id}/"), fields)

    offer.refresh_from_db()
    assert list(response.context["form"].errors) == ["price"]
    assert offer.price_fen == 390


def test_offer_of_open_window_lets_only_a_cap_rise(world: World, enter: Enter) -> None:
    window = make.make_window(world.home, organiser=world.organiser, offers=[{"cap": 5}])
    offer = make.offers_of(window)[0]
    browser, where = enter(world.organiser), at(window, f"offers/{offer.public_id}/")

    make.order(window, make.household(world.home), 4)
    page = browser.get(where).content.decode()
    assert ("已订 4 份" in page, 'name="price"' in page) == (True, False)

    browser.post(where, {"price": "9.90", "cap": "8", "is_active": "on"})
    offer.refresh_from_db()
    assert (offer.price_fen, offer.cap, offer.is_active) == (390, 8, True)
    refused = browser.post(where, {"cap": "3"}, follow=True).content.decode()
    assert "已订出的数量超过了这个数。" in refused
    offer.refresh_from_db()
    assert offer.cap == 8
    entries = AuditEntry.objects.filter(action="offer.changed", subject_id=offer.pk)
    assert entries.order_by("-pk").values_list("actor_id", "data").first() == (
        world.organiser.pk,
        {"cap": 8},
    )


def test_limit_of_an_offer_of_an_open_window_changes_with_a_reason(
    world: World, enter: Enter
) -> None:
    window = make.make_window(world.home, organiser=world.organiser)
    offer = make.offers_of(window)[0]
    browser, where = enter(world.organiser), at(window, f"offers/{offer.public_id}/")

    page = browser.get(where).content.decode()
    assert ('name="cap"' in page, 'name="household_limit"' in page) == (False, True)
    refused = browser.post(where, {"household_limit": "2"})
    assert list(refused.context["form"].errors) == ["reason"]
    browser.post(where, {"household_limit": "2", "reason": "货不够"})
    offer.refresh_from_db()
    assert offer.household_limit == 2
    entry = AuditEntry.objects.get(action="offer.changed", subject_id=offer.pk)
    assert entry.data == {"household_limit": 2, "reason": "货不够"}


def test_offer_of_another_window_is_not_found(
    world: World, draft: OrderWindow, enter: Enter
) -> None:
    foreign = make.offers_of(make.make_window(world.away, organiser=world.stranger))[0]

    response = enter(world.organiser).get(at(draft, f"offers/{foreign.public_id}/"))

    assert response.status_code == 404


def test_new_round_reaches_residents_by_the_desk_alone(world: World, enter: Enter) -> None:
    browser = enter(world.organiser)
    browser.post(NEW, new_fields(world))
    window = OrderWindow.objects.get()
    products = list(window.supplier.products.values_list("pk", flat=True))

    browser.post(at(window, "offers/"), {"product": products})
    do(browser, window, "ready")
    do(browser, window, "open")

    window.refresh_from_db()
    assert window.status == WindowStatus.OPEN
    assert window.offers.count() == 2


def test_new_sent_again_with_other_times_says_so_and_drafts_one_window(
    world: World, enter: Enter
) -> None:
    browser, fields = enter(world.organiser), new_fields(world)
    browser.post(NEW, fields)

    response = browser.post(NEW, fields | {"notice": "改了"})

    assert response.status_code == 200
    assert OrderWindow.objects.get().notice == "请自备袋子"


def test_offers_put_on_twice_are_on_the_menu_once(world: World, enter: Enter) -> None:
    window = make.make_window(world.home, organiser=world.organiser, state="draft")
    extra = Product.objects.create(supplier=window.supplier, name="豆腐", unit="盒", price_fen=350)
    with transaction.atomic():
        first = offer_products(window=window, products=[extra], actor=make.SETUP)
    with transaction.atomic():
        second = offer_products(window=window, products=[extra], actor=make.SETUP)

    assert (len(first), second) == (1, [])
    assert Offer.objects.filter(window=window, product=extra).count() == 1


@pytest.mark.parametrize(("shared", "links"), [(False, 1), (True, 0)])
def test_offers_of_an_empty_catalogue_link_to_the_import_for_who_keeps_it(
    world: World, enter: Enter, shared: bool, links: int
) -> None:
    served = [world.home, world.away] if shared else [world.home]
    supplier = make.make_supplier(*served, prices_fen=())
    window = make.make_window(
        world.home, supplier=supplier, organiser=world.organiser, state="draft"
    )

    page = enter(world.organiser).get(at(window, "offers/")).content.decode()

    assert page.count(f"/suppliers/{supplier.public_id}/catalogue/") == links

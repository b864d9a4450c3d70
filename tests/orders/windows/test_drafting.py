"""Before the opening: a draft, its communities, its menu. After it only a cap and, with a reason, a limit may move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from communities.models import Community, User
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Invalid
from orders.models import Offer, Order, OrderWindow, WindowCommunity
from orders.placing.errors import OverLimit
from orders.placing.placing import change_order
from orders.placing.wishes import Wish
from orders.windows.drafting import (
    CapTooLow,
    ForeignProduct,
    WindowPublished,
    draft_window,
    join_community,
    offer_products,
    set_offer,
)
from suppliers.models import Product, Supplier
from tests import factories as make

pytestmark = pytest.mark.django_db

OPENS = datetime(2022, 4, 20, 12, 0, tzinfo=UTC)
CLOSES = datetime(2022, 4, 20, 16, 30, tzinfo=UTC)


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def supplier(community: Community) -> Supplier:
    return make.make_supplier(community)


@pytest.fixture
def organiser(community: Community) -> User:
    return make.make_staff(community)


def draft(community: Community, supplier: Supplier, organiser: User, **changes: Any) -> OrderWindow:
    details = {"opens_at": OPENS, "closes_at": CLOSES, **changes}
    return draft_window(community=community, supplier=supplier, actor=organiser, **details)


def actions(window: OrderWindow) -> list[str]:
    entries = AuditEntry.objects.filter(subject_kind="window", subject_id=window.pk)
    return list(entries.order_by("pk").values_list("action", flat=True))


def test_draft_window_joins_its_community_and_titles_itself_by_the_day_there(
    community: Community, supplier: Supplier, organiser: User
) -> None:
    # 16:30 UTC is half past midnight of the next day in Shanghai.
    window = draft(community, supplier, organiser)

    assert (window.status, window.number) == ("draft", 1)
    assert window.title == f"{supplier.short_name} 4月21日 周四 第1团"
    assert list(window.joined.values_list("community", "status")) == [(community.pk, "joined")]
    assert (window.created_by, window.demand_revision) == (organiser, 0)
    assert actions(window) == ["window.drafted", "window.joined"]


def test_draft_window_takes_the_title_from_the_delivery_if_there_is_one(
    community: Community, supplier: Supplier, organiser: User
) -> None:
    window = draft(community, supplier, organiser, deliver_on=date(2022, 4, 23))
    named = draft(community, supplier, organiser, title="早点")

    assert window.title == f"{supplier.short_name} 4月23日 周六 第1团"
    assert named.title == "早点"


def test_draft_window_counts_per_community(
    community: Community, supplier: Supplier, organiser: User
) -> None:
    other = make.make_community()

    windows = [draft(place, supplier, organiser) for place in (community, other, community)]

    assert [window.number for window in windows] == [1, 1, 2]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_at": OPENS}, "closes_at"),
        ({"closes_at": OPENS - timedelta(seconds=1)}, "closes_at"),
        ({"extend_minutes": 0}, "extend_minutes"),
    ],
)
def test_draft_window_with_impossible_times_is_refused(
    changes: dict[str, Any], field: str, community: Community, supplier: Supplier, organiser: User
) -> None:
    with pytest.raises(Invalid) as refused:
        draft(community, supplier, organiser, **changes)

    assert list(refused.value.fields) == [field]
    assert not OrderWindow.objects.exists()


def test_join_community_buys_too_with_its_own_minimum(
    community: Community, supplier: Supplier, organiser: User
) -> None:
    window = draft(community, supplier, organiser)
    other = make.make_community()

    join_community(window=window, community=other, minimum=5, actor=make.SETUP)

    joined = WindowCommunity.objects.get(window=window, community=other)
    assert (joined.status, joined.minimum, joined.last_number) == ("joined", 5, 0)
    assert AuditEntry.objects.latest("pk").community_id == other.pk


def test_offer_products_copies_them_and_goes_on_counting(
    community: Community, supplier: Supplier, organiser: User
) -> None:
    window = draft(community, supplier, organiser)
    Product.objects.filter(name="商品2").update(
        order_multiple=4, minimum=8, case_size=12, barcode="690", description="鲜"
    )
    first, second = supplier.products.order_by("pk")
    offer_products(window=window, products=[first], actor=make.SETUP)

    offer_products(window=window, products=[second], actor=make.SETUP)

    one, two = make.offers_of(window)
    assert (one.short_number, two.short_number) == (1, 2)
    assert (two.name, two.spec, two.unit, two.price_fen) == ("商品2", "500g/袋", "袋", 1250)
    assert (two.order_multiple, two.minimum, two.case_size) == (4, 8, 12)
    assert (two.barcode, two.description, two.cap, two.taken) == ("690", "鲜", None, 0)
    assert AuditEntry.objects.latest("pk").data == {"offers": [two.pk]}


def test_offer_products_a_second_time_leaves_what_is_on_the_menu_as_it_is(
    community: Community, supplier: Supplier, organiser: User
) -> None:
    window = draft(community, supplier, organiser)
    first = offer_products(window=window, products=supplier.products.all(), actor=make.SETUP)
    set_offer(offer=first[0], cap=5, actor=make.SETUP)
    entries = AuditEntry.objects.count()

    again = offer_products(window=window, products=supplier.products.all(), actor=make.SETUP)

    assert again == []
    assert [offer.cap for offer in make.offers_of(window)] == [5, None]
    assert AuditEntry.objects.count() == entries


def test_offer_products_keeps_the_price_when_the_product_gets_dearer(
    community: Community, supplier: Supplier, organiser: User
) -> None:
    window = make.make_window(community, supplier=supplier)
    Product.objects.update(price_fen=9999)

    assert [offer.price_fen for offer in make.offers_of(window)] == [390, 1250]


@pytest.mark.parametrize("why", ["foreign", "not for sale"])
def test_offer_products_of_another_supplier_or_not_for_sale_is_refused(
    why: str, community: Community, supplier: Supplier, organiser: User
) -> None:
    window = draft(community, supplier, organiser)
    good, bad = supplier.products.order_by("pk")
    if why == "foreign":
        bad = make.make_supplier(community).products.order_by("pk")[0]
    else:
        bad.is_active = False

    with pytest.raises(ForeignProduct) as refused:
        offer_products(window=window, products=[good, bad], actor=make.SETUP)

    assert refused.value.fields == {"product": str(bad.public_id)}
    assert not Offer.objects.exists()


def test_set_offer_before_the_opening_changes_what_it_is_told(community: Community) -> None:
    window = make.make_window(community, state="ready")
    offer = make.offers_of(window)[0]

    set_offer(
        offer=offer, cap=5, household_limit=2, price_fen=400, is_active=False, actor=make.SETUP
    )

    stored = Offer.objects.get(pk=offer.pk)
    assert (stored.cap, stored.household_limit, stored.price_fen, stored.is_active) == (
        5,
        2,
        400,
        False,
    )
    assert (offer.cap, offer.price_fen) == (5, 400)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject_id, entry.community_id) == (
        "offer.changed",
        offer.pk,
        community.pk,
    )
    assert entry.data == {"cap": 5, "household_limit": 2, "price_fen": 400, "is_active": False}


def test_set_offer_of_a_cap_while_open_moves_it(community: Community) -> None:
    window = make.make_window(community, offers=[{"cap": 5}])
    make.order(window, make.household(community), 3)
    offer = make.offers_of(window)[0]

    set_offer(offer=offer, cap=9, actor=make.SETUP)
    set_offer(offer=offer, cap=3, actor=make.SETUP)

    assert Offer.objects.values_list("cap", "taken").get(pk=offer.pk) == (3, 3)


def test_set_offer_of_a_cap_below_what_is_taken_is_refused(community: Community) -> None:
    window = make.make_window(community, offers=[{"cap": 5}])
    make.order(window, make.household(community), 3)
    offer = make.offers_of(window)[0]

    with pytest.raises(CapTooLow) as refused:
        set_offer(offer=offer, cap=2, actor=make.SETUP)

    assert refused.value.fields == {"cap": 3}
    assert Offer.objects.get(pk=offer.pk).cap == 5


@pytest.mark.parametrize(
    "changes",
    [
        {"price_fen": 1},
        {"is_active": False},
        {"order_multiple": 2},
        {"minimum": 2},
        {"cap": None},
        {"cap": 9, "price_fen": 1},
    ],
)
def test_set_offer_of_anything_else_while_open_is_refused(
    changes: dict[str, Any], community: Community
) -> None:
    window = make.make_window(community, offers=[{"cap": 5}])
    offer = make.offers_of(window)[0]

    with pytest.raises(WindowPublished):
        set_offer(offer=offer, actor=make.SETUP, **changes)

    stored = Offer.objects.get(pk=offer.pk)
    assert (stored.price_fen, stored.cap, stored.household_limit) == (390, 5, None)
    assert (stored.order_multiple, stored.minimum, stored.is_active) == (1, 1, True)


def test_set_offer_of_a_limit_while_open_counts_from_then_on(community: Community) -> None:
    window = make.make_window(community, offers=[{"household_limit": 5}])
    home, offer = make.household(community), make.offers_of(window)[0]
    kept = make.order(window, home, 4, 1)
    with pytest.raises(Invalid) as refused:
        set_offer(offer=offer, household_limit=2, actor=make.SETUP, reason=" ")
    assert (list(refused.value.fields), Offer.objects.get(pk=offer.pk).household_limit) == (
        ["reason"],
        5,
    )

    set_offer(offer=offer, household_limit=2, actor=make.SETUP, reason="货不够")

    assert AuditEntry.objects.latest("pk").data == {"household_limit": 2, "reason": "货不够"}
    with pytest.raises(OverLimit):
        make.order(window, make.household(community, "102"), 3)
    wishes = [(4, 2), (3, 1), (4, 1)]
    outcomes = [changed(kept, *quantities) for quantities in wishes]
    # What it has it may keep or make less, and the rest of the order is free.
    assert outcomes == [None, None, {str(offer.public_id): 2}]
    set_offer(offer=offer, household_limit=None, actor=make.SETUP, reason="补货了")
    make.order(window, make.household(community, "102"), 9)


def changed(order: Order, *quantities: int) -> dict[str, Any] | None:
    offers = make.offers_of(order.window)
    wishes = [Wish(one.public_id, many) for one, many in zip(offers, quantities, strict=True)]
    total = sum(one.price_fen * many for one, many in zip(offers, quantities, strict=True))
    try:
        with transaction.atomic():
            change_order(order=order, actor=make.SETUP, wishes=wishes, expected_total_fen=total)
    except OverLimit as error:
        return error.fields
    return None


def test_set_offer_of_a_first_cap_while_open_is_refused(community: Community) -> None:
    # What was ordered before was not counted.
    window = make.make_window(community)
    make.order(window, make.household(community), 3)

    with pytest.raises(WindowPublished):
        set_offer(offer=make.offers_of(window)[0], cap=9, actor=make.SETUP)


def test_set_offer_after_the_cutoff_moves_no_cap(community: Community) -> None:
    window = make.make_window(community, offers=[{"cap": 5}])
    make.order(window, make.household(community), 3)
    make.close(window)

    with pytest.raises(WindowPublished):
        set_offer(offer=make.offers_of(window)[0], cap=9, actor=make.SETUP)


def test_set_offer_of_an_unknown_field_is_a_mistake(community: Community) -> None:
    window = make.make_window(community, state="draft")

    with pytest.raises(TypeError, match="taken"):
        set_offer(offer=make.offers_of(window)[0], taken=0, actor=make.SETUP)


def test_published_window_gets_no_community_and_no_product(
    community: Community, supplier: Supplier
) -> None:
    window = make.make_window(community, supplier=supplier)
    Product.objects.create(supplier=supplier, name="新", unit="袋", price_fen=1)

    with pytest.raises(WindowPublished):
        join_community(window=window, community=make.make_community(), actor=make.SETUP)
    with pytest.raises(WindowPublished):
        offer_products(
            window=window, products=supplier.products.filter(name="新"), actor=Actor("user", 1)
        )

    assert (window.joined.count(), window.offers.count()) == (1, 2)

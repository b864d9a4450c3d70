"""A window once more: prices of today, caps and limits of before, nothing taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from communities.models import Community
from config.kernel.audit import AuditEntry
from config.kernel.errors import Invalid
from orders.models import CategoryLimit, Invitation, OrderWindow
from orders.windows.copying import copy_window, plan_copy
from suppliers.models import Product
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Community:
    return make.make_community()


@pytest.fixture
def other() -> Community:
    return make.make_community()


@pytest.fixture
def source(home: Community, other: Community) -> OrderWindow:
    """Closed; three offers, of which one is dearer now and one is gone; pieces were taken."""
    supplier = make.make_supplier(home, other, prices_fen=(390, 1250, 800))
    window = make.make_window(
        home,
        supplier=supplier,
        others=[other],
        offers=[{"cap": 60, "household_limit": 2}, {"household_limit": 3}],
        minimum_measure="pieces",
        minimum=2,
        notice="请自备袋子",
    )
    window.joined.filter(community=other).update(minimum=1)
    make.order(window, make.household(home), 2, 1, 1)
    make.order(window, make.household(other), 1)
    make.close(window)
    first, _second, third = supplier.products.order_by("pk")
    Product.objects.filter(pk=first.pk).update(price_fen=450)
    Product.objects.filter(pk=third.pk).update(is_active=False)
    return window


def copied(source: OrderWindow, **changes: object) -> OrderWindow:
    organiser = make.make_staff(source.community)
    times = {
        "opens_at": source.opens_at + timedelta(days=1),
        "closes_at": source.closes_at + timedelta(days=1),
        "deliver_on": None,
        **changes,
    }
    with transaction.atomic():
        return copy_window(source=source, actor=organiser, **times)  # type: ignore[arg-type]


def test_plan_copy_tells_what_is_dearer_and_what_is_gone(source: OrderWindow) -> None:
    plan = plan_copy(source)

    assert [offer.short_number for offer in plan.kept] == [1, 2]
    assert [(o.short_number, o.price_fen, o.product.price_fen) for o in plan.changed] == [
        (1, 390, 450)
    ]
    assert [offer.short_number for offer in plan.gone] == [3]


def test_copy_window_has_new_prices_old_limits_and_nothing_taken(source: OrderWindow) -> None:
    before = list(source.offers.order_by("pk").values())

    CategoryLimit.objects.create(window=source, category="肉类", household_limit=2)

    window = copied(source)

    limits = CategoryLimit.objects.filter(window=window)
    assert list(limits.values_list("category", "household_limit")) == [("肉类", 2)]
    rows = window.offers.order_by("short_number")
    fields = ("short_number", "price_fen", "cap", "household_limit", "taken")
    assert list(rows.values_list(*fields)) == [(1, 450, 60, 2, 0), (2, 1250, None, 3, 0)]
    assert (window.status, window.number, window.demand_revision) == ("draft", 2, 0)
    assert (window.minimum_measure, window.minimum, window.notice) == ("pieces", 2, "请自备袋子")
    assert list(source.offers.order_by("pk").values()) == before
    entry = AuditEntry.objects.get(action="window.copied")
    assert entry.data == {"source": source.pk, "offers": 2}


def test_copy_window_asks_the_other_communities_again(
    source: OrderWindow, home: Community, other: Community
) -> None:
    window = copied(source)

    assert list(window.joined.values_list("community", "minimum")) == [(home.pk, 0)]
    assert list(Invitation.objects.values_list("window", "community", "minimum", "status")) == [
        (window.pk, other.pk, 1, "invited")
    ]


def test_copy_window_that_would_close_before_it_opens_is_refused(source: OrderWindow) -> None:
    with pytest.raises(Invalid):
        copied(source, closes_at=source.opens_at)

    assert OrderWindow.objects.count() == 1

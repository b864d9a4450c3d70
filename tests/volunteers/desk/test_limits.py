"""The page for limits by kind of goods."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.kernel.audit import AuditEntry
from orders.models import CategoryLimit, OrderWindow
from suppliers.models import Product
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world: World) -> OrderWindow:
    supplier = make.make_supplier(world.home, prices_fen=(390, 1250, 100))
    Product.objects.filter(supplier=supplier, name="商品1").update(category="肉类")
    Product.objects.filter(supplier=supplier, name="商品2").update(category="蔬菜")
    return make.make_window(world.home, organiser=world.organiser, supplier=supplier, state="draft")


def limits(window: OrderWindow) -> dict[str, int]:
    rows = CategoryLimit.objects.filter(window=window)
    return dict(rows.values_list("category", "household_limit"))


def test_limits_are_set_changed_and_taken_away(
    world: World, draft: OrderWindow, enter: Enter
) -> None:
    browser, address = enter(world.organiser), at(draft, "limits/")

    first = browser.post(address, {"limit_0": "2", "limit_1": ""})
    seen = browser.get(address).content.decode()
    browser.post(address, {"limit_0": "", "limit_1": "3"})

    assert (first.status_code, first["Location"]) == (302, at(draft, "offers/"))
    assert 'name="limit_0" value="2"' in seen
    assert limits(draft) == {"蔬菜": 3}


@pytest.mark.parametrize("typed", ["0", "-1", "abc", "10000", "1.5", "9" * 5000])
def test_limit_that_is_no_number_of_pieces_is_refused_on_the_page(
    world: World, draft: OrderWindow, enter: Enter, typed: str
) -> None:
    answer = enter(world.organiser).post(at(draft, "limits/"), {"limit_0": typed, "limit_1": "3"})

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or "error" in answer.content.decode()
    assert limits(draft) == {}


def test_limits_of_an_open_round_change_with_a_reason(
    world: World, draft: OrderWindow, enter: Enter
) -> None:
    make.open_now(draft)
    browser, address = enter(world.organiser), at(draft, "limits/")

    refused = browser.post(address, {"limit_0": "2", "limit_1": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["reason"])
    assert limits(draft) == {}
    browser.post(address, {"limit_0": "2", "limit_1": "", "reason": "肉少了"})
    browser.post(address, {"limit_0": "2", "limit_1": "", "reason": ""})

    assert limits(draft) == {"肉类": 2}
    (entry,) = AuditEntry.objects.filter(action="window.category_limit_set")
    assert entry.data["reason"] == "肉少了"
    make.close(draft)
    browser.post(address, {"limit_0": "9", "limit_1": "", "reason": "还有"})
    assert limits(draft) == {"肉类": 2}
    assert 'name="limit_0"' in browser.get(address).content.decode()


@pytest.mark.parametrize("kinds", [1, 3])
def test_limits_page_takes_the_same_statements_for_one_kind_and_three(
    world: World, draft: OrderWindow, enter: Enter, kinds: int
) -> None:
    browser, address = enter(world.organiser), at(draft, "limits/")
    draft.offers.update(category="")
    for number, offer in enumerate(make.offers_of(draft)[:kinds]):
        draft.offers.filter(pk=offer.pk).update(category=f"类{number}")
    browser.get(address)

    with CaptureQueriesContext(connection) as captured:
        page = browser.get(address).content.decode()

    assert page.count('name="limit_') == kinds
    # session, account, communities by roles, the window, kinds on offer, limits
    assert len(captured) == 6

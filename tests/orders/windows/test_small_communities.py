"""A community's own minimum: it is left out when the window closes, and only then."""

from __future__ import annotations

import pytest

from communities.models import Community
from config.kernel.audit import Actor, AuditEntry
from orders.models import Offer, Order, OrderWindow, WindowCommunity
from orders.windows.closing import decide_held
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def leading() -> Community:
    return make.make_community()


@pytest.fixture
def small() -> Community:
    return make.make_community()


def make_window(
    leading: Community, small: Community, *, own_minimum: int = 3, **rules: object
) -> OrderWindow:
    """Capped first offer; the small community orders 2 pieces, the leading one 4."""
    details = {"minimum_measure": "pieces", "minimum": 1, **rules}
    window = make.make_window(leading, others=[small], offers=[{"cap": 10}], **details)  # type: ignore[arg-type]
    WindowCommunity.objects.filter(community=small).update(minimum=own_minimum)
    make.order(window, make.household(leading), 4)
    make.order(window, make.household(small), 2)
    return window


def picture(window: OrderWindow) -> tuple[str, dict[int, str], dict[int, str], int]:
    """Status, joined communities, orders by community, pieces taken of the capped offer."""
    window.refresh_from_db()
    return (
        window.status,
        dict(window.joined.values_list("community", "status")),
        dict(Order.objects.filter(window=window).values_list("community", "status")),
        Offer.objects.get(window=window, short_number=1).taken,
    )


def test_close_window_leaves_out_a_community_below_its_own_minimum(
    leading: Community, small: Community
) -> None:
    window = make_window(leading, small)

    make.close(window)

    assert picture(window) == (
        "closed",
        {leading.pk: "joined", small.pk: "cancelled"},
        {leading.pk: "placed", small.pk: "cancelled"},
        4,
    )
    assert Order.objects.get(community=small).reason == "below_minimum"
    entry = AuditEntry.objects.get(action="orders.cancelled")
    assert (entry.community_id, entry.data) == (small.pk, {"orders": 1, "reason": "below_minimum"})


def test_close_window_keeps_a_community_that_reaches_its_own_minimum(
    leading: Community, small: Community
) -> None:
    window = make_window(leading, small, own_minimum=2)

    make.close(window)

    assert picture(window)[:2] == ("closed", {leading.pk: "joined", small.pk: "joined"})


def test_close_window_without_a_measure_leaves_nobody_out(
    leading: Community, small: Community
) -> None:
    window = make_window(leading, small, own_minimum=100, minimum_measure="none")

    make.close(window)

    assert picture(window)[:2] == ("closed", {leading.pk: "joined", small.pk: "joined"})


def test_close_window_that_misses_its_minimum_without_the_small_one_leaves_nobody_out_yet(
    leading: Community, small: Community
) -> None:
    # Together six pieces would do, but the small one would be left out, and four do not.
    window = make_window(leading, small, minimum=6)

    make.close(window)

    assert picture(window) == (
        "held",
        {leading.pk: "joined", small.pk: "joined"},
        {leading.pk: "placed", small.pk: "placed"},
        6,
    )


def test_extension_gives_the_small_community_its_chance_too(
    leading: Community, small: Community
) -> None:
    window = make_window(leading, small, minimum=6, below_minimum="extend")
    make.close(window)
    assert window.status == "open"

    make.order(window, make.household(small, "102"), 1)
    make.close(window)

    assert picture(window)[:2] == ("closed", {leading.pk: "joined", small.pk: "joined"})


def test_decide_held_to_close_leaves_out_the_small_community(
    leading: Community, small: Community
) -> None:
    window = make_window(leading, small, minimum=6)
    make.close(window)

    decide_held(window=window, decision="close", actor=Actor("user", 7), reason="go")

    assert picture(window) == (
        "closed",
        {leading.pk: "joined", small.pk: "cancelled"},
        {leading.pk: "placed", small.pk: "cancelled"},
        4,
    )


def test_decide_held_to_close_with_nobody_left_cancels(
    leading: Community, small: Community
) -> None:
    window = make_window(leading, small, minimum=6)
    WindowCommunity.objects.update(minimum=5)
    make.close(window)
    assert window.status == "held"

    decide_held(window=window, decision="close", actor=Actor("user", 7), reason="")

    status, _joined, orders, taken = picture(window)
    assert (status, set(orders.values()), taken) == ("cancelled", {"cancelled"}, 0)
    assert window.reason != ""

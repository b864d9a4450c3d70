"""A window with a capped, a limited and a plain offer, in a place where foreign data is always present."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from communities.models import Community
from config.kernel.audit import AuditEntry
from orders.models import Offer, Order, OrderLine, OrderWindow
from orders.placing.placing import PlacedOrder, place_order
from orders.placing.wishes import Wish
from tests import factories as make


@dataclass
class Stall:
    """Offers: `capped` 5 pieces at ¥3.90, `limited` 3 per household at ¥12.50, `plain` at ¥1.00."""

    community: Community
    window: OrderWindow
    capped: Offer
    limited: Offer
    plain: Offer

    def place(self, *wanted: tuple[Any, ...], room: str = "101", **changes: Any) -> PlacedOrder:
        """`wanted`: (offer, quantity[, tolerance]); the total is what it costs unless `changes` say otherwise."""
        home = make.household(self.community, room)
        arguments: dict[str, Any] = {
            "window_id": self.window.pk,
            "community_id": self.community.pk,
            "household_id": home.pk,
            "actor": make.SETUP,
            "wishes": wishes(*wanted),
            "expected_total_fen": price(*wanted),
        }
        with transaction.atomic():
            return place_order(**{**arguments, **changes})

    def left(self) -> int:
        cap, taken = Offer.objects.values_list("cap", "taken").get(pk=self.capped.pk)
        assert cap is not None
        return cap - taken


def wishes(*wanted: tuple[Any, ...]) -> list[Wish]:
    return [Wish(offer.public_id, *numbers) for offer, *numbers in wanted]


def price(*wanted: tuple[Any, ...]) -> int:
    return sum(offer.price_fen * numbers[0] for offer, *numbers in wanted)


@pytest.fixture
def stall() -> Stall:
    community = make.make_community()
    supplier = make.make_supplier(community, prices_fen=(390, 1250, 100))
    rules = [{"cap": 5}, {"household_limit": 3}]
    window = make.make_window(community, supplier=supplier, offers=rules)
    neighbour = make.make_window(community, supplier=supplier, offers=rules)
    make.order(neighbour, make.household(community), 2, 2, 2)
    return Stall(community, window, *make.offers_of(window))


@pytest.fixture
def picture(stall: Stall) -> Callable[[], object]:
    """Everything that placing may write, to be compared before and after a refusal."""

    def look() -> object:
        return (
            list(Order.objects.order_by("pk").values()),
            list(OrderLine.objects.order_by("pk").values()),
            list(Offer.objects.order_by("pk").values("pk", "taken")),
            list(stall.window.joined.values("pk", "last_number")),
            AuditEntry.objects.count(),
        )

    return look

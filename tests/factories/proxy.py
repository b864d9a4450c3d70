"""Orders that a volunteer writes down, through the verbs."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from communities.models import Household
from orders.models import OrderWindow
from orders.placing.placing import PlacedOrder
from orders.placing.proxy import Proxy, place_proxy_order
from orders.placing.wishes import Wish
from orders.supply.adding import add_late_order
from tests import factories as make


def _wanted(window: OrderWindow, quantities: tuple[int, ...]) -> dict[str, Any]:
    chosen = [
        (offer, quantity)
        for offer, quantity in zip(make.offers_of(window), quantities, strict=False)
        if quantity
    ]
    return {
        "wishes": [Wish(offer.public_id, quantity) for offer, quantity in chosen],
        "expected_total_fen": sum(offer.price_fen * quantity for offer, quantity in chosen),
    }


def write_down(
    window: OrderWindow, home: Household, *quantities: int, actor: Any = make.SETUP, **proxy: Any
) -> PlacedOrder:
    """An order by telephone, unless `proxy` says otherwise."""
    with transaction.atomic():
        return place_proxy_order(
            window_id=window.pk,
            household=home,
            actor=actor,
            proxy=Proxy(**{"road": "phone", **proxy}),
            **_wanted(window, quantities),
        )


def add_late(
    window: OrderWindow,
    home: Household,
    *quantities: int,
    actor: Any = make.SETUP,
    reason: str = "forgotten",
    **proxy: Any,
) -> PlacedOrder:
    """An order added after the cutoff."""
    with transaction.atomic():
        return add_late_order(
            window_id=window.pk,
            household=home,
            actor=actor,
            proxy=Proxy(**{"road": "phone", **proxy}),
            reason=reason,
            **_wanted(window, quantities),
        )

"""What later steps of a round tell the households. Each writes one message into the caller's transaction."""

from __future__ import annotations

from communities.models import Building
from config.kernel import outbox
from orders.models import Offer, Order, OrderWindow


def tell_offer_gone(*, offer: Offer) -> None:
    """It was taken off the menu after people had ordered it: whoever has it in an order is told, once."""
    outbox.emit(event_key=f"offer.gone:{offer.pk}", topic="offer.gone", payload={"offer": offer.pk})


def tell_price(*, offer: Offer, before_fen: int, change: int) -> None:
    """Another price than the one at which people ordered. `change` counts the changes of this offer."""
    outbox.emit(
        event_key=f"offer.repriced:{offer.pk}:{change}",
        topic="offer.repriced",
        payload={"offer": offer.pk, "before_fen": before_fen, "price_fen": offer.price_fen},
    )


def tell_short(*, order: Order, revision: int) -> None:
    """The order gets less than it wants; what, its allocations say on delivery. `revision`: of the allotting, so that
    the same shortage is told once.
    """
    outbox.emit(
        event_key=f"order.short:{order.pk}:{revision}",
        topic="order.short",
        payload={"order": order.pk},
    )


def tell_arrived(*, window: OrderWindow, building: Building, place: str, wave: int = 1) -> None:
    """The goods of a building can be fetched at `place` (楼道口, 小区门口 …; no room, no phone). Once for each wave."""
    outbox.emit(
        event_key=f"delivery.arrived:{window.pk}:{building.pk}:{wave}",
        topic="delivery.arrived",
        payload={"window": window.pk, "building": building.pk, "place": place[:40]},
    )


def tell_refund(*, order: Order, amount_fen: int, event: str) -> None:
    """Money goes back to the household. `event` is what the ledger knows it by, at most 60 characters."""
    outbox.emit(
        event_key=f"order.refunded:{order.pk}:{event}",
        topic="order.refunded",
        payload={"order": order.pk, "amount_fen": amount_fen},
    )

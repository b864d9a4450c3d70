"""What later steps of a round tell the households. Each writes one message into the caller's transaction.

Callers today: notices.arriving tells arrivals, the release tells who comes short by an order multiple. The rest have
none yet, because no verb does what they tell: goods and prices of a published group buy cannot be changed, and no money
is taken before settling. The step of a round (DESIGN §5) that will call each stands beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from communities.models import Building
from config.kernel import outbox
from orders.models import Offer, Order, OrderWindow

PLACE_LENGTH = 40


def tell_offer_gone(*, offer: Offer) -> None:
    """It was taken off the menu after people had ordered it: whoever has it in an order is told, once. For a supplier's
    answer that it cannot be had at all (step 6).
    """
    outbox.emit(event_key=f"offer.gone:{offer.pk}", topic="offer.gone", payload={"offer": offer.pk})


def tell_price(*, offer: Offer, before_fen: int, change: int) -> None:
    """Another price than the one at which people ordered. `change` counts the changes of this offer. For the supplier's
    answer with another price (step 6).
    """
    outbox.emit(
        event_key=f"offer.repriced:{offer.pk}:{change}",
        topic="offer.repriced",
        payload={"offer": offer.pk, "before_fen": before_fen, "price_fen": offer.price_fen},
    )


def tell_short(*, orders: Iterable[int], revision: int) -> None:
    """The orders of these ids get less than they want; what, their allocations say on delivery. `revision`: of the
    allotting, so that the same shortage is told once. To be called too when a supplier's shortage is allotted (step 7).
    """
    payloads = {f"order.short:{pk}:{revision}": {"order": pk} for pk in orders}
    outbox.emit_each(payloads, topic="order.short")


def tell_arrived(
    *,
    window: OrderWindow,
    building: Building,
    place: str,
    wave: int = 1,
    together: Collection[int] | None = None,
) -> None:
    """The goods of a building can be fetched at `place` (楼道口, 小区门口 …; no room, no phone). Once for each wave.

    `together`: ids of all buildings that this message names to groups; none, if another one told beside it does.
    """
    named = [building.pk] if together is None else list(together)
    outbox.emit(
        event_key=f"delivery.arrived:{window.pk}:{building.pk}:{wave}",
        topic="delivery.arrived",
        payload={
            "window": window.pk,
            "building": building.pk,
            "place": place[:PLACE_LENGTH],
            "together": named,
        },
    )


def tell_refund(*, order: Order, amount_fen: int, event: str) -> None:
    """Money goes back to the household. `event` is what the ledger knows it by, at most 60 characters. For settling
    (step 10): until then nobody has paid, a cancelled round says all there is to say.
    """
    outbox.emit(
        event_key=f"order.refunded:{order.pk}:{event}",
        topic="order.refunded",
        payload={"order": order.pk, "amount_fen": amount_fen},
    )

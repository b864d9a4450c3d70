"""What a household in a waiting list is told: served, lapsed, given up, or not served before the cutoff."""

from __future__ import annotations

from communities.notices import tell
from config.kernel import outbox
from config.kernel.outbox import OutboxMessage
from orders.models import WaitingWish
from orders.notices.audience import people_of
from orders.states import WaitingStatus


def register() -> None:
    """Called once when the app is ready."""
    outbox.consumer("waiting.served")(_about_one)
    outbox.consumer("waiting.added")(_about_one)
    outbox.consumer("waiting.lapsed")(_about_one)
    outbox.consumer("waiting.moved_out")(_about_one)
    outbox.consumer("waiting.unmet")(_unmet)


def _about_one(message: OutboxMessage) -> None:
    wishes = WaitingWish.objects.select_related("window", "offer", "order")
    wish = wishes.get(pk=message.payload["wish"])
    _tell(wish, message.event_key, message.topic, number=wish.order.number if wish.order else 0)


def _unmet(message: OutboxMessage) -> None:
    """Everybody who still waited when the window closed."""
    wishes = WaitingWish.objects.select_related("window", "offer").filter(
        window=message.payload["window"], status=WaitingStatus.WAITING
    )
    for wish in wishes.order_by("pk"):
        _tell(wish, f"{message.event_key}:{wish.pk}", message.topic)


def _tell(wish: WaitingWish, event_key: str, kind: str, **data: int) -> None:
    """Whoever joined the line, if he has not left the household, and whoever lives there."""
    people = people_of(WaitingWish.objects.filter(pk=wish.pk))
    about = {"title": wish.window.title, "goods": wish.offer.name, "pieces": wish.quantity}
    tell(user_ids=people, event_key=event_key, kind=kind, data={**about, **data})

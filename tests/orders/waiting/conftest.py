"""A window whose first offer has five pieces, all taken by a neighbour; foreign lines beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from communities.models import Community
from config.kernel import jobs
from config.kernel.audit import Actor, AuditEntry
from orders.models import Offer, Order, OrderLine, OrderWindow, WaitingWish
from orders.placing.placing import cancel_order
from orders.waiting.joining import join_waiting, leave_waiting
from orders.waiting.serving import servable, serve_next
from tests import factories as make

ROOMS = ("101", "102", "103", "104", "105", "106")
PRICE = 390


@dataclass
class Line:
    """`offer` costs ¥3.90, at most 3 for a household; `sold` is the neighbour's order of all five."""

    community: Community
    window: OrderWindow
    offer: Offer
    sold: Order

    def join(self, room: str, quantity: int = 1, **changes: Any) -> WaitingWish:
        arguments: dict[str, Any] = {
            "window_id": self.window.pk,
            "community_id": self.community.pk,
            "household_id": make.household(self.community, room).pk,
            "actor": make.SETUP,
            "offer": self.offer.public_id,
            "quantity": quantity,
            "expected_total_fen": PRICE * quantity,
        }
        with transaction.atomic():
            return join_waiting(**{**arguments, **changes})

    def leave(self, wish: WaitingWish, actor: Actor = make.SETUP) -> None:
        with transaction.atomic():
            leave_waiting(wish=wish, actor=actor)

    def free(self, order: Order | None = None) -> None:
        """The neighbour gives everything back."""
        with transaction.atomic():
            cancel_order(order=order or self.sold, actor=make.SETUP)

    def serve(self) -> int:
        """As far as pieces go, in the transaction of the test; how many left the line."""
        left = 0
        for subject in servable():
            while serve_next(offer_id=subject.id):
                left += 1
        return left

    def sweep(self) -> int:
        """What beat and a worker do; how many jobs there were."""
        found = jobs.sweep(["orders.serve_waiting"])
        for job_id in found:
            jobs.run(job_id)
        return len(found)

    def statuses(self) -> list[tuple[str, str]]:
        rows = WaitingWish.objects.filter(window=self.window).order_by("pk")
        return list(rows.values_list("household__room", "status"))

    def counted(self) -> tuple[int, int]:
        """Taken and waited for, as the offer counts them."""
        return Offer.objects.values_list("taken", "waiting").get(pk=self.offer.pk)


@pytest.fixture
def line() -> Line:
    community = make.make_community(rooms=ROOMS)
    rules = [{"cap": 5, "household_limit": 5}]
    window = make.make_window(community, offers=rules)
    other = make.make_window(community, offers=[{"cap": 1}])
    make.order(other, make.household(community, "101"), 1)
    theirs = Line(community, other, make.offers_of(other)[0], Order.objects.get(window=other))
    theirs.join("102")
    sold = make.order(window, make.household(community, "106"), 5)
    return Line(community, window, make.offers_of(window)[0], sold)


@pytest.fixture
def picture(line: Line) -> Callable[[], object]:
    """Everything that joining, leaving and serving may write."""

    def look() -> object:
        return (
            list(Order.objects.order_by("pk").values()),
            list(OrderLine.objects.order_by("pk").values()),
            list(WaitingWish.objects.order_by("pk").values()),
            list(Offer.objects.order_by("pk").values("pk", "taken", "waiting")),
            AuditEntry.objects.count(),
        )

    return look
